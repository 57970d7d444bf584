import { PRICED, type Prices, type Situation } from '../../sim/plan.ts'
import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { REG } from '../../sim/world.ts'
import { lateCents } from '../market/late-cents.ts'
import { planOptions } from '../market/plan-options.ts'
import { planPrices } from '../market/plan-prices.ts'
import { scarcity, scarcityTerms } from '../market/scarcity.ts'

/**
 * Bid prices of a linear program that is solved once, on the first opportunity, and never again: what re-solving is worth is seen beside it.
 * Talluri & van Ryzin, Management Science 44 (1998); Jasin & Sinha, Operations Research 63 (2015). All who face the same tie go the same way
 * until goods run out, and hands have prices only for the hours first looked at. Whoever takes over from a policy with prices goes on with
 * those. A decision costs no more than live-greedy's.
 *
 * - `horizonHours`: how far orders are foreseen.
 * - `slotMinutes`: how finely.
 * - `gap`: how near to its optimum the program is solved.
 */
export default policy('routing', {
  about: 'Cost, expected lateness, and bid prices of a linear program solved once at the beginning and never again.',
  params: { horizonHours: 24, slotMinutes: 180, gap: 1e-3 },
  floor: costFloor,
  price: (option) => option.costCents + lateCents(option) + scarcity(option),
  terms: (option) => [money('cost', option.costCents), money('lateness', lateCents(option)), ...scarcityTerms(option, 1)],
  plan: (situation, params) => lastPrices(situation) ?? planPrices(situation, planOptions(params)),
})

/** A site or carrier that changes asks everybody to plan: the answer is what holds already. Null where nothing does. */
function lastPrices({ world, network }: Situation): Prices | null {
  const slotMs = world.regs[REG.pricesSlotMs]
  if (!(slotMs > 0)) return null
  const perLane = network.W * network.S * PRICED.slots
  return {
    fromMs: world.regs[REG.pricesFromMs],
    slotMs,
    againMs: Number.POSITIVE_INFINITY,
    parcelCents: Float64Array.from({ length: perLane * PRICED.arrivals }, (_, i) => world.priceParcel[i]),
    lineCents: Float64Array.from({ length: perLane * PRICED.arrivals }, (_, i) => world.priceLine[i]),
    roomCents: Float64Array.from({ length: perLane }, (_, i) => world.priceRoom[i]),
    stockCents: Float64Array.from({ length: network.K * network.W }, (_, i) => world.priceStock[i]),
  }
}
