import { pick } from '../alias.ts'
import { schedule } from '../apply/event-list.ts'
import { createRecord, setActor, setKind, setLines, setOrder, setState, setWatched, writeOrder } from '../apply/records.ts'
import { setHazardLeft } from '../apply/scenery.ts'
import { addSum } from '../apply/score.ts'
import { askAtHome } from '../apply/stock.ts'
import { nextWorkingMoment } from '../calendar.ts'
import { misbehaved } from '../check.ts'
import { sample } from '../distribution.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { draw, PURPOSE } from '../random.ts'
import type { Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import { COUNT, FAR_MS, FLAG, hasFlag, nowMs, orderOf, type Parcel, REG, STATE, SUM, stateOf, watchedOf } from '../world.ts'
import { homeOf } from './dispatcher.ts'
import { cancelOrder } from './endings.ts'

/** Customers place orders, lose patience, and send things back. Everything they do is drawn under the order's own number. */

/**
 * Plans the next order. Orders come as a Poisson process whose rate is constant between two changes of the scene: a unit-exponential
 * time is used up at the present rate, and what the change of scene cuts off is carried over it.
 */
export function planArrival(sim: Sim, actor: Parcel, sceneEndsMs: number): void {
  const { world, pen } = sim
  const now = nowMs(world)
  const rate = world.regs[REG.ratePerMs]
  const hazard = world.regs[REG.hazardLeft]
  const waitMs = rate > 0 ? hazard / rate : Number.POSITIVE_INFINITY
  if (now + waitMs >= sceneEndsMs) {
    setHazardLeft(pen, hazard - rate * (sceneEndsMs - now))
    return
  }
  const atMs = Math.min(sceneEndsMs - 1, Math.floor(now + waitMs))
  // Time is whole milliseconds; the part of one that rounding took is given back to the hazard.
  setHazardLeft(pen, Math.max(0, hazard - rate * (atMs - now)))
  schedule(pen, actor, atMs, PHASE_OF[KIND.arrival])
}

export const freshHazard = (sim: Sim, order: number): number => -Math.log(draw(sim.dice, order, PURPOSE.gap, 0))

/** An order is placed by a customer the laws made up. */
export function arrive(sim: Sim, actor: Parcel, sceneEndsMs: number): void {
  const { world, pen, network, dice, router } = sim
  const number = world.counts[COUNT.nextOrder]
  const zone = zoneAt(sim, draw(dice, number, PURPOSE.zone, 0))
  const lines = pick(network.linesPerOrder, draw(dice, number, PURPOSE.lines, 0)) + 1
  const promotion = world.counts[COUNT.promoted]
  const skus = promotion > 0 ? sim.scene.promotions[promotion - 1].pick : network.skuPick
  let count = 0
  const { baskets } = network
  if (baskets !== null) {
    const kind = pick(baskets.pick, draw(dice, number, PURPOSE.sku, 0))
    for (let i = baskets.start[kind]; i < baskets.start[kind + 1]; i++)
      count = addLine(router.lines, count, baskets.sku[i], baskets.units[i])
  }
  for (let i = 0; i < lines && baskets === null; i++) {
    const sku = pick(skus, draw(dice, number, PURPOSE.sku, i))
    const units = pick(network.unitsPerLine, draw(dice, number, PURPOSE.units, i)) + 1
    count = addLine(router.lines, count, sku, units)
  }
  const payment = pick(network.payments.pick, draw(dice, number, PURPOSE.payment, 0))
  placeOrder(sim, zone, count, payment, Number.NaN)
  setHazardLeft(pen, world.regs[REG.hazardLeft] + freshHazard(sim, number + 1))
  planArrival(sim, actor, sceneEndsMs)
}

/** An order is placed as it was recorded. */
export function arriveRecorded(sim: Sim, actor: Parcel): void {
  const { replay, router, world, pen, clock } = sim
  if (replay === null) return
  const i = world.counts[COUNT.nextOrder]
  let count = 0
  for (let line = replay.lineStart[i]; line < replay.lineStart[i + 1]; line++) {
    count = addLine(router.lines, count, replay.sku[line], replay.units[line])
  }
  placeOrder(sim, replay.zone[i], count, replay.payment[i], replay.promisedMs[i] + clock.dayZeroMs)
  if (i + 1 < replay.count) schedule(pen, actor, replay.placedMs[i + 1] + clock.dayZeroMs, PHASE_OF[KIND.arrival])
}

/** Two lines of one SKU are one line of both: stock is promised once. */
function addLine(lines: Int32Array, count: number, sku: number, units: number): number {
  for (let i = 0; i < count; i++) {
    if (lines[i] >> 8 === sku) {
      lines[i] = (sku << 8) | Math.min(255, (lines[i] & 255) + units)
      return count
    }
  }
  if (count === lines.length) return count
  lines[count] = (sku << 8) | Math.min(255, units)
  return count + 1
}

function placeOrder(sim: Sim, zone: number, lineCount: number, payment: number, promisedMs: number): void {
  const { world, pen, network, clock, dice, router, quote } = sim
  const now = nowMs(world)
  const order = createRecord(pen)
  setLines(pen, order, router.lines, lineCount)
  for (let i = 0; i < lineCount; i++) {
    const sku = router.lines[i] >> 8
    askAtHome(pen, sku, homeOf(sim, world.counts[COUNT.nextOrder], zone, sku), router.lines[i] & 255)
  }
  let promise = promisedMs
  if (Number.isNaN(promise)) {
    quote.aim(now, zone, payment)
    promise = Math.floor(sim.policies.promise.promise(quote, sim.policies.promise.params))
    if (!(Math.abs(promise - now) < FAR_MS)) misbehaved('promise', promise, 'a promise is an instant in ms, within 17 years')
  } else {
    // What was recorded may be a slip of the pen; it is kept as far as it can be.
    promise = Math.min(now + FAR_MS - 1, Math.max(now - FAR_MS + 1, promise))
  }
  const counted = now >= clock.dayZeroMs && now < clock.measuredEndMs
  const number = writeOrder(pen, order, zone, promise, counted)
  sim.ledger?.place(number, now, promise, zone, counted, router.lines, lineCount)
  setState(pen, order, STATE.placed)
  if (counted) addSum(pen, SUM.placed, 1)

  const approved = Math.floor(now + sample(network.payments.approval[payment], draw(dice, number, PURPOSE.approval, 0)))
  const paid = nextWorkingMoment(approved, network.payments.days[payment], 9 * HOUR_MS, clock.weekStartMs)
  setKind(pen, order, KIND.paid)
  schedule(pen, order, paid, PHASE_OF[KIND.paid])

  if (draw(dice, number, PURPOSE.impatient, 0) < network.impatientShare) {
    const timer = createRecord(pen)
    setActor(pen, timer, KIND.patience, 0, 0, 0)
    setState(pen, timer, STATE.timer)
    setWatched(pen, timer, order)
    setOrder(pen, timer, number)
    const patienceMs = Math.floor(sample(network.patience, draw(dice, number, PURPOSE.patience, 0)))
    schedule(pen, timer, now + patienceMs, PHASE_OF[KIND.patience])
  }
}

/** Patience ends: an order that has not begun to leave is cancelled. */
export function losePatience(sim: Sim, timer: Parcel): boolean {
  const order = watchedOf(sim.world, timer)
  const state = stateOf(sim.world, order)
  // The record may be another's by now: free, a timer's, a child parcel's (numbered by its part), or a later order's.
  const isOrder = state !== STATE.timer && state !== STATE.free && !hasFlag(sim.world, order, FLAG.child)
  const isSameOrder = isOrder && orderOf(sim.world, order) === orderOf(sim.world, timer)
  return isSameOrder && cancelOrder(sim, order)
}

function zoneAt(sim: Sim, u: number): number {
  const { zoneRate } = sim.world
  const at = u * zoneRate[sim.network.Z - 1]
  let low = 0
  let high = sim.network.Z - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (zoneRate[middle] > at) high = middle
    else low = middle + 1
  }
  return low
}
