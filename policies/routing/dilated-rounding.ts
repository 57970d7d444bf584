import { costFloor, type Notes, type OrderFacts, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { MINUTE_MS } from '../../sim/units.ts'
import { lateCents } from '../market/late-cents.ts'
import { lot, lotShare } from '../market/lot.ts'
import { awayTerms, planMix, sendByWays, sendLine, type Ways } from '../market/mix.ts'

const SALT = 0x6c078965

/**
 * Correlated rounding of a linear program's fractions: with u(w, i) the part of item i that it ships from warehouse w for such orders, each warehouse
 * draws E(w) ~ Exp(1) once an order, and each item goes to the least E(w) / u(w, i). Each item keeps its fractions, and items that like the same
 * warehouse go there together: the expected number of shipments is within 1 + ln(items) of the program's. Ma, "Order-optimal correlated
 * rounding for fulfilling multi-item e-commerce orders", M&SOM 25 (2023). Lines that their warehouse lacks go by the cheapest; where nothing runs
 * short, or of a kind nobody foresaw, it is live-greedy. Other than in the paper the fractions are those of a program over whole shipments, which knows
 * what a further one costs; of more than three warehouses drawn the router takes the best three. A decision goes through the kinds of orders, then lines × warehouses × ways of one.
 *
 * A policy has no dice: E(w) is made of a hash of the numbers of order and warehouse.
 *
 * - `everyMinutes`: how often the program is solved again.
 * - `gap`: how near to its optimum.
 */
export default policy('routing', {
  about: 'Round the linear program for goods item by item, so that items that like the same warehouse go there together.',
  params: { everyMinutes: 60, gap: 1e-3 },
  floor: costFloor,
  price: (option) => option.costCents + lateCents(option) + option.stockPriceCents,
  terms: (option) => [...awayTerms(option), money('cost', option.costCents), money('lateness', lateCents(option))],
  plan: (situation, { everyMinutes, gap }) => planMix(situation, { everyMs: everyMinutes * MINUTE_MS, gap }),
  worth: (order, notes, _params, cents) => sendByWays(order, notes, roundLines, cents),
})

function roundLines(
  order: OrderFacts,
  notes: Notes,
  { count, lines, at, lineOf }: Ways,
  _line: number,
  cents: Float64Array,
): void {
  const { warehouses } = order
  for (let i = 0; i < lines; i++) {
    let first = -1
    let least = Number.POSITIVE_INFINITY
    for (let w = 0; w < warehouses; w++) {
      let part = 0
      for (let way = 0; way < count; way++) if (notes[at + way * (1 + lines) + 1 + i] === w) part += notes[at + way * (1 + lines)]
      if (part === 0) continue
      const arrives = -Math.log(lotShare(lot(order.order, SALT), w)) / part
      if (arrives >= least) continue
      least = arrives
      first = w
    }
    if (first >= 0) sendLine(cents, warehouses, lineOf[i], first)
  }
}
