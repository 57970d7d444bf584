import { LANE } from '../../sim/network.ts'
import type { Situation } from '../../sim/plan.ts'
import { type Baskets, ordersByGoods } from './baskets.ts'
import type { Market } from './market.ts'

export type StockMarket = Market & { readonly baskets: Baskets }

/**
 * What is asked for until more comes, and what there is of it, as a market without time: hands and trucks are for another plan. Null where
 * nothing could run short.
 */
export function stockMarket(situation: Situation, demandFactor: number): StockMarket | null {
  const { network, world, nowMs, expectedOrders, lastOrderMs } = situation
  const { W, S, Z, lanes, handlingLineCents } = network
  const ordersUntil = (untilMs: number): number => {
    let orders = 0
    for (let z = 0; z < Z; z++) orders += expectedOrders(z, nowMs, Math.min(untilMs, lastOrderMs))
    return orders * demandFactor
  }
  const found = ordersByGoods(situation, ordersUntil)
  if (found === null) return null
  const { baskets, untilMs } = found
  const { count: B, share, start, goods, units, lineKg } = baskets
  const perZone = Array.from({ length: Z }, (_, z) => demandFactor * expectedOrders(z, nowMs, Math.min(untilMs, lastOrderMs)))
  const G = Z * B
  const lineStart = new Int32Array(G + 1)
  const lineGoods: number[] = []
  const lineUnits: number[] = []
  for (let g = 0; g < G; g++) {
    for (let i = start[g % B]; i < start[(g % B) + 1]; i++) {
      lineGoods.push(goods[i])
      lineUnits.push(units[i])
    }
    lineStart[g + 1] = lineGoods.length
  }
  const laneAt = (g: number, w: number, s: number): number => ((Math.floor(g / B) * W + w) * S + s) * LANE.fields
  const first = Int32Array.from({ length: W * S + 1 }, (_, lane) => lane)
  return {
    warehouses: W,
    services: S,
    maxShipments: 3,
    baskets,
    work: {
      slotMs: Float64Array.of(nowMs, untilMs),
      capacityMs: new Float64Array(2 * W).fill(Number.POSITIVE_INFINITY),
      parcelMs: new Float64Array(2 * W),
      lineMs: new Float64Array(2 * W),
    },
    departures: {
      first,
      leavesMs: new Float64Array(W * S).fill(untilMs),
      bySlot: new Int32Array(W * S).fill(1),
      room: new Float64Array(W * S).fill(Number.POSITIVE_INFINITY),
    },
    stock: { goods: baskets.skuOf.length, units: baskets.stock },
    groups: {
      count: G,
      orders: Float64Array.from({ length: G }, (_, g) => Math.max(1e-9, perZone[Math.floor(g / B)] * share[g % B])),
      fromSlot: new Int32Array(G),
      lineStart,
      goods: Int32Array.from(lineGoods),
      units: Int32Array.from(lineUnits),
    },
    costs: {
      firstDeparture: (g, w, s) => (lanes[laneAt(g, w, s) + LANE.medianMs] === 0 || world.siteCapacity[w] === 0 ? -1 : w * S + s),
      parcelCents: (g, w, s) => lanes[laneAt(g, w, s) + LANE.parcelCents],
      lineCents: (g, w, s, line) => handlingLineCents[w] + lineKg[start[g % B] + line] * lanes[laneAt(g, w, s) + LANE.kgCents],
      lateCents: () => 0,
      // As dear as an order that is late for days: it waits until goods come.
      unservedCents: () => 2 * network.latePerOrderCents + 48 * network.latePerHourCents + 100_000,
    },
  }
}
