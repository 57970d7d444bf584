import { expect, test } from 'vitest'
import { SHORT_SHELVES, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { traced } from './traced.fixture.ts'

test('of an order that went another way the whole life is told: what it waited for before it left, and where it went', async () => {
  const { lives, rows } = await traced({
    spec: { ...SHORT_SHELVES, routing: { lockedOnce: 'picked' } },
    scenario: SHORT_TROUBLE,
    policies: 'tolled-best-response:switchCents=5:everyMinutes=1440',
  })
  const moved = rows.filter(({ what }) => what.did === 'rerouted')
  expect(moved.length).toBeGreaterThan(10)
  expect(new Set(moved.map(({ what }) => what.from))).toEqual(new Set(['routed', 'released']))
  for (const { who } of moved) expect(who.warehouse).toBeDefined()
  const ids = new Set(moved.map(({ who }) => who.order))
  let told = 0
  for (const life of lives) {
    if (life.ending !== 'delivered') continue
    if (ids.has(life.order)) told++
    expect(life.stages[0].fromMs).toBe(life.placedMs)
    let untilMs = life.placedMs
    for (const { fromMs, toMs, spent, stage } of life.stages) {
      expect(fromMs).toBe(untilMs)
      expect(
        spent.reduce((sum, { tookMs }) => sum + tookMs, 0),
        `${stage} of order ${life.order}`,
      ).toBe(toMs - fromMs)
      untilMs = toMs
    }
    expect(untilMs).toBe(life.endMs)
    const last = life.rows.findLast(({ what, who }) => what.did === 'handedOver' && who.part === life.part)
    expect(life.warehouse).toBe(last?.who.warehouse)
  }
  expect(told).toBeGreaterThan(10)
})
