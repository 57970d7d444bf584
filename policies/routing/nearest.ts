import { policy } from '../../sim/policy.ts'
import { timetableTerms } from '../../sim/term.ts'

/** A km weighs more than any service can cost, so distance decides and the rest only chooses between services. */
const CENTS_PER_KM = 1e9
const LATE = 1e6
const HOUR_MS = 3_600_000

/**
 * The nearest warehouse that has the goods, by the cheapest service that keeps the promise by the timetable, or the fastest where none
 * does. It looks at no queue and no weather. What most shops do, and the floor every other policy is held to.
 */
export default policy('routing', {
  about: 'Ship from the nearest warehouse that has the goods, by its cheapest service that is in time by the timetable.',
  params: {},
  floor: (option) => option.km * CENTS_PER_KM + option.costCents,
  price: (option) =>
    option.km * CENTS_PER_KM +
    (option.calmEtaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.calmEtaMsP90 - option.placedMs) / HOUR_MS),
  terms: (option) => [{ name: 'distance', amount: option.km, weight: CENTS_PER_KM }, ...timetableTerms(option, LATE)],
  rung: () => 'static',
})
