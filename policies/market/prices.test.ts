import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pricedCents, reducedCents } from './bound.ts'
import { aimPrices, findCheapest, openPricer } from './pricer.ts'
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
