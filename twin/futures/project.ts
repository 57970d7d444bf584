import { callWave } from '../../sim/agents/carrier.ts'
import { freshHazard } from '../../sim/agents/customers.ts'
import { homeOf, wait } from '../../sim/agents/dispatcher.ts'
import { setScene } from '../../sim/agents/scenery.ts'
import { wanted } from '../../sim/agents/supplier.ts'
import { packWorkMs, pickWorkMs } from '../../sim/agents/work.ts'
import { schedule } from '../../sim/apply/event-list.ts'
import { pushBack } from '../../sim/apply/lists.ts'
import {
  addAttempt,
  createChild,
  createRecord,
  leaveHouse,
  setActor,
  setCame,
  setFlag,
  setKind,
  setLines,
  setOrder,
  setRoute,
  setState,
  setWatched,
  splitOrder,
  writeOrder,
} from '../../sim/apply/records.ts'
import { setDayLevel, setHazardLeft, setZoneLevel } from '../../sim/apply/scenery.ts'
import { addBacklog, addCommitted, addPacking, addPackWork, addPicking, addPickWork } from '../../sim/apply/site.ts'
import { askAtHome, orderUnits, recallDay, reserveParcel, stockShelf } from '../../sim/apply/stock.ts'
import { weekTimeMs } from '../../sim/calendar.ts'
import { gammaLevel, sample } from '../../sim/distribution.ts'
import { openRunAt, type RunSetup } from '../../sim/engine.ts'
import { type Change, fork } from '../../sim/fork.ts'
import { KIND, PHASE_OF } from '../../sim/kinds.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import { demandFactor } from '../../sim/scene.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import {
  COUNT,
  FLAG,
  INBOUND_DAYS,
  lineAt,
  lineCount,
  listOf,
  nowMs,
  type Parcel,
  STATE,
  skuOfLine,
  unitsOfLine,
} from '../../sim/world.ts'
import type { Present } from './present.ts'
import {
  deliveredAt,
  endAfter,
  hauledAt,
  luckOfPresent,
  packedAt,
  paidAt,
  patienceEnds,
  pickedAt,
  preparedAt,
  whereaboutsOf,
} from './remaining.ts'

/**
 * A run that goes on from what is known. `shelvesOf` makes what all futures share: clockwork, shelves, goods that are on their way. `future` forks it
 * for one replication and puts in the orders, each parcel at its stage, with ends drawn given the time that has passed.
 */

/** The world at the present without its orders, and units that are on their way to its shelves. */
export type Shelves = {
  readonly sim: Sim
  readonly onTheWay: Int32Array
  /** Units asked for at home, so many days ago: what the reviews of the morning after sent for. */
  readonly asked: readonly Int32Array[]
}

export function shelvesOf(setup: RunSetup, present: Present): Shelves {
  const sim = openRunAt(setup, present.nowMs)
  const { pen, network } = sim
  const { W, K } = network
  const told = new Uint8Array(W)
  for (let i = 0; i < K * W; i++) if (present.onHand[i] >= 0) told[i % W] = 1
  for (let k = 0; k < K; k++) {
    for (let w = 0; w < W; w++) {
      const i = k * W + w
      // Of a warehouse that nobody has counted the usual opening stock is supposed; of one that was counted, an untold shelf is empty.
      const units = present.onHand[i] >= 0 ? present.onHand[i] : told[w] === 1 ? 0 : network.initialStock[i]
      if (units > 0) stockShelf(pen, k, w, units)
    }
  }
  const claims = claimsOf(sim, present)
  // What was asked for on the days before is known better than what usually is. The last review knew nothing of the days since.
  const since = lastReview(sim)
  recallAsked(sim, present, claims, since + 1, present.askedDays)
  const onTheWay = supposedOrders(sim, claims, present.tellsInbound)
  recallAsked(sim, present, claims, 1, Math.min(since, present.askedDays))
  return { sim, onTheWay, asked: claims.asked.slice(0, present.askedDays + 1) }
}

function recallAsked({ pen, network }: Sim, present: Present, { asked }: Claims, from: number, to: number): void {
  const today = Math.floor(present.nowMs / DAY_MS)
  for (let ago = from; ago <= to; ago++)
    for (let k = 0; k < network.K; k++)
      for (let w = 0; w < network.W; w++) recallDay(pen, k, w, today - ago, asked[ago][k * network.W + w])
}

