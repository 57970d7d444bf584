import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { type CountedDays, dayOf, ordersByDay, weekdayOfDay } from './days.ts'
import { digits, mean } from './statistics.ts'

/** The rate of a growing shop is that of its last quarter; so many counted days are asked. */
const RATE_DAYS = 91

export type Arrivals = Pick<
  NetworkSpec['demand'],
  'ordersPerDay' | 'hourlyShare' | 'weekdayShare' | 'dailyCv' | 'zoneDailyCv'
> & {
  readonly rateDays: { readonly from: number; readonly to: number; readonly count: number }
  /** Variance over mean of the daily count after weekday × month; 1 would be Poisson. */
  readonly dispersion: number
}

/** Rhythm and roughness of demand, over the counted days alone. `zone` is -1 where the town is unknown. */
export function measureArrivals(placedMs: Float64Array, zone: ArrayLike<number>, { days }: CountedDays): Arrivals {
  const perDay = ordersByDay(placedMs)
  const counts = days.map((day) => perDay.get(day) ?? 0)
  const counted = new Set(days)
  const hourly: number[] = new Array(24).fill(0)
  for (const ms of placedMs) if (counted.has(dayOf(ms))) hourly[Math.floor((ms % DAY_MS) / HOUR_MS)]++
  const weekday = [0, 1, 2, 3, 4, 5, 6].map((d) => {
    const own = counts.filter((_, i) => weekdayOfDay(days[i]) === d)
    return own.length > 0 ? mean(own) : 0
  })
  const recent = counts.slice(-RATE_DAYS)
  const expected = expectedByDay(days, counts)
  const { cv, dispersion } = roughness(counts, expected)
  return {
    ordersPerDay: digits(mean(recent), 4),
    hourlyShare: shares(hourly),
    weekdayShare: shares(weekday),
    dailyCv: digits(cv, 3),
    zoneDailyCv: digits(zoneRoughness(placedMs, zone, days, counts), 3),
    rateDays: { from: days[days.length - recent.length], to: days[days.length - 1], count: recent.length },
    dispersion,
  }
}

/** Percentages with two decimals. */
function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => Math.round((count / total) * 10_000) / 100)
}

/** Level of each day as its month × its weekday would have it. */
function expectedByDay(days: readonly number[], counts: readonly number[]): number[] {
  const month = days.map((day) => new Date(day * DAY_MS).toISOString().slice(0, 7))
  const byMonth = groupMeans(month, counts)
  const level = days.map((_, i) => byMonth.get(month[i]) ?? 0)
  const relative = counts.map((count, i) => (level[i] > 0 ? count / level[i] : 1))
  const byWeekday = groupMeans(days.map(weekdayOfDay), relative)
  return days.map((day, i) => level[i] * (byWeekday.get(weekdayOfDay(day)) ?? 1))
}

/**
 * Variance beyond Poisson as a gamma level: Var N = m + cv²·m², solved for cv over all days at once; the means that were fitted (one a month, six
 * for the weekdays) are taken off the degrees of freedom.
 */
function roughness(counts: readonly number[], expected: readonly number[]): { cv: number; dispersion: number } {
  const fitted = new Set(expected.map((m) => digits(m, 9))).size / 7 + 6
  const correction = counts.length / Math.max(1, counts.length - fitted)
  let beyond = 0
  let square = 0
  let ratio = 0
  counts.forEach((count, i) => {
    const m = Math.max(1e-9, expected[i])
    const off2 = (count - m) ** 2 * correction
    beyond += off2 - m
    square += m * m
    ratio += off2 / m
  })
  return { cv: Math.sqrt(Math.max(0, beyond / square)), dispersion: ratio / counts.length }
}

/** What a zone adds of its own: E[N(N-1)] = m²·(1 + cv²), where m is the zone's part of what the whole country got that day. */
function zoneRoughness(
  placedMs: Float64Array,
  zone: ArrayLike<number>,
  days: readonly number[],
  counts: readonly number[],
): number {
  const dayIndex = new Map(days.map((day, i) => [day, i]))
  const perZone = new Map<number, number>()
  const perCell = new Map<string, number>()
  const known: number[] = counts.map(() => 0)
  let total = 0
  for (let i = 0; i < placedMs.length; i++) {
    const d = dayIndex.get(dayOf(placedMs[i]))
    if (zone[i] < 0 || d === undefined) continue
    perZone.set(zone[i], (perZone.get(zone[i]) ?? 0) + 1)
    const cell = `${zone[i]}|${d}`
    perCell.set(cell, (perCell.get(cell) ?? 0) + 1)
    known[d]++
    total++
  }
  let pairs = 0
  for (const n of perCell.values()) pairs += n * (n - 1)
  // Given the day's total n the zones share n(n-1) ordered pairs; without roughness of their own a zone of share s gets s² of them.
  let expected = 0
  for (const n of perZone.values()) expected += (n / total) ** 2
  const dayPairs = known.reduce((sum, n) => sum + n * (n - 1), 0)
  return Math.sqrt(Math.max(0, pairs / (expected * dayPairs) - 1))
}

function groupMeans<K>(keys: readonly K[], values: readonly number[]): Map<K, number> {
  const sums = new Map<K, { sum: number; count: number }>()
  keys.forEach((key, i) => {
    const own = sums.get(key) ?? { sum: 0, count: 0 }
    sums.set(key, { sum: own.sum + values[i], count: own.count + 1 })
  })
  return new Map([...sums].map(([key, { sum, count }]) => [key, sum / count]))
}
