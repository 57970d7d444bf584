import { bug } from '../check.ts'
import { KIND, PLACE, type Rec, type SupplySize, type SupplyWorld, viewSupply } from '../supply/world.ts'
import { DAY_MS } from '../units.ts'
import { COUNT, REG } from '../world.ts'
import { openQueue } from './event-list.ts'

/** All that writes to the world of a replenishment network. Each function keeps one site's books whole. */
const { i32: I } = PLACE

/** An empty world at time 0. */
export function createSupplyWorld(size: SupplySize): SupplyWorld {
  const w = viewSupply(size)
  w.counts[COUNT.freeHead] = -1
  w.queueHead.fill(-1)
  w.queueTail.fill(-1)
  openQueue(w)
  return w
}

// --- records ----------------------------------------------------------------------------------------------------------------------
export function createRec(w: SupplyWorld, kind: number, site: number, from: number, stream: number): Rec {
  let p = w.counts[COUNT.freeHead]
  if (p >= 0) w.counts[COUNT.freeHead] = w.i32[p * I.stride + I.next]
  else {
    if (w.counts[COUNT.recordsUsed] === w.size.records) grow(w)
    p = w.counts[COUNT.recordsUsed]++
  }
  const at = p * I.stride
  w.i32[at + I.next] = -1
  w.i32[at + I.kind] = kind
  w.i32[at + I.site] = site
  w.i32[at + I.from] = from
  w.i32[at + I.stream] = stream
  w.placedMs[p] = w.regs[REG.nowMs]
  return p
}

export function freeRec(w: SupplyWorld, p: Rec): void {
  if (w.i32[p * I.stride + I.kind] === KIND.free) bug(`record ${p} was freed twice`)
  w.i32[p * I.stride + I.kind] = KIND.free
  w.i32[p * I.stride + I.next] = w.counts[COUNT.freeHead]
  w.counts[COUNT.freeHead] = p
}

export const setKind = (w: SupplyWorld, p: Rec, kind: number): void => {
  w.i32[p * I.stride + I.kind] = kind
}

export const setUnits = (w: SupplyWorld, p: Rec, units: number): void => {
  w.units[p] = units
}

/** Twice the records: a larger buffer, every column copied. Who holds `w` holds the new views. */
function grow(w: SupplyWorld): void {
  let buckets = w.size.buckets
  while (buckets < 2 * w.size.records) buckets *= 2
  const larger = viewSupply({ ...w.size, records: 2 * w.size.records, buckets })
  larger.queueHeads.fill(-1)
  for (const [name, column] of Object.entries(w)) {
    const target = larger[name as keyof SupplyWorld]
    // The record views share one region: `records` alone carries it.
    if (name === 'i32' || name === 'u32' || !ArrayBuffer.isView(target)) continue
    ;(target as Float64Array).set(column as Float64Array)
  }
  Object.assign(w, larger)
}

// --- the clock --------------------------------------------------------------------------------------------------------------------
export const setNow = (w: SupplyWorld, nowMs: number): void => {
  w.regs[REG.nowMs] = nowMs
  w.regs[REG.events]++
}

/** Adds up what site `i` had since it last changed; before every change. */
function settle(w: SupplyWorld, i: number, nowMs: number): void {
  const passed = nowMs - w.sinceMs[i]
  if (passed === 0) return
  w.sinceMs[i] = nowMs
  const there = w.onHand[i]
  if (there === 0) w.emptyTime[i] += passed
  else w.stockTime[i] += there * passed
  w.backlogTime[i] += w.backlog[i] * passed
  w.transitTime[i] += w.transit[i] * passed
}

/** Brings every site's sums up to this instant. */
export function settleAll(w: SupplyWorld, nowMs: number): void {
  for (let i = 0; i < w.size.sites; i++) {
    settle(w, i, nowMs)
    turnAsked(w, i, nowMs)
    turnOrdered(w, i, nowMs)
  }
}

/** From here on it is measured: all sums begin anew. */
export function startMeasuring(w: SupplyWorld, nowMs: number): void {
  settleAll(w, nowMs)
  for (const column of [
    w.stockTime,
    w.backlogTime,
    w.transitTime,
    w.emptyTime,
    w.askedOrders,
    w.asked,
    w.atOnceOrders,
    w.atOnce,
    w.lostOrders,
    w.lost,
    w.sold,
    w.deliveredOrders,
    w.delivered,
    w.deliveryCost,
    w.left,
    w.waitedMs,
    w.orders,
    w.ordered,
    w.arrivedOrders,
    w.arrived,
    w.made,
    w.askedSquares,
    w.orderedSquares,
  ])
    column.fill(0)
}

const dayOf = (nowMs: number): number => Math.floor(nowMs / DAY_MS) | 0

/** A new day has begun for site `i`: the square of the last one's units is kept. */
function turnAsked(w: SupplyWorld, i: number, nowMs: number): void {
  const day = dayOf(nowMs)
  if (day === w.askedDay[i]) return
  w.askedSquares[i] += w.askedToday[i] * w.askedToday[i]
  w.askedToday[i] = 0
  w.askedDay[i] = day
}

function turnOrdered(w: SupplyWorld, i: number, nowMs: number): void {
  const day = dayOf(nowMs)
  if (day === w.orderedDay[i]) return
  w.orderedSquares[i] += w.orderedToday[i] * w.orderedToday[i]
  w.orderedToday[i] = 0
  w.orderedDay[i] = day
}

