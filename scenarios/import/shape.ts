import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import type { OrderHistory } from './history.ts'
import { quantile, sortedNumbers } from './statistics.ts'
import { KM_BANDS, kmOfOrders } from './transit.ts'

/** p10, p50 and p90 of something, and how many orders they stand on. */
export type Spread = { readonly p10: number; readonly p50: number; readonly p90: number; readonly orders: number }

/** The known shape of a history: what a reader who knows the data would check first. */
export type Shape = {
  readonly delivered: number
  /** Of the delivered orders with a promise. */
  readonly lateShare: number
  readonly approvalHours: Spread
  readonly handoverHours: Spread
  readonly transitDays: Spread
  readonly totalDays: Spread
  readonly promiseDays: Spread
  readonly byKm: readonly (Spread & { readonly fromKm: number; readonly lateShare: number })[]
}

export function shapeOf(history: OrderHistory): Shape {
  const { placedMs, approvedMs, handedOverMs, deliveredMs, promisedMs } = history
  const all = Array.from({ length: history.count }, (_, i) => i)
  const delivered = all.filter((i) => deliveredMs[i] >= placedMs[i])
  const between = (from: Float64Array, to: Float64Array, unitMs: number, orders: readonly number[] = all): Spread =>
    spreadOf(orders.map((i) => (to[i] >= from[i] ? (to[i] - from[i]) / unitMs : Number.NaN)))
  const km = kmOfOrders(history)
  return {
    delivered: delivered.length,
    lateShare: lateShare(history, delivered),
    approvalHours: between(placedMs, approvedMs, HOUR_MS),
    handoverHours: between(approvedMs, handedOverMs, HOUR_MS),
    transitDays: between(handedOverMs, deliveredMs, DAY_MS),
    totalDays: between(placedMs, deliveredMs, DAY_MS),
    promiseDays: between(placedMs, promisedMs, DAY_MS),
    byKm: KM_BANDS.map((fromKm, b) => {
      const band = delivered.filter((i) => km[i] >= fromKm && km[i] < (KM_BANDS[b + 1] ?? Number.POSITIVE_INFINITY))
      return { fromKm, ...between(handedOverMs, deliveredMs, DAY_MS, band), lateShare: lateShare(history, band) }
    }),
  }
}

function spreadOf(values: Iterable<number>): Spread {
  const sorted = sortedNumbers(values)
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), orders: sorted.length }
}

function lateShare({ deliveredMs, promisedMs }: OrderHistory, orders: readonly number[]): number {
  const due = orders.filter((i) => !Number.isNaN(promisedMs[i]))
  return due.filter((i) => deliveredMs[i] > promisedMs[i]).length / due.length
}
