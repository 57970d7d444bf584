import type { Sim } from '../../sim/sim.ts'
import { COUNT, FLAG, hasFlag, listOf, stateOf, warehouseOf } from '../../sim/world.ts'
import { fieldsOfStates, PARCEL_STATES } from './parcel-states.ts'

/**
 * What a run says of a site at an instant in the words that questions use, as the feeds would tell it: the busiest of its stations, queues and hands as
 * they are counted there, and its parcels by state.
 */
export const SITE_FIELDS: readonly string[] = ['load', 'queue', 'hands', ...PARCEL_STATES]
const FIELD_OF_STATE = fieldsOfStates(3)

/** Writes warehouse · SITE_FIELDS + field. A load without hands is NaN: nobody can say how busy they are. */
export function measureSites({ world, network }: Sim, into: Float64Array): void {
  const fields = SITE_FIELDS.length
  into.fill(0)
  const { d } = world
  const length = (list: (express: number) => number): number => world.listLength[list(0)] + world.listLength[list(1)]
  for (let w = 0; w < network.W; w++) {
    const at = w * fields
    const pick = world.pickers[w] > 0 ? world.picking[w] / world.pickers[w] : Number.NaN
    const pack = world.packers[w] > 0 ? world.packing[w] / world.packers[w] : Number.NaN
    into[at] = Number.isNaN(pick) ? pack : Number.isNaN(pack) ? pick : Math.max(pick, pack)
    let queue = length((express) => listOf.pick(d, w, express)) + length((express) => listOf.pack(d, w, express))
    for (let s = 0; s < d.S; s++) queue += world.listLength[listOf.staged(d, w, s)]
    into[at + 1] = queue
    into[at + 2] = world.pickers[w] + world.packers[w]
  }
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const field = FIELD_OF_STATE[stateOf(world, p)]
    if (field >= 0 && !hasFlag(world, p, FLAG.cancelled)) into[warehouseOf(world, p) * fields + field]++
  }
}
