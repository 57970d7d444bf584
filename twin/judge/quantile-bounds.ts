import { betaBinomial } from './mixtures.ts'
import { leastOf, rootOf, zeta } from './special-functions.ts'

/** Bounds of quantiles and of whole distribution functions that hold at every number of values at once (Howard & Ramdas, Bernoulli 28, 2022). */

/** How far an empirical distribution function ever lies from the true one after `t` values, from `tMin` on (theorem 2; its constant found as there). */
export function distributionBound(t: number, alpha: number, tMin: number, a = 0.85): number {
  if (t < tMin) return Number.POSITIVE_INFINITY
  return a * Math.sqrt((Math.log(1 + Math.log(t / tMin)) + distributionConstant(alpha, a)) / t)
}

function distributionConstant(alpha: number, a: number): number {
  const error = (c: number, eta: number): number => {
    const gamma2 = (2 / eta) * (a - Math.sqrt((2 * (eta - 1)) / c)) ** 2
    return gamma2 <= 1 ? Number.POSITIVE_INFINITY : 4 * Math.exp(-gamma2 * c) * (1 + 1 / ((gamma2 - 1) * Math.log(eta)))
  }
  const least = (c: number): number => {
    const most = rootOf((eta) => Math.sqrt(eta / 2) + Math.sqrt((2 * (eta - 1)) / c) - a, 1, 2 * a * a, 2 * a * a)
    return error(
      c,
      leastOf((eta) => error(c, eta), 1 + 1e-9 * (most - 1), most - 1e-9 * (most - 1)),
    )
  }
  return rootOf((c) => Math.log(alpha) - Math.log(least(c)), 2, 8, 1e6)
}

/** How far the count of values below the p-quantile is ever from p t, for all p at once (theorem 1). */
export function doublyStitchedBound(p: number, t: number, alpha: number, tOpt: number, delta = 0.5, s = 1.4, eta = 2): number {
  const logit = Math.log(p / (1 - p))
  const used = Math.max(t, tOpt)
  const r = p >= 0.5 ? p : Math.min(0.5, 1 / (1 + Math.exp(-(logit + 2 * delta * Math.sqrt((tOpt * eta) / used)))))
  const variance = r * (1 - r)
  const j = (Math.sqrt(used / tOpt) * Math.abs(logit)) / (2 * delta) + 1
  const z = zeta(s)
  const ell =
    s * Math.log(Math.log((eta * used) / tOpt)) + s * Math.log(j) + Math.log((2 * z * (2 * z + 1)) / (alpha * Math.log(eta) ** s))
  const k1 = (eta ** 0.25 + eta ** -0.25) / Math.SQRT2
  const tail = ((Math.sqrt(eta) + 1) / 2) * ((1 - 2 * p) / 3) * ell
  return delta * Math.sqrt((eta * used * variance) / tOpt) + Math.sqrt(k1 * k1 * variance * used * ell + tail * tail) + tail
}

/**
 * p-value, valid at every look, of "both arms have the same p-quantile": the least product, over what it might be, of two exact games on the
 * counts below it (section 5). Values rise.
 */
export function sameQuantile(a: readonly number[], b: readonly number[], p: number, tOpt: number, alphaOpt = 0.05): number {
  const game = betaBinomial(tOpt * p * (1 - p), alphaOpt, p, 1 - p, 2)
  const v = p * (1 - p)
  const arms = [a, b].map((values) => {
    const n = values.length
    const log = (below: number): number => game.log(below - p * n, v * n)
    return { values, log, best: leastOf(log, 0, n) }
  })
  let least = Number.POSITIVE_INFINITY
  for (const x of new Set([...a, ...b])) {
    let sum = 0
    // Values that equal x may lie on either side of it.
    for (const { values, log, best } of arms) sum += log(Math.max(below(values, x), Math.min(upTo(values, x), best)))
    if (sum < least) least = sum
  }
  return Math.min(1, Math.exp(-least))
}

const below = (values: readonly number[], x: number): number => firstWhere(values, (value) => value >= x)
const upTo = (values: readonly number[], x: number): number => firstWhere(values, (value) => value > x)
function firstWhere(values: readonly number[], is: (value: number) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (is(values[middle])) high = middle
    else low = middle + 1
  }
  return low
}
