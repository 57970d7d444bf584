import { DAY_MS, WEEK_MS } from '../../sim/units.ts'
import type { OrderHistory } from '../import/history.ts'
import { weekdayOfMs } from '../import/week.ts'
import { isWhole, type Stage, tookOf } from './stages.ts'

/** Weeks the naive forecaster remembers, and how old an order must be for nearly all of its kind to have arrived. */
const WEEKS = 8
const SETTLED_MS = 28 * DAY_MS

/**
 * The forecaster to beat: next Monday's orders will take what the last Mondays' took. Seasonal naive over the week, as a distribution: the totals
 * of all orders of the same weekday in the last eight weeks that were settled when the forecast was made.
 */
export function seasonalNaive(known: OrderHistory, untilMs: number, stage: Stage): readonly Float64Array[] {
  const settled: number[] = []
  for (let i = 0; i < known.count; i++) if (isWhole(known, i) && known.placedMs[i] < untilMs - SETTLED_MS) settled.push(i)
  const last = settled.length > 0 ? known.placedMs[settled[settled.length - 1]] : 0
  const recent = settled.filter((i) => known.placedMs[i] > last - WEEKS * WEEK_MS)
  return Array.from({ length: 7 }, (_, weekday) =>
    Float64Array.from(
      recent.filter((i) => weekdayOfMs(known.placedMs[i]) === weekday),
      (i) => tookOf(known, i, stage),
    ).sort(),
  )
}
