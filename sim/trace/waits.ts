import { dayTimeMs, weekdayOf, weekTimeMs, worksOn } from '../calendar.ts'
import { rosterAt } from '../journey.ts'
import type { Network, Timetable } from '../network.ts'
import type { Sim } from '../sim.ts'
import { DAY_MS } from '../units.ts'
import { nowMs } from '../world.ts'
import { CAUSE } from './cause.ts'

/** Why the hands of a warehouse did not take the next parcel, by the clock: looked at whenever a shift or the scene changes. */
const REASONS = [
  CAUSE['off shift'],
  CAUSE['day off'],
  CAUSE['warehouse closed'],
  CAUSE['fewer hands'],
  CAUSE['no picker free'],
] as const
const BUSY = 4

export const ROLE = { pick: 0, pack: 1 } as const

/** Cause of one of the reasons: who is busy is a picker or a packer. */
const causeOfReason = (reason: number, role: number): number =>
  reason === BUSY && role === ROLE.pack ? CAUSE['no packer free'] : REASONS[reason]

/** For each warehouse and role, since when which reason has held: what a parcel waited for is read off between two instants. */
export class HandsClock {
  private readonly fromMs: readonly number[][]
  private readonly reasons: readonly number[][]
  /** Weekdays on which anybody works, as a mask: [warehouse · 2 + role]. */
  private readonly days: Int32Array

  constructor(network: Network) {
    this.fromMs = Array.from({ length: network.W * 2 }, () => [])
    this.reasons = Array.from({ length: network.W * 2 }, () => [])
    this.days = Int32Array.from({ length: network.W * 2 }, (_, i) => {
      const roster = network.rosters[i >> 1]
      return workdays(roster.fromMs, i % 2 === ROLE.pick ? roster.pickers : roster.packers)
    })
  }

  /** Notes the reason that holds from now on. */
  look(sim: Sim, w: number): void {
    const now = nowMs(sim.world)
    for (let role = 0; role < 2; role++) {
      const from = this.fromMs[w * 2 + role]
      const reasons = this.reasons[w * 2 + role]
      const reason = this.reasonNow(sim, w, role, now)
      if (reasons[reasons.length - 1] === reason) continue
      from.push(now)
      reasons.push(reason)
      trim(from, reasons)
    }
  }

  /** Tells each cause that held between two instants and for how long, in the order of time. */
  each(w: number, role: number, sinceMs: number, untilMs: number, tell: (cause: number, ms: number) => void): void {
    const from = this.fromMs[w * 2 + role]
    const reasons = this.reasons[w * 2 + role]
    let i = from.length - 1
    while (i > 0 && from[i] > sinceMs) i--
    for (let at = sinceMs; i < from.length && at < untilMs; i++) {
      const end = i + 1 < from.length ? Math.min(untilMs, from[i + 1]) : untilMs
      tell(causeOfReason(reasons[i], role), end - at)
      at = end
    }
  }

  private reasonNow({ world, network, clock }: Sim, w: number, role: number, now: number): number {
    const roster = network.rosters[w]
    const segment = rosterAt(roster, weekTimeMs(now, clock.weekStartMs))
    const hands = role === ROLE.pick ? roster.pickers[segment] : roster.packers[segment]
    if (hands === 0) return worksOn(this.days[w * 2 + role], weekdayOf(now, clock.weekStartMs)) ? 0 : 1
    const capacity = world.siteCapacity[w]
    if (Math.round(hands * capacity) === 0) return 2
    return capacity < 1 ? 3 : BUSY
  }
}

function workdays(fromMs: Float64Array, hands: Int32Array): number {
  let mask = 0
  for (let i = 0; i < fromMs.length; i++) {
    if (hands[i] === 0) continue
    const end = i + 1 < fromMs.length ? fromMs[i + 1] : 7 * DAY_MS
    for (let day = Math.floor(fromMs[i] / DAY_MS); day * DAY_MS < end; day++) mask |= 1 << day
  }
  return mask
}

/** Weekdays on which a service's trucks leave, as a mask. */
export function truckDays({ atMs }: Timetable): number {
  let mask = 0
  for (const at of atMs) mask |= 1 << Math.floor(at / DAY_MS)
  return mask
}

/** Time between two instants that lies on days outside of a mask. */
export function timeOffMs(fromMs: number, toMs: number, mask: number, weekStartMs: number): number {
  let off = 0
  for (let now = fromMs; now < toMs; ) {
    const end = Math.min(toMs, now - dayTimeMs(now, weekStartMs) + DAY_MS)
    if (!worksOn(mask, weekdayOf(now, weekStartMs))) off += end - now
    now = end
  }
  return off
}

/**
 * When trucks left (or waves ran), by when things had to be there, and why they left behind what was there in time: up to an instant of
 * coming for one cause, since first come is first served, and what came later for the other.
 */
export type Departures = {
  readonly atMs: number[]
  readonly byMs: number[]
  readonly shortUntilMs: number[]
  readonly shortCause: number[]
  readonly fullCause: number
  /** What would have been left, had there been the usual room ever since. */
  wouldBeLeft: number
  left: number
}
export const noDepartures = (fullCause: number): Departures => ({
  atMs: [],
  byMs: [],
  shortUntilMs: [],
  shortCause: [],
  fullCause,
  wouldBeLeft: 0,
  left: 0,
})

/**
 * How many of those left behind would have gone, had there been the usual room at this departure and all before: the difference between
 * this queue and the one that Lindley's recursion L ← max(0, L + came − usual room) gives. Being first come first served, they are the oldest.
 */
export function cutShort(line: Pick<Departures, 'wouldBeLeft' | 'left'>, took: number, left: number, usualRoom: number): number {
  const came = Math.max(0, took + left - line.left)
  line.wouldBeLeft = Math.min(left, Math.max(0, line.wouldBeLeft + came - usualRoom))
  line.left = left
  return left - line.wouldBeLeft
}

const KEPT = 512
function trim(...columns: number[][]): void {
  if (columns[0].length >= 2 * KEPT) for (const column of columns) column.splice(0, KEPT)
}

export function noteDeparture(line: Departures, at: number, by: number, shortUntilMs: number, shortCause: number): void {
  line.atMs.push(at)
  line.byMs.push(by)
  line.shortUntilMs.push(shortUntilMs)
  line.shortCause.push(shortCause)
  trim(line.atMs, line.byMs, line.shortUntilMs, line.shortCause)
}

/** Index of the first departure at or after an instant. */
export function firstSince({ atMs }: Departures, fromMs: number): number {
  let i = atMs.length
  while (i > 0 && atMs[i - 1] >= fromMs) i--
  return i
}

/** Why what came at an instant was left behind by departure `i`. */
export const causeAt = (line: Departures, i: number, cameMs: number): number =>
  cameMs <= line.shortUntilMs[i] ? line.shortCause[i] : line.fullCause
