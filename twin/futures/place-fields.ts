import type { Sim } from '../../sim/sim.ts'
import {
  COUNT,
  FLAG,
  hasFlag,
  headOf,
  nowMs,
  orderNumber,
  promisedMs,
  STATE,
  serviceOf,
  stateOf,
  zoneOf,
} from '../../sim/world.ts'
import { fieldsOfStates, PARCEL_STATES } from './parcel-states.ts'

/**
 * What a run says of zones and services at an instant, in the words that questions use: parcels on their way to a zone or with a service, those past their
 * promise, their share, and parcels by state.
 */
export const PLACE_FIELDS: readonly string[] = ['parcels', 'late', 'lateShare', ...PARCEL_STATES]
const FIELD_OF_STATE = fieldsOfStates(3)

const isUnderWay = (state: number): boolean => state >= STATE.placed && state <= STATE.outForDelivery

/** Writes zone · PLACE_FIELDS + field, then service · PLACE_FIELDS + field. A share of nothing is NaN. */
export function measurePlaces({ world, network }: Sim, into: Float64Array): void {
  const fields = PLACE_FIELDS.length
  into.fill(0)
  const now = nowMs(world)
  const add = (at: number, state: number, isLate: boolean): void => {
    into[at]++
    if (isLate) into[at + 1]++
    if (FIELD_OF_STATE[state] >= 0) into[at + FIELD_OF_STATE[state]]++
  }
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    if (!isUnderWay(state) || hasFlag(world, p, FLAG.cancelled)) continue
    const isLate = promisedMs(world, headOf(world, p)) < now
    add(zoneOf(world, headOf(world, p)) * fields, state, isLate)
    if (state >= STATE.routed) add((network.Z + serviceOf(world, p)) * fields, state, isLate)
  }
  for (let place = 0; place < network.Z + network.S; place++)
    into[place * fields + 2] = into[place * fields] > 0 ? into[place * fields + 1] / into[place * fields] : Number.NaN
}

/** Writes an hour to each order of the present that is still under way then: at the end it says when each was last. */
export function seeOrders({ world }: Sim, hour: number, lastSeen: Float64Array): void {
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    if (!isUnderWay(stateOf(world, p)) || hasFlag(world, p, FLAG.cancelled)) continue
    const order = orderNumber(world, p)
    if (order < lastSeen.length) lastSeen[order] = hour
  }
}