/**
 * Of a warehouse that does not tell what it orders, as much is supposed to be on its way as the replenishment policy would send for if nothing were, less what was asked
 * for since its last review: a policy that orders up to a level leaves just that much open.
 */
function supposedOrders(sim: Sim, { reserved, waiting, asked }: Claims, tellsInbound: Uint8Array): Int32Array {
  const { network } = sim
  const since = lastReview(sim)
  const open = new Int32Array(network.K * network.W)
  for (let k = 0; k < network.K; k++)
    for (let w = 0; w < network.W; w++) {
      const shelf = k * network.W + w
      if (network.homeUnitsPerDay[shelf] === 0 || tellsInbound[w] === 1) continue
      let later = 0
      for (let ago = 0; ago <= since; ago++) later += asked[ago][shelf]
      open[shelf] = Math.min(1_000_000, Math.max(0, wanted(sim, k, w, reserved[shelf], 0, waiting[shelf]) - later))
    }
  return open
}

/** How many days ago shelves were last reviewed: today, or yesterday where it is early. */
const lastReview = ({ world, network }: Sim): number => (nowMs(world) % DAY_MS >= network.reviewMs ? 0 : 1)

/** No supplier is looked at for longer. */
const LONGEST_LEAD_DAYS = 40
const RECEIVED_AT_MS = 5 * HOUR_MS
/** Its multiples lie evenly on 0 … 1. */
const GOLDEN = 0.6180339887498949

/**
 * When it comes: each review has sent for what was asked for on the day before it, by a truck of each supplier with a lead time of its own. Those that
 * are not there yet carry what is open; where none would be under way, all of it comes tomorrow.
 */
function sendGoods(sim: Sim, { onTheWay, asked }: Shelves): void {
  const { pen, network, dice } = sim
  const { W, K, U } = network
  const now = nowMs(sim.world)
  const today = Math.floor(now / DAY_MS)
  const first = now % DAY_MS < RECEIVED_AT_MS ? 0 : 1
  const trucks: { ago: number; ahead: number }[] = []
  for (let u = 0; u < U; u++) {
    const law = network.leadDays[u]
    for (let w = 0; w < W; w++) {
      trucks.length = 0
      for (let ago = lastReview(sim); ago < LONGEST_LEAD_DAYS; ago++) {
        const luck = draw(dice, u * W + w, PURPOSE.present, 1_000_000 + ago)
        const ahead = Math.max(1, Math.ceil(sample(law, luck))) - ago
        if (ahead >= first) trucks.push({ ago, ahead: Math.min(ahead, INBOUND_DAYS - 1) })
      }
      if (trucks.length === 0) trucks.push({ ago: 0, ahead: 1 })
      const even = draw(dice, u * W + w, PURPOSE.present, 1_000_100)
      for (let k = 0; k < K; k++) {
        const shelf = k * W + w
        if (network.skuSupplier[k] !== u || onTheWay[shelf] === 0) continue
        // What older trucks carry is what usually is asked for in a day, whole units on the mean; all that is unusual was sent for since.
        let rest = onTheWay[shelf]
        let recent = 0
        let part = (k * GOLDEN + even) % 1
        for (const { ago, ahead } of trucks) {
          if (ago < asked.length - 1) recent += asked[ago + 1][shelf]
          else {
            part += network.homeUnitsPerDay[shelf]
            const units = Math.min(rest, Math.floor(part))
            part -= Math.floor(part)
            rest -= units
            if (units > 0) orderUnits(pen, k, w, units, today + ahead)
          }
        }
        for (const { ago, ahead } of trucks) {
          if (ago >= asked.length - 1 || recent === 0) continue
          const own = asked[ago + 1][shelf]
          const units = recent > own ? Math.round((rest * own) / recent) : rest
          recent -= own
          rest -= units
          if (units > 0) orderUnits(pen, k, w, units, today + ahead)
        }
        if (rest > 0) orderUnits(pen, k, w, rest, today + trucks[0].ahead)
      }
    }
  }
}

/**
 * What was ordered from suppliers comes as their lead times go, given that it is not there yet: a day that was promised stands for the mean of its law.
 * Goods of one supplier for one warehouse that were ordered on one day come together.
 */
