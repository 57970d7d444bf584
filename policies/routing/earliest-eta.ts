import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'

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
  price: (option, { stepMinutes }) => stepsOf(option, stepMinutes) * CENTS_PER_STEP + option.costCents,
  terms: (option, { stepMinutes }) => [
    {
      name: 'journey',
      amount: (stepsOf(option, stepMinutes) * stepMinutes) / 60,
      weight: (60 * CENTS_PER_STEP) / stepMinutes,
    },
    money('cost', option.costCents),
  ],
})

const stepsOf = ({ etaMsP50, placedMs }: RoutingOption, stepMinutes: number): number =>
  Math.floor((etaMsP50 - placedMs) / (stepMinutes * 60_000))
