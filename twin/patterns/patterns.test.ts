import { expect, test } from 'vitest'
import { MINUTE_MS, openStory, type Step, USUAL } from '../order/story.fixture.ts'
import { mine, upperTail } from './mine.ts'
import { observe } from './observations.ts'

/** Luck of its own, the same each time. */
function luck(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A usual order whose pick waits `waits` minutes longer; its delivery moves by `late` minutes. */
const told = (warehouse: string, waits: number, late: number): Step[] =>
  USUAL.map(([kind, minute, more]) => {
    const where = /^(orders\.(routed|released)|work\..*|departures\..*)$/.test(kind) ? { warehouse } : {}
    const moved = minute >= 60 ? minute + waits : minute
    return [kind, kind === 'scans.delivered' ? moved + late : moved, { ...more, ...where }] as const
  })

/** 900 orders of two warehouses. Where `planted`, a long wait for a picker makes an order late in `sul`, and in `norte` it does not. */
function world(planted: boolean) {
  const story = openStory()
  const draw = luck(7)
  for (let i = 0; i < 900; i++) {
    const warehouse = draw() < 0.5 ? 'norte' : 'sul'
    const waits = draw() < 0.2 ? 150 : Math.floor(draw() * 20)
    const chance = planted && warehouse === 'sul' && waits >= 150 ? 0.9 : 0.08
    const late = draw() < chance ? 3000 : 0
    story.tell(`o${i}`, i * 20, told(warehouse, waits, late))
  }
  return observe(story.state.core, story.state.asOfMs + 1e7 * MINUTE_MS, 0, true)
}

test('a planted pattern is found: a long wait for a picker in one warehouse, with how often it holds and how much more often it is late', () => {
  const { patterns, orders, late } = mine(world(true))
  expect(orders).toBe(900)
  const best = patterns.find(
    ({ signs }) => signs.includes('warehouse sul') && signs.some((sign) => sign.startsWith('for a picker: over')),
  )
  if (best === undefined) throw new Error(`not among ${patterns.map(({ signs }) => signs.join(' + ')).join('; ')}`)
  expect(best.confidence).toBeGreaterThan(0.6)
  expect(best.lift).toBeCloseTo(best.confidence / (late / orders), 10)
  expect(best.support).toBeCloseTo(best.orders / 900, 10)
  expect(best.q).toBeLessThan(1e-6)
  expect(patterns.some(({ signs }) => signs.length === 1 && signs[0] === 'warehouse norte')).toBe(false)
})

test('where nothing is planted nothing is found', () => {
  const { patterns, lookedAt } = mine(world(false))
  expect(lookedAt).toBeGreaterThan(20)
  expect(patterns).toEqual([])
})

test('where nothing was late, or all, there is nothing to tell', () => {
  const story = openStory()
  for (let i = 0; i < 60; i++) story.tell(`o${i}`, i, told('sul', 0, 0))
  expect(mine(observe(story.state.core, story.state.asOfMs, 0, true))).toMatchObject({ orders: 60, late: 0, patterns: [] })
})

test('the chance of so many late ones is that of drawing them from an urn', () => {
  // 5 of 10 late, 4 drawn, at least 3 late: (C(5,3)·5 + C(5,4)) / C(10,4) = 55 / 210.
  expect(upperTail(10, 5, 4, 3)).toBeCloseTo(55 / 210, 12)
  expect(upperTail(10, 5, 4, 0)).toBeCloseTo(1, 12)
  // Stirling's part against the exact one: 1000 orders, 100 late.
  expect(upperTail(1000, 100, 300, 31)).toBeGreaterThan(0.4)
  expect(upperTail(1000, 100, 300, 31)).toBeLessThan(0.5)
})