function sendOrdered(sim: Sim, { inbound }: Present): void {
  const { pen, network, dice } = sim
  const { W } = network
  const now = nowMs(sim.world)
  const today = Math.floor(now / DAY_MS)
  for (let i = 0; i < inbound.shelf.length; i++) {
    const shelf = inbound.shelf[i]
    const k = Math.floor(shelf / W)
    const w = shelf % W
    const u = network.skuSupplier[k]
    const ordered = inbound.orderedMs[i]
    const usualMs = network.meanLeadDays[u] * DAY_MS
    const promisedMs = Number.isNaN(inbound.expectedMs[i]) ? usualMs : Math.max(HOUR_MS, inbound.expectedMs[i] - ordered)
    const slower = promisedMs / Math.max(HOUR_MS, usualMs)
    const law = network.leadDays[u]
    const luck = draw(dice, u * W + w, PURPOSE.present, 6_000_000 + (Math.floor(ordered / DAY_MS) % 1000))
    const comesMs = endAfter((level) => ordered + sample(law, level) * DAY_MS * slower, now, luck)
    // Goods come in the morning; what comes later than that is there on the next.
    const day = Math.floor(comesMs / DAY_MS) + (comesMs % DAY_MS > RECEIVED_AT_MS ? 1 : 0)
    const ahead = Math.max(now % DAY_MS < RECEIVED_AT_MS ? 0 : 1, day - today)
    orderUnits(pen, k, w, inbound.units[i], today + Math.min(ahead, INBOUND_DAYS - 1))
  }
}

/** What orders claim of shelves, before they are there, and what was asked for at home so many days ago: [sku · W + warehouse]. */
type Claims = { readonly reserved: Int32Array; readonly waiting: Int32Array; readonly asked: readonly Int32Array[] }
function claimsOf(sim: Sim, present: Present): Claims {
  const { W, K } = sim.network
  const column = (): Int32Array => new Int32Array(K * W)
  const claims = { reserved: column(), waiting: column(), asked: [column(), column(), column(), column()] }
  const { daysAgo, zone, line } = present.asked
  for (let i = 0; i < line.length; i++) {
    const sku = skuOfLine(line[i])
    claims.asked[daysAgo[i]][sku * W + homeOf(sim, 0, zone[i], sku)] += unitsOfLine(line[i])
  }
  for (let i = 0; i < present.parcels; i++) {
    const order = present.order[i]
    const isWaiting = present.stage[i] === STATE.paid
    if (!isWaiting && (present.stage[i] < STATE.routed || present.stage[i] > STATE.picking)) continue
    const count = linesOf(present, order, present.mask[i])
    for (let at = 0; at < count; at++) {
      const sku = skuOfLine(LINES[at])
      const w = isWaiting ? homeOf(sim, order, present.zone[order], sku) : present.warehouse[i]
      const column = isWaiting ? claims.waiting : claims.reserved
      column[sku * W + w] += unitsOfLine(LINES[at])
    }
  }
  return claims
}

/** One replication: the present with its orders, and luck of its own. `into` is an earlier one that is no longer needed. */
export function future(
  shelves: Shelves,
  present: Present,
  payments: readonly number[],
  change: Required<Pick<Change, 'dice' | 'scene'>>,
  into: Sim | null = null,
): Sim {
  // Another scene than that of the shelves: it is set as the fork is made.
  const sim = fork(shelves.sim, into, change)
  sendGoods(sim, shelves)
  sendOrdered(sim, present)
  believeToday(sim, present)
  placeAll(sim, present, payments)
  setHazardLeft(sim.pen, freshHazard(sim, sim.world.counts[COUNT.nextOrder]))
  return sim
}

/**
 * The level of today's demand, given what was placed since midnight. A gamma level of mean 1 and squared variation v, seen through a Poisson count n
 * where m was to be expected, is a gamma of mean (1 + v n) / (1 + v m) and squared variation v / (1 + v n).
 */
function believeToday(sim: Sim, present: Present): void {
  const { pen, network, scene, clock, dice } = sim
  const now = nowMs(sim.world)
  const midnight = Math.floor(now / DAY_MS) * DAY_MS
  if (now === midnight) return
  const expected = new Float64Array(network.Z)
  for (let start = midnight; start < now; start += HOUR_MS) {
    const hour = network.ordersInHour[Math.floor(weekTimeMs(start, clock.weekStartMs) / HOUR_MS)]
    const part = Math.min(1, (now - start) / HOUR_MS)
    for (let z = 0; z < network.Z; z++) {
      let rate = hour * part * network.zoneShare[z]
      for (const one of scene.demand) rate *= demandFactor(one, z, start)
      expected[z] += rate
    }
  }
  const believed = (v: number, count: number, mean: number, u: number): number =>
    v === 0 ? 1 : ((1 + v * count) / (1 + v * mean)) * gammaLevel(Math.sqrt(v / (1 + v * count)), u)
  const day = Math.floor(now / DAY_MS)
  const sum = (values: ArrayLike<number>): number =>
    Array.prototype.reduce.call(values, (a, b) => (a as number) + (b as number), 0) as number
  const total = sum(present.placedToday)
  const level = believed(network.dailyCv ** 2, total, sum(expected), draw(dice, day, PURPOSE.present, 2_000_000))
  setDayLevel(pen, level)
  for (let z = 0; z < network.Z; z++) {
    const u = draw(dice, day, PURPOSE.present, 2_000_001 + z)
    setZoneLevel(pen, z, believed(network.zoneDailyCv ** 2, present.placedToday[z], expected[z] * level, u))
  }
  // Rates are made of the levels.
  setScene(sim)
}

