import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pricedCents, reducedCents } from './bound.ts'
import { shipmentOf } from './columns.ts'
import type { Market } from './market.ts'
import { aimPrices, centsOfWay, findCheapest, openPricer } from './pricer.ts'
import { rankWays } from './rank.ts'
import { allWays, markets, pricesOf } from './tiny.fixture.ts'
import { workCentsOf } from './work.ts'

const some = markets({ warehouses: 3, services: 2, departures: 3, groups: 4, orders: 5, lines: 4, slots: 5 })
const luck = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 })

it("a group's cheapest way is the cheapest of all ways there are", () => {
  fc.assert(
    fc.property(some, luck, (market, luck) => {
      const prices = pricesOf(market, luck)
      const pricer = openPricer(market)
      aimPrices(pricer, prices)
      for (let g = 0; g < market.groups.count; g++) {
        findCheapest(pricer, g)
        const all = allWays(market, g).map((way) => pricedCents(market, prices, g, way))
        expect(pricer.best).toBeCloseTo(Math.min(...all), 6)
      }
    }),
    { numRuns: 80 },
  )
})

it('lines that cannot be told apart are looked at by how many go together, and nothing cheaper is overlooked', () => {
  let [several, split] = [0, 0]
  fc.assert(
    fc.property(some, luck, (drawn, luck) => {
      const market = withAlikeLines(drawn)
      const prices = pricesOf(market, luck)
      const pricer = openPricer(market)
      aimPrices(pricer, prices)
      for (let g = 0; g < market.groups.count; g++) {
        const lines = market.groups.lineStart[g + 1] - market.groups.lineStart[g]
        expect(pricer.alike[g]).toBe(lines >= 3 ? 1 : 0)
        findCheapest(pricer, g)
        const all = allWays(market, g).map((way) => pricedCents(market, prices, g, way))
        expect(pricer.best).toBeCloseTo(Math.min(...all), 6)
        const { count, lines: masks, departure } = pricer.way
        if (lines < 3 || count === 0) continue
        several++
        if (count > 1) split++
        // What it names is what it costs, and each line is in one shipment.
        expect(masks.subarray(0, count).reduce((sum, mask) => sum + mask, 0)).toBe((1 << lines) - 1)
        const shipments = Array.from({ length: count }, (_, i) => shipmentOf(market, pricer.laneOf, masks[i], departure[i]))
        const cents = centsOfWay(market, pricer.laneOf, g, pricer.way)
        expect(pricedCents(market, prices, g, { group: g, orders: 1, cents, shipments })).toBeCloseTo(pricer.best, 6)
      }
    }),
    { numRuns: 150, seed: 11 },
  )
  expect(several).toBeGreaterThan(100)
  expect(split).toBeGreaterThan(5)
})

/** The same market where all lines of an order are like its first, and parcels so cheap that the first alone may go by what is fast and dear. */
function withAlikeLines(market: Market): Market {
  const { costs, groups } = market
  const firstOf = (column: Int32Array): Int32Array => {
    const same = column.slice()
    for (let g = 0; g < groups.count; g++) same.fill(column[groups.lineStart[g]], groups.lineStart[g], groups.lineStart[g + 1])
    return same
  }
  return {
    ...market,
    groups: { ...groups, goods: firstOf(groups.goods), units: firstOf(groups.units) },
    costs: {
      ...costs,
      parcelCents: (g, w, s) => costs.parcelCents(g, w, s) / 50,
      lineCents: (g, w, s) => costs.lineCents(g, w, s, 0),
    },
  }
}

it('the ranking of ways is that of all ways there are, cheapest first', () => {
  fc.assert(
    fc.property(some, luck, fc.integer({ min: 1, max: 12 }), (market, luck, k) => {
      const prices = pricesOf(market, luck)
      const pricer = openPricer(market)
      aimPrices(pricer, prices)
      for (let g = 0; g < market.groups.count; g++) {
        const unserved = market.costs.unservedCents(g)
        const all = allWays(market, g)
          .map((way) => pricedCents(market, prices, g, way))
          .filter((cents) => cents <= unserved)
          .sort((a, b) => a - b)
          .slice(0, k)
        const ranked = rankWays(pricer, g, k).map(({ cents }) => cents)
        expect(ranked.length).toBe(all.length)
        ranked.forEach((cents, i) => {
          expect(cents).toBeCloseTo(all[i], 6)
        })
      }
    }),
    { numRuns: 80 },
  )
})

it('no way lies below its group at any prices, and the cheapest lies on it', () => {
  fc.assert(
    fc.property(some, luck, (market, luck) => {
      const prices = pricesOf(market, luck)
      const pricer = openPricer(market)
      aimPrices(pricer, prices)
      for (let g = 0; g < market.groups.count; g++) {
        const reduced = allWays(market, g).map((way) => reducedCents(pricer, prices, g, way))
        expect(Math.min(...reduced)).toBeCloseTo(0, 6)
      }
    }),
    { numRuns: 40 },
  )
})

it('a hand-ms pays for every row that counts it: those that begin no later and end no earlier', () => {
  fc.assert(
    fc.property(some, luck, (market, luck) => {
      const prices = pricesOf(market, luck)
      const table = workCentsOf(market, prices)
      const T = market.work.slotMs.length - 1
      for (let r = 0; r < 2 * market.warehouses; r++)
        for (let a = 0; a < T; a++)
          for (let v = a + 1; v <= T; v++) {
            const rows = prices.work.filter(({ station, from, to }) => station === r && from <= a && to >= v)
            const cents = rows.reduce((sum, { centsPerMs }) => sum + centsPerMs, 0)
            expect(table[(r * T + a) * (T + 1) + v]).toBeCloseTo(cents, 9)
          }
    }),
    { numRuns: 40 },
  )
})
