import { WEEKDAYS, type Weekday } from './network-spec.ts'
import { DAY_MS, WEEK_MS } from './units.ts'

/**
 * Weeks and working days. A week starts on Monday 00:00; `weekStartMs` of a run is where that Monday lies on the run's clock
 * (zero or negative), so `weekTimeMs` of any instant is (t − weekStartMs) mod week.
 */
export const weekdayIndex = (day: Weekday): number => WEEKDAYS.indexOf(day)

/** Bit d is set where weekday d (0 = Monday) is in the list. */
export const dayMask = (days: readonly Weekday[]): number => days.reduce((mask, day) => mask | (1 << weekdayIndex(day)), 0)

export const weekTimeMs = (timeMs: number, weekStartMs: number): number => {
  const t = timeMs - weekStartMs
  // Exact for whole ms, and many times faster than the remainder of doubles.
  return t - Math.floor(t / WEEK_MS) * WEEK_MS
}

/** Time since midnight. */
export const dayTimeMs = (timeMs: number, weekStartMs: number): number => {
  const t = timeMs - weekStartMs
  return t - Math.floor(t / DAY_MS) * DAY_MS
}

export const weekdayOf = (timeMs: number, weekStartMs: number): number => Math.floor(weekTimeMs(timeMs, weekStartMs) / DAY_MS)

const EVERY_DAY = 127

export const worksOn = (mask: number, weekday: number): boolean => ((mask >> weekday) & 1) === 1

/** The instant `workMs` of working time after `timeMs`, where only days in `mask` count (all 24 hours of them). An empty mask never ends. */
export function afterWorkingTime(timeMs: number, workMs: number, mask: number, weekStartMs: number): number {
  if (mask === EVERY_DAY) return timeMs + workMs
  if (mask === 0) return Number.POSITIVE_INFINITY
  let now = timeMs
  let left = workMs
  for (;;) {
    const dayEnd = now - dayTimeMs(now, weekStartMs) + DAY_MS
    if (worksOn(mask, weekdayOf(now, weekStartMs))) {
      if (now + left <= dayEnd) return now + left
      left -= dayEnd - now
    }
    now = dayEnd
  }
}

/** The same instant where its day is in `mask`, else `clockMs` o'clock of the next day that is. */
export function nextWorkingMoment(timeMs: number, mask: number, clockMs: number, weekStartMs: number): number {
  if (mask === EVERY_DAY || mask === 0 || worksOn(mask, weekdayOf(timeMs, weekStartMs))) return timeMs
  let day = timeMs - dayTimeMs(timeMs, weekStartMs)
  do day += DAY_MS
  while (!worksOn(mask, weekdayOf(day, weekStartMs)))
  return day + clockMs
}

/**
 * A weekly timetable: instants of the week in rising order.
 * `nextInWeek` gives the index of the first instant at or after a time; `instantOf` turns a running index (beyond the week's length
 * too) back into an instant of the run's clock.
 */
export function nextInWeek(instants: Float64Array, timeMs: number, weekStartMs: number): number {
  const at = weekTimeMs(timeMs, weekStartMs)
  let low = 0
  let high = instants.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (instants[middle] < at) low = middle + 1
    else high = middle
  }
  return low
}

export function instantOf(instants: Float64Array, index: number, timeMs: number, weekStartMs: number): number {
  const monday = timeMs - weekTimeMs(timeMs, weekStartMs)
  const length = instants.length
  const weeks = Math.floor(index / length)
  return monday + weeks * WEEK_MS + instants[index - weeks * length]
}
