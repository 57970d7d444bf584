import { weekTimeMs } from '../../sim/calendar.ts'
import { WEEKDAYS, type Weekday } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { quantile, sortedNumbers } from './statistics.ts'

/** Wall-clock ms count from 1970-01-01, a Thursday; this is the Monday of that week, as sim/calendar wants it. */
export const WEEK_START_MS = -3 * DAY_MS

export function weekdayOfMs(ms: number): number {
  return Math.floor(weekTimeMs(ms, WEEK_START_MS) / DAY_MS)
}

/** Part of the moments that fall on each weekday, Monday first. */
export function weekdayShares(moments: readonly number[]): number[] {
  const counts = [0, 0, 0, 0, 0, 0, 0]
  for (const ms of moments) counts[weekdayOfMs(ms)]++
  return counts.map((count) => count / Math.max(1, moments.length))
}

/** Weekdays that get at least this part of what an even day would get. */
export function workingDays(shares: readonly number[], partOfEven: number): Weekday[] {
  return WEEKDAYS.filter((_, d) => shares[d] * 7 >= partOfEven)
}

/** Hours of the day at the given probabilities. */
export function hoursOfDay(moments: readonly number[], at: readonly number[]): number[] {
  const sorted = sortedNumbers(moments.map((ms) => (((ms % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS))
  return at.map((p) => quantile(sorted, p))
}

/** "HH:MM", rounded to the half hour. */
export function clock(hours: number): string {
  const halves = Math.min(47, Math.round(hours * 2))
  return `${String(Math.floor(halves / 2)).padStart(2, '0')}:${halves % 2 === 0 ? '00' : '30'}`
}
