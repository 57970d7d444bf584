import { normalQuantile } from '../../../sim/normal.ts'

/** What the rank test says of x against y. */
export type RankTest = { readonly lower: number; readonly upper: number; readonly estimate: number }

/**
 * Mann and Whitney's test as Kayenta (Spinnaker) computes it: a shift μ of x is tried until its rank sum, with correction for ties and for continuity,
 * lies at a quantile of the normal; the estimate is where it is balanced (Hodges & Lehmann). As R's wilcox.test with exact = FALSE.
 *
 * Kayenta's own solver stops 1e-4 short of a step; here a step is found to the last digits.
 */
export function rankTest(x: readonly number[], y: readonly number[], confidence: number): RankTest {
  const xs = Float64Array.from(x).sort()
  const ys = Float64Array.from(y).sort()
  const least = xs[0] - ys[ys.length - 1]
  const most = xs[xs.length - 1] - ys[0]
  const z = -normalQuantile((1 - confidence) / 2)
  const root = (quantile: number): number => {
    if (studentised(least, xs, ys) - quantile <= 0) return least
    if (studentised(most, xs, ys) - quantile >= 0) return most
    return zero((mu) => studentised(mu, xs, ys) - quantile, least, most)
  }
  return { lower: root(z), upper: root(-z), estimate: root(0) }
}

/** The rank sum of x − μ among y, less its mean and half a step, in standard deviations with ties. Both are sorted. */
function studentised(mu: number, xs: Float64Array, ys: Float64Array): number {
  const [n, m] = [xs.length, ys.length]
  let above = 0
  let ties = 0
  let [i, j] = [0, 0]
  while (i < n || j < m) {
    const value = Math.min(i < n ? xs[i] - mu : Number.POSITIVE_INFINITY, j < m ? ys[j] : Number.POSITIVE_INFINITY)
    const [fromX, fromY] = [i, j]
    while (i < n && xs[i] - mu === value) i++
    while (j < m && ys[j] === value) j++
    // Those of x are above all y before this value, and half above those at it.
    above += (i - fromX) * (fromY + (j - fromY) / 2)
    const alike = i - fromX + (j - fromY)
    ties += alike ** 3 - alike
  }
  const off = above - (n * m) / 2
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
  return (off - Math.sign(off) * 0.5) / Math.sqrt(variance)
}

/** How often a value of x is above one of y, ties half: the common-language effect size (Vargha & Delaney 2000). */
export function commonLanguageEffect(x: readonly number[], y: readonly number[]): number {
  let above = 0
  for (const a of x) for (const b of y) above += a > b ? 1 : a === b ? 0.5 : 0
  return above / (x.length * y.length)
}

/** Cohen's d with the pooled deviation. */
export function cohenD(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
  const [a, b] = [mean(x), mean(y)]
  const squares = x.reduce((sum, one) => sum + (one - a) ** 2, 0) + y.reduce((sum, one) => sum + (one - b) ** 2, 0)
  return Math.abs(a - b) / Math.sqrt(squares / (x.length + y.length - 2))
}

const TOLERANCE = 1e-4

/**
 * Where f crosses 0 between two ends at which it has not the same sign: the method of Brent and Dekker (Brent, Algorithms for Minimization without
 * Derivatives, 1973, ch. 4), as R's uniroot and Kayenta use it. `best` is the nearest point so far, `other` one on the far side of the crossing.
 */
function zero(f: (x: number) => number, from: number, to: number): number {
  let [last, best, other] = [from, to, from]
  let [fLast, fBest] = [f(from), f(to)]
  let fOther = fLast
  if (fLast === 0) return from
  for (let i = 0; i < 1000; i++) {
    const before = best - last
    if (Math.abs(fOther) < Math.abs(fBest)) {
      ;[last, best, other] = [best, other, best]
      ;[fLast, fBest, fOther] = [fBest, fOther, fBest]
    }
    const least = 2 * Number.EPSILON * Math.abs(best) + TOLERANCE / 2
    const half = (other - best) / 2
    if (Math.abs(half) <= least || fBest === 0) return best
    let step = half
    if (Math.abs(before) >= least && Math.abs(fLast) > Math.abs(fBest)) {
      const guess = interpolated(other - best, best - last, fBest / fLast, fBest / fOther, fLast / fOther, last === other)
      // Taken where it stays well inside and shrinks faster than halves do.
      if (
        guess.up < 0.75 * (other - best) * guess.down - Math.abs(least * guess.down) / 2 &&
        guess.up < Math.abs((before * guess.down) / 2)
      )
        step = guess.up / guess.down
    }
    if (Math.abs(step) < least) step = step > 0 ? least : -least
    last = best
    fLast = fBest
    best += step
    fBest = f(best)
    if (fBest > 0 === fOther > 0 && fBest !== 0) {
      other = last
      fOther = fLast
    }
  }
  return best
}

/** Step to the crossing as a fraction with `up` ≥ 0: through two points by a line, through three by an inverse parabola. */
function interpolated(
  across: number,
  back: number,
  bestByLast: number,
  bestByOther: number,
  lastByOther: number,
  isLine: boolean,
): { readonly up: number; readonly down: number } {
  const up = isLine
    ? across * bestByLast
    : bestByLast * (across * lastByOther * (lastByOther - bestByOther) - back * (bestByOther - 1))
  const down = isLine ? 1 - bestByLast : (lastByOther - 1) * (bestByOther - 1) * (bestByLast - 1)
  return up > 0 ? { up, down: -down } : { up: -up, down }
}
