import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS } from '../units.ts'
import {
  FAR_MS,
  FLAG,
  hasFlag,
  LONGEST_MS,
  lineAt,
  lineCount,
  linkOf,
  placedMs,
  promisedMs,
  STATE,
  siblingOf,
  type World,
} from '../world.ts'
import {
  createChild,
  createRecord,
  createWorld,
  freeRecord,
  setClock,
  setLines,
  setState,
  splitOrder,
  writeOrder,
} from './records.ts'
import { orderUnits, receiveUnits } from './stock.ts'

const world = (): World =>
  createWorld(
    { W: 2, Z: 1, S: 1, H: 1, K: 3, U: 1 },
    { records: 8, lines: 16, buckets: 64, hours: 1, inboundDays: 8, priced: 0, foreseen: 0, notes: 0, erring: 0, learning: 0 },
  )

test('an order remembers to the ms when it was placed and what was promised, years ahead or before the run began', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: LONGEST_MS - 1 }),
      fc.integer({ min: 1 - FAR_MS, max: FAR_MS - 1 }),
      (placed, ahead) => {
        const promised = placed + ahead
        const w = world()
        setClock(w, placed)
        const order = createRecord(w)
        writeOrder(w, order, 0, promised, false)
        expect([placedMs(w, order), promisedMs(w, order)]).toEqual([placed, promised])
      },
    ),
  )
})

test('a promise that cannot be kept in mind is refused', () => {
  const w = world()
  for (const promised of [FAR_MS, -FAR_MS, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => writeOrder(w, createRecord(w), 0, promised, false)).toThrow('promised for')
})

test('orders of a run that is too long for its records are refused in words', () => {
  const w = world()
  setClock(w, LONGEST_MS)
  expect(() => writeOrder(w, createRecord(w), 0, LONGEST_MS, false)).toThrow('34 years')
})

test('parcels of a split order carry their own lines and find each other, though their records lie where others were', () => {
  const w = world()
  const lines = Int32Array.of(1 << 8, 2 << 8, 3 << 8, 4 << 8, 5 << 8, 6 << 8, 7 << 8, 8 << 8)
  // Blocks of all sizes are used and given back twice, so that no slot is clean.
  for (let round = 0; round < 2; round++) {
    for (let count = 1; count <= 8; count++) {
      const p = createRecord(w)
      writeOrder(w, p, 0, 1, false)
      setState(w, p, STATE.placed)
      setLines(w, p, lines, count)
      freeRecord(w, p)
    }
    const order = createRecord(w)
    writeOrder(w, order, 0, 1, false)
    setLines(w, order, lines, 8)
    expect(linkOf(w, order)).toBe(-1)
    splitOrder(w, order, lines.subarray(0, 7), 7)
    const one = createChild(w, order, 2, lines.subarray(7), 1)
    const other = createChild(w, order, 1, lines.subarray(3), 3)
    expect([linkOf(w, order), siblingOf(w, other), siblingOf(w, one)]).toEqual([other, one, -1])
    expect([linkOf(w, one), linkOf(w, other)]).toEqual([order, order])
    expect([order, one, other].map((p) => hasFlag(w, p, FLAG.child))).toEqual([false, true, true])
    for (const p of [order, one, other]) setState(w, p, STATE.routed)
    const carried = (p: number): number[] => Array.from({ length: lineCount(w, p) }, (_, i) => lineAt(w, p, i) >> 8)
    expect([carried(order), carried(one), carried(other)]).toEqual([[1, 2, 3, 4, 5, 6, 7], [8], [4, 5, 6]])
    for (const p of [one, other, order]) freeRecord(w, p)
  }
})

test('deliveries come on the day they are due, however long the longest lead time turns out to be', () => {
  const w = world()
  // A Friday, as it were: the ring of eight days has turned by then.
  setClock(w, 13 * DAY_MS)
  orderUnits(w, 0, 0, 5, 13 + 1)
  orderUnits(w, 1, 1, 6, 13 + 7)
  orderUnits(w, 2, 0, 7, 13 + 8)
  orderUnits(w, 2, 1, 8, 13 + 60)
  orderUnits(w, 1, 1, 9, 13 + 7)
  const came: string[] = []
  for (let day = 13; day < 13 + 64; day++)
    for (let k = 0; k < 3; k++)
      for (let warehouse = 0; warehouse < 2; warehouse++) {
        const units = receiveUnits(w, k, warehouse, day)
        if (units > 0) came.push(`day ${day - 13}: ${units} of SKU ${k} at ${warehouse}`)
      }
  expect(came).toEqual(['day 1: 5 of SKU 0 at 0', 'day 7: 15 of SKU 1 at 1', 'day 8: 7 of SKU 2 at 0', 'day 60: 8 of SKU 2 at 1'])
  expect(w.size.inboundDays).toBe(64)
})
