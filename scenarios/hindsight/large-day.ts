import { worthOf } from '../../policies/market/bound.ts'
import { laneOfDeparture } from '../../policies/market/columns.ts'
import { openLedger } from '../../policies/market/ledger.ts'
import type { MarketPrices } from '../../policies/market/market.ts'
import { aimPrices, findCheapest, openPricer } from '../../policies/market/pricer.ts'
import { bookWhole, moveToCheaper } from '../../policies/market/round.ts'
import { solveMarket } from '../../policies/market/solve.ts'
import type { LinearSolver } from '../../policies/market/solver.ts'
import type { Pool } from '../../policies/market/start.ts'
import type { Day } from './day.ts'
import { type RealisedMarket, realisedMarket, type Supply, supplyOf } from './realised-market.ts'

/** Orders that are put into one program; of more, so many stand for all. */
export const MOST_ORDERS = 40_000
const SAMPLE = 8000
/** A sample's prices are near the day's own, and no nearer for being exact. */
const SAMPLE_GAP = 1e-3
/** Orders that are looked at together: each time the tables of prices are laid out anew. */
const CHUNK = 32_768
/** And that are planned for together. */
const PLANNED_AT_ONCE = 12_000
const PART_GAP = 1e-3
/** Lanes, cheapest first, of which one is most often the best. */
const FEW_LANES = 4

export type LargeBound = {
  /** Valid for all orders of the day: the Lagrangian at the sample's prices. */
  readonly lowerBoundCents: number
  readonly prices: MarketPrices
  /** The orders of the sample as a market, each standing for several. */
  readonly sample: RealisedMarket
  /** What the sample's program comes to, scaled to all orders: the bound cannot lie far above it, nor the truth far below. */
  readonly sampleCents: number
  /** What of the sample's answer others may start from. */
  readonly pool: Pool
}

/**
 * A bound for a day of too many orders for one program: the prices of a sample in which every order stands for several, and the Lagrangian at these
 * prices over all orders (Geoffrion, 1974), which is a bound whatever prices it is taken at. What it lacks to the day's own optimum is
 * what a sample's prices are wrong by.
 */
export function boundOfLarge(day: Day, solver: LinearSolver, supply: Supply = supplyOf(day)): LargeBound {
  const sample = sampleMarket(day, supply)
  const { prices, objectiveCents, pool } = solveMarket(sample, solver, { gap: SAMPLE_GAP })
  return { lowerBoundCents: lagrangianOf(day, supply, prices), prices, sample, sampleCents: objectiveCents, pool }
}

/** Whole orders of a large day by ways that keep to all rows: what they cost, and 1 for those whose shipment with the first line is in time. */
export type LargePlan = { readonly cents: number; readonly inTime: Uint8Array }

/**
 * A plan for a day of too many orders for one program: every k-th order together with a k-th of all hands, room and goods is a market like the whole,
 * small enough to be solved and made whole; together their plans keep to all rows. What the parts leave of the rows is then given to orders
 * that something cheaper has room for. `atOnce` orders make a part.
 */
export function planOfLarge(
  day: Day,
  supply: Supply,
  { sample, pool }: LargeBound,
  solver: LinearSolver,
  atOnce = PLANNED_AT_ONCE,
): LargePlan {
  const parts = Math.ceil(day.count / atOnce)
  const partOf = (whole: Float64Array): Float64Array => whole.map((much) => much / parts)
  const own: Supply = {
    ...supply,
    work: { ...supply.work, capacityMs: partOf(supply.work.capacityMs) },
    departures: { ...supply.departures, room: partOf(supply.departures.room) },
    stock: partOf(supply.stock),
  }
  const ordersOf = (part: number): Int32Array =>
    Int32Array.from({ length: Math.ceil((day.count - part) / parts) }, (_, i) => part + i * parts)
  const all = realisedMarket(day, undefined, supply)
  const shared = openLedger(all, laneOfDeparture(all))
  const start = { pool, groupOf: new Int32Array(sample.groups.count).fill(-1) }
  const booked = Array.from({ length: parts }, (_, part) => {
    const market = realisedMarket(day, ordersOf(part), own)
    const answer = solveMarket(market, solver, { gap: PART_GAP, start })
    return bookWhole(openPricer(market), { ...shared, market }, answer)
  })
  let cents = 0
  const inTime = new Uint8Array(day.count)
  booked.forEach((bookings, part) => {
    const order = ordersOf(part)
    const market = realisedMarket(day, order, supply)
    moveToCheaper(openPricer(market), { ...shared, market }, bookings)
    bookings.forEach((ways, g) => {
      for (const { way, cents: each, orders } of ways) {
        cents += orders * each
        for (let i = 0; i < way.count && orders > 0; i++) {
          if ((way.lines[i] & 1) === 0) continue
          const lane = shared.laneOf[way.departure[i]]
          const late = market.costs.lateCents(g, Math.floor(lane / market.services), lane % market.services, way.departure[i])
          inTime[order[g]] = late === 0 ? 1 : 0
        }
      }
    })
  })
  return { cents, inTime }
}

