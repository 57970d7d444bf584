import type { ScenarioSpec, Span } from '../../sim/scenario-spec.ts'
import { dayOf } from '../import/days.ts'

/** Hands are hired and contracts made for what was asked for this many weeks running. */
const WEEKS_RUNNING = 3
const WEEK = 7
/** Parcels are under way for so long after the last order. */
const TAIL_DAYS = 42

/**
 * Capacity follows demand, weeks behind: where each of the last three weeks brought more orders than the best four the fit has seen, hands, trucks and
 * hubs of the next week are more by as much. So a shop that grows is not buried by its growth, and a sale meets the capacity of the weeks before it.
 *
 * - `placedMs`: all orders; `highestPerDay`: orders a day of the best four weeks that were seen.
 */
export function followDemand(
  placedMs: Float64Array,
  { fromMs, toMs, highestPerDay }: { fromMs: number; toMs: number; highestPerDay: number },
): Pick<ScenarioSpec, 'warehouses' | 'carriers' | 'hubs'> {
  const perDay = new Map<number, number>()
  for (const ms of placedMs) perDay.set(dayOf(ms), (perDay.get(dayOf(ms)) ?? 0) + 1)
  const week = (from: number): number => {
    let orders = 0
    for (let day = from; day < from + WEEK; day++) orders += perDay.get(day) ?? 0
    return orders
  }
  const parts: (Span & { which: 'all'; capacity: number })[] = []
  const [first, last] = [dayOf(fromMs), dayOf(toMs - 1) + TAIL_DAYS]
  for (let day = first; day <= last; day += WEEK) {
    const running = Math.min(...Array.from({ length: WEEKS_RUNNING }, (_, k) => week(day - (k + 1) * WEEK)))
    const capacity = running / WEEK / highestPerDay
    const at = (when: number): string => `day ${when - first} 00:00`
    if (capacity > 1)
      parts.push({ which: 'all', from: at(day), to: at(day + WEEK), capacity: Math.round(capacity * 1000) / 1000 })
  }
  return parts.length === 0 ? {} : { warehouses: parts, carriers: parts, hubs: parts }
}
