import { dayTimeMs, instantOf, nextInWeek, weekdayOf, weekTimeMs, worksOn } from './calendar.ts'
import type { Network, Roster } from './network.ts'
import { DAY_MS, WEEK_MS } from './units.ts'

/** When things can happen, by the calendar alone: reading only, no world needed. */

/** The first departure that a parcel packed at `packedMs` may go along with, `skip` departures later; Infinity where there is none. */
export function departureFor(network: Network, service: number, packedMs: number, skip: number, weekStartMs: number): number {
  const { atMs, cutOffMs } = network.timetables[service]
  if (atMs.length === 0) return Number.POSITIVE_INFINITY
  let index = nextInWeek(atMs, packedMs, weekStartMs)
  while (instantOf(atMs, index, packedMs, weekStartMs) - cutOffMs[index % atMs.length] < packedMs) index++
  return instantOf(atMs, index + skip, packedMs, weekStartMs)
}

/** How many trucks of a timetable have left before this one since the clock began, counting weeks as they come. */
export const turnOf = (timeMs: number, departure: number, perWeek: number, weekStartMs: number): number =>
  Math.floor((timeMs - weekStartMs) / WEEK_MS) * perWeek + departure

/** Time by which a parcel must be packed for the departure at `departMs`. */
export function cutOffOf(network: Network, service: number, departMs: number, weekStartMs: number): number {
  const { atMs, cutOffMs } = network.timetables[service]
  return departMs - cutOffMs[nextInWeek(atMs, departMs, weekStartMs) % atMs.length]
}

/** When the vans next leave, at or after a time. */
export function nextVans(network: Network, timeMs: number, weekStartMs: number): number {
  const { days, atMs } = network.delivery
  let vans = timeMs - dayTimeMs(timeMs, weekStartMs) + atMs
  if (vans < timeMs) vans += DAY_MS
  for (let i = 0; i < 7 && !worksOn(days, weekdayOf(vans, weekStartMs)); i++) vans += DAY_MS
  return vans
}

/** The last vans whose round is half done by `timeMs`. */
export function lastVansBefore(network: Network, timeMs: number, weekStartMs: number): number {
  const { days, atMs, hoursMs } = network.delivery
  const latest = timeMs - hoursMs / 2
  let vans = latest - dayTimeMs(latest, weekStartMs) + atMs
  if (vans > latest) vans -= DAY_MS
  for (let i = 0; i < 7 && !worksOn(days, weekdayOf(vans, weekStartMs)); i++) vans -= DAY_MS
  return vans
}

/** Segment of the roster that holds at a moment of the week. */
export function rosterAt(roster: Roster, weekMs: number): number {
  let low = 0
  let high = roster.fromMs.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (roster.fromMs[middle] <= weekMs) low = middle
    else high = middle
  }
  return low
}

/**
 * When `workMs` of work will be done by the hands of a roster, from `fromMs` on, `speed` of their normal pace; with no work, when the
 * next hand is on duty. Looks four weeks ahead.
 */
export function doneBy(
  roster: Roster,
  hands: Int32Array,
  fromMs: number,
  workMs: number,
  speed: number,
  weekStartMs: number,
): number {
  const segments = roster.fromMs.length
  let week = weekTimeMs(fromMs, weekStartMs)
  let segment = rosterAt(roster, week)
  let now = fromMs
  let left = workMs
  for (let i = 0; i < 4 * segments; i++) {
    const end = segment + 1 < segments ? roster.fromMs[segment + 1] : WEEK_MS
    const pace = hands[segment] * speed
    if (pace > 0 && left <= pace * (end - week)) return now + left / pace
    left -= pace * (end - week)
    now += end - week
    segment = segment + 1 < segments ? segment + 1 : 0
    week = segment === 0 ? 0 : end
  }
  return now
}
