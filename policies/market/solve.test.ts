import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lagrangianBound } from './bound.ts'
import type { Market } from './market.ts'
import { roundMarket } from './round.ts'
import { solveMarket } from './solve.ts'
import { allLimits, bestWholePlan, brokenBy, highs, markets, pricesOf, solveDense } from './tiny.fixture.ts'

const tiny = markets({ warehouses: 2, services: 2, departures: 2, groups: 3, orders: 2, lines: 2, slots: 3 })
const small = markets({ warehouses: 3, services: 2, departures: 2, groups: 6, orders: 12, lines: 3, slots: 5 })
const luck = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 })
const solve = (market: Market) => solveMarket(market, highs, { gap: 0 })

describe('what a market costs at the least', () => {
  it('is what one program with all ways and all rows says', () => {
    fc.assert(
      fc.property(small, (market) => {
        const { objectiveCents, lowerBoundCents, assignments } = solve(market)
        const dense = solveDense(market, false)
        expect(Math.abs(objectiveCents - dense)).toBeLessThanOrEqual(1e-6 * (1 + dense))
        expect(Math.abs(lowerBoundCents - dense)).toBeLessThanOrEqual(1e-6 * (1 + dense))
        expect(brokenBy(market, assignments, 1e-6)).toEqual([])
        const cents = assignments.reduce((sum, { orders, cents }) => sum + orders * cents, 0)
        expect(Math.abs(cents - objectiveCents)).toBeLessThanOrEqual(1e-6 * (1 + dense))
      }),
      { numRuns: 60 },
    )
  })

  it('lies below every plan of whole orders, and the plan found above the best of them', () => {
    fc.assert(
      fc.property(tiny, (market) => {
        const answer = solve(market)
        const plan = roundMarket(market, answer)
        const best = bestWholePlan(market)
        expect(answer.lowerBoundCents).toBeLessThanOrEqual(best + 1e-6)
        expect(plan.cents).toBeGreaterThanOrEqual(best - 1e-6)
        expect(brokenBy(market, plan.assignments, 1e-9)).toEqual([])
      }),
      { numRuns: 120 },
    )
  })

  it('and so for up to 40 orders, where HiGHS itself looks for whole numbers', () => {
    let [found, best] = [0, 0]
    fc.assert(
      fc.property(
        small.filter(({ groups }) => groups.orders.reduce((sum, one) => sum + one, 0) <= 40),
        (market) => {
          const answer = solve(market)
          const plan = roundMarket(market, answer)
          const whole = solveDense(market, true)
          expect(answer.lowerBoundCents).toBeLessThanOrEqual(whole * (1 + 1e-7))
          expect(plan.cents).toBeGreaterThanOrEqual(whole * (1 - 1e-7))
          expect(plan.assignments.every(({ orders }) => Number.isInteger(orders) && orders > 0)).toBe(true)
          expect(brokenBy(market, plan.assignments, 1e-9)).toEqual([])
          found += plan.cents
          best += whole
        },
      ),
      { numRuns: 40, seed: 7 },
    )
    // With so few orders each one that must go another way shows.
    expect(found / best).toBeLessThan(1.03)
  })
})

