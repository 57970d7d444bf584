import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import { EVENT_KINDS, type LiveEvent } from '../event/feeds.ts'
import { FOLD_OF } from './folds.ts'
import { FROM_MS, ORDER_KINDS, placesOf, stream } from './random-events.fixture.ts'
import { openState, restoreState, type TwinState } from './state.ts'

/** Steps of an order; what is told of a shelf for an order is no step. */
const STEPS = ORDER_KINDS.filter((kind) => FOLD_OF[EVENT_KINDS.indexOf(kind)] === -1)
const ofOne = (events: readonly LiveEvent[]): LiveEvent[] => events.map((event) => ({ ...event, order: 'A-1' }) as LiveEvent)
const tell = (state: TwinState, events: readonly LiveEvent[]): TwinState => {
  state.apply(events, placesOf(events))
  return state
}
const known = (state: TwinState): unknown => [
  state.digest(),
  state.openCount(),
  state.sites(),
  state.history('A-1').map(({ place: _, ...step }) => step),
  ...[10, 40].map((minutes) => state.at(FROM_MS + minutes * 60_000).digest()),
]

test('an order of hundreds of events that come shuffled, twice, with other times and corrected is what their sorted stream makes of it', () => {
  const shuffled = stream(STEPS, 220, 2, 150).chain((events) =>
    fc.record({
      events: fc.constant(ofOne(events)),
      told: fc.shuffledSubarray(ofOne([...events, ...events]), { minLength: events.length, maxLength: 2 * events.length }),
      batch: fc.integer({ min: 1, max: 9 }),
      moved: fc.array(fc.nat(), { maxLength: 4 }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ events, told, batch, moved }) => {
      // Told again with an earlier time: the earlier one counts.
      const alone = events.filter(({ id, corrects }) => corrects === undefined && !events.some((one) => one.corrects === id))
      const earlier = moved.map((i) => ({ ...alone[i % alone.length], at: new Date(FROM_MS - 60_000 * (i % 5)).toISOString() }))
      const all = [...told, ...events, ...earlier]
      const state = openState()
      for (let i = 0; i < all.length; i += batch) tell(state, all.slice(i, i + batch))
      expect(state.core.orders.long.size).toBe(1)
      const first = new Map<string, LiveEvent>()
      for (const event of all) if ((first.get(event.id)?.at ?? 'z') > event.at) first.set(event.id, event)
      const sorted = [...first.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
      expect(known(state)).toEqual(known(tell(openState(), sorted)))
      expect(known(restoreState(state.checkpoint()) as TwinState)).toEqual(known(state))
    }),
    { numRuns: 6, endOnFailure: true },
  )
})

/** An order that is sent to and fro for so many hours: scans, new promises, stops in between. */
function longLife(count: number): LiveEvent[] {
  const luck = dice('a long life', 0)
  const kinds = [
    ['scans', 'at-hub', { hub: 'h1' }],
    ['scans', 'left-hub', { hub: 'h1' }],
    ['orders', 'promise-changed', { promisedAt: '2026-12-24T20:00:00Z', reason: 'weather' }],
    ['scans', 'at-hub', { hub: 'h2' }],
  ] as const
  return Array.from({ length: count }, (_, i) => {
    const [feed, type, more] = kinds[Math.floor(draw(luck, i, PURPOSE.wire, 0) * kinds.length)]
    const at = new Date(FROM_MS + i * 1000).toISOString()
    return { id: `e-${i}`, source: 'hub', feed, type, at, order: 'A-1', ...more } as LiveEvent
  })
}

/** Events that the fold looks at for each that is told, one at a time. */
function looksFor(events: readonly LiveEvent[]): number {
  const state = openState()
  for (const event of events) tell(state, [event])
  return state.core.orders.fold.looks / events.length
}

test.each([
  ['the last first', (events: LiveEvent[]) => events.toReversed()],
  [
    'shuffled',
    (events: LiveEvent[]) => {
      const luck = dice('shuffled', 0)
      return events
        .map((event, i) => ({ event, turn: draw(luck, i, PURPOSE.wire, 1) }))
        .sort((a, b) => a.turn - b.turn)
        .map(({ event }) => event)
    },
  ],
  ['in order, then all of them once more', (events: LiveEvent[]) => [...events, ...events]],
])('a late event of an order costs as much whether the order has five hundred events or two thousand: %s', (_, told) => {
  const [short, long] = [looksFor(told(longLife(500))), looksFor(told(longLife(2000)))]
  expect(long).toBeLessThan(1.3 * short)
  // Two or three pieces of the order, and not all of it.
  expect(long).toBeLessThan(160)
})
