import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { lateCents } from '../market/late-cents.ts'

/** A wave that is twice as full as it can be is as dear as one that is hopeless. */
const FULL_ENOUGH = 2

/**
 * Cost and expected lateness, and a price on the last departure that is in time which grows exponentially with how full it is: nothing to speak of
 * while half of it is free, the most where it is full. The rule of online routing of virtual circuits, O(log n)-competitive there
 * (Aspnes, Azar, Fiat, Plotkin & Waarts, JACM 44, 1997). No forecast. One look an option, and one at each departure until then.
 *
 * - `fullShare`: price of a place on a full departure, in parts of what the business pays for a late order.
 * - `steepness`: how many times e the price grows from an empty departure to a full one.
 */
export default policy('routing', {
  about: 'Cost, expected lateness, and a price on the last departure in time that grows as it fills.',
  params: { fullShare: 0.6, steepness: 5 },
  floor: costFloor,
  price: (option, { fullShare, steepness }) => option.costCents + lateCents(option) + placeCents(option, fullShare, steepness),
  terms: (option, { fullShare, steepness }) => [
    money('cost', option.costCents),
    money('lateness', lateCents(option)),
    money('fullWave', placeCents(option, fullShare, steepness)),
  ],
})

const placeCents = ({ waveUse, latePerOrderCents }: RoutingOption, fullShare: number, steepness: number): number =>
  fullShare * latePerOrderCents * Math.exp(steepness * (Math.min(waveUse, FULL_ENOUGH) - 1))