describe('the bound', () => {
  it('holds at any prices, however wrong they are', () => {
    fc.assert(
      fc.property(small, luck, (market, luck) => {
        const dense = solveDense(market, false)
        expect(lagrangianBound(market, pricesOf(market, luck))).toBeLessThanOrEqual(dense * (1 + 1e-9))
      }),
      { numRuns: 60 },
    )
  })

  it('is the same at the prices that come with it, and holds when it was stopped early', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 3 }), (market, rounds) => {
        const answer = solveMarket(market, highs, { gap: 0, rounds })
        const dense = solveDense(market, false)
        expect(lagrangianBound(market, answer.prices)).toBeCloseTo(answer.lowerBoundCents, 4)
        expect(answer.lowerBoundCents).toBeLessThanOrEqual(dense * (1 + 1e-9))
        expect(answer.objectiveCents).toBeGreaterThanOrEqual(dense * (1 - 1e-7))
        expect(brokenBy(market, answer.assignments, 1e-6)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('holds after however few steps, which are not overspent, and the same steps end at the same cents', () => {
    let stopped = 0
    fc.assert(
      fc.property(small, fc.double({ min: 2, max: 7, noNaN: true }), (market, power) => {
        const steps = { left: 10 ** power }
        const answer = solveMarket(market, highs, { gap: 0, steps })
        const dense = solveDense(market, false)
        expect(answer.lowerBoundCents).toBeGreaterThanOrEqual(0)
        expect(answer.lowerBoundCents).toBeLessThanOrEqual(dense * (1 + 1e-9) + 1e-9)
        expect(answer.objectiveCents).toBeGreaterThanOrEqual(dense * (1 - 1e-7))
        expect(brokenBy(market, answer.assignments, 1e-6)).toEqual([])
        const cents = answer.assignments.reduce((sum, { orders, cents }) => sum + orders * cents, 0)
        expect(Math.abs(cents - answer.objectiveCents)).toBeLessThanOrEqual(1e-6 * (1 + cents))
        if (answer.objectiveCents > dense * (1 + 1e-6)) stopped++
        // What it takes to read the market off, and one run too many.
        expect(steps.left).toBeGreaterThan(-1e6)
        const again = solveMarket(market, highs, { gap: 0, steps: { left: 10 ** power } })
        expect([again.lowerBoundCents, again.objectiveCents]).toEqual([answer.lowerBoundCents, answer.objectiveCents])
        const { pool } = answer
        const warm = solveMarket(market, highs, { gap: 0, start: { pool } })
        expect(Math.abs(warm.objectiveCents - dense)).toBeLessThanOrEqual(1e-6 * (1 + dense))
      }),
      { numRuns: 80 },
    )
    expect(stopped).toBeGreaterThan(10)
  })

  it('is what groups are charged less what scarce things are worth', () => {
    fc.assert(
      fc.property(small, (market) => {
        const { groupCents, lowerBoundCents, prices } = solve(market)
        const charged = groupCents.reduce((sum, cents) => sum + cents, 0)
        const nothing = { ...market, groups: { ...market.groups, orders: new Float64Array(market.groups.count) } }
        expect(charged + lagrangianBound(nothing, prices)).toBeCloseTo(lowerBoundCents, 4)
      }),
      { numRuns: 30 },
    )
  })
})

describe('a market that starts from an earlier one', () => {
  it('comes to the same cents though demand, hands and room have changed and departures have gone', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 4 }), (market, change) => {
        const { pool } = solve(market)
        const later = oneSlotLater(market, change)
        const warm = solveMarket(later.market, highs, { gap: 0, start: { pool, groupOf: later.groupOf } })
        const dense = solveDense(later.market, false)
        expect(Math.abs(warm.objectiveCents - dense)).toBeLessThanOrEqual(1e-6 * (1 + dense))
        expect(Math.abs(warm.lowerBoundCents - dense)).toBeLessThanOrEqual(1e-6 * (1 + dense))
      }),
      { numRuns: 60 },
    )
  })

  it('has nothing left to look for where nothing has changed', () => {
    fc.assert(
      fc.property(small, (market) => {
        const { pool, objectiveCents } = solve(market)
        const again = solveMarket(market, highs, { gap: 1e-7, start: { pool } })
        expect(again.objectiveCents).toBeCloseTo(objectiveCents, 3)
        expect(again.rounds).toBeLessThanOrEqual(2)
      }),
      { numRuns: 30 },
    )
  })
})

