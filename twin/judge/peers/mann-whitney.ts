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
    let [low, high] = [least, most]
    for (let i = 0; i < 100 && high - low > 1e-13 * Math.max(1, Math.abs(low), Math.abs(high)); i++) {
      const middle = (low + high) / 2
      const at = studentised(middle, xs, ys) - quantile
      if (at === 0) return middle
      if (at > 0) low = middle
      else high = middle
    }
    return (low + high) / 2
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
