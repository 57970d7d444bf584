/**
 * Metrics that are adjusted or divided: CUPED (Deng, Xu, Kohavi & Walker, WSDM 2013), ratios of sums by the delta method, and both at once. A column is
 * what was summed for each unit: outcome, its denominator, and both as they were before anybody was assigned (or were foretold).
 */

/** Sums of one arm over columns: of each, and of the products of each two. */
export type Moments = { readonly n: number; readonly sums: readonly number[]; readonly products: readonly (readonly number[])[] }

const meanOf = ({ n, sums }: Moments, i: number): number => sums[i] / n
export const covariance = ({ n, sums, products }: Moments, i: number, j: number): number =>
  (products[i][j] - (sums[i] * sums[j]) / n) / (n - 1)

/** Variance of a smooth function of the means, times n: its gradient around the covariances. */
function deltaVariance(arm: Moments, a: readonly number[], b: readonly number[] = a): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) sum += a[i] * b[j] * covariance(arm, i, j)
  return sum
}

/** θ = Cov(Y, X) / Var(X) over both arms together; columns are Y, X. */
export function cupedSlope(a: Moments, b: Moments): number {
  const both: Moments = {
    n: a.n + b.n,
    sums: a.sums.map((sum, i) => sum + b.sums[i]),
    products: a.products.map((row, i) => row.map((sum, j) => sum + b.products[i][j])),
  }
  return covariance(both, 0, 1) / covariance(both, 1, 1)
}

/** Variance of Y − θ X. */
export const cupedVariance = (arm: Moments, theta: number): number =>
  covariance(arm, 0, 0) + theta * theta * covariance(arm, 1, 1) - 2 * theta * covariance(arm, 0, 1)

/** Variance of M/D, times n; columns are M, D. */
export function ratioVariance(arm: Moments): number {
  const [m, d] = [meanOf(arm, 0), meanOf(arm, 1)]
  return deltaVariance(arm, [1 / d, -m / (d * d)])
}

/** Relative difference of a ratio that is adjusted by an earlier ratio; columns are M, D, and M, D before. */
export function adjustedRatioDifference(a: Moments, b: Moments): { readonly difference: number; readonly se: number } {
  const ratio = (arm: Moments, at: number): number => arm.sums[at] / arm.sums[at + 1]
  const slopes = (arm: Moments, at: number): number[] => {
    const gradient = [0, 0, 0, 0]
    gradient[at] = 1 / meanOf(arm, at + 1)
    gradient[at + 1] = -meanOf(arm, at) / meanOf(arm, at + 1) ** 2
    return gradient
  }
  const arms = [a, b].map((arm) => ({ arm, now: slopes(arm, 0), before: slopes(arm, 2) }))
  const theta =
    arms.reduce((sum, { arm, now, before }) => sum + deltaVariance(arm, now, before), 0) /
    arms.reduce((sum, { arm, before }) => sum + deltaVariance(arm, before), 0)
  const base = ratio(a, 0)
  const adjusted = (arm: Moments): number => ratio(arm, 0) - theta * ratio(arm, 2)
  const difference = (adjusted(b) - adjusted(a)) / Math.abs(base)
  // The base is stable's own ratio, so stable's outcome counts twice: in what is subtracted, and in what it is divided by.
  const [ofA, ofB] = arms.map(({ now, before }, i) =>
    now.map((slope, k) => {
      const own = i === 1 ? slope : -slope - Math.sign(base) * difference * slope
      const earlier = (i === 1 ? -1 : 1) * theta * before[k]
      return (own + earlier) / Math.abs(base)
    }),
  )
  return { difference, se: Math.sqrt(deltaVariance(a, ofA) / a.n + deltaVariance(b, ofB) / b.n) }
}
