import { policy } from '../../sim/policy.ts'

/**
 * The mean of the last days, for every day to come. Simple, slow to follow, and the forecast whose bullwhip is known exactly (Chen,
 * Drezner, Ryan & Simchi-Levi, Management Science 46, 2000). Spread: that of the days looked at, never below Poisson.
 */
export default policy('forecast', {
  about: 'The mean of the last days, for every day to come.',
  params: { windowDays: 14 },
  predict(history, days, { windowDays }, answer) {
    const known = Math.max(1, Math.min(windowDays, history.days))
    let sum = 0
    let squares = 0
    for (let ago = 1; ago <= known; ago++) {
      const units = history.units(ago)
      sum += units
      squares += units * units
    }
    const average = sum / known
    const variance = (squares - sum * average) / Math.max(1, known - 1)
    answer.meanUnits = average * days
    answer.sdUnits = Math.sqrt(days * Math.max(variance, average))
  },
})
