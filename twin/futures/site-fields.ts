import type { Sim } from '../../sim/sim.ts'
import { COUNT, FLAG, hasFlag, listOf, STATE, stateOf, warehouseOf } from '../../sim/world.ts'
import type { OrderStateId } from '../order/lifecycle.ts'

/**
 * What a run says of a site at an instant in the words that questions use, as the feeds would tell it: the busiest of its stations, queues and hands as
 * they are counted there, and its parcels by state. A parcel that is packed stands on the dock: it is `staged`.
 */
const STATE_OF: readonly (readonly [OrderStateId, number])[] = [
  ['routed', STATE.routed],
  ['released', STATE.released],
  ['picking', STATE.picking],
  ['picked', STATE.picked],
  ['packing', STATE.packing],
  ['staged', STATE.packed],
  ['handed-over', STATE.handedOver],
  ['at-hub', STATE.atHub],
  ['at-station', STATE.atStation],
  ['out-for-delivery', STATE.outForDelivery],
]
export const SITE_FIELDS: readonly string[] = ['load', 'queue', 'hands', ...STATE_OF.map(([id]) => id)]
const COUNTED = 3
const FIELD_OF_STATE = new Int8Array(64).fill(-1)
STATE_OF.forEach(([, state], i) => {
  FIELD_OF_STATE[state] = COUNTED + i
})

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
