import { policy } from '../../sim/policy.ts'

/** A km weighs more than any service can cost, so distance decides and cost only chooses between services. */
const CENTS_PER_KM = 1e9
const LATE = 1e6

/**
 * The nearest warehouse that has the goods, by the cheapest service that keeps the promise by the timetable. It looks at no queue and
 * no weather. What most shops do, and the floor every other policy is held to.
 */
export default policy('routing', {
  about: 'Ship from the nearest warehouse that has the goods, by its cheapest service that is in time by the timetable.',
  params: {},
  price: (option) => option.km * CENTS_PER_KM + (option.calmEtaMsP90 <= option.promisedMs ? 0 : LATE) + option.costCents,
})