// --- what is asked of a site ------------------------------------------------------------------------------------------------------
/** Somebody wants units of site `i`; `atOnce` of them are given out now. */
export function countAsked(w: SupplyWorld, i: number, units: number, atOnce: number): void {
  turnAsked(w, i, w.regs[REG.nowMs])
  w.askedToday[i] += units
  w.askedOrders[i]++
  w.asked[i] += units
  w.atOnce[i] += atOnce
  if (atOnce === units) w.atOnceOrders[i]++
}

export function countLost(w: SupplyWorld, i: number, units: number): void {
  w.lostOrders[i]++
  w.lost[i] += units
}

/** Units leave the shelf for a customer who did not wait. */
export function sell(w: SupplyWorld, i: number, units: number): void {
  takeOff(w, i, units)
  w.position[i] -= units
  countSold(w, i, units)
}

/** Units leave the shelf for a site that did not wait. */
export function supply(w: SupplyWorld, i: number, units: number): void {
  takeOff(w, i, units)
  w.position[i] -= units
}

/** An endless site gives what is asked. */
export const give = (w: SupplyWorld, i: number, units: number): void => {
  w.unitsOut[i] += units
}

function countSold(w: SupplyWorld, i: number, units: number): void {
  w.sold[i] += units
  w.unitsSold[i] += units
}

function takeOff(w: SupplyWorld, i: number, units: number): void {
  settle(w, i, w.regs[REG.nowMs])
  w.onHand[i] -= units
  w.unitsOut[i] += units
  w.left[i] += units
}

/** A record joins the queue of site `i`: it waits for the units it carries. */
export function wait(w: SupplyWorld, i: number, p: Rec): void {
  settle(w, i, w.regs[REG.nowMs])
  const units = w.units[p]
  if (w.i32[p * I.stride + I.kind] === KIND.customer) w.backlog[i] += units
  else w.owed[i] += units
  w.position[i] -= units
  w.i32[p * I.stride + I.next] = -1
  const tail = w.queueTail[i]
  if (tail < 0) w.queueHead[i] = p
  else w.i32[tail * I.stride + I.next] = p
  w.queueTail[i] = p
}

/** The first in the queue of site `i` gets units off the shelf: all it waits for, or a part. */
export function fillFirst(w: SupplyWorld, i: number, units: number): void {
  takeOff(w, i, units)
  const p = w.queueHead[i]
  const left = w.units[p] - units
  if (w.i32[p * I.stride + I.kind] === KIND.customer) {
    w.backlog[i] -= units
    countSold(w, i, units)
  } else w.owed[i] -= units
  w.waitedMs[i] += units * (w.regs[REG.nowMs] - w.placedMs[p])
  if (left > 0) {
    w.units[p] = left
    return
  }
  w.queueHead[i] = w.i32[p * I.stride + I.next]
  if (w.queueHead[i] < 0) w.queueTail[i] = -1
  w.i32[p * I.stride + I.next] = -1
}

/** Goods are with the customer, who pays; the way there may cost. */
export function giveToCustomer(w: SupplyWorld, i: number, units: number, cost: number): void {
  w.deliveredOrders[i]++
  w.delivered[i] += units
  w.deliveryCost[i] += cost
}

export const chargeDelivery = (w: SupplyWorld, i: number, cost: number): void => {
  w.deliveryCost[i] += cost
}

// --- what a site orders -----------------------------------------------------------------------------------------------------------
export function countOrder(w: SupplyWorld, i: number, units: number): void {
  turnOrdered(w, i, w.regs[REG.nowMs])
  w.orderedToday[i] += units
  w.orders[i]++
  w.ordered[i] += units
  w.position[i] += units
  w.onOrder[i] += units
}

/** Units have left for site `i`. Gives the number of the shipment, which names its luck. */
export function shipTo(w: SupplyWorld, i: number, units: number): number {
  settle(w, i, w.regs[REG.nowMs])
  w.transit[i] += units
  return w.shipments[i]++
}

/** Units are at site `i`: on its shelf, or before its workshop. */
export function arriveAt(w: SupplyWorld, i: number, units: number, isMade: boolean): void {
  settle(w, i, w.regs[REG.nowMs])
  w.transit[i] -= units
  w.onOrder[i] -= units
  w.arrivedOrders[i]++
  w.arrived[i] += units
  if (isMade) w.raw[i] += units
  else shelve(w, i, units)
}

function shelve(w: SupplyWorld, i: number, units: number): void {
  w.onHand[i] += units
  w.unitsIn[i] += units
}

/** What is there on day 0. */
export function stock(w: SupplyWorld, i: number, units: number): void {
  shelve(w, i, units)
  w.position[i] += units
}

/** A batch begins; gives its number, which names its luck. */
export function beginBatch(w: SupplyWorld, i: number, units: number): number {
  w.raw[i] -= units
  w.making[i] = units
  return w.batches[i]++
}

/** The batch is done and on the shelf. */
export function endBatch(w: SupplyWorld, i: number): void {
  settle(w, i, w.regs[REG.nowMs])
  const units = w.making[i]
  w.making[i] = 0
  w.made[i] += units
  shelve(w, i, units)
}

export const nextCustomer = (w: SupplyWorld, stream: number): number => w.customers[stream]++
export const nextParcel = (w: SupplyWorld, stream: number): number => w.parcels[stream]++

export const setWillLook = (w: SupplyWorld, i: number, will: boolean): void => {
  w.willLook[i] = will ? 1 : 0
}
