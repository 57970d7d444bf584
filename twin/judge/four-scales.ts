import { bestRho, logOneSidedNormal } from './mixtures.ts'
import { logSum, rootOf } from './special-functions.ts'

/**
 * The weighted mean of four one-sided mixtures, sharpest at what is known after 6, 24, 72 and 240 hours: nothing to tune, and at each of these not far
 * from the mixture made for it. The clock is the weight of what was compared, W = Σ n_c n_s / (n_c + n_s), and the sum is z √W with z the studentised
 * difference: so the scales need no guess of a variance.
 */
export type Scales = { readonly rhos: readonly number[]; readonly weights: readonly number[] }

/**
 * Harm is mostly decided while few are exposed and should be found within a day; that there is none, when half are and days have gone by. With equal weights
 * harm of 2 points at 5 % takes some 4 % longer and the promotion of an equal policy some 3 %; nothing changes for those that take weeks.
 */
const QUESTIONS = {
  harm: { share: 0.05, weights: [0.05, 0.75, 0.15, 0.05] },
  promote: { share: 0.5, weights: [0.1, 0.1, 0.4, 0.4] },
} as const
const HOURS = [6, 24, 72, 240]

/** The scales of a test at `alpha` of units that come at `unitsPerHour`. */
export function scalesFor(unitsPerHour: number, question: keyof typeof QUESTIONS, alpha: number): Scales {
  const { share, weights } = QUESTIONS[question]
  // One-sided mixtures are tuned with 2α, which the formula knows below 1 only.
  const tuned = Math.min(2 * alpha, 0.5)
  return { rhos: HOURS.map((hours) => bestRho(unitsPerHour * hours * share * (1 - share), tuned)), weights }
}

/** Log e-value of a difference of `z` standard errors at weight `weight`. */
export function logFourScales(z: number, weight: number, { rhos, weights }: Scales): number {
  if (!(weight > 0)) return 0
  const s = z * Math.sqrt(weight)
  const logs = new Float64Array(rhos.length)
  for (let i = 0; i < rhos.length; i++) logs[i] = logOneSidedNormal(s, weight, rhos[i])
  return logSum(logs, weights)
}

/** How many standard errors reject at weight `weight`. */
export const criticalZ = (weight: number, alpha: number, scales: Scales): number =>
  rootOf((z) => logFourScales(z, weight, scales) - Math.log(1 / alpha), 0, 4, 1e6)
