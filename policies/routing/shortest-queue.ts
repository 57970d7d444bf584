import { policy } from '../../sim/policy.ts'

/**
 * Join the shortest queue: the warehouse that would have the order packed first, by its cheapest service that is in time by the timetable.
 * Winston (J. Appl. Prob. 14, 1977) shows it optimal for equal servers and no distances; here there are distances, and it pays for them.
 *
 * Queues are compared in steps, so that a few seconds do not send a parcel across the country; cost decides within a step.
 *
 * - `stepMinutes`: width of a step.
 */
export default policy('routing', {
  about: 'Ship from the warehouse whose queue is shortest in time, by its cheapest service that is in time by the timetable.',
  params: { stepMinutes: 30 },
  price: (option, { stepMinutes }) =>
    Math.floor(option.queueMs / (stepMinutes * 60_000)) * 1e9 +
    (option.calmEtaMsP90 <= option.promisedMs ? 0 : 1e6) +
    option.costCents,
})
