import { STATE } from '../../sim/world.ts'
import type { OrderStateId } from '../order/lifecycle.ts'

/** Parcels by state, in the words that questions use. A parcel that is packed stands on the dock: it is `staged`. */
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
export const PARCEL_STATES: readonly string[] = STATE_OF.map(([id]) => id)

/** By state of the simulator, the place of its count behind `first` others; −1 where it is counted nowhere. */
export function fieldsOfStates(first: number): Int8Array {
  const fields = new Int8Array(64).fill(-1)
  STATE_OF.forEach(([, state], i) => {
    fields[state] = first + i
  })
  return fields
}
