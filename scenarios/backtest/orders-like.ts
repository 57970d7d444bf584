import { WEEK_MS } from '../../sim/units.ts'
import type { OrderHistory } from '../import/history.ts'
import { evenly } from '../import/statistics.ts'

/** Weeks whose orders stand for those of a window nobody has a record of, and the orders such a week needs. */
const WEEKS = 4
export const ORDERS_MIN = 30

/**
 * What a window's orders may be like, where only their number is known: those of the last weeks before it, weekday by weekday, with the promises they
 * had, as many times as demand is said to be. What is left of a factor after whole orders falls evenly on all.
 *
 * - `factorOf`: demand beside those weeks, for an order of the history placed at a moment.
 * - Returns the history with those orders after it; nothing is recorded of them but when they were placed and what they were promised.
 */
export function withOrdersLike(
  known: OrderHistory,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  factorOf: (order: number, placedMs: number) => number,
): OrderHistory {
  const weeks = lastWeeks(known, fromMs)
  const again: { order: number; ms: number }[] = []
  for (let w = 0, start = fromMs; start < toMs && weeks.length > 0; w++, start += WEEK_MS) {
    const { orders, startMs } = weeks[w % weeks.length]
    for (const order of orders) {
      const ms = known.placedMs[order] - startMs + start
      if (ms >= toMs) continue
      const times = Math.floor(factorOf(order, ms) + evenly(again.length + order))
      for (let k = 0; k < times; k++) again.push({ order, ms })
    }
  }
  again.sort((a, b) => a.ms - b.ms)
  const count = known.count + again.length
  const joined = (column: Float64Array, of: (one: { order: number; ms: number }) => number): Float64Array => {
    const all = new Float64Array(count)
    all.set(column)
    again.forEach((one, i) => {
      all[known.count + i] = of(one)
    })
    return all
  }
  const whole = (column: Int32Array): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => column[i < known.count ? i : again[i - known.count].order])
  const never = () => Number.NaN
  return {
    ...known,
    count,
    id: [...known.id, ...again.map((_, i) => `like-${i}`)],
    placedMs: joined(known.placedMs, ({ ms }) => ms),
    approvedMs: joined(known.approvedMs, never),
    handedOverMs: joined(known.handedOverMs, never),
    deliveredMs: joined(known.deliveredMs, never),
    promisedMs: joined(known.promisedMs, ({ order, ms }) => ms + known.promisedMs[order] - known.placedMs[order]),
    status: [...known.status, ...again.map(() => 'open' as const)],
    payment: [...known.payment, ...again.map(({ order }) => known.payment[order])],
    town: whole(known.town),
    origin: whole(known.origin),
    lineStart: Int32Array.from({ length: count + 1 }, (_, i) => known.lineStart[Math.min(i, known.count)]),
  }
}

/** The last weeks before a moment that hold orders, counted back from it in whole weeks; the earliest first. */
export function lastWeeks({ count, placedMs }: OrderHistory, fromMs: number): { startMs: number; orders: number[] }[] {
  const weeks: { startMs: number; orders: number[] }[] = []
  const first = placedMs[0]
  for (let startMs = fromMs - WEEK_MS; startMs > first - WEEK_MS && weeks.length < WEEKS; startMs -= WEEK_MS) {
    const orders: number[] = []
    for (let i = 0; i < count; i++) if (placedMs[i] >= startMs && placedMs[i] < startMs + WEEK_MS) orders.push(i)
    if (orders.length >= ORDERS_MIN) weeks.unshift({ startMs, orders })
  }
  return weeks
}
