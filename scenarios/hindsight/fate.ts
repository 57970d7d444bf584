import { afterWorkingTime, weekTimeMs } from '../../sim/calendar.ts'
import { sample } from '../../sim/distribution.ts'
import { luckOf, paceOf } from '../../sim/haul.ts'
import { doneBy, nextVans, rosterAt } from '../../sim/journey.ts'
import { LANE } from '../../sim/network.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { conditionAt } from './conditions.ts'
import type { Day } from './day.ts'

/**
 * What luck had in store for an order, whichever way it went: draws are keyed by order and part, so that they are known for ways that were not
 * taken. Queues at hubs and stations are left out: with them it would only have taken longer.
 */

export const laneOf = ({ network: { W, S }, zone }: Day, i: number, w: number, s: number): number =>
  ((zone[i] * W + w) * S + s) * LANE.fields

/** When a part of an order, by its number in the run, would be ready for the pickers of a warehouse if it was routed at an instant. */
export function readyMs(day: Day, n: number, w: number, part: number, routedMs: number): number {
  const { network, dice, replay, clock } = day
  const pace = replay === null || replay.prepareFactor.length === 0 ? 1 : replay.prepareFactor[n]
  const preparing = sample(network.prepare[w], draw(dice, n, PURPOSE.prepare, part)) * pace
  return Math.ceil(afterWorkingTime(routedMs, preparing, network.prepareDays[w], clock.weekStartMs))
}

/** The line haul in calm weather, its luck included. */
export function haulMs(day: Day, i: number, w: number, s: number, part: number): number {
  const lane = laneOf(day, i, w, s)
  const n = day.number[i]
  return day.network.lanes[lane + LANE.medianMs] * paceOf(day.replay, n) * luckOf(day.network, day.dice, lane, s, n, part)
}

/** How much longer what leaves at an instant is under way than on a calm day. */
export function slowAt({ conditions, network, zone }: Day, i: number, w: number, s: number, leavesMs: number): number {
  const at = conditionAt(conditions, leavesMs)
  return conditions.laneSlow[at][zone[i] * network.W + w] * conditions.transitFactor[at][s]
}

/** When a part that reaches its hub at an instant is at the door: sorted on the hour, taken along by the next vans, tried again where nobody is at home. */
export function doorMs({ network, dice, clock, number }: Day, i: number, atHubMs: number, part: number): number {
  const n = number[i]
  // On the hour itself it may still go along with others of that hour.
  let vans = nextVans(network, Math.ceil(atHubMs / HOUR_MS) * HOUR_MS, clock.weekStartMs)
  for (let attempt = 0; attempt < 3; attempt++) {
    if (draw(dice, n, PURPOSE.attempt, part * 64 + attempt) >= network.delivery.failedShare) break
    vans = nextVans(network, vans + 1, clock.weekStartMs)
  }
  return Math.ceil(vans + draw(dice, n, PURPOSE.round, part) * network.delivery.hoursMs)
}

/** When a part of order i with so many lines is packed if nobody stands before it from an instant on: picked and packed as soon as there are hands. */
export function unhinderedMs(day: Day, i: number, w: number, part: number, lines: number, fromMs: number): number {
  const { network, dice, conditions, clock } = day
  const n = day.number[i]
  const roster = network.rosters[w]
  const pick = network.pickParcelMs[w] + lines * network.pickLineMs[w]
  const pack = network.packParcelMs[w] + lines * network.packLineMs[w]
  const worked = (hands: Int32Array, from: number, work: number): number => {
    // Who begins finishes, at the pace at which he began.
    const start = doneBy(roster, hands, from, 0, 1, clock.weekStartMs)
    const at = conditionAt(conditions, start)
    const isManned =
      Math.round(hands[rosterAt(roster, weekTimeMs(start, clock.weekStartMs))] * conditions.siteCapacity[at][w]) > 0
    return isManned ? start + work * conditions.labour[at][w] : Number.POSITIVE_INFINITY
  }
  const picked = worked(roster.pickers, fromMs, pick * sample(network.pickEffort[w], draw(dice, n, PURPOSE.pick, part)))
  if (picked === Number.POSITIVE_INFINITY) return picked
  return worked(roster.packers, picked, pack * sample(network.packEffort[w], draw(dice, n, PURPOSE.pack, part)))
}

export const isLost = ({ network, dice, number }: Day, i: number, s: number, part: number): boolean =>
  draw(dice, number[i], PURPOSE.lost, part) < network.lostShare[s]
