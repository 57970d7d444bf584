import { noPrices, type Prices, type Situation } from '../../sim/plan.ts'
import type { Notes, OrderFacts, RoutingOption } from '../../sim/policy.ts'
import type { Term } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'
import type { Assignment } from './market.ts'
import { solvedOrNull } from './plan-prices.ts'
import { isLinearSolver } from './solver.ts'
import { stockMarket } from './stock-market.ts'

/**
 * The primal side of the plan for goods: how the orders of each zone and kind are shared out over ways to ship them, as notes that a plan leaves for
 * its policy. Bid prices use only the other side, and tie where this one is a mixture.
 *
 * Layout: MARK, zones, kinds; where each kind begins [kind]; where each zone's ways of each kind begin [zone · kinds + kind]; then of each kind its
 * number of lines and their SKUs; of each zone and kind the number of ways, and of each way its share and the warehouse of each line, −1
 * for none.
 */
const MARK = 7919
const HEAD = 3

export type MixOptions = { readonly everyMs: number; readonly gap: number }

/** Solves the program for goods and notes its mixture; no notes where nothing could run short. Prices are nothing. */
export function planMix(situation: Situation, { everyMs, gap }: MixOptions): Prices | null {
  const { network, nowMs, solver } = situation
  if (!isLinearSolver(solver)) throw new Error('a plan by linear programs needs a solver: hand one in with the run')
  const prices = { ...noPrices(network, nowMs, HOUR_MS, false), againMs: nowMs + everyMs }
  const market = stockMarket(situation, 1)
  if (market === null) return prices
  const { count, start, goods, skuOf } = market.baskets
  const kinds = Array.from({ length: count }, (_, b) => Array.from(goods.subarray(start[b], start[b + 1]), (one) => skuOf[one]))
  const found = solvedOrNull(market, solver, gap)
  return found === null ? null : { ...prices, notes: notesOf(kinds, network.Z, found.assignments) }
}

/** The mixture in its layout. Group g is zone ⌊g / kinds⌋ and kind g mod kinds. */
export function notesOf(kinds: readonly (readonly number[])[], zones: number, assignments: readonly Assignment[]): Float64Array {
  const B = kinds.length
  const notes: number[] = [MARK, zones, B, ...new Array<number>(B + zones * B).fill(0)]
  kinds.forEach((skus, b) => {
    notes[HEAD + b] = notes.length
    notes.push(skus.length, ...skus)
  })
  const ways: Assignment[][] = Array.from({ length: zones * B }, () => [])
  for (const one of assignments) ways[one.group].push(one)
  ways.forEach((own, g) => {
    notes[HEAD + B + g] = notes.length
    const total = own.reduce((sum, { orders }) => sum + orders, 0)
    notes.push(own.length)
    for (const { orders, shipments } of own) {
      notes.push(orders / total)
      for (let line = 0; line < kinds[g % B].length; line++)
        notes.push(shipments.find(({ lines }) => ((lines >> line) & 1) === 1)?.warehouse ?? -1)
    }
  })
  return Float64Array.from(notes)
}

/** The ways of the order's own kind, or of one of its lines by itself. */
export type Ways = {
  /** Number of ways, and lines of each. */
  count: number
  lines: number
  /** Where the first way begins in the notes: its share, then a warehouse for each line. */
  at: number
  /** The line of the order that each line of the kind is. */
  readonly lineOf: Int32Array
}

/** How a policy sends the lines of an order by its ways: `line` is the line that they are of, −1 for the whole order. */
type Send = (order: OrderFacts, notes: Notes, ways: Ways, line: number, cents: Float64Array) => void
/** Used again for each order. */
const WAYS: Ways = { count: 0, lines: 0, at: 0, lineOf: new Int32Array(8) }

/** Has an order sent by the ways of its own kind; where the plan did not foresee that, each line by those of the line alone, if there are any. */
export function sendByWays(order: OrderFacts, notes: Notes, send: Send, cents: Float64Array): void {
  if (findWays(notes, order, -1, WAYS)) send(order, notes, WAYS, -1, cents)
  else
    for (let line = 0; line < order.lines; line++) if (findWays(notes, order, line, WAYS)) send(order, notes, WAYS, line, cents)
}

/**
 * Finds the ways for an order: those of the kind that has exactly its SKUs, or, from `line` ≥ 0, those of the kind that is this line alone. False where
 * the plan knows no such kind. Kinds are gone through one after the other.
 */
function findWays(notes: Notes, order: OrderFacts, line: number, ways: Ways): boolean {
  if (notes.length < HEAD || notes[0] !== MARK) return false
  const B = notes[2]
  for (let b = 0; b < B; b++) {
    const kind = notes[HEAD + b]
    if (!isKind(notes, kind, order, line, ways)) continue
    const at = notes[HEAD + B + order.zone * B + b]
    ways.count = notes[at]
    ways.lines = notes[kind]
    ways.at = at + 1
    return true
  }
  return false
}

function isKind(notes: Notes, kind: number, order: OrderFacts, line: number, { lineOf }: Ways): boolean {
  const count = notes[kind]
  if (count !== (line < 0 ? order.lines : 1)) return false
  for (let i = 0; i < count; i++) {
    let found = line
    if (line < 0) for (let n = 0; n < count; n++) if (order.sku(n) === notes[kind + 1 + i]) found = n
    if (found < 0 || order.sku(found) !== notes[kind + 1 + i]) return false
    lineOf[i] = found
  }
  return true
}

/** Each line is as good as free at its own warehouse, and elsewhere only taken where that has none: more than any shipment costs. */
export const AWAY_CENTS = 1e7

/** What is then paid for goods, as a sum of terms: how many lines do not come from where they were drawn to. */
export const awayTerms = ({ stockPriceCents }: RoutingOption): readonly Term[] =>
  stockPriceCents === 0 ? [] : [{ name: 'notAsDrawn', amount: stockPriceCents / AWAY_CENTS, weight: AWAY_CENTS }]

/** Writes down that line `line` is to come from `warehouse`. */
export function sendLine(cents: Float64Array, warehouses: number, line: number, warehouse: number): void {
  for (let w = 0; w < warehouses; w++) cents[line * warehouses + w] = w === warehouse ? 0 : AWAY_CENTS
}