function placeAll(sim: Sim, present: Present, payments: readonly number[]): void {
  const { pen, world, network } = sim
  const heads = new Int32Array(present.orders).fill(-1)
  /** Records of parcels, in the order of the present's parcels; parts of an order come one after the other when it is made. */
  const records = new Int32Array(present.parcels)
  const firstOf = new Int32Array(present.orders).fill(-1)
  const nextOf = new Int32Array(present.parcels).fill(-1)
  for (let i = present.parcels - 1; i >= 0; i--) {
    nextOf[i] = firstOf[present.order[i]]
    firstOf[present.order[i]] = i
  }
  for (let order = 0; order < present.orders; order++) heads[order] = placeOrder(sim, present, order, firstOf, nextOf, records)
  for (let i = 0; i < present.parcels; i++) if (present.stage[i] !== STATE.paid) putAt(sim, present, i, records[i], payments)
  // Whoever waits for goods is put down last, when it is known what is promised to others.
  for (let i = 0; i < present.parcels; i++) {
    if (present.stage[i] !== STATE.paid) continue
    setState(pen, records[i], STATE.paid)
    setCame(pen, records[i], present.sinceMs[i])
    wait(sim, records[i])
  }
  for (let h = 0; h < network.H; h++) if (world.listLength[listOf.hub(world.d, h)] > 0) callWave(sim, h)
  for (let order = 0; order < present.orders; order++) giveTimer(sim, present, order, heads[order], firstOf, nextOf)
}

const LINES = new Int32Array(8)
function linesOf(present: Present, order: number, mask: number): number {
  let count = 0
  for (let at = present.lineStart[order]; at < present.lineStart[order + 1]; at++)
    if ((mask >> (at - present.lineStart[order])) & 1) LINES[count++] = present.lines[at]
  return count
}

/** Records of an order and its parcels. Its number is its place among those that are open. */
function placeOrder(
  sim: Sim,
  present: Present,
  order: number,
  firstOf: Int32Array,
  nextOf: Int32Array,
  records: Int32Array,
): Parcel {
  const { pen } = sim
  const first = firstOf[order]
  const head = createRecord(pen)
  setLines(pen, head, LINES, linesOf(present, order, present.mask[first]))
  const placed = present.placedMs[order]
  const zone = present.zone[order]
  const number = writeOrder(pen, head, zone, present.promisedMs[order], true, placed)
  if (placed >= Math.floor(present.nowMs / DAY_MS) * DAY_MS)
    for (let at = present.lineStart[order]; at < present.lineStart[order + 1]; at++) {
      const sku = skuOfLine(present.lines[at])
      askAtHome(pen, sku, homeOf(sim, number, zone, sku), unitsOfLine(present.lines[at]))
    }
  if (present.begun[order] === 1) setFlag(pen, head, FLAG.begun)
  records[first] = head
  if (nextOf[first] < 0) return head
  splitOrder(pen, head, LINES, linesOf(present, order, present.mask[first]))
  let part = 1
  for (let i = nextOf[first]; i >= 0; i = nextOf[i])
    records[i] = createChild(pen, head, part++, LINES, linesOf(present, order, present.mask[i]))
  return head
}

