import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../bench/small-run.ts'
import { runUntil, step } from '../sim/engine.ts'
import { fork } from '../sim/fork.ts'
import type { Sim } from '../sim/sim.ts'
import { HOUR_MS } from '../sim/units.ts'
import { COUNT, nowMs, REG, SUM } from '../sim/world.ts'
import { coarserOutlook } from './market/expected-market.ts'

/** What planners may hold plans to: none takes for ever, and who could not plan says so. */

const PLANNERS = ['bid-price', 'tolled-best-response', 'laddered', 'static-duals', 'method-lp', 'dilated-rounding']
/** Too little to read a market off, let alone to solve it. */
const NOTHING = 'budgetSeconds=0.00000001'

const pricesOf = ({ world }: Sim): number[] =>
  [world.priceStock, world.priceParcel, world.priceLine, world.priceRoom, world.notes].flatMap((column) => Array.from(column))

describe('a plan that may cost next to nothing', () => {
  test.each(PLANNERS)('is no plan: %s says so, has no prices, and ships all the same', async (name) => {
    const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: `${name}:${NOTHING}` })
    runUntil(sim, sim.clock.dayZeroMs + 40 * HOUR_MS)
    expect(sim.option.planAgeMs).toBe(Number.POSITIVE_INFINITY)
    expect(pricesOf(sim).every((cents) => cents === 0)).toBe(true)
    const { rung, params } = sim.policies.routing
    if (rung !== undefined) expect(rung(sim.option, params)).not.toBe('fresh prices')
    while (step(sim));
    expect(sim.world.sums[SUM.delivered]).toBeGreaterThan(100)
  })

  test('keeps the prices of the last that could be made, and they grow old until nobody believes them', async () => {
    const opened = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: 'bid-price:everyMinutes=60' })
    runUntil(opened, opened.clock.dayZeroMs + 9 * HOUR_MS)
    const routing = opened.policies.routing
    const poor = { ...routing, params: { ...routing.params, budgetSeconds: 1e-8 } }
    const sim = fork(opened, null, { policies: { ...opened.policies, routing: poor } })
    const [before, plannedMs] = [pricesOf(sim), sim.world.regs[REG.plannedMs]]
    expect(before.some((cents) => cents > 0)).toBe(true)
    const rungAt = (hours: number) => {
      runUntil(sim, opened.clock.dayZeroMs + hours * HOUR_MS)
      sim.option.nowMs = nowMs(sim.world)
      expect(sim.option.planAgeMs).toBe(nowMs(sim.world) - plannedMs)
      return poor.rung?.(sim.option, poor.params)
    }
    expect(rungAt(10)).toBe('fresh prices')
    expect(rungAt(14.5)).toBe('stale prices')
    expect(pricesOf(sim)).toEqual(before)
    // It asks again when it would have planned again, and not at every pulse.
    const again = sim.world.regs[REG.nextPlanMs] - nowMs(sim.world)
    expect(again).toBeGreaterThan(0)
    expect(again).toBeLessThanOrEqual(HOUR_MS)
    expect(sim.world.counts[COUNT.placed]).toBeGreaterThan(0)
  })
})

test('what a plan looks at stays within bounds, whatever is asked of it: hours and kinds of goods are put together before hours are left out', () => {
  const hours = fc.integer({ min: 1, max: 240 })
  const minutes = fc.integer({ min: 1, max: 240 })
  fc.assert(
    fc.property(hours, minutes, fc.integer({ min: 1, max: 2000 }), (horizonHours, slotMinutes, zones) => {
      const asked = { horizonMs: horizonHours * HOUR_MS, slotMs: slotMinutes * 60_000, troubleMs: 0, demandFactor: 1 }
      const { horizonMs, slotMs, patterns } = coarserOutlook(asked, zones)
      const slots = Math.ceil(horizonMs / slotMs)
      expect(zones * slots * patterns).toBeLessThanOrEqual(9000)
      expect(2 * slots).toBeLessThanOrEqual(192)
      expect(patterns).toBeGreaterThan(0)
      if (horizonMs < asked.horizonMs) expect(slotMs).toBeGreaterThanOrEqual(4 * HOUR_MS)
      if (slotMs > asked.slotMs && 2 * Math.ceil(asked.horizonMs / asked.slotMs) <= 192) expect(patterns).toBeLessThanOrEqual(4)
    }),
    { numRuns: 300 },
  )
  // What fits is left as it is.
  const day = { horizonMs: 24 * HOUR_MS, slotMs: HOUR_MS, troubleMs: HOUR_MS, demandFactor: 1 }
  expect(coarserOutlook(day, 27)).toEqual({ horizonMs: day.horizonMs, slotMs: HOUR_MS, troubleMs: HOUR_MS, patterns: 12 })
})
