import { gammaCdf, logGamma } from '../../sim/gamma.ts'
import { logBeta, logIncompleteBeta, logNormalCdf, rootOf, zeta } from './special-functions.ts'

/**
 * Supermartingales that stay below 1/α for ever with chance 1 − α where nothing is the matter, whatever one looks at and whenever (Ville 1939;
 * Howard, Ramdas, McAuliffe & Sekhon, Annals of Statistics 49, 2021). Each is the mean, over what the effect might be, of the likelihood ratio of that
 * effect against none. `s` is a sum of deviations from what the null expects, `v` the variance the null gives it ("information"); `rho` says where
 * the mixture is sharpest. All are logarithms; an alarm is a log e-value of at least ln 1/α.
 */
export type Mixture = {
  readonly log: (s: number, v: number) => number
  /** The sum at which the null is rejected. */
  readonly bound: (v: number, alpha: number) => number
}

/** The `rho` with the least bound at information `v`, for two sides; for one side ask with 2α. (Howard et al., proposition 3.) */
export const bestRho = (v: number, alpha: number): number => v / (2 * Math.log(1 / alpha) + Math.log(1 + 2 * Math.log(1 / alpha)))

export const twoSidedNormal = (rho: number): Mixture => ({
  log: (s, v) => 0.5 * Math.log(rho / (v + rho)) + (s * s) / (2 * (v + rho)),
  bound: (v, alpha) => Math.sqrt((v + rho) * (Math.log(1 + v / rho) + 2 * Math.log(1 / alpha))),
})

/** Robbins' half-normal mixture: only effects above 0 are thought of. */
export const oneSidedNormal = (rho: number): Mixture => {
  const log = (s: number, v: number): number => logOneSidedNormal(s, v, rho)
  return { log, bound: boundBy(log, () => Number.POSITIVE_INFINITY) }
}
export const logOneSidedNormal = (s: number, v: number, rho: number): number =>
  0.5 * Math.log((4 * rho) / (v + rho)) + (s * s) / (2 * (v + rho)) + logNormalCdf(s / Math.sqrt(v + rho))

/** For sums with an exponential tail of scale `c`. */
export const gammaExponential = (rho: number, c: number): Mixture => {
  const c2 = c * c
  const start = (rho / c2) * Math.log(rho / c2) - logGamma(rho / c2) - Math.log(gammaCdf(rho / c2, rho / c2))
  const log = (s: number, v: number): number => {
    const moved = (c * s + v) / c2
    const shape = (v + rho) / c2
    const rate = moved + rho / c2
    return start + logGamma(shape) + Math.log(gammaCdf(shape, rate)) - shape * Math.log(rate) + moved
  }
  return { log, bound: boundBy(log, () => Number.POSITIVE_INFINITY) }
}

/** For counts whose jumps are at most `c`. */
export const gammaPoisson = (rho: number, c: number): Mixture => {
  const c2 = c * c
  const start = (rho / c2) * Math.log(rho / c2) - logGamma(rho / c2) - Math.log(1 - gammaCdf(rho / c2, rho / c2))
  const log = (s: number, v: number): number => {
    const rate = (v + rho) / c2
    const shape = s / c + rate
    return start + logGamma(shape) + Math.log(1 - gammaCdf(shape, rate)) - shape * Math.log(rate) + v / c2
  }
  return { log, bound: boundBy(log, () => Number.POSITIVE_INFINITY) }
}

/** For steps that lie between −g and h, such as 1 − p and −p of something that happens with chance p: exact at every number of them. */
export const betaBinomial = (vOpt: number, alphaOpt: number, g: number, h: number, sides: 1 | 2): Mixture => {
  const r = Math.max(bestRho(vOpt, sides === 1 ? 2 * alphaOpt : alphaOpt) - g * h, 1e-3 * g * h)
  const x = sides === 1 ? h / (g + h) : 1
  const whole = (a: number, b: number): number => logBeta(a, b) + (x === 1 ? 0 : logIncompleteBeta(a, b, x))
  const start = whole(r / (g * (g + h)), r / (h * (g + h)))
  const log = (s: number, v: number): number =>
    (v / (g * h)) * Math.log(g + h) -
    ((v + h * s) / (h * (g + h))) * Math.log(g) -
    ((v - g * s) / (g * (g + h))) * Math.log(h) +
    whole((r + v - g * s) / (g * (g + h)), (r + v + h * s) / (h * (g + h))) -
    start
  return { log, bound: boundBy(log, (v) => v / g) }
}

function boundBy(log: (s: number, v: number) => number, most: (v: number) => number): Mixture['bound'] {
  return (v, alpha) => rootOf((s) => log(s, v) - Math.log(1 / alpha), 0, v, most(v))
}

/**
 * Interval of a share that holds at every number of trials at once: all shares p whose own beta-binomial does not reject them. Each bound is
 * sharpest near `tOpt` trials.
 */
export function shareInterval(
  happened: number,
  trials: number,
  alpha: number,
  tOpt: number,
  alphaOpt = alpha,
): readonly [number, number] {
  if (trials === 0) return [0, 1]
  const seen = happened / trials
  const logAlarm = Math.log(1 / alpha)
  const over = (p: number): number => {
    const v = p * (1 - p)
    return betaBinomial(v * tOpt, alphaOpt, p, 1 - p, 2).log((seen - p) * trials, v * trials) - logAlarm
  }
  return [seen === 0 ? 0 : halve((p) => over(p) > 0, 0, seen), seen === 1 ? 1 : halve((p) => over(p) < 0, seen, 1)]
}

/** Where in (low, high) the answer goes from yes to no. */
function halve(isYes: (x: number) => boolean, low: number, high: number): number {
  let a = low
  let b = high
  for (let i = 0; i < 60 && b - a > 1e-13; i++) {
    const middle = (a + b) / 2
    if (isYes(middle)) a = middle
    else b = middle
  }
  return (a + b) / 2
}

/** A bound that grows like the law of the iterated logarithm, pieced together over ages of length η (Howard et al., theorem 1). */
export function stitchedBound(v: number, alpha: number, vMin: number, c: number, s = 1.4, eta = 2): number {
  const used = Math.max(v, vMin)
  const ell = s * Math.log(Math.log((eta * used) / vMin)) + Math.log(zeta(s) / Math.log(eta) ** s) + Math.log(1 / alpha)
  const k1 = (eta ** 0.25 + eta ** -0.25) / Math.SQRT2
  const tail = ((Math.sqrt(eta) + 1) / 2) * c * ell
  return Math.sqrt(k1 * k1 * used * ell + tail * tail) + tail
}
