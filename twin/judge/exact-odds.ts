import { betaBinomial } from './mixtures.ts'
import { logSum } from './special-functions.ts'
import type { Trials } from './strata.ts'

/**
 * Exact at any number of units, however rare failures are. Where arms are parted at a known share π by a draw, and the candidate fails no more often than
 * stable, a failure is the candidate's with chance π at most, whatever the day was like: so which arm each failure fell to is a fair game against π, and
 * the likelihood ratio of odds θ > 1 against it a supermartingale from the first order on. Mixed over a few θ.
 */
const ODDS = [1.2, 1.4, 1.8, 3, 6]
const WEIGHTS = [0.15, 0.35, 0.2, 0.2, 0.1]

/** Log e-value against "the candidate fails no more often", from failures by epoch. */
export function logExactOdds(trials: readonly Pick<Trials, 'share' | 'candidate' | 'stable'>[]): number {
  const logs = ODDS.map((theta) => {
    let log = 0
    for (const { share, candidate, stable } of trials) {
      if (!(share > 0 && share < 1)) continue
      log += candidate * Math.log(theta) - (candidate + stable) * Math.log1p(share * (theta - 1))
    }
    return log
  })
  return logSum(logs, WEIGHTS)
}

/** The share that `happened` in `trials` is below with chance 1 − α, at every number of trials at once; exact, also where it drifts (then of its mean so far). */
export function exactUpper(happened: number, trials: number, alpha: number, tOpt: number): number {
  if (trials === 0 || happened >= trials) return 1
  const seen = happened / trials
  let [low, high] = [seen, 1]
  for (let i = 0; i < 50; i++) {
    const p = (low + high) / 2
    const v = p * (1 - p)
    const log = betaBinomial(v * tOpt, alpha, 1 - p, p, 1).log((p - seen) * trials, v * trials)
    if (log < Math.log(1 / alpha)) low = p
    else high = p
  }
  return high
}
export const exactLower = (happened: number, trials: number, alpha: number, tOpt: number): number =>
  1 - exactUpper(trials - happened, trials, alpha, tOpt)
