import { packWorkMs, pickWorkMs } from '../../sim/agents/work.ts'
import { afterWorkingTime, nextWorkingMoment } from '../../sim/calendar.ts'
import { sample } from '../../sim/distribution.ts'
import { LANE } from '../../sim/network.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { nowMs, type Parcel, serviceOf, warehouseOf, zoneOf } from '../../sim/world.ts'

/**
 * When a stage that has lasted for a while will end. Its end is a rising function of one number between 0 and 1, as in the agents; that it has not ended
 * yet says that the number lies above some bound, which is found by bisection, and from there it is drawn evenly (inversion of the conditional law).
 * So a parcel that has been on the road for three days is not given a fresh journey.
 */
export type EndOf = (u: number) => number

const STEPS = 30
/** A stage that should have ended long ago, by its law, ends within an hour: nobody told of its end, or something is wrong with the law. */
const OVERDUE_MS = HOUR_MS
const SURE = 1 - 1e-6

/** The greatest number for which the stage would have ended by `nowMs`. */
export function elapsedShare(endOf: EndOf, now: number): number {
  if (endOf(SURE) <= now) return 1
  let low = 0
  let high = SURE
  if (endOf(1e-9) > now) return 0
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2
    if (endOf(middle) <= now) low = middle
    else high = middle
  }
  return low
}

/** An end after now, in whole ms; `u` and `v` are even on 0 … 1. */
export function endAfter(endOf: EndOf, now: number, u: number): number {
  const share = elapsedShare(endOf, now)
  if (share >= SURE) return Math.ceil(now + 1 + u * OVERDUE_MS)
  return Math.max(Math.ceil(endOf(Math.min(1 - 1e-12, share + u * (1 - share)))), now + 1)
}

/** Even on 0 … 1, the `k`th number of part `part` of an order of this replication. */
export const luckOfPresent = (sim: Sim, order: number, part: number, k: number): number =>
  draw(sim.dice, order, PURPOSE.present, part * 16 + k)

/** When the payment is there. Its means is not told: that it has not come yet makes the slow ones more likely. */
export function paidAt(sim: Sim, shares: readonly number[], placedMs: number, order: number): number {
  const { payments } = sim.network
  const { weekStartMs } = sim.clock
  const now = nowMs(sim.world)
  const ends = payments.approval.map(
    (law, i): EndOf =>
      (u) =>
        nextWorkingMoment(Math.floor(placedMs + sample(law, u)), payments.days[i], 9 * HOUR_MS, weekStartMs),
  )
  const open = ends.map((endOf, i) => shares[i] * (1 - elapsedShare(endOf, now)))
  const total = open.reduce((sum, share) => sum + share, 0)
  let at = luckOfPresent(sim, order, 0, 0) * total
  let means = 0
  while (means + 1 < open.length && at >= open[means]) at -= open[means++]
  return endAfter(ends[means], now, luckOfPresent(sim, order, 0, 1))
}

/** When a parcel that is being prepared, picked, packed, hauled or taken round will be done with it. */
export function preparedAt(sim: Sim, p: Parcel, sinceMs: number, u: number): number {
  const { network, clock } = sim
  const w = warehouseOf(sim.world, p)
  return endAfter(
    (level) => afterWorkingTime(sinceMs, sample(network.prepare[w], level), network.prepareDays[w], clock.weekStartMs),
    nowMs(sim.world),
    u,
  )
}
export function pickedAt(sim: Sim, p: Parcel, sinceMs: number, u: number): number {
  const w = warehouseOf(sim.world, p)
  const meanMs = pickWorkMs(sim, p) * sim.world.labour[w]
  return endAfter((level) => sinceMs + meanMs * sample(sim.network.pickEffort[w], level), nowMs(sim.world), u)
}
export function packedAt(sim: Sim, p: Parcel, sinceMs: number, u: number): number {
  const w = warehouseOf(sim.world, p)
  const meanMs = packWorkMs(sim, p) * sim.world.labour[w]
  return endAfter((level) => sinceMs + meanMs * sample(sim.network.packEffort[w], level), nowMs(sim.world), u)
}
/** By the road as it is now: what the weather was like when the parcel left is not asked. */
export function hauledAt(sim: Sim, p: Parcel, sinceMs: number, u: number): number {
  const { network, world } = sim
  const w = warehouseOf(world, p)
  const s = serviceOf(world, p)
  const road = zoneOf(world, p) * network.W + w
  const lane = (road * network.S + s) * LANE.fields
  const medianMs = network.lanes[lane + LANE.medianMs] * world.laneSlow[road] * world.transitFactor[s]
  const sigma = network.lanes[lane + LANE.sigma]
  const luck = network.transitLuck[s]
  return endAfter(
    (level) => sinceMs + medianMs * Math.exp(sigma * (luck === null ? normalQuantile(level) : sample(luck, level))),
    nowMs(world),
    u,
  )
}
export function deliveredAt(sim: Sim, sinceMs: number, u: number): number {
  return endAfter((level) => sinceMs + level * sim.network.delivery.hoursMs, nowMs(sim.world), u)
}

/** When an order's customer will lose patience, or Infinity: who has waited for long without a word is likely to be patient. */
export function patienceEnds(sim: Sim, placedMs: number, order: number): number {
  const { network } = sim
  const now = nowMs(sim.world)
  const endOf: EndOf = (u) => placedMs + Math.floor(sample(network.patience, u))
  const still = 1 - elapsedShare(endOf, now)
  const share = network.impatientShare
  const impatient = (share * still) / (1 - share + share * still)
  if (!(luckOfPresent(sim, order, 0, 2) < impatient)) return Number.POSITIVE_INFINITY
  return endAfter(endOf, now, luckOfPresent(sim, order, 0, 3))
}
