import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENT_KINDS, type LiveEvent } from '../event/feeds.ts'
import { FOLD_OF } from './folds.ts'
import { ALL_KINDS, FROM_MS, ORDER_KINDS, placesOf, stream } from './random-events.fixture.ts'
import { openState, restoreState, type TwinState } from './state.ts'

const fed = (events: readonly LiveEvent[], batch = events.length): TwinState => {
  const state = openState()
  for (let i = 0; i < events.length; i += Math.max(1, batch)) {
    const some = events.slice(i, i + Math.max(1, batch))
    state.apply(some, placesOf(some))
  }
  return state
}
const INSTANTS = [0, 10, 30, 59].map((minutes) => FROM_MS + minutes * 60_000)
const known = (state: TwinState): unknown => [
  state.digest(),
  state.openCount(),
  state.sites(),
  ...INSTANTS.map((ms) => pastOf(state, ms)),
]
const pastOf = (state: TwinState, ms: number): unknown => {
  const view = state.at(ms)
  return [view.digest(), view.openCount(), view.sites()]
}

test('no kind of event is forgotten: each is a step of an order or has its fold', () => {
  expect(EVENT_KINDS.filter((_, number) => FOLD_OF[number] === -2)).toEqual([])
})

test('late, twice, shuffled and in pieces: what is known is what the sorted stream tells, now and at any instant of the past', () => {
  const shuffledTwice = stream(ALL_KINDS, 60, 6).chain((events) =>
    fc.record({
      events: fc.constant(events),
      told: fc.shuffledSubarray([...events, ...events], { minLength: events.length, maxLength: 2 * events.length }),
      batch: fc.integer({ min: 1, max: 20 }),
    }),
  )
  fc.assert(
    fc.property(shuffledTwice, ({ events, told, batch }) => {
      // What was left out by chance comes last.
      const all = [...told, ...events.filter((event) => !told.includes(event))]
      const sorted = events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1))
      expect(known(fed(all, batch))).toEqual(known(fed(sorted)))
    }),
    { numRuns: 60 },
  )
})

test('an order that is told shuffled stands where the sorted stream leaves it, whatever of it was split', () => {
  const shuffled = stream(ORDER_KINDS, 40, 3).chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  )
  fc.assert(
    fc.property(shuffled, ([events, told]) => {
      const [a, b] = [fed(told, 7), fed(events.toSorted((x, y) => (x.at < y.at ? -1 : 1)))]
      expect(known(a)).toEqual(known(b))
      for (const id of ['A-1', 'A-2', 'Ж-3']) {
        const steps = (state: TwinState): unknown => state.history(id).map(({ place: _, ...step }) => step)
        expect(steps(a)).toEqual(steps(b))
      }
    }),
    { numRuns: 60 },
  )
})

test('the past is what was known if nothing had happened since', () => {
  fc.assert(
    fc.property(stream(ALL_KINDS, 60), fc.integer({ min: 0, max: 60 }), (events, minutes) => {
      const ms = FROM_MS + minutes * 60_000
      const before = fed(events.filter(({ at }) => Date.parse(at) <= ms))
      const view = fed(events).at(ms)
      expect([view.digest(), view.openCount(), view.sites()]).toEqual([before.digest(), before.openCount(), before.sites()])
      expect([...view.openOrders()]).toHaveLength(view.openCount())
    }),
    { numRuns: 60 },
  )
})

test('a state that was put away and taken out again knows the same, and goes on the same', () => {
  fc.assert(
    fc.property(stream(ALL_KINDS, 80, 6), fc.double({ min: 0, max: 1, noNaN: true }), (events, part) => {
      const cut = Math.floor(events.length * part)
      const whole = fed(events.slice(0, cut))
      const restored = restoreState(whole.checkpoint()) as TwinState
      expect(known(restored)).toEqual(known(whole))
      for (const state of [whole, restored]) state.apply(events.slice(cut), placesOf(events.slice(cut)))
      expect(known(restored)).toEqual(known(whole))
    }),
    { numRuns: 25 },
  )
})
