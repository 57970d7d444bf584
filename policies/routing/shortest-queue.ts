import { policy, type RoutingOption } from '../../sim/policy.ts'
import { timetableTerms } from '../../sim/term.ts'

const CENTS_PER_STEP = 1e9
const LATE = 1e6
const HOUR_MS = 3_600_000

/**
 * Join the shortest queue: the warehouse that would have the order packed first, by the cheapest service that keeps the promise by the
 * timetable, or the fastest where none does. Winston (J. Appl. Prob. 14, 1977) shows it optimal for equal servers and no distances;
 * here there are distances, and it pays for them.
 *
 * - `stepMinutes`: queues are compared in steps of this length, so that a few seconds do not send a parcel across the country.
 * - `stepParcels`: above 0, queues are compared by the number of parcels there, in steps of so many, instead of by time; 1 is the textbook's
 *   rule, which knows nothing of rosters and pace.
 */
export default policy('routing', {
  about: 'Ship from the warehouse whose queue is shortest in time, by its cheapest service that is in time by the timetable.',
  params: { stepMinutes: 30, stepParcels: 0 },
  floor: (option, { stepMinutes, stepParcels }) => steps(option, stepMinutes, stepParcels) * CENTS_PER_STEP + option.costCents,
  price: (option, { stepMinutes, stepParcels }) =>
    steps(option, stepMinutes, stepParcels) * CENTS_PER_STEP +
    (option.calmEtaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.calmEtaMsP90 - option.placedMs) / HOUR_MS),
  terms: (option, { stepMinutes, stepParcels }) => [
    stepParcels > 0
      ? {
          name: 'parcelsAhead',
          amount: steps(option, stepMinutes, stepParcels) * stepParcels,
          weight: CENTS_PER_STEP / stepParcels,
        }
      : {
          name: 'queueTime',
          amount: (steps(option, stepMinutes, stepParcels) * stepMinutes) / 60,
          weight: (60 * CENTS_PER_STEP) / stepMinutes,
        },
    ...timetableTerms(option, LATE),
  ],
})

const steps = (option: RoutingOption, stepMinutes: number, stepParcels: number): number =>
  stepParcels > 0 ? Math.floor(option.parcelsAhead / stepParcels) : Math.floor(option.queueMs / (stepMinutes * 60_000))
