import { bestRho, logOneSidedNormal } from './mixtures.ts'
import { logSum, rootOf } from './special-functions.ts'

/**
 * The mean of four one-sided mixtures, sharpest at what is known after 6, 24, 72 and 240 hours: nothing to tune, and at each of these within a few
 * per cent of the mixture made for it. The clock is the weight of what was compared, W = Σ n_c n_s / (n_c + n_s), and the sum is z √W with z the
 * studentised difference: so the scales need no guess of a variance.
 */
export type Scales = readonly number[]

const HOURS = [6, 24, 72, 240]
/** Shares at which the two questions are mostly decided: harm while few are exposed, no harm when half are. */
export const HARM_SHARE = 0.05
export const PROMOTE_SHARE = 0.5

/** The four rhos for a test at `alpha` of units that come at `unitsPerHour` and are parted at `share`. */
export function scalesFor(unitsPerHour: number, share: number, alpha: number): Scales {
  // One-sided mixtures are tuned with 2α, which the formula knows below 1 only.
  const tuned = Math.min(2 * alpha, 0.5)
  return HOURS.map((hours) => bestRho(unitsPerHour * hours * share * (1 - share), tuned))
}

/** Log e-value of a difference of `z` standard errors at weight `weight`. */
export function logFourScales(z: number, weight: number, scales: Scales): number {
  if (!(weight > 0)) return 0
  const s = z * Math.sqrt(weight)
  const logs = new Float64Array(scales.length)
  for (let i = 0; i < scales.length; i++) logs[i] = logOneSidedNormal(s, weight, scales[i])
  return logSum(logs) - Math.log(scales.length)
}

/** How many standard errors reject at weight `weight`. */
export const criticalZ = (weight: number, alpha: number, scales: Scales): number =>
  rootOf((z) => logFourScales(z, weight, scales) - Math.log(1 / alpha), 0, 4, 1e6)
