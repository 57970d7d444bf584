import { packWorkMs, pickWorkMs } from '../../sim/agents/work.ts'
import { afterWorkingTime, nextWorkingMoment } from '../../sim/calendar.ts'
import { sample } from '../../sim/distribution.ts'
import { nextVans } from '../../sim/journey.ts'
import { LANE } from '../../sim/network.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { nowMs, type Parcel, STATE, serviceOf, warehouseOf, zoneOf } from '../../sim/world.ts'

/**
 * When a stage that has lasted for a while will end. Its end is a rising function of one number between 0 and 1, as in the agents; that it has not ended
 * yet says that the number lies above some bound, which is found by bisection, and from there it is drawn evenly (inversion of the conditional law).
 * So a parcel that has been on the road for three days is not given a fresh journey.
 */
export type EndOf = (u: number) => number

const STEPS = 30
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
  if (share >= SURE) return overdueEnd(now - endOf(1e-9), now, u)
  return Math.max(Math.ceil(endOf(Math.min(1 - 1e-12, share + u * (1 - share)))), now + 1)
}

/**
 * A stage that should have ended by its law, and has not: something is wrong with the law, or nobody will tell of its end. What has lasted so long lasts
 * as long again with even odds (Pareto's law of index 1): a parcel that has been lost sight of for two months is not delivered within the hour.
 */
function overdueEnd(lastedMs: number, now: number, u: number): number {
  return Math.ceil(now + 1 + Math.min(OVERDUE_MOST_MS, (Math.max(0, lastedMs) * u) / (1 - u)))
}
const OVERDUE_MOST_MS = 1e11

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
export const hauledAt = (sim: Sim, p: Parcel, sinceMs: number, u: number): number =>
  endAfter(haulOf(sim, p, sinceMs), nowMs(sim.world), u)

function haulOf(sim: Sim, p: Parcel, sinceMs: number): EndOf {
  const { network, world } = sim
  const w = warehouseOf(world, p)
  const s = serviceOf(world, p)
  const road = zoneOf(world, p) * network.W + w
  const lane = (road * network.S + s) * LANE.fields
  const medianMs = network.lanes[lane + LANE.medianMs] * world.laneSlow[road] * world.transitFactor[s]
  const sigma = network.lanes[lane + LANE.sigma]
  const luck = network.transitLuck[s]
  return (level) => sinceMs + medianMs * Math.exp(sigma * (luck === null ? normalQuantile(level) : sample(luck, level)))
}
/**
 * Where a parcel is that was handed over at `sinceMs`, where nobody tells of hubs, stations and vans, and when it gets on from there: its road, the next
 * wave and the next vans are drawn until they are not over yet (rejection from the whole journey's law; queues at hub and station are not in it).
 */
export type Whereabouts = { readonly state: number; readonly atMs: number }

export function whereaboutsOf(sim: Sim, p: Parcel, sinceMs: number, luck: (k: number) => number): Whereabouts {
  const { network, world, clock } = sim
  const now = nowMs(world)
  const endOf = haulOf(sim, p, sinceMs)
  // What reached its hub longer ago than that is delivered.
  const least = elapsedShare(endOf, now - LAST_MILE_MOST_MS)
  for (let k = 0; least < SURE && k < TRIES; k++) {
    const atHubMs = Math.ceil(endOf(least + luck(3 * k) * (1 - least)))
    if (atHubMs > now) return { state: STATE.handedOver, atMs: atHubMs }
    const waveMs = Math.floor(atHubMs / HOUR_MS) * HOUR_MS + HOUR_MS
    let vansMs = nextVans(network, waveMs, clock.weekStartMs)
    for (let again = luck(3 * k + 1); again < network.delivery.failedShare; again /= network.delivery.failedShare)
      vansMs = nextVans(network, vansMs + 1, clock.weekStartMs)
    const deliveredMs = Math.ceil(vansMs + luck(3 * k + 2) * network.delivery.hoursMs)
    if (deliveredMs <= now) continue
    if (waveMs > now) return { state: STATE.atHub, atMs: atHubMs }
    return vansMs > now ? { state: STATE.atStation, atMs: waveMs } : { state: STATE.outForDelivery, atMs: deliveredMs }
  }
  return { state: STATE.handedOver, atMs: overdueEnd(now - sinceMs, now, luck(3 * TRIES)) }
}
const LAST_MILE_MOST_MS = 5 * DAY_MS
const TRIES = 40

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
