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
    let sum = 0
    let squares = 0
    for (let ago = 1; ago <= known; ago++) {
      const units = history.units(ago)
      sum += units
      squares += units * units
    }
    // Whole seasons are the sum again; what is over is the same weekdays of last week.
    const seasons = known > 0 ? Math.floor(days / known) : 0
    let mean = seasons * sum
    for (let ago = known; ago > known - (days - seasons * known); ago--) mean += history.units(ago)
    const average = known > 0 ? sum / known : 0
    const variance = (squares - sum * average) / Math.max(1, known - 1)
    answer.meanUnits = mean
    answer.sdUnits = Math.sqrt(days * Math.max(variance, average))
  },
})
