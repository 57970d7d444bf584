import { policy } from '../../sim/policy.ts'

const CENTS_PER_STEP = 1e9
const LATE = 1e6
const HOUR_MS = 3_600_000

/**
 * Join the shortest queue: the warehouse that would have the order packed first, by the cheapest service that keeps the promise by the
 * timetable, or the fastest where none does. Winston (J. Appl. Prob. 14, 1977) shows it optimal for equal servers and no distances;
 * here there are distances, and it pays for them.
 *
 * - `stepMinutes`: queues are compared in steps of this length, so that a few seconds do not send a parcel across the country.
 */
export default policy('routing', {
  about: 'Ship from the warehouse whose queue is shortest in time, by its cheapest service that is in time by the timetable.',
  params: { stepMinutes: 30 },
  floor: (option, { stepMinutes }) => Math.floor(option.queueMs / (stepMinutes * 60_000)) * CENTS_PER_STEP + option.costCents,
  price: (option, { stepMinutes }) =>
    Math.floor(option.queueMs / (stepMinutes * 60_000)) * CENTS_PER_STEP +
    (option.calmEtaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.calmEtaMsP90 - option.placedMs) / HOUR_MS),
})
