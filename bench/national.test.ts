import { expect, test } from 'vitest'
import { checkBooks, checkLaws } from '../sim/laws.ts'
import { simulate } from '../sim/outcome.ts'
import { NATION, nation } from './national.ts'
import { CALM, openSmallRun } from './small-run.ts'

test('the same seed makes the same nation, another seed another, of the size it says', () => {
  const spec = nation('a', 3000)
  expect(nation('a', 3000)).toEqual(spec)
  expect(nation('b', 3000).zones).not.toEqual(spec.zones)
  expect([spec.warehouses.length, spec.zones.length, spec.skus.length, spec.hubs.length]).toEqual([
    NATION.warehouses,
    NATION.zones,
    NATION.skus,
    NATION.hubs,
  ])
})

test('a few orders in the nation keep the laws, and nearly all of them arrive', async () => {
  const scenario = { ...CALM, days: 1 }
  const sim = await openSmallRun({
    spec: { ...nation('a', 60), skus: nation('a', 60).skus.slice(0, 20) },
    scenario,
    policies: 'live-greedy',
  })
  const { sums } = simulate(sim, checkLaws())
  checkBooks(sim)
  expect(sums.placed).toBeGreaterThan(10)
  expect(sums.delivered).toBeGreaterThan(0.9 * sums.placed)
})
