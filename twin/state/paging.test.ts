import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pagesOf } from './paging.ts'
import { ALL_KINDS, FROM_MS, placesOf, stream } from './random-events.fixture.ts'
import { openState } from './state.ts'

test('forward and backward, in pages of any size, every event comes once and in the order of its time', () => {
  fc.assert(
    fc.property(
      stream(ALL_KINDS, 60),
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 0, max: 60 }),
      (events, limit, minute) => {
        const state = openState()
        state.apply(events, placesOf(events))
        const fromMs = FROM_MS + minute * 60_000
        for (const backward of [false, true]) {
          const entries: number[] = []
          let after: string | null = null
          do {
            const page = pagesOf(state.core, { fromMs, backward, limit, after, order: null })
            entries.push(...page.events.map(({ place }) => place.entry))
            expect(page.events.length).toBeLessThanOrEqual(limit)
            after = page.next
          } while (after !== null)
          const wanted = events
            .map(({ at }, i) => ({ ms: Date.parse(at), entry: i + 1 }))
            .filter(({ ms }) => (backward ? ms <= fromMs : ms >= fromMs))
            .sort((a, b) => (a.ms - b.ms || a.entry - b.entry) * (backward ? -1 : 1))
          expect(entries).toEqual(wanted.map(({ entry }) => entry))
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('a page of one order holds its events alone, and says what each made of it', () => {
  const state = openState()
  const base = { source: 's', feed: 'orders' as const, at: '2026-11-11T20:00:00Z' }
  const events = [
    { ...base, id: '1', type: 'placed', order: 'A', zone: 'PE', lines: [{ sku: 's', units: 1 }], promisedAt: base.at },
    { ...base, id: '2', type: 'placed', order: 'B', zone: 'PE', lines: [{ sku: 's', units: 1 }], promisedAt: base.at },
    { ...base, id: '3', type: 'settled', order: 'A', at: '2026-11-11T21:00:00Z' },
  ]
  state.apply(events, placesOf(events))
  const { events: told, next } = pagesOf(state.core, { fromMs: 0, backward: false, limit: 10, after: null, order: 'A' })
  expect(next).toBeNull()
  expect(told).toMatchObject([
    { kind: 'orders.placed', of: ['A'], before: 'unknown', after: 'placed', refused: false },
    { kind: 'orders.settled', of: ['A'], before: 'placed', after: 'placed', refused: true },
  ])
  expect(() => pagesOf(state.core, { fromMs: 0, backward: false, limit: 10, after: 'x', order: null })).toThrow(
    'hand back `next`',
  )
})
