import { LINES_OF, type Shipments } from './columns.ts'
import type { Market } from './market.ts'
import { capacitiesOf, slotsOf, type WorkCorners, workCorners, workOf } from './work.ts'

/** What is left of all scarce things while whole orders are booked. */
export type Ledger = {
  readonly market: Market
  readonly laneOf: Int32Array
  readonly stock: Float64Array
  readonly room: Float64Array
  /** Hand-ms left in each row of work: by the index of `capacitiesOf`, kept right at the corners. */
  readonly work: Float64Array
  readonly corners: WorkCorners
}

export function openLedger(market: Market, laneOf: Int32Array): Ledger {
  return {
    market,
    laneOf,
    stock: market.stock.units.slice(),
    room: market.departures.room.slice(),
    work: capacitiesOf(market),
    corners: workCorners(market),
  }
}

/** Books so many of a group's orders by a way; fewer than none gives them back. */
export function book(
  { corners, laneOf, market, room, stock, work }: Ledger,
  group: number,
  way: Shipments,
  orders: number,
): void {
  const { departures, groups, services, warehouses } = market
  const T = slotsOf(market)
  for (let i = 0; i < way.count; i++) {
    const d = way.departure[i]
    const w = Math.floor(laneOf[d] / services)
    room[d] -= orders
    for (let mask = way.lines[i]; mask > 0; mask &= mask - 1) {
      const line = groups.lineStart[group] + 31 - Math.clz32(mask & -mask)
      if (groups.goods[line] >= 0) stock[groups.goods[line] * warehouses + w] -= orders * groups.units[line]
    }
    for (let station = 2 * w; station < 2 * w + 2; station++) {
      const ms = orders * workOf(market, group, station, LINES_OF[way.lines[i]])
      for (const from of corners.from) {
        if (from > groups.fromSlot[group]) break
        for (const to of corners.to[w]) if (to >= departures.bySlot[d]) work[(station * T + from) * (T + 1) + to] -= ms
      }
    }
  }
}

/** How many more of a group's orders could go by one shipment, the others of the order left aside; a whole number, or Infinity. */
export function roomFor({ corners, laneOf, market, room, stock, work }: Ledger, group: number, lines: number, d: number): number {
  const { departures, groups, services, warehouses } = market
  const T = slotsOf(market)
  const w = Math.floor(laneOf[d] / services)
  let most = room[d]
  for (let mask = lines; mask > 0; mask &= mask - 1) {
    const goods = groups.goods[groups.lineStart[group] + 31 - Math.clz32(mask & -mask)]
    if (goods < 0) continue
    // Lines of the same goods take from the same shelf.
    let units = 0
    for (let same = lines; same > 0; same &= same - 1) {
      const line = groups.lineStart[group] + 31 - Math.clz32(same & -same)
      if (groups.goods[line] === goods) units += groups.units[line]
    }
    most = Math.min(most, stock[goods * warehouses + w] / units)
  }
  for (let station = 2 * w; station < 2 * w + 2 && most >= 1; station++) {
    const ms = workOf(market, group, station, LINES_OF[lines])
    if (ms === 0) continue
    for (const from of corners.from) {
      if (from > groups.fromSlot[group]) break
      for (const to of corners.to[w])
        if (to >= departures.bySlot[d]) most = Math.min(most, work[(station * T + from) * (T + 1) + to] / ms)
    }
  }
  // A sum of many ms may lie a hair under the whole number that it is.
  return Math.max(0, Math.floor(most * (1 + 1e-12)))
}

/** How many more of a group's orders could go by a way, its shipments taken together; at most `wanted`. */
export function mostBy(ledger: Ledger, group: number, way: Shipments, wanted: number): number {
  let most = wanted
  for (let i = 0; i < way.count && most > 0; i++) most = Math.min(most, roomFor(ledger, group, way.lines[i], way.departure[i]))
  if (way.count < 2) return most
  // Two shipments may share hands or goods: what each finds is not there for both.
  for (; most > 0 && !fitsTogether(ledger, group, way, most); most = Math.floor(most / 2));
  return most
}

function fitsTogether(ledger: Ledger, group: number, way: Shipments, orders: number): boolean {
  const one = { count: 1, lines: new Int32Array(1), departure: new Int32Array(1) }
  let booked = 0
  let fits = true
  for (; booked < way.count && fits; booked++) {
    one.lines[0] = way.lines[booked]
    one.departure[0] = way.departure[booked]
    fits = roomFor(ledger, group, one.lines[0], one.departure[0]) >= orders
    book(ledger, group, one, orders)
  }
  while (booked-- > 0) {
    one.lines[0] = way.lines[booked]
    one.departure[0] = way.departure[booked]
    book(ledger, group, one, -orders)
  }
  return fits
}
