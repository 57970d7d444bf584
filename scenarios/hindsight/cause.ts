import { LINES_OF } from '../../policies/market/columns.ts'
import { departureFor, nextVans } from '../../sim/journey.ts'
import type { Ledger } from '../../sim/ledger.ts'
import { LANE } from '../../sim/network.ts'
import { HOUR_MS } from '../../sim/units.ts'
import type { Day } from './day.ts'
import { doorMs, haulMs, isLost, laneOf, readyMs, slowAt, unhinderedMs } from './fate.ts'

/** What made an order late, in the order in which things are put to the blame. */
export const CAUSES = [
  { id: 'route', about: 'by that lane it would have been late on the calmest day' },
  { id: 'luck', about: 'a slow journey, or nobody at home' },
  { id: 'stock', about: 'it waited for goods' },
  { id: 'node queue', about: 'it waited for hands' },
  { id: 'carrier wave', about: 'trucks were full' },
  { id: 'weather', about: 'roads were slow' },
  { id: 'station', about: 'hub or vans were full' },
  { id: 'undelivered', about: 'lost, cancelled, or never shipped' },
] as const
export type Cause = (typeof CAUSES)[number]['id']

/**
 * Why shipment `shipment` of order i came late. Its journey is told again, first without any trouble, and then with one trouble after the other as
 * it was: the first with which it is late is the cause. So each late order has one, and causes that come together are booked under the earlier.
 */
export function causeOf(day: Day, ledger: Ledger, i: number, shipment: number): Cause {
  const { network, clock } = day
  const w = ledger.warehouse[shipment]
  const s = ledger.service[shipment]
  const part = ledger.part[shipment]
  const promised = day.promisedMs[i]
  if (Number.isNaN(ledger.leftMs[shipment]) || isLost(day, i, s, part)) return 'undelivered'
  const lines = LINES_OF[ledger.mask[shipment]]
  const leavesFrom = (routedMs: number): number => {
    const ready = readyMs(day, day.number[i], w, part, routedMs)
    const packed = unhinderedMs(day, i, w, part, lines, ready)
    return packed === Number.POSITIVE_INFINITY ? packed : departureFor(network, s, packed, 0, clock.weekStartMs)
  }
  const haul = haulMs(day, i, w, s, part)
  const isLate = (leavesMs: number, slow: number): boolean => doorMs(day, i, Math.ceil(leavesMs + haul * slow), part) > promised

  const first = leavesFrom(day.paidMs[i])
  // A closed house that was chosen all the same.
  if (first === Number.POSITIVE_INFINITY) return 'node queue'
  const usual = network.lanes[laneOf(day, i, w, s) + LANE.medianMs]
  const vans = nextVans(network, Math.ceil((first + usual) / HOUR_MS) * HOUR_MS, clock.weekStartMs)
  if (vans + network.delivery.hoursMs / 2 > promised) return 'route'
  if (isLate(first, 1)) return 'luck'
  const routed = leavesFrom(ledger.routedMs[shipment])
  if (routed === Number.POSITIVE_INFINITY) return 'node queue'
  if (isLate(routed, 1)) return 'stock'
  if (isLate(departureFor(network, s, ledger.packedMs[shipment], 0, clock.weekStartMs), 1)) return 'node queue'
  const left = ledger.leftMs[shipment]
  if (isLate(left, 1)) return 'carrier wave'
  if (isLate(left, slowAt(day, i, w, s, left))) return 'weather'
  return 'station'
}

/** When it would have been at the door without queues at hub and station. */
export function freeArrivalMs(day: Day, ledger: Ledger, i: number, shipment: number): number {
  const [w, s, part, left] = [
    ledger.warehouse[shipment],
    ledger.service[shipment],
    ledger.part[shipment],
    ledger.leftMs[shipment],
  ]
  return doorMs(day, i, Math.ceil(left + haulMs(day, i, w, s, part) * slowAt(day, i, w, s, left)), part)
}
