import type { Market } from '../../../policies/market/market.ts'
import type { BrunelProblem } from './problem.ts'

/**
 * Some of the orders and so many places as a market: a plant is a warehouse with one service and one departure, a place in it a unit of the only
 * goods, of which every order takes one. Trucks count nothing here, so that its bound lies below every routing's cost by no more than theirs.
 */
export function brunelMarket(problem: BrunelProblem, chosen: Int32Array, places: Float64Array): Market {
  const { cents, plants: P, unservedCents } = problem
  const G = chosen.length
  const at = (g: number, p: number): number => cents[chosen[g] * P + p]
  return {
    warehouses: P,
    services: 1,
    maxShipments: 1,
    work: {
      slotMs: Float64Array.of(0, 1),
      capacityMs: new Float64Array(2 * P).fill(Number.POSITIVE_INFINITY),
      parcelMs: new Float64Array(2 * P),
      lineMs: new Float64Array(2 * P),
    },
    departures: {
      first: Int32Array.from({ length: P + 1 }, (_, p) => p),
      leavesMs: new Float64Array(P).fill(1),
      bySlot: new Int32Array(P).fill(1),
      room: new Float64Array(P).fill(Number.POSITIVE_INFINITY),
    },
    stock: { goods: 1, units: places },
    groups: {
      count: G,
      orders: new Float64Array(G).fill(1),
      fromSlot: new Int32Array(G),
      lineStart: Int32Array.from({ length: G + 1 }, (_, g) => g),
      goods: new Int32Array(G),
      units: new Int32Array(G).fill(1),
    },
    costs: {
      firstDeparture: (g, p) => (at(g, p) < Number.POSITIVE_INFINITY ? p : -1),
      parcelCents: at,
      lineCents: () => 0,
      lateCents: () => 0,
      unservedCents: (g) => unservedCents[chosen[g]],
    },
  }
}
