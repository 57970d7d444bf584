import { expect, test } from 'vitest'
import { checkLaws } from '../../sim/laws.ts'
import { type Outcome, simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { SUM } from '../../sim/world.ts'
import { openSmallRun } from '../small-run.ts'
import type { Knobs } from './instance.ts'
import { peakDay } from './peak-day.ts'
import { phantomStock } from './phantom-stock.ts'

const SMALL = { orders: 1500, hands: 12, articles: 15, load: 0.8 }
type Played = { outcome: Outcome; missed: number; decided: number }
async function play(knobs: Knobs, policies = 'live-greedy', watch?: (sim: Sim) => void): Promise<Played> {
  const { spec, scenario, orders } = phantomStock.make({ ...SMALL, ...knobs }, 'a')
  const sim = await openSmallRun({ spec, scenario, policies, replay: orders })
  const outcome = simulate(sim, watch)
  return { outcome, missed: sim.world.sums[SUM.missed], decided: sim.world.sums[SUM.decided] }
}

test('the country, the orders and the storm are those of the peak day; only articles are many', () => {
  const peak = peakDay.make({ orders: 300, load: 0.8, hands: 12 }, 'a')
  const day = phantomStock.make({ ...SMALL, orders: 300 }, 'a')
  expect(day.orders.placedMs).toEqual(peak.orders.placedMs)
  expect(day.orders.zone).toEqual(peak.orders.zone)
  expect(day.orders.sku.map((sku) => Math.floor(sku / SMALL.articles))).toEqual(peak.orders.sku)
  expect(new Set(day.orders.sku).size).toBeGreaterThan(35)
  expect(day.spec.skus).toHaveLength(3 * SMALL.articles)
  expect(day.scenario.weather).toEqual(peak.scenario.weather)
})

test('more empty shelves send more orders in vain, late reports more than prompt ones, and every order arrives all the same', async () => {
  const none = await play({ phantom: 0 })
  const some = await play({ phantom: 0.08 }, 'live-greedy', checkLaws(200))
  const many = await play({ phantom: 0.32 }, 'live-greedy', checkLaws(200))
  const late = await play({ phantom: 0.32, lag: 240 })
  expect(none.missed).toBe(0)
  expect(some.missed).toBeGreaterThan(0)
  expect(many.missed).toBeGreaterThan(2 * some.missed)
  expect(late.missed).toBeGreaterThan(many.missed)
  for (const { outcome, missed, decided } of [none, some, many, late]) {
    expect(outcome.sums.delivered).toBe(SMALL.orders)
    expect(decided).toBe(SMALL.orders + missed)
  }
  expect(many.outcome.onTimeShare).toBeLessThan(none.outcome.onTimeShare)
})

test('where the shelves are counted at once hardly anybody is sent in vain', async () => {
  const right = await play({ phantom: 0.32, counted: 0.1 })
  const wrong = await play({ phantom: 0.32 })
  expect(right.missed).toBeLessThan(0.1 * wrong.missed)
})

test('wary greedy is live greedy where the books are right, and where they are wrong is sent in vain less often the more it minds', async () => {
  expect((await play({ phantom: 0 }, 'wary-greedy')).outcome.digest).toBe((await play({ phantom: 0 })).outcome.digest)
  const shares = await Promise.all(
    ['live-greedy', 'wary-greedy:missCents=1000', 'wary-greedy:missCents=8000'].map(async (policies) => {
      const { missed, decided } = await play({ phantom: 0.32 }, policies)
      return missed / decided
    }),
  )
  expect(shares[2]).toBeLessThan(0.7 * shares[0])
  expect(shares[1]).toBeLessThan(shares[0])
})
