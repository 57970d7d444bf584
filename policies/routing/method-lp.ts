import { costFloor, type Notes, type OrderFacts, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { MINUTE_MS } from '../../sim/units.ts'
import { lateCents } from '../market/late-cents.ts'
import { lotShare } from '../market/lot.ts'
import { awayTerms, planMix, sendByWays, sendLine, type Ways } from '../market/mix.ts'

const SALT = 0x2545f491

/**
 * Follows the program's own mixture: of the ways in which the linear program ships orders of this kind to this zone one is drawn by lot, in
 * proportion, and taken as far as goods are there; lines that their warehouse lacks go by the cheapest. Where nothing runs short, or of a kind
 * that nobody foresaw, it is live-greedy. After the method-based program of Amil, Makhdoumi & Wei, "Multi-item order fulfillment revisited: LP
 * formulation and prophet inequality" (Management Science 2025), whose methods are sets of warehouses; without their acceptance rule. A decision
 * goes through the kinds of orders and then the ways of one.
 *
 * A policy has no dice: the lot is a hash of the order's number.
 *
 * - `everyMinutes`: how often the program is solved again.
 * - `gap`: how near to its optimum.
 */
export default policy('routing', {
  about: 'Ship as the linear program for goods would: one of its ways for such orders, drawn by lot in their proportion.',
  params: { everyMinutes: 60, gap: 1e-3 },
  floor: costFloor,
  price: (option) => option.costCents + lateCents(option) + option.stockPriceCents,
  terms: (option) => [...awayTerms(option), money('cost', option.costCents), money('lateness', lateCents(option))],
  plan: (situation, { everyMinutes, gap }) => planMix(situation, { everyMs: everyMinutes * MINUTE_MS, gap }),
  worth: (order, notes, _params, cents) => sendByWays(order, notes, drawWay, cents),
})

function drawWay(order: OrderFacts, notes: Notes, { count, lines, at, lineOf }: Ways, line: number, cents: Float64Array): void {
  let way = at
  // Lines that go by themselves have a lot each.
  let left = lotShare(order.order, SALT + Math.max(0, line))
  for (let i = 0; i + 1 < count && left >= notes[way]; i++) {
    left -= notes[way]
    way += 1 + lines
  }
  if (count > 0)
    for (let i = 0; i < lines; i++) if (notes[way + 1 + i] >= 0) sendLine(cents, order.warehouses, lineOf[i], notes[way + 1 + i])
}
