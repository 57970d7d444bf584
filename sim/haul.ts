import { sample } from './distribution.ts'
import { LANE, type Network } from './network.ts'
import { normalQuantile } from './normal.ts'
import { type Dice, draw, PURPOSE } from './random.ts'
import type { ReplayOrders } from './replay.ts'

/** Line haul of one parcel in calm weather: what its lane and its order let expect, times its luck. */

/** What is known of a recorded order beyond its lane, as a factor on its line haul; 1 for others. */
export const paceOf = (replay: ReplayOrders | null, number: number): number =>
  replay === null || replay.haulFactor.length === 0 ? 1 : replay.haulFactor[number]

/** exp(sigma · z), where z is standard normal, or follows the service's own law. */
export function luckOf(network: Network, dice: Dice, lane: number, service: number, number: number, part: number): number {
  const u = draw(dice, number, PURPOSE.transit, part)
  const law = network.transitLuck[service]
  return Math.exp(network.lanes[lane + LANE.sigma] * (law === null ? normalQuantile(u) : sample(law, u)))
}
