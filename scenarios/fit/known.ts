import { DAY_MS } from '../../sim/units.ts'
import type { OrderHistory, Status } from '../import/history.ts'

/** A parcel that has been on its way for so long is counted as lost; before that it may yet come. */
const LOST_AFTER_MS = 60 * DAY_MS

/** The orders for which `keep` holds, in the same shape; towns, origins and articles stay the whole lists. */
export function takeOrders(history: OrderHistory, keep: (order: number) => boolean): OrderHistory {
  const kept: number[] = []
  for (let i = 0; i < history.count; i++) if (keep(i)) kept.push(i)
  const lineStart = new Int32Array(kept.length + 1)
  const lines: number[] = []
  kept.forEach((i, n) => {
    for (let line = history.lineStart[i]; line < history.lineStart[i + 1]; line++) lines.push(line)
    lineStart[n + 1] = lines.length
  })
  const times = (column: Float64Array): Float64Array => Float64Array.from(kept, (i) => column[i])
  const whole = (column: Int32Array, at: readonly number[]): Int32Array => Int32Array.from(at, (i) => column[i])
  return {
    ...history,
    count: kept.length,
    id: kept.map((i) => history.id[i]),
    placedMs: times(history.placedMs),
    approvedMs: times(history.approvedMs),
    handedOverMs: times(history.handedOverMs),
    deliveredMs: times(history.deliveredMs),
    promisedMs: times(history.promisedMs),
    status: kept.map((i) => history.status[i]),
    payment: kept.map((i) => history.payment[i]),
    town: whole(history.town, kept),
    origin: whole(history.origin, kept),
    lineStart,
    article: whole(history.article, lines),
    units: whole(history.units, lines),
    lineOrigin: whole(history.lineOrigin, lines),
    price: Float64Array.from(lines, (line) => history.price[line]),
    freight: Float64Array.from(lines, (line) => history.freight[line]),
  }
}

/**
 * What was known at a moment: orders placed before it, without anything that happened after it. An order that was cancelled has no
 * recorded time of that; its end is known only once it is older than any that still came.
 */
export function knownAt(history: OrderHistory, untilMs: number): OrderHistory {
  const known = takeOrders(history, (i) => history.placedMs[i] < untilMs)
  const seen = (column: Float64Array): Float64Array => column.map((ms) => (ms < untilMs ? ms : Number.NaN))
  const approvedMs = seen(known.approvedMs)
  const handedOverMs = seen(known.handedOverMs)
  const deliveredMs = seen(known.deliveredMs)
  const status = known.status.map((last, i): Status => {
    if (!Number.isNaN(deliveredMs[i])) return 'delivered'
    if (!Number.isNaN(handedOverMs[i])) return untilMs - handedOverMs[i] > LOST_AFTER_MS ? 'shipped' : 'open'
    return last === 'cancelled' && untilMs - known.placedMs[i] > LOST_AFTER_MS ? 'cancelled' : 'open'
  })
  return { ...known, approvedMs, handedOverMs, deliveredMs, status }
}