/** The same market when its first slot is over: what left in it has left, the first group is done, and there are more orders and fewer hands. */
function oneSlotLater(market: Market, change: number): { market: Market; groupOf: Int32Array } {
  const { departures, groups, services, warehouses, work } = market
  const T = work.slotMs.length - 1
  const kept = [...departures.bySlot.keys()].filter((d) => departures.bySlot[d] > 1)
  const newOf = (old: number, lane: number): number => {
    const at = kept.findIndex((d) => d >= old)
    return at >= 0 && kept[at] < departures.first[lane + 1] ? at : -1
  }
  const gone = market.groups.count > 1 ? 1 : 0
  const first = groups.lineStart[gone]
  return {
    groupOf: Int32Array.from({ length: groups.count }, (_, g) => g - gone),
    market: {
      ...market,
      work: {
        ...work,
        slotMs: work.slotMs.slice(1),
        capacityMs: Float64Array.from({ length: 2 * warehouses * (T - 1) }, (_, i) =>
          Math.round(work.capacityMs[Math.floor(i / (T - 1)) * T + 1 + (i % (T - 1))] * 0.8),
        ),
      },
      departures: {
        first: Int32Array.from(departures.first, (start) => kept.filter((d) => d < start).length),
        leavesMs: Float64Array.from(kept, (d) => departures.leavesMs[d]),
        bySlot: Int32Array.from(kept, (d) => departures.bySlot[d] - 1),
        room: Float64Array.from(kept, (d) => Math.max(0, departures.room[d] - (d === change ? 1 : 0))),
      },
      groups: {
        count: groups.count - gone,
        orders: groups.orders.slice(gone).map((orders) => orders + change),
        fromSlot: groups.fromSlot.slice(gone).map((slot) => Math.max(0, slot - 1)),
        lineStart: groups.lineStart.slice(gone).map((start) => start - first),
        goods: groups.goods.slice(first),
        units: groups.units.slice(first),
      },
      costs: {
        firstDeparture: (g, w, s) => {
          const old = market.costs.firstDeparture(g + gone, w, s)
          return old < 0 ? -1 : newOf(old, w * services + s)
        },
        parcelCents: (g, w, s) => market.costs.parcelCents(g + gone, w, s),
        lineCents: (g, w, s, i) => market.costs.lineCents(g + gone, w, s, i),
        lateCents: (g, w, s, d) => market.costs.lateCents(g + gone, w, s, kept[d]),
        unservedCents: (g) => market.costs.unservedCents(g + gone),
      },
    },
  }
}

it('a thousand orders that come one by one need no sample: as many are served as there is room for', () => {
  const [count, room] = [900, 100]
  const each = (value: number): Int32Array => new Int32Array(count).fill(value)
  const market: Market = {
    warehouses: 1,
    services: 1,
    maxShipments: 1,
    work: {
      slotMs: Float64Array.from({ length: count + 1 }, (_, t) => t),
      capacityMs: new Float64Array(2 * count).fill(Number.POSITIVE_INFINITY),
      parcelMs: new Float64Array(2),
      lineMs: new Float64Array(2),
    },
    departures: {
      first: Int32Array.of(0, 1),
      leavesMs: Float64Array.of(count),
      bySlot: Int32Array.of(count),
      room: Float64Array.of(room),
    },
    stock: { goods: 0, units: new Float64Array(0) },
    groups: {
      count,
      orders: new Float64Array(count).fill(1),
      fromSlot: Int32Array.from({ length: count }, (_, g) => g),
      lineStart: Int32Array.from({ length: count + 1 }, (_, g) => g),
      goods: each(-1),
      units: each(1),
    },
    costs: {
      firstDeparture: () => 0,
      parcelCents: (g) => 100 + g,
      lineCents: () => 0,
      lateCents: () => 0,
      unservedCents: () => 5000,
    },
  }
  const { objectiveCents } = solve(market)
  // The cheapest hundred: 100 + 101 + … + 199.
  expect(objectiveCents).toBeCloseTo((room * (100 + 199)) / 2 + (count - room) * 5000, 3)
})

it('the markets drawn are worth solving: limits bind in most of them', () => {
  const drawn = fc.sample(small, { numRuns: 60, seed: 3 })
  const bind = drawn.filter((market) => solve(market).prices.work.length > 0 || solve(market).prices.roomCents.some((c) => c > 0))
  expect(bind.length).toBeGreaterThan(20)
  expect(drawn.every((market) => allLimits(market).length > 0)).toBe(true)
})
