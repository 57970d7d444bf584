import { DAY_MS } from '../../sim/units.ts'
import { dateOf, dayOf } from '../import/days.ts'
import { digits, quantile, sortedNumbers } from '../import/statistics.ts'

/**
 * What a stage has shown it can do. An order table holds no capacities, only what came through: the best week of a stage is as much as is known
 * of it, and planners call it demonstrated capacity (APICS Dictionary). Where a backlog stood behind that week the stage was at its limit, and
 * the figure is its capacity; where none did, its capacity is at least that, and it is taken: nobody has seen more.
 */
export type Demonstrated = {
  /** Best week beside the best four weeks of the quarter before it, sampling noise taken off. */
  readonly headroom: number
  /** First day of that week. */
  readonly bestWeek: string | null
  /** Backlog in the best weeks beside that of all weeks, in days of throughput; 1.2 and more says the stage was held back. */
  readonly backlogRatio: number
  readonly weeks: number
}

const WEEK = 7
const BEFORE = 28
/** A week is held against the best four weeks of the quarter before it: after a holiday everything looks like a feat. */
const USUAL = 91
/** How good the best week is: the 95th percentile of all, for the very best of hundreds is luck. */
const BEST_AT = 0.95
const LEAST = 1.15
const MOST = 2.5
/** A table too short to show anything: as much as networks are usually given. */
const UNSEEN = 1.5
const WEEKS_MIN = 35
const STUCK_DAYS = 45

/** `into` and `out`: moments at which each order entered and left the stage; NaN is never. What never left is no backlog, but was cancelled or lost. */
export function demonstrate(into: Float64Array, out: Float64Array, countedDays: readonly number[], within: number): Demonstrated {
  const stuckBefore = (countedDays[countedDays.length - 1] - STUCK_DAYS) * DAY_MS
  const arrived = perDay(into.map((ms, i) => (Number.isNaN(out[i]) && ms < stuckBefore ? Number.NaN : ms)))
  const left = perDay(out)
  const counted = new Set(countedDays)
  const ratios: { ratio: number; noise: number; day: number; backlog: number }[] = []
  let backlog = 0
  const backlogOn = new Map<number, number>()
  const [first, last] = [countedDays[0], countedDays[countedDays.length - 1]]
  for (let day = first; day <= last; day++) {
    backlog += (arrived.get(day) ?? 0) - (left.get(day) ?? 0)
    backlogOn.set(day, backlog)
  }
  const since = countedDays[Math.max(0, countedDays.length - within)]
  for (let day = Math.max(since, first + BEFORE); day + WEEK <= last + 1; day++) {
    if (!whole(counted, day - BEFORE, day + WEEK)) continue
    let before = 0
    for (let end = day; end > day - USUAL && end - BEFORE >= first; end -= WEEK) {
      before = Math.max(before, sumOf(left, end - BEFORE, end) / BEFORE)
    }
    const week = sumOf(left, day, day + WEEK) / WEEK
    if (before * WEEK < WEEK) continue
    const ratio = week / before
    // Counts are Poisson about their rate, whatever the stage does.
    const noise = ratio ** 2 * (1 / (week * WEEK || 1) + 1 / (before * BEFORE))
    ratios.push({ ratio, noise, day, backlog: (backlogOn.get(day) ?? 0) / Math.max(1e-9, week) })
  }
  if (ratios.length < WEEKS_MIN) return { headroom: UNSEEN, bestWeek: null, backlogRatio: 1, weeks: ratios.length }
  const values = ratios.map(({ ratio }) => ratio)
  const centre = quantile(sortedNumbers(values), 0.5)
  const best = quantile(sortedNumbers(values), BEST_AT)
  const variance = values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / values.length
  const noise = ratios.reduce((sum, one) => sum + one.noise, 0) / ratios.length
  const kept = Math.sqrt(Math.max(0.1, 1 - noise / variance))
  const top = ratios.filter(({ ratio }) => ratio >= best)
  const backlogRatio = digits(mean(top.map((one) => one.backlog)) / mean(ratios.map((one) => one.backlog)), 3)
  return {
    headroom: digits(Math.min(MOST, Math.max(LEAST, 1 + (best - 1) * kept)), 3),
    bestWeek: dateOf(top.reduce((a, b) => (b.ratio > a.ratio ? b : a)).day),
    backlogRatio,
    weeks: ratios.length,
  }
}

/** The highest mean of four weeks on end among the last so many counted days, and the mean of the last four. */
export function heights(placedMs: Float64Array, countedDays: readonly number[], within: number) {
  const arrived = perDay(placedMs)
  const recent = countedDays.slice(-within)
  const means: number[] = []
  for (let k = Math.min(BEFORE, recent.length); k <= recent.length; k++) {
    const days = recent.slice(Math.max(0, k - BEFORE), k)
    means.push(days.reduce((sum, day) => sum + (arrived.get(day) ?? 0), 0) / days.length)
  }
  return { highest: Math.max(...means), last: means[means.length - 1] }
}

function perDay(moments: Float64Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const ms of moments) if (!Number.isNaN(ms)) counts.set(dayOf(ms), (counts.get(dayOf(ms)) ?? 0) + 1)
  return counts
}

function sumOf(counts: ReadonlyMap<number, number>, from: number, to: number): number {
  let sum = 0
  for (let day = from; day < to; day++) sum += counts.get(day) ?? 0
  return sum
}

function whole(counted: ReadonlySet<number>, from: number, to: number): boolean {
  for (let day = from; day < to; day++) if (!counted.has(day)) return false
  return true
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
