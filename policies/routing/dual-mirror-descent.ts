import { noPrices, PRICED } from '../../sim/plan.ts'
import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { budgetOf } from '../market/budget.ts'
import { lateCents } from '../market/late-cents.ts'
import { spreadCents } from '../market/spread.ts'

/**
 * Dual mirror descent: each scarce thing has a price that rises while more of it is used than its budget allows and falls while less is,
 * λ ← [λ − η (budget − use)]+, with regret O(√T) where orders come alike and a fixed ratio whatever comes. Balseiro, Lu & Mirrokni,
 * "The best of many worlds: dual mirror descent for online allocation problems", Operations Research 71 (2023).
 *
 * It needs no memory, since the sums are in the world. For hands λ is the queue itself: work that came less work that was done, never below
 * none. For goods it is what is gone of a shelf less what should be by now, summed from the start and cut at none only then (dual averaging,
 * the same where the price does not touch none in between), in parts of the square root of the shelf, which is the step η of the theorem.
 * Worked out every few minutes in one look a shelf; a decision adds one look a line.
 *
 * - `everyMinutes`: how often prices move.
 * - `stockStep`: price of a unit for one standard deviation (√ of the units) gone too soon, in parts of what lies between the dearest and
 *   the cheapest shipment of a line.
 * - `handsStep`: toll for one hour of a warehouse's work that waits, in parts of what the business pays for a late order.
 */
export default policy('routing', {
  about:
    'Cost, expected lateness, and prices on goods and hands that rise while more is used than their budget and fall while less is.',
  params: { everyMinutes: 10, stockStep: 0.3, handsStep: 0.05 },
  floor: costFloor,
  price: (option) => option.costCents + lateCents(option) + option.stockPriceCents + option.workPriceCents,
  terms: (option) => [
    money('cost', option.costCents),
    money('lateness', lateCents(option)),
    money('goods', option.stockPriceCents),
    money('hands', option.workPriceCents),
  ],
  plan: (situation, { everyMinutes, stockStep, handsStep }) => {
    const { network, world, nowMs } = situation
    const { W, S, K } = network
    // Tables wide enough that whatever leaves within four days has its price.
    const prices = noPrices(network, nowMs, 2 * HOUR_MS, false)
    const stockCents = new Float64Array(K * W)
    const cents = stockStep * spreadCents(network)
    for (let k = 0; k < K; k++) {
      const used = budgetOf(situation, k)
      for (let w = 0; w < W; w++) {
        const i = k * W + w
        const units = world.unitsIn[i]
        if (units === 0) continue
        const gone = world.unitsOut[i] + world.reserved[i]
        stockCents[i] = (cents * Math.max(0, gone - used * units)) / Math.sqrt(units)
      }
    }
    const perLane = PRICED.arrivals * PRICED.slots
    for (let w = 0; w < W; w++) {
      const toll = handsStep * network.latePerOrderCents * ((world.readyMs[w] - nowMs) / HOUR_MS)
      const line = network.pickLineMs[w] + network.packLineMs[w]
      const parcel = network.pickParcelMs[w] + network.packParcelMs[w]
      const mean = parcel + network.meanLines * line
      if (!(toll > 0 && mean > 0)) continue
      prices.parcelCents.fill((toll * parcel) / mean, w * S * perLane, (w + 1) * S * perLane)
      prices.lineCents.fill((toll * line) / mean, w * S * perLane, (w + 1) * S * perLane)
    }
    return { ...prices, againMs: nowMs + everyMinutes * 60_000, stockCents }
  },
})
