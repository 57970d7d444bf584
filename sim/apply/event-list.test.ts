import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dice, draw, PURPOSE } from '../random.ts'
import { viewWorld, type World, worldBytes } from '../world.ts'
import { openQueue, peek, pop, schedule, unschedule } from './event-list.ts'

const RECORDS = 3000

function emptyWorld(): World {
  const d = { W: 1, Z: 1, S: 1, H: 1, K: 1, U: 1 }
  const size = {
    records: RECORDS,
    lines: 8,
    buckets: 1024,
    hours: 1,
    inboundDays: 8,
    priced: 0,
    foreseen: 0,
    notes: 0,
    erring: 0,
    learning: 0,
  }
  const w = viewWorld(d, size, new SharedArrayBuffer(worldBytes(d, size)))
  openQueue(w)
  return w
}

/** The oracle: a plain list, sorted when asked. */
type Waiting = { p: number; timeMs: number; phase: number; turn: number }
const next = (waiting: Waiting[]): Waiting => {
  let best = 0
  waiting.forEach((one, i) => {
    const other = waiting[best]
    if (one.timeMs - other.timeMs || one.phase - other.phase || one.turn - other.turn)
      if (
        one.timeMs < other.timeMs ||
        (one.timeMs === other.timeMs && (one.phase < other.phase || (one.phase === other.phase && one.turn < other.turn)))
      )
        best = i
  })
  return waiting.splice(best, 1)[0]
}

test('events come out by time, then phase, then turn, whatever the mix of near, far and equal times', () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ delayMs: fc.constantFrom(0, 0, 1, 1000, 60_000), phase: fc.integer({ min: 0, max: 7 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ delayMs: fc.integer({ min: 0, max: 40 * 86_400_000 }), phase: fc.integer({ min: 0, max: 7 }) }),
    },
    { weight: 4, arbitrary: fc.constant('pop' as const) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 800 }), (steps) => {
      const w = emptyWorld()
      const waiting: Waiting[] = []
      const free = Array.from({ length: RECORDS }, (_, i) => i)
      let nowMs = 0
      let turn = 0
      const take = () => {
        const expected = next(waiting)
        expect(peek(w)).toBe(expected.p)
        expect(pop(w)).toBe(expected.p)
        nowMs = expected.timeMs
        free.push(expected.p)
      }
      for (const one of steps) {
        if (one === 'pop') {
          if (waiting.length > 0) take()
        } else {
          const p = free.shift() as number
          schedule(w, p, nowMs + one.delayMs, one.phase)
          waiting.push({ p, timeMs: nowMs + one.delayMs, phase: one.phase, turn: turn++ })
        }
      }
      while (waiting.length > 0) take()
      expect(peek(w)).toBe(-1)
      expect(pop(w)).toBe(-1)
    }),
    { numRuns: 150 },
  )
})

test('a wave of 2,000 events on one instant comes out in the order it was scheduled', () => {
  const w = emptyWorld()
  for (let p = 0; p < 2000; p++) schedule(w, p, 5_000_000, 3)
  for (let p = 0; p < 2000; p++) expect(pop(w)).toBe(p)
})

test.each([900, 2900])(
  'a wave of %i events on one instant comes out by phase, whether or not there is room to merge them',
  (count) => {
    const w = emptyWorld()
    for (let p = 0; p < count; p++) schedule(w, p, 5_000_000, p % 8)
    const came = Array.from({ length: count }, () => pop(w))
    const expected = Array.from({ length: count }, (_, p) => p).sort((p, q) => (p % 8) - (q % 8) || p - q)
    expect(came).toEqual(expected)
  },
)

test('through rushes, lulls, ties and growth by the thousand, events come out as from a list kept sorted', () => {
  // A stretch of a run: so many held at once, so far apart, and how many of them fall on one instant.
  const stretch = fc.record({
    pending: fc.constantFrom(1, 3, 40, 400, 2500),
    meanMs: fc.constantFrom(0.5, 30, 5000, 4 * 3_600_000, 20 * 86_400_000),
    tiesEvery: fc.constantFrom(1, 7, 1000),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 2, maxLength: 5 }), (stretches) => {
      const w = emptyWorld()
      const sorted: Waiting[] = []
      const free = Array.from({ length: RECORDS }, (_, i) => i)
      let turn = 0
      let now = 0
      const add = (timeMs: number, phase: number): void => {
        const one = { p: free.pop() as number, timeMs, phase, turn: turn++ }
        let low = 0
        let high = sorted.length
        while (low < high) {
          const middle = (low + high) >> 1
          const other = sorted[middle]
          // Latest first, so that the next one is taken off the end.
          if (other.timeMs > timeMs || (other.timeMs === timeMs && other.phase > phase)) low = middle + 1
          else high = middle
        }
        sorted.splice(low, 0, one)
        schedule(w, one.p, timeMs, phase)
      }
      const take = (): void => {
        const expected = sorted.pop() as Waiting
        const p = pop(w)
        if (p !== expected.p) throw new Error(`record ${p} came, ${JSON.stringify(expected)} was next`)
        now = expected.timeMs
        free.push(p)
      }
      for (const { pending, meanMs, tiesEvery, seed } of stretches) {
        const luck = dice('stretch', seed)
        for (let i = 0; i < 3000; i++) {
          const u = draw(luck, i, PURPOSE.gap, 0)
          const gap = i % tiesEvery === 0 ? -Math.log(u) * meanMs : 1000
          while (sorted.length >= pending) take()
          add(now + (i % 3 === 0 ? gap : Math.floor(gap)), i % 8)
        }
      }
      while (sorted.length > 0) take()
      expect(pop(w)).toBe(-1)
    }),
    { numRuns: 60 },
  )
})

test('events that are taken off before their time never come, and the others come as if those had never been there', () => {
  const step = fc.record({
    does: fc.constantFrom('add', 'add', 'add', 'pop', 'take off'),
    delayMs: fc.oneof(fc.constantFrom(0, 1, 1000), fc.integer({ min: 0, max: 40 * 86_400_000 })),
    phase: fc.integer({ min: 0, max: 7 }),
    who: fc.nat(),
    isLookedAt: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1200 }), (steps) => {
      const w = emptyWorld()
      const waiting: Waiting[] = []
      const free = Array.from({ length: RECORDS }, (_, i) => i)
      let nowMs = 0
      let turn = 0
      for (const { does, delayMs, phase, who, isLookedAt } of steps) {
        if (isLookedAt) expect(peek(w)).toBe(waiting.length === 0 ? -1 : next([...waiting]).p)
        if (does === 'add') {
          const p = free.shift() as number
          schedule(w, p, nowMs + delayMs, phase)
          waiting.push({ p, timeMs: nowMs + delayMs, phase, turn: turn++ })
        } else if (waiting.length > 0) {
          const { p, timeMs } = does === 'pop' ? next(waiting) : waiting.splice(who % waiting.length, 1)[0]
          if (does === 'pop') {
            expect(pop(w)).toBe(p)
            nowMs = timeMs
          } else unschedule(w, p)
          free.push(p)
        }
      }
      while (waiting.length > 0) expect(pop(w)).toBe(next(waiting).p)
      expect(pop(w)).toBe(-1)
    }),
    { numRuns: 150 },
  )
})

test('a record without an event cannot be taken off', () => {
  const w = emptyWorld()
  schedule(w, 1, 1000, 0)
  expect(() => unschedule(w, 2)).toThrow('record 2 has no event')
})
