import { leastOf, rootOf } from './special-functions.ts'

/**
 * Anytime-valid inference on a coefficient of a linear regression, such as the arm's beside the twin's prediction (Lindon, Ham, Tingley & Bojinov 2022):
 * a t-statistic on ν = n − p degrees of freedom, with a normal prior on the effect whose scale is `g` units.
 */
export function logRegressionEvidence(t: number, n: number, p: number, g: number): number {
  const nu = n - p
  const r = g / (g + n)
  return 0.5 * Math.log(r) - ((nu + 1) / 2) * Math.log((1 + (r * t * t) / nu) / (1 + (t * t) / nu))
}

/** Half the width of the interval, in standard errors; endless while there are too few units. */
export function regressionRadius(n: number, p: number, alpha: number, g: number): number {
  const nu = n - p
  const r = g / (g + n)
  const a = (r * alpha * alpha) ** (1 / (nu + 1))
  return a > r ? Math.sqrt((nu * (1 - a)) / (a - r)) : Number.POSITIVE_INFINITY
}

/** The `g` whose interval is narrowest at n units. */
export function bestScale(n: number, p: number, alpha: number): number {
  const width = (logG: number): number => regressionRadius(n, p, alpha, Math.exp(logG))
  // Up to where the interval is endless there is nothing to compare.
  const most = rootOf((logG) => (Number.isFinite(width(logG)) ? -1 : 1), Math.log(1e-6), Math.log(n), 60)
  return Math.exp(leastOf(width, Math.log(1e-6), most - 1e-6))
}
