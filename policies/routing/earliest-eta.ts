import { costFloor, policy } from '../../sim/policy.ts'

const CENTS_PER_STEP = 1e7

/**
 * Whatever arrives first, half the time, at the live queues, departures and weather; of what arrives at the same time the cheapest. An order that
 * is split asks for the sum of its parcels' times, so that it is split only where goods lie nowhere together. One look an option.
 *
 * - `stepMinutes`: arrivals are compared in steps of this length.
 */
export default policy('routing', {
  about: 'Take whatever arrives first at the live queues and weather, whatever it costs.',
  params: { stepMinutes: 30 },
  floor: costFloor,
  price: (option, { stepMinutes }) =>
    Math.floor((option.etaMsP50 - option.placedMs) / (stepMinutes * 60_000)) * CENTS_PER_STEP + option.costCents,
})
