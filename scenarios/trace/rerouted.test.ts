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

test('where orders are moved and picks fail as well, the time of each is told once, whichever befell it', async () => {
  const { lives, rows } = await traced({
    spec: { ...SHORT_SHELVES, routing: { lockedOnce: 'picked' } },
    scenario: {
      ...SHORT_TROUBLE,
      stockErrors: [{ from: 'day 0 06:00', to: 'day 2 18:00', which: 'all', share: 0.4, lagMinutes: 90 }],
    },
    policies: 'tolled-best-response:switchCents=5:everyMinutes=1440',
  })
  const ordersThat = (did: string): Set<unknown> =>
    new Set(rows.filter(({ what }) => what.did === did).map(({ who }) => who.order))
  const [moved, inVain] = [ordersThat('rerouted'), ordersThat('notOnShelf')]
  let both = 0
  for (const { order, placedMs, endMs, ending, stages } of lives) {
    if (moved.has(order) && inVain.has(order)) both++
    let untilMs = placedMs
    for (const { fromMs, toMs, spent, stage } of stages) {
      expect(fromMs).toBe(untilMs)
      const toldMs = spent.reduce((sum, { tookMs }) => sum + tookMs, 0)
      expect(toldMs, `${stage} of order ${order}`).toBe(toMs - fromMs)
      untilMs = toMs
    }
    if (ending === 'delivered') expect(untilMs).toBe(endMs)
  }
  expect(both).toBeGreaterThan(2)
})
