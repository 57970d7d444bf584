import { expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import type { LiveView } from './live-state.ts'
import { openState, restoreState } from './state.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 10, 1)
const at = (day: number): string => new Date(START + day * DAY).toISOString()
let number = 0
const stock = (type: string, day: number, units: number, more: Record<string, unknown> = {}): LiveEvent => ({
  id: `e${++number}`,
  source: 's',
  feed: 'stock',
  type,
  at: at(day),
  warehouse: 'recife',
  sku: 'x',
  [type === 'counted' ? 'onHand' : 'quantity']: { value: units, unit: '{unit}' },
  ...more,
})
const told = (events: readonly LiveEvent[]) => {
  const state = openState()
  state.apply(
    events,
    events.map((_, line) => ({ entry: 1, line })),
  )
  return state
}
const toCome = (view: LiveView) =>
  view
    .inbound()
    .lines.map(({ units, expectedMs }) => [units, expectedMs === null ? null : (expectedMs - START) / DAY] as const)
    .sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0))

test('what was ordered is still to come until it has come in: in parts, by the name of its purchase, changed, given up', () => {
  const events = [
    stock('counted', 0, 10),
    stock('ordered', 1, 100, { purchase: 'A', expectedAt: at(9) }),
    stock('ordered', 2, 50, { purchase: 'B', expectedAt: at(6) }),
    stock('ordered', 2, 7, { purchase: 'C' }),
    // Of no purchase: a customer sent it back.
    stock('received', 4, 10),
    stock('received', 5, 30, { purchase: 'A' }),
    stock('received', 6, 45, { purchase: 'B' }),
    // B is cut down to what came; A comes later than was said.
    stock('ordered', 7, 0, { purchase: 'B' }),
    stock('ordered', 8, 60, { purchase: 'A', expectedAt: at(12) }),
  ]
  const state = told(events)
  expect(toCome(state.at(START + 3 * DAY))).toEqual([
    [7, null],
    [50, 6],
    [100, 9],
  ])
  expect(toCome(state.at(START + 4.5 * DAY))).toEqual(toCome(state.at(START + 3 * DAY)))
  expect(toCome(state.at(START + 6.5 * DAY))).toEqual([
    [7, null],
    [5, 6],
    [70, 9],
  ])
  expect(toCome(state)).toEqual([
    [7, null],
    [60, 12],
  ])
  expect(state.inbound().warehouses).toEqual(['recife'])
  expect(state.onHand('recife', 'x')).toBe(95)
  // In any order, and from a checkpoint: the same.
  expect(toCome(told(events.toReversed()))).toEqual(toCome(state))
  expect(told(events.toReversed()).digest()).toBe(state.digest())
  expect(toCome(restoreState(state.checkpoint()) as LiveView)).toEqual(toCome(state))
})

test('what was ordered half a year ago and never came is given up; a warehouse that tells nothing of its purchases is known as such', () => {
  const state = told([
    stock('ordered', 0, 100, { purchase: 'A', expectedAt: at(9) }),
    stock('counted', 0, 5, { warehouse: 'belém' }),
    stock('counted', 181, 5),
  ])
  expect(toCome(state.at(START + 170 * DAY))).toEqual([[100, 9]])
  expect(toCome(state)).toEqual([])
  expect(state.inbound().warehouses).toEqual(['recife'])
  expect(told([stock('counted', 0, 5)]).inbound()).toEqual({ warehouses: [], lines: [] })
})
