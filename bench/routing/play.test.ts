import { expect, test } from 'vitest'
import { listPolicies, loadPolicy } from '../../policies/catalog.ts'
import { parseContestant } from '../../scenarios/contestant.ts'
import { compileNetwork } from '../../sim/network.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import type { InstanceDay } from './instance.ts'
import { multiItem } from './multi-item.ts'
import { peakDay } from './peak-day.ts'
import { play, type Score } from './play.ts'

async function scoreOf(day: InstanceDay, policy: string, timed = false): Promise<Score> {
  const contestant = await parseContestant(policy)
  const cards = await listPolicies()
  const library = Object.fromEntries(
    await Promise.all(cards.map(async ({ id, seam, name }) => [id, await loadPolicy(seam, name)] as const)),
  )
  return play({ ...day, network: compileNetwork(day.spec), seed: 'test', timed }, contestant, library)
}

test('a run whose decisions are timed ends as the one that nobody timed', async () => {
  const day = multiItem.make({ periods: 300 }, 'a')
  const { decisionUs, ...timed } = await scoreOf(day, 'cheapest', true)
  expect(decisionUs).toBeGreaterThan(0)
  expect(timed).toEqual({ ...(await scoreOf(day, 'cheapest')), decisionUs: undefined })
})

test('lateness is charged as the business says: so much for each late order, and for each hour of it', async () => {
  const usual = { orders: 500, hands: 4, load: 1.6, latePerOrder: 15, latePerHour: 0 }
  const fixed = await scoreOf(peakDay.make(usual, 'a'), 'cheapest')
  expect(fixed.onTimeShare).toBeLessThan(1)
  expect(fixed.lateCents).toBeCloseTo(1500 * 500 * (1 - fixed.onTimeShare), 6)
  const byHour = await scoreOf(peakDay.make({ ...usual, latePerOrder: 0, latePerHour: 1 }, 'a'), 'cheapest')
  // Cheapest looks at no promise, so the same orders are late, and none by less than some minutes.
  expect(byHour.onTimeShare).toBe(fixed.onTimeShare)
  expect(byHour.lateCents).toBeGreaterThan(0)
})

test('an order nobody delivers is late until the run ends, sixty days after the last could be placed', async () => {
  const day = peakDay.make({ orders: 20, hands: 4, latePerOrder: 0, latePerHour: 1 }, 'a')
  const suppliers = [{ ...day.spec.suppliers[0], leadDays: { law: 'constant', value: 63 } as const }]
  const empty = { ...day, spec: { ...day.spec, openingStock: [], suppliers } }
  const { lateCents, onTimeShare } = await scoreOf(empty, 'cheapest')
  expect(onTimeShare).toBe(0)
  const hours = Array.from(day.orders.promisedMs, (promised) => (61 * DAY_MS - promised) / HOUR_MS)
  expect(lateCents).toBeCloseTo(100 * hours.reduce((sum, each) => sum + each, 0), 3)
})
