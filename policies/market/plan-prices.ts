import { noPrices, PRICED, type Prices, type Situation } from '../../sim/plan.ts'
import { type ExpectedMarket, expectedMarket, type Outlook } from './expected-market.ts'
import type { Market } from './market.ts'
import { SolverStuck } from './master.ts'
import { queueTolls, type TollOptions } from './queue-tolls.ts'
import { solveMarket } from './solve.ts'
import { isLinearSolver, type LinearSolver } from './solver.ts'
import { stockMarket } from './stock-market.ts'
import { slotOf } from './supply.ts'
import { slotsOf, workCentsOf } from './work.ts'

export type PlanOptions = Outlook & {
  /** Relative gap at which a program is good enough. */
  readonly gap: number
  /** Plan again after so long. */
  readonly everyMs: number
  /** Where hands serve first come first served: tolls of the queue take the place of the program's prices for hands; left out, these stay. */
  readonly tolls?: TollOptions
}

/**
 * Bid prices: what hands, places on trucks and goods are worth, from the duals of a linear program over the orders that are expected (Talluri & van
 * Ryzin, Management Science 44, 1998; for fulfilment Jasin & Sinha, Operations Research 63, 2015; Acimovic & Graves, M&SOM 17, 2015).
 * Hands and trucks are planned for by the hour, goods until more of them comes, each as if the other were no trouble.
 */
export function planPrices(situation: Situation, options: PlanOptions): Prices | null {
  const { network, solver, nowMs } = situation
  if (!isLinearSolver(solver)) throw new Error('a plan by linear programs needs a solver: hand one in with the run')
  const prices = { ...noPrices(network, nowMs, options.slotMs, true), againMs: nowMs + options.everyMs }
  const hours = expectedMarket(situation, options)
  if (hours.groups.count > 0 && isShort(hours)) {
    const found = solvedOrNull(hours, solver, options.gap)
    if (found === null) return null
    writeHands(prices, hours, found.prices, situation)
    if (options.tolls !== undefined)
      writeTolls(prices, hours, queueTolls(hours, found.prices.roomCents, options.tolls), situation)
  }
  const shelves = stockMarket(situation, options.demandFactor)
  if (shelves === null) return prices
  const found = solvedOrNull(shelves, solver, options.gap)
  if (found === null) return null
  const { stockCents } = found.prices
  shelves.baskets.skuOf.forEach((sku, goods) => {
    for (let w = 0; w < network.W; w++)
      if (prices.stockCents !== null) prices.stockCents[sku * network.W + w] = stockCents[goods * network.W + w]
  })
  return prices
}

/** The solution of a market; null where the solver was stuck on every road: there is no plan then, and the one before grows older. */
export function solvedOrNull(market: Market, solver: LinearSolver, gap: number): ReturnType<typeof solveMarket> | null {
  try {
    return solveMarket(market, solver, { gap })
  } catch (error) {
    if (error instanceof SolverStuck) return null
    throw error
  }
}

/** False where each warehouse alone could do all the work, and each truck take all parcels, that are expected: nothing to plan for. */
function isShort({ work, groups, departures, warehouses }: ExpectedMarket): boolean {
  const T = work.slotMs.length - 1
  const perSlot = new Float64Array(T)
  for (let g = 0; g < groups.count; g++) perSlot[groups.fromSlot[g]] += groups.orders[g]
  const busiest = Math.max(...perSlot)
  for (let r = 0; r < 2 * warehouses; r++) {
    const each = work.parcelMs[r] + 8 * work.lineMs[r]
    for (let t = 0; t < T; t++) if (perSlot[t] * each > work.capacityMs[r * T + t]) return true
  }
  return departures.room.some((room) => room < busiest * 24)
}

/** The same toll whenever it leaves: what comes is worked on in its turn. */
function writeTolls(prices: Prices, { work }: ExpectedMarket, tolls: Float64Array, { network: { W, S } }: Situation): void {
  const T = work.slotMs.length - 1
  for (let lane = 0; lane < W * S; lane++) {
    const w = Math.floor(lane / S)
    for (let comes = 0; comes < PRICED.arrivals; comes++) {
      let parcel = 0
      let line = 0
      for (const r of [2 * w, 2 * w + 1]) {
        const cents = comes < T ? tolls[r * T + comes] : 0
        parcel += cents * work.parcelMs[r]
        line += cents * work.lineMs[r]
      }
      const at = (lane * PRICED.arrivals + comes) * PRICED.slots
      prices.parcelCents.fill(parcel, at, at + PRICED.slots)
      prices.lineCents.fill(line, at, at + PRICED.slots)
    }
  }
}

function writeHands(
  prices: Prices,
  market: ExpectedMarket,
  found: Parameters<typeof workCentsOf>[1],
  { network: { W, S } }: Situation,
): void {
  const T = slotsOf(market)
  const table = workCentsOf(market, found)
  const { first, leavesMs, bySlot } = market.departures
  const { parcelMs, lineMs, slotMs } = market.work
  for (let lane = 0; lane < W * S; lane++) {
    const w = Math.floor(lane / S)
    for (let d = first[lane]; d < first[lane + 1]; d++) {
      const leaves = Math.min(slotOf(slotMs, leavesMs[d]), T - 1)
      if (leaves < 0 || leaves >= PRICED.slots) continue
      const room = lane * PRICED.slots + leaves
      prices.roomCents[room] = Math.max(prices.roomCents[room], found.roomCents[d])
      for (let comes = 0; comes < PRICED.arrivals && comes < bySlot[d]; comes++) {
        const at = (lane * PRICED.arrivals + comes) * PRICED.slots + leaves
        let parcel = 0
        let line = 0
        for (const r of [2 * w, 2 * w + 1]) {
          const cents = table[(r * T + comes) * (T + 1) + bySlot[d]]
          parcel += cents * parcelMs[r]
          line += cents * lineMs[r]
        }
        prices.parcelCents[at] = Math.max(prices.parcelCents[at], parcel)
        prices.lineCents[at] = Math.max(prices.lineCents[at], line)
      }
    }
  }
}