function sampleMarket(day: Day, supply: Supply): RealisedMarket {
  const oneIn = Math.ceil(day.count / SAMPLE)
  const order = Int32Array.from({ length: Math.floor((day.count - 1) / oneIn) + 1 }, (_, i) => i * oneIn)
  const market = realisedMarket(day, order, supply)
  market.groups.orders.fill(day.count / order.length)
  return market
}

/** The Lagrangian over all orders of a day, some at a time. */
export function lagrangianOf(day: Day, supply: Supply, prices: MarketPrices): number {
  let cents = 0
  for (let from = 0; from < day.count; from += CHUNK) {
    const order = Int32Array.from({ length: Math.min(CHUNK, day.count - from) }, (_, i) => from + i)
    const market = realisedMarket(day, order, supply)
    if (from === 0) cents -= worthOf(market, prices)
    cents += cheapestOf(market, prices)
  }
  return cents
}

/**
 * What the orders of a market pay together at these prices, each by its cheapest way. Prices are never negative, so that a lane whose cents without
 * them are no less than some way with them is of no use: first a few cheap lanes are tried, then only those that could still be better.
 */
function cheapestOf(market: RealisedMarket, prices: MarketPrices): number {
  const { groups, services, warehouses } = market
  const lanes = warehouses * services
  const bare = new Float64Array(groups.count * lanes)
  const isTried = new Uint8Array(groups.count * lanes)
  for (let g = 0; g < groups.count; g++) {
    leastByLane(market, g, bare.subarray(g * lanes, (g + 1) * lanes))
    for (let n = 0; n < FEW_LANES; n++) {
      let best = -1
      for (let at = g * lanes; at < (g + 1) * lanes; at++)
        if (isTried[at] === 0 && bare[at] < Number.POSITIVE_INFINITY && (best < 0 || bare[at] < bare[best])) best = at
      if (best >= 0) isTried[best] = 1
    }
  }
  const within = bestOf(market, prices, isTried)
  for (let at = 0; at < bare.length; at++) isTried[at] = bare[at] < within[Math.floor(at / lanes)] ? 1 : 0
  // What was left out is no better than what was found among the few, which may be among what was left out.
  return bestOf(market, prices, isTried).reduce((sum, cents, g) => sum + Math.min(cents, within[g]), 0)
}

/** Of each group: cents that any way costs at the least of which a shipment goes by the lane; Infinity where the lane is closed. */
function leastByLane({ costs, groups, services }: RealisedMarket, g: number, least: Float64Array): void {
  const L = groups.lineStart[g + 1] - groups.lineStart[g]
  // What each line costs where it is cheapest, and how much more the lane's cheapest line for it costs.
  const cheapest = new Float64Array(L).fill(Number.POSITIVE_INFINITY)
  for (let lane = 0; lane < least.length; lane++) {
    const [w, s] = [Math.floor(lane / services), lane % services]
    least[lane] = costs.firstDeparture(g, w, s) < 0 ? Number.POSITIVE_INFINITY : costs.parcelCents(g, w, s)
    if (least[lane] === Number.POSITIVE_INFINITY) continue
    for (let i = 0; i < L; i++) cheapest[i] = Math.min(cheapest[i], costs.lineCents(g, w, s, i))
  }
  const all = cheapest.reduce((sum, cents) => sum + cents, 0)
  for (let lane = 0; lane < least.length; lane++) {
    if (least[lane] === Number.POSITIVE_INFINITY) continue
    const [w, s] = [Math.floor(lane / services), lane % services]
    let beyond = Number.POSITIVE_INFINITY
    for (let i = 0; i < L; i++) beyond = Math.min(beyond, costs.lineCents(g, w, s, i) - cheapest[i])
    least[lane] += all + beyond
  }
}

/** What each order pays by its cheapest way over some lanes. */
function bestOf(market: RealisedMarket, prices: MarketPrices, isOpen: Uint8Array): Float64Array {
  const { costs, groups, services, warehouses } = market
  const lanes = warehouses * services
  const pricer = openPricer({
    ...market,
    costs: {
      ...costs,
      firstDeparture: (g, w, s) => (isOpen[g * lanes + w * services + s] === 1 ? costs.firstDeparture(g, w, s) : -1),
    },
  })
  aimPrices(pricer, prices)
  const best = new Float64Array(groups.count)
  for (let g = 0; g < groups.count; g++) {
    findCheapest(pricer, g)
    best[g] = pricer.best
  }
  return best
}
