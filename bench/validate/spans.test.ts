import { expect, test } from 'vitest'
import { simulate } from '../../sim/outcome.ts'
import { listOf, nowMs } from '../../sim/world.ts'
import { openSmallRun } from '../small-run.ts'
import { smallWorld } from '../small-world.ts'
import { SPAN_NAMES, SpanBook } from './spans.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const shortShelves = smallWorld({ replenishment: { reviewHour: 4, initialDaysOfStock: 1.5 } })

/** A run watched by a book of every span, at all warehouses and at one. */
async function watched(at: number | null) {
  const sim = await openSmallRun({ spec: shortShelves })
  const fromMs = DAY_MS
  const endMs = 6 * DAY_MS
  const book = new SpanBook(
    SPAN_NAMES.map((span) => ({ span, at })),
    { fromMs, endMs },
  )
  book.open(sim)
  return { sim, book, fromMs, endMs, of: (name: (typeof SPAN_NAMES)[number]) => book.taken(SPAN_NAMES.indexOf(name)) }
}
const sum = (hours: readonly number[]): number => hours.reduce((all, one) => all + one, 0)

test('a run that is watched is the same to the byte', async () => {
  const alone = simulate(await openSmallRun({ spec: shortShelves }))
  const { sim, book } = await watched(null)
  expect(simulate(sim, (it) => book.watch(it)).digest).toBe(alone.digest)
})

test('stages add up: waiting and work at pick and pack are the time in the warehouse, and no span is negative', async () => {
  const { sim, book, of } = await watched(null)
  simulate(sim, (it) => book.watch(it))
  for (const name of SPAN_NAMES) expect(Math.min(...of(name)), name).toBeGreaterThanOrEqual(0)
  expect(of('pick.time').length).toBeGreaterThan(300)
  expect(sum(of('pick.wait'))).toBeLessThan(sum(of('pick.time')))
  expect(sum(of('pick.express.wait')) + sum(of('pick.other.wait'))).toBeCloseTo(sum(of('pick.wait')), 6)
  expect(of('pick.express.wait').length).toBeGreaterThan(0)
  expect(of('warehouse.time').length).toBe(of('pack.time').length)
  expect(of('order.packed').length).toBe(of('warehouse.time').length)
  expect(sum(of('order.packed'))).toBeGreaterThan(sum(of('warehouse.time')))
  // Shelves run short here, so some orders waited for goods and most did not.
  const waited = of('stock.wait').filter((hours) => hours > 0).length
  expect(waited).toBeGreaterThan(0)
  expect(waited).toBeLessThan(of('stock.wait').length / 2)
})

test('what the waits add up to is what stood in the queue, hour by hour (Little, on one path)', async () => {
  const sim = await openSmallRun({ spec: smallWorld({ customers: { ...smallWorld().customers, impatientShare: 0 } }) })
  const book = new SpanBook([{ span: 'pack.wait', at: 1 }], { fromMs: 0, endMs: 1e15 })
  book.open(sim)
  let area = 0
  let before = 0
  let beforeMs = 0
  simulate(sim, (it) => {
    const now = nowMs(it.world)
    area += before * (now - beforeMs)
    beforeMs = now
    before = it.world.listLength[listOf.pack(it.world.d, 1, 0)] + it.world.listLength[listOf.pack(it.world.d, 1, 1)]
    book.watch(it)
  })
  expect(before).toBe(0)
  expect(sum(book.taken(0))).toBeGreaterThan(1)
  expect(sum(book.taken(0))).toBeCloseTo(area / HOUR_MS, 6)
})

test('one warehouse is asked about alone, and three together are all', async () => {
  const counts = await Promise.all(
    [null, 0, 1, 2].map(async (at) => {
      const { sim, book, of } = await watched(at)
      simulate(sim, (it) => book.watch(it))
      return of('pick.time').length
    }),
  )
  expect(counts[0]).toBe(counts[1] + counts[2] + counts[3])
})
