import { dayTimeMs, instantOf, nextInWeek, weekdayOf, weekTimeMs, worksOn } from './calendar.ts'
import type { Network, Roster } from './network.ts'
import { DAY_MS, WEEK_MS } from './units.ts'
import type { WorldView } from './world.ts'

/** When things can happen, by the calendar. */

/** The first departure that a parcel packed at `packedMs` may go along with, `skip` departures later; Infinity where there is none. */
export function departureFor(network: Network, service: number, packedMs: number, skip: number, weekStartMs: number): number {
  const { atMs, cutOffMs } = network.timetables[service]
  if (atMs.length === 0) return Number.POSITIVE_INFINITY
  let index = nextInWeek(atMs, packedMs, weekStartMs)
  while (instantOf(atMs, index, packedMs, weekStartMs) - cutOffMs[index % atMs.length] < packedMs) index++
  return instantOf(atMs, index + skip, packedMs, weekStartMs)
}

/** Parcels that trucks of a service take from a warehouse each, as the carrier is now. */
export const roomNow = (world: WorldView, network: Network, warehouse: number, service: number): number =>
  Math.max(1, network.timetables[service].capacity[warehouse] * Math.max(world.departCapacity[service], 0.02))

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
  const { days, roundsMs } = network.delivery
  const sinceMidnight = dayTimeMs(timeMs, weekStartMs)
  let round = 0
  while (round < roundsMs.length && roundsMs[round] < sinceMidnight) round++
  const first = roundsMs[0]
  let vans = timeMs - sinceMidnight + (round < roundsMs.length ? roundsMs[round] : first + DAY_MS)
  if (worksOn(days, weekdayOf(vans, weekStartMs))) return vans
  // A day without vans is passed over whole: the next that has some begins with its first round.
  vans += first - dayTimeMs(vans, weekStartMs)
  for (let i = 0; i < 7 && !worksOn(days, weekdayOf(vans, weekStartMs)); i++) vans += DAY_MS
  return vans
}

/** The last vans whose round is half done by `timeMs`. */
export function lastVansBefore(network: Network, timeMs: number, weekStartMs: number): number {
  const { days, roundsMs, hoursMs } = network.delivery
  const latest = timeMs - hoursMs / 2
  const sinceMidnight = dayTimeMs(latest, weekStartMs)
  let round = roundsMs.length - 1
  while (round >= 0 && roundsMs[round] > sinceMidnight) round--
  const last = roundsMs[roundsMs.length - 1]
  let vans = latest - sinceMidnight + (round >= 0 ? roundsMs[round] : last - DAY_MS)
  if (worksOn(days, weekdayOf(vans, weekStartMs))) return vans
  vans += last - dayTimeMs(vans, weekStartMs)
  for (let i = 0; i < 7 && !worksOn(days, weekdayOf(vans, weekStartMs)); i++) vans -= DAY_MS
  return vans
}

/** How many rounds have begun since the clock did, days without vans counted: what a round takes along is reckoned by it. */
export function roundOf({ delivery }: Network, timeMs: number, weekStartMs: number): number {
  const { roundsMs } = delivery
  const sinceMidnight = dayTimeMs(timeMs, weekStartMs)
  let round = 0
  while (round + 1 < roundsMs.length && roundsMs[round + 1] <= sinceMidnight) round++
  return Math.floor(timeMs / DAY_MS) * roundsMs.length + round
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
