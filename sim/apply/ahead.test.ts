import { expect, test } from 'vitest'
import { FIELD } from '../record.ts'
import { EVERY, LOOK, QueueTrails, StackTrail } from './ahead.ts'

const { stride, next } = FIELD.i32

/** Records whose reading is noted: which of them were asked who is next. */
function watched(i32: Int32Array): { readonly records: Int32Array; readonly asked: Set<number> } {
  const asked = new Set<number>()
  const records = new Proxy(i32, {
    get: (of, name) => {
      if (typeof name === 'string' && Number(name) % stride === next) asked.add((Number(name) - next) / stride)
      return Reflect.get(of, name, of)
    },
  })
  return { records, asked }
}

/** Chains of records that lie in no order: record 7·i mod 4,001 is the i-th. */
const RECORDS = 4001
const recordOf = (i: number): number => (7 * i) % RECORDS

/** A queue of so many, of which some have gone, in the second of three lists. */
function queue(came: number, gone: number) {
  const trails = new QueueTrails(1, 1)
  const i32 = new Int32Array(RECORDS * stride).fill(-1)
  for (let i = 0; i < came; i++) {
    if (i > 0) i32[recordOf(i - 1) * stride + next] = recordOf(i)
    if ((i + 1) % EVERY === 0) trails.note(1, recordOf(i))
  }
  for (let i = 0; i < gone; i++) trails.pass(1, recordOf(i))
  const { records, asked } = watched(i32)
  const look = (): number[] => {
    asked.clear()
    trails.look({ i32: records, details: new Int32Array(0), listHead: Int32Array.of(-1, recordOf(gone), -1) }, 1, false)
    return [...asked]
  }
  return { trails, look }
}

const rising = (all: readonly number[]): number[] => [...all].sort((a, b) => a - b)
const between = (from: number, to: number): number[] => rising(Array.from({ length: to - from }, (_, i) => recordOf(from + i)))

test.each([0, 1, 31, 32, 33, 1000, 2900])('of a queue that %i have left, the next few hundred records are looked at', (gone) => {
  const { look } = queue(4000, gone)
  expect(look()).toEqual(expect.arrayContaining(between(gone, gone + LOOK)))
  // And none that comes much later: it would be gone from the cache by its turn.
  expect(between(gone + LOOK + 64, 4000)).not.toEqual(expect.arrayContaining([look().at(-1)]))
})

test('the end of a queue is not looked past', () => {
  const { look } = queue(3000, 2900)
  expect(rising(look())).toEqual(between(2900, 3000))
})

test('of a queue that was taken off whole, of one without a trail and of another list nothing is looked at', () => {
  const { trails, look } = queue(2000, 10)
  trails.drop(1)
  expect(look()).toEqual([])
  const forgotten = queue(2000, 10)
  forgotten.trails.forget()
  expect(forgotten.look()).toEqual([])
  const other = queue(2000, 10)
  other.trails.note(0, 5)
  other.trails.pass(2, recordOf(10))
  expect(other.look().length).toBeGreaterThanOrEqual(LOOK)
})

test('a chain that was taken off is looked at from its head down, also while another grows', () => {
  const trail = new StackTrail()
  const i32 = new Int32Array(RECORDS * stride).fill(-1)
  for (let i = 0; i < 4000; i++) {
    i32[recordOf(i) * stride + next] = i > 0 ? recordOf(i - 1) : -1
    trail.note(recordOf(i))
  }
  trail.take()
  const { records, asked } = watched(i32)
  for (let above = 0; above < 4000; above++) {
    trail.look(records, above)
    // The few above the last one noted are walked as they come.
    if (above === LOOK) expect(rising([...asked])).toEqual(expect.arrayContaining(between(4000 - 2 * LOOK, 4000 - 32)))
    trail.note(recordOf(3999 - above))
  }
  expect([...asked].length).toBeGreaterThanOrEqual(4000 - 2 * 32)
})
