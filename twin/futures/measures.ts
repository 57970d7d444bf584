import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { COUNT, FLAG, hasFlag, headOf, nowMs, promisedMs, STATE, SUM, stateOf, warehouseOf } from '../../sim/world.ts'
import type { LiveView } from '../state/live-state.ts'
import { isOnTheWay } from '../state/portrait.ts'
import { STAGE_OF } from './present.ts'

/**
 * What futures are told in: numbers of an instant, by name, that a run and a live view both can say. Parcels by stage; orders past their promise; for each
 * site parcels on its floor, by where they stand. What only a run can count (orders placed, delivered, in time, since the present) comes after.
 */
export const STAGES = [
  { id: 'payment', state: STATE.placed, says: 'wait for payment' },
  { id: 'waiting', state: STATE.paid, says: 'wait for goods' },
  { id: 'preparing', state: STATE.routed, says: 'are prepared' },
  { id: 'pick queue', state: STATE.released, says: 'wait for a picker' },
  { id: 'picking', state: STATE.picking, says: 'are picked' },
  { id: 'pack queue', state: STATE.picked, says: 'wait for a packer' },
  { id: 'packing', state: STATE.packing, says: 'are packed' },
  { id: 'dock', state: STATE.packed, says: 'stand on a dock' },
  { id: 'road', state: STATE.handedOver, says: 'are on the road' },
  { id: 'hub', state: STATE.atHub, says: 'are at a hub' },
  { id: 'station', state: STATE.atStation, says: 'are at a station' },
  { id: 'van', state: STATE.outForDelivery, says: 'are on a van' },
] as const
const WHOLE = ['late', ...STAGES.map(({ id }) => id)] as const
/** Of a site: all that it has still to send; what is on its floor; and which stages must be told for a view to say so. */
export const SITE_MEASURES = [
  { id: 'to ship', needs: ['preparing'] },
  { id: 'backlog', needs: ['pick queue'] },
  { id: 'pick queue', needs: ['pick queue'] },
  { id: 'dock', needs: ['dock'] },
] as const
const OF_SITE = SITE_MEASURES.map(({ id }) => id)
const FLOWS = ['placed', 'delivered', 'in time', 'cancelled', 'lost'] as const

/** Names of all numbers, in their order. */
export function measureNames(spec: NetworkSpec): string[] {
  return [...WHOLE, ...spec.warehouses.flatMap(({ id }) => OF_SITE.map((one) => `${id}: ${one}`)), ...FLOWS]
}
/** How many of them a live view can say as well: the first ones. */
export const measuresOfView = (spec: NetworkSpec): number => WHOLE.length + spec.warehouses.length * OF_SITE.length

/** Writes the numbers of a run's present instant. */
export function measure(sim: Sim, into: { [index: number]: number }): void {
  const { world, network } = sim
  const sites = WHOLE.length
  const flows = sites + network.W * OF_SITE.length
  for (let i = 0; i < flows; i++) into[i] = 0
  const now = nowMs(world)
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    if (state < STATE.placed || state > STATE.outForDelivery || hasFlag(world, p, FLAG.cancelled)) continue
    into[state]++
    if (promisedMs(world, headOf(world, p)) < now) into[0]++
    if (state < STATE.routed || state > STATE.packed) continue
    addSite(into, sites + warehouseOf(world, p) * OF_SITE.length, state)
  }
  into[flows] = world.sums[SUM.placed]
  into[flows + 1] = world.sums[SUM.delivered]
  into[flows + 2] = world.sums[SUM.onTime]
  into[flows + 3] = world.sums[SUM.cancelled]
  into[flows + 4] = world.sums[SUM.lost]
}

/** The same of a live view, as far as it can say. */
export function measureView(view: LiveView, spec: NetworkSpec): Float64Array {
  const into = new Float64Array(measuresOfView(spec))
  const warehouses = new Map(spec.warehouses.map(({ id }, w) => [id, w]))
  for (const order of view.openOrders()) {
    const parts = order.parts.length > 0 ? order.parts : [{ state: order.state, warehouse: null }]
    for (const { state, warehouse } of parts) {
      const stage = STAGE_OF[state]
      if (stage === undefined || !isOnTheWay(state)) continue
      into[stage]++
      if (order.promisedMs !== null && order.promisedMs < view.asOfMs) into[0]++
      const w = warehouses.get(warehouse ?? '')
      if (w !== undefined && stage >= STATE.routed && stage <= STATE.packed)
        addSite(into, WHOLE.length + w * OF_SITE.length, stage)
    }
  }
  return into
}

function addSite(into: { [index: number]: number }, at: number, state: number): void {
  into[at]++
  if (state >= STATE.released) into[at + 1]++
  if (state === STATE.released) into[at + 2]++
  if (state === STATE.packed) into[at + 3]++
}
