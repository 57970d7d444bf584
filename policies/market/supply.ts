import { instantOf, nextInWeek, weekTimeMs } from '../../sim/calendar.ts'
import { rosterAt, turnOf } from '../../sim/journey.ts'
import type { Network, Roster } from '../../sim/network.ts'
import { countBelow, countUpTo } from '../../sim/rising.ts'
import { roomOf } from '../../sim/room.ts'
import { WEEK_MS } from '../../sim/units.ts'
import type { Departures, WorkSupply } from './market.ts'

/** What a network's calendars offer in a stretch of time: hands by the slot, and departures with their room. */

/** Rising edges of slots, in ms. */
export type Slots = Float64Array

export const slotsOf = (fromMs: number, slotMs: number, count: number): Slots =>
  Float64Array.from({ length: count + 1 }, (_, t) => fromMs + t * slotMs)

/** The slot in which an instant lies; −1 before the first, the number of slots from the end on. */
export const slotOf = (slots: Slots, timeMs: number): number => countUpTo(slots, timeMs) - 1

/** Hand-ms that a roster puts in between two instants: `share` of the hands of each segment, in whole hands. */
export function handMs(
  roster: Roster,
  hands: Int32Array,
  fromMs: number,
  toMs: number,
  share: number,
  weekStartMs: number,
): number {
  let total = 0
  for (let now = fromMs; now < toMs; ) {
    const week = weekTimeMs(now, weekStartMs)
    const segment = rosterAt(roster, week)
    const end = Math.min(toMs, now + (segment + 1 < roster.fromMs.length ? roster.fromMs[segment + 1] : WEEK_MS) - week)
    total += Math.round(hands[segment] * share) * (end - now)
    now = end
  }
  return total
}

/**
 * Hands by slot. `paceOf` says what share of its hands a warehouse has in a stretch of time, and how much longer work takes than usual there;
 * stretches are cut at `cuts`, rising, where either may change.
 */
export function workSupply(
  network: Network,
  slots: Slots,
  weekStartMs: number,
  paceOf: (warehouse: number, timeMs: number) => { share: number; slow: number },
  cuts: readonly number[],
): WorkSupply {
  const { W, rosters } = network
  const T = slots.length - 1
  const capacityMs = new Float64Array(2 * W * T)
  for (let t = 0; t < T; t++) {
    const edges = [slots[t], ...cuts.filter((cut) => cut > slots[t] && cut < slots[t + 1]), slots[t + 1]]
    for (let w = 0; w < W; w++) {
      for (let i = 0; i + 1 < edges.length; i++) {
        const { share, slow } = paceOf(w, edges[i])
        const { pickers, packers } = rosters[w]
        capacityMs[2 * w * T + t] += handMs(rosters[w], pickers, edges[i], edges[i + 1], share, weekStartMs) / slow
        capacityMs[(2 * w + 1) * T + t] += handMs(rosters[w], packers, edges[i], edges[i + 1], share, weekStartMs) / slow
      }
    }
  }
  return {
    slotMs: slots,
    capacityMs,
    parcelMs: byStation(W, network.pickParcelMs, network.packParcelMs),
    lineMs: byStation(W, network.pickLineMs, network.packLineMs),
  }
}

const byStation = (W: number, picking: Float64Array, packing: Float64Array): Float64Array =>
  Float64Array.from({ length: 2 * W }, (_, r) => (r % 2 === 0 ? picking : packing)[r >> 1])

/** Departures of each lane that leave within the slots; `factorOf` is what is left of a service's room at an instant. */
export function departuresOf(
  network: Network,
  slots: Slots,
  weekStartMs: number,
  factorOf: (service: number, timeMs: number) => number,
): Departures & { readonly cutMs: Float64Array } {
  const { W, S, timetables } = network
  const [fromMs, toMs] = [slots[0], slots[slots.length - 1]]
  const first = new Int32Array(W * S + 1)
  const leaves: number[] = []
  const cuts: number[] = []
  const rooms: number[] = []
  const bySlot: number[] = []
  for (let lane = 0; lane < W * S; lane++) {
    const [w, s] = [Math.floor(lane / S), lane % S]
    const { atMs, cutOffMs, capacity } = timetables[s]
    first[lane] = leaves.length
    if (atMs.length === 0) continue
    for (let i = nextInWeek(atMs, fromMs, weekStartMs); ; i++) {
      const leavesMs = instantOf(atMs, i, fromMs, weekStartMs)
      if (leavesMs > toMs) break
      const departure = i % atMs.length
      const cutMs = leavesMs - cutOffMs[departure]
      if (cutMs < fromMs) continue
      const rate = capacity[departure * W + w] * factorOf(s, leavesMs)
      leaves.push(leavesMs)
      cuts.push(cutMs)
      rooms.push(roomOf(rate, turnOf(leavesMs, departure, atMs.length, weekStartMs)))
      bySlot.push(countBelow(slots, cutMs))
    }
  }
  first[W * S] = leaves.length
  return {
    first,
    leavesMs: Float64Array.from(leaves),
    cutMs: Float64Array.from(cuts),
    room: Float64Array.from(rooms),
    bySlot: Int32Array.from(bySlot),
  }
}
