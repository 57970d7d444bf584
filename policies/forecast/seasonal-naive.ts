import { policy } from '../../sim/policy.ts'

/**
 * Each coming day will be as the same weekday last week was. The benchmark every forecast must beat (Hyndman & Athanasopoulos,
 * Forecasting: Principles and Practice, 3rd ed., section 5.2). Spread: that of the days of the season known, never below Poisson.
 */
export default policy('forecast', {
  about: 'The same as on this weekday last week.',
  params: { seasonDays: 7 },
  predict(history, days, { seasonDays }, answer) {
    const known = Math.min(seasonDays, history.days)
    let mean = 0
    for (let ahead = 0; ahead < days; ahead++) mean += known > 0 ? history.units(known - (ahead % known)) : 0
    let average = 0
    for (let ago = 1; ago <= known; ago++) average += history.units(ago) / known
    let variance = 0
    for (let ago = 1; ago <= known; ago++) variance += (history.units(ago) - average) ** 2 / Math.max(1, known - 1)
    answer.meanUnits = mean
    answer.sdUnits = Math.sqrt(days * Math.max(variance, average))
  },
})