/** A parcel at its stage: in its queue since it came there, or with the event that ends the stage. */
function putAt(sim: Sim, present: Present, i: number, p: Parcel, payments: readonly number[]): void {
  const { pen, world, network } = sim
  const order = present.order[i]
  const stage = present.stage[i]
  const since = present.sinceMs[i]
  const u = luckOfPresent(sim, order, present.part[i], 4)
  const ends = (kind: number, atMs: number): void => {
    setKind(pen, p, kind)
    schedule(pen, p, atMs, PHASE_OF[kind])
  }
  const queues = (list: number): void => {
    setCame(pen, p, since)
    pushBack(pen, list, p)
  }
  setState(pen, p, stage)
  if (stage === STATE.placed) {
    ends(KIND.paid, paidAt(sim, payments, present.placedMs[order], order))
    return
  }
  const w = present.warehouse[i]
  const s = present.service[i]
  setRoute(pen, p, w, s)
  for (let attempt = 0; attempt < present.attempts[i]; attempt++) addAttempt(pen, p)
  if (stage <= STATE.picking) {
    coverShelves(sim, p, w)
    reserveParcel(pen, p, w)
  }
  if (stage < STATE.picking) addPickWork(pen, w, pickWorkMs(sim, p))
  if (stage < STATE.packing) addPackWork(pen, w, packWorkMs(sim, p))
  if (stage < STATE.handedOver) {
    addCommitted(pen, w, s, 1)
    if (stage >= STATE.released) addBacklog(pen, w, 1, false)
  } else leaveHouse(pen)
  const express = network.serviceExpress[s]
  switch (stage) {
    case STATE.routed:
      ends(KIND.released, preparedAt(sim, p, since, u))
      break
    case STATE.released:
      queues(listOf.pick(world.d, w, express))
      break
    case STATE.picking:
      addPicking(pen, w, 1)
      ends(KIND.pickedUp, pickedAt(sim, p, since, u))
      break
    case STATE.picked:
      queues(listOf.pack(world.d, w, express))
      break
    case STATE.packing:
      addPacking(pen, w, 1)
      ends(KIND.packedUp, packedAt(sim, p, since, u))
      break
    case STATE.packed:
      queues(listOf.staged(world.d, w, s))
      break
    case STATE.handedOver:
      if (present.silentRoad) {
        const { state, atMs } = whereaboutsOf(sim, p, since, (k) =>
          draw(sim.dice, order, PURPOSE.present, 5_000_000 + present.part[i] * 200 + k),
        )
        setState(pen, p, state)
        if (state === STATE.atHub) pushBack(pen, listOf.hub(world.d, network.zoneHub[present.zone[order]]), p)
        else if (state === STATE.atStation) {
          setCame(pen, p, atMs)
          pushBack(pen, listOf.station(world.d, present.zone[order]), p)
        } else ends(state === STATE.handedOver ? KIND.atHub : KIND.delivered, atMs)
        break
      }
      if (luckOfPresent(sim, order, present.part[i], 5) < network.lostShare[s]) setFlag(pen, p, FLAG.lost)
      ends(KIND.atHub, hauledAt(sim, p, since, u))
      break
    case STATE.atHub:
      queues(listOf.hub(world.d, network.zoneHub[present.zone[order]]))
      break
    case STATE.atStation:
      queues(listOf.station(world.d, present.zone[order]))
      break
    case STATE.outForDelivery:
      ends(KIND.delivered, deliveredAt(sim, since, u))
      break
  }
}

/** What was promised to a parcel lies on the shelf, whatever the feed of goods says: a warehouse that routed it had seen it there. */
function coverShelves({ pen, world, network }: Sim, p: Parcel, w: number): void {
  for (let i = 0, count = lineCount(world, p); i < count; i++) {
    const line = lineAt(world, p, i)
    const shelf = skuOfLine(line) * network.W + w
    const missing = world.reserved[shelf] + unitsOfLine(line) - world.onHand[shelf]
    if (missing > 0) stockShelf(pen, skuOfLine(line), w, missing)
  }
}

/** An order that has not begun to leave may be cancelled. */
function giveTimer(sim: Sim, present: Present, order: number, head: Parcel, firstOf: Int32Array, nextOf: Int32Array): void {
  const { pen } = sim
  if (present.begun[order] === 1) return
  for (let i = firstOf[order]; i >= 0; i = nextOf[i]) if (present.stage[i] >= STATE.handedOver) return
  const endsMs = patienceEnds(sim, present.placedMs[order], order)
  if (endsMs === Number.POSITIVE_INFINITY) return
  const timer = createRecord(pen)
  setActor(pen, timer, KIND.patience, 0, 0, 0)
  setState(pen, timer, STATE.timer)
  setWatched(pen, timer, head)
  setOrder(pen, timer, order)
  schedule(pen, timer, endsMs, PHASE_OF[KIND.patience])
}
