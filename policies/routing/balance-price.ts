import { noPrices } from '../../sim/plan.ts'
import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { bookedUnits } from '../../sim/world.ts'
import { lateCents } from '../market/late-cents.ts'
import { spreadCents } from '../market/spread.ts'

/**
 * Cost, expected lateness, and a price on goods that grows exponentially with the part of the shelf that is gone: primal-dual balancing, which knows
 * no forecast and is within 1 − 1/e of the best in hindsight whatever comes. Andrews, Farias, Khojandi & Yan, "Primal-dual algorithms for
 * order fulfillment at Urban Outfitters, Inc.", INFORMS J. Applied Analytics 49 (2019); after Golrezaei, Nazerzadeh & Rusmevichientong,
 * Management Science 60 (2014). Prices are worked out every few minutes in one look a shelf; a decision adds one look a line.
 *
 * - `everyMinutes`: how often shelves are looked at.
 * - `steepness`: how many times e the price grows from a full shelf to an empty one.
 * - `emptyShare`: price of the last unit, in parts of what lies between the dearest and the cheapest shipment of a line.
 */
export default policy('routing', {
  about: 'Cost, expected lateness, and a price on goods that grows exponentially as their shelf empties; no forecast.',
  params: { everyMinutes: 10, steepness: 2, emptyShare: 0.2 },
  floor: costFloor,
  price: (option) => option.costCents + lateCents(option) + option.stockPriceCents,
  terms: (option) => [
    money('cost', option.costCents),
    money('lateness', lateCents(option)),
    money('goods', option.stockPriceCents),
  ],
  plan: ({ network, world, nowMs }, { everyMinutes, steepness, emptyShare }) => {
    const { initialStock } = network
    const emptyCents = emptyShare * spreadCents(network)
    const stockCents = new Float64Array(initialStock.length)
    for (let i = 0; i < stockCents.length; i++) {
      const gone = initialStock[i] > 0 ? 1 - (bookedUnits(world, i) - world.reserved[i]) / initialStock[i] : 1
      // Shelves that are fuller than they opened are as good as full.
      stockCents[i] = (emptyCents * Math.expm1(steepness * Math.max(0, gone))) / Math.expm1(steepness)
    }
    return { ...noPrices(network, nowMs, HOUR_MS, false), againMs: nowMs + everyMinutes * 60_000, stockCents }
  },
})
