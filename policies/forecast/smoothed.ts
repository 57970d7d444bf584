import { policy } from '../../sim/policy.ts'

/**
 * Simple exponential smoothing of the daily level: level ← level + alpha · (units − level), oldest day first.
 * Brown (1959); Hyndman & Athanasopoulos, section 8.1. The variance of a daily error is smoothed alike and never taken below Poisson.
 *
 * - `alpha`: weight of the newest day, 0 … 1.
 */
export default policy('forecast', {
  about: 'Exponentially smoothed daily level: follows a shift, forgives a single odd day.',
  params: { alpha: 0.15 },
  predict(history, days, { alpha }, answer) {
    const known = history.days
    const first = Math.min(7, known)
    let level = 0
    for (let i = 0; i < first; i++) level += history.units(known - i) / first
    let variance = level
    for (let ago = known; ago >= 1; ago--) {
      const error = history.units(ago) - level
      level += alpha * error
      variance += alpha * (error * error - variance)
    }
    answer.meanUnits = level * days
    answer.sdUnits = Math.sqrt(days * Math.max(variance, level))
  },
})
