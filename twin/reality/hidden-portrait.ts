import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import {
  attemptsOf,
  bookedUnits,
  COUNT,
  FLAG,
  hasFlag,
  orderNumber,
  type Parcel,
  partOf,
  STATE,
  serviceOf,
  stateOf,
  type WorldView,
  warehouseOf,
} from '../../sim/world.ts'
import type { OrderStateId } from '../order/lifecycle.ts'
import { inOrder, parcelLine, shelfLine } from '../state/portrait.ts'

/** What the lifecycle calls a parcel in a state of the simulator; null where it is not on its way. */
export function stateInWords(world: WorldView, p: Parcel): OrderStateId | null {
  switch (stateOf(world, p)) {
    case STATE.placed:
      return 'awaiting-payment'
    case STATE.paid:
      return 'backordered'
    case STATE.routed:
      return 'routed'
    case STATE.released:
      return 'released'
    case STATE.picking:
      return 'picking'
    case STATE.picked:
      return 'picked'
    case STATE.packing:
      return 'packing'
    case STATE.packed:
      return 'staged'
    case STATE.handedOver:
      return 'handed-over'
    case STATE.atHub:
      return 'at-hub'
    case STATE.atStation:
      return attemptsOf(world, p) > 0 ? 'delivery-failed' : 'at-station'
    case STATE.outForDelivery:
      return 'out-for-delivery'
    default:
      return null
  }
}

/** The portrait of a run, read from its world and not from anything that was told of it. `nameOf` gives an order its id. */
export function hiddenPortrait({ world, network }: Sim, spec: NetworkSpec, nameOf: (order: number) => string): string[] {
  const lines: string[] = []
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const words = stateInWords(world, p)
    if (words === null || hasFlag(world, p, FLAG.cancelled)) continue
    const isRouted = stateOf(world, p) >= STATE.routed
    const warehouse = isRouted ? spec.warehouses[warehouseOf(world, p)].id : null
    const service = isRouted ? spec.services[serviceOf(world, p)].id : null
    lines.push(parcelLine(nameOf(orderNumber(world, p)), partOf(world, p), words, warehouse, service))
  }
  for (let shelf = 0; shelf < world.onHand.length; shelf++) {
    const units = bookedUnits(world, shelf)
    if (units === 0) continue
    lines.push(shelfLine(spec.warehouses[shelf % network.W].id, spec.skus[Math.floor(shelf / network.W)].id, units))
  }
  return inOrder(lines)
}
