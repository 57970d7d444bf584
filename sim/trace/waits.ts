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
export const REASON_COUNT = REASONS.length
const BUSY = 4

export const ROLE = { pick: 0, pack: 1 } as const

/** Cause of one of the reasons: who is busy is a picker or a packer. */
export const causeOfReason = (reason: number, role: number): number =>
  reason === BUSY && role === ROLE.pack ? CAUSE['no packer free'] : REASONS[reason]

/** For each warehouse and role, how long each reason has held so far: what a parcel waited for is the difference between two readings. */
export class HandsClock {
  private readonly heldMs: Float64Array
  private readonly reason: Uint8Array
  private readonly fromMs: Float64Array
  /** Weekdays on which anybody works, as a mask: [warehouse · 2 + role]. */
  private readonly days: Int32Array

  constructor(network: Network) {
    this.heldMs = new Float64Array(network.W * 2 * REASON_COUNT)
    this.reason = new Uint8Array(network.W * 2)
    this.fromMs = new Float64Array(network.W * 2)
    this.days = Int32Array.from({ length: network.W * 2 }, (_, i) => {
      const roster = network.rosters[i >> 1]
      return workdays(roster.fromMs, i % 2 === ROLE.pick ? roster.pickers : roster.packers)
    })
  }

  /** The reason that holds from now on. */
  look(sim: Sim, w: number): void {
    const now = nowMs(sim.world)
    for (let role = 0; role < 2; role++) {
      const i = w * 2 + role
      this.heldMs[i * REASON_COUNT + this.reason[i]] += now - this.fromMs[i]
      this.fromMs[i] = now
      this.reason[i] = this.reasonNow(sim, w, role, now)
    }
  }

  /** Writes how long each reason has held until now into `into`, from `at` on. */
  read(w: number, role: number, now: number, into: Float64Array, at: number): void {
    const i = w * 2 + role
    for (let r = 0; r < REASON_COUNT; r++) into[at + r] = this.heldMs[i * REASON_COUNT + r]
    into[at + this.reason[i]] += now - this.fromMs[i]
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

/** When trucks left (or waves ran), by when things had to be there, and why they left behind what was there in time. */
export type Departures = { readonly atMs: number[]; readonly byMs: number[]; readonly cause: number[] }
export const noDepartures = (): Departures => ({ atMs: [], byMs: [], cause: [] })

const KEPT = 512

export function noteDeparture({ atMs, byMs, cause }: Departures, at: number, by: number, why: number): void {
  atMs.push(at)
  byMs.push(by)
  cause.push(why)
  if (atMs.length < 2 * KEPT) return
  for (const column of [atMs, byMs, cause]) column.splice(0, KEPT)
}

/** Index of the first departure at or after an instant. */
export function firstSince({ atMs }: Departures, fromMs: number): number {
  let i = atMs.length
  while (i > 0 && atMs[i - 1] >= fromMs) i--
  return i
}
