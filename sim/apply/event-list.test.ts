import fc from 'fast-check'
import { expect, test } from 'vitest'
import { viewWorld, type World, worldBytes } from '../world.ts'
import { openQueue, peekMs, pop, schedule } from './event-list.ts'

const RECORDS = 3000

function emptyWorld(): World {
  const d = { W: 1, Z: 1, S: 1, H: 1, K: 1, U: 1 }
  const size = { records: RECORDS, lines: 8, buckets: 1024, hours: 1 }
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
        expect(peekMs(w)).toBe(expected.timeMs)
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
