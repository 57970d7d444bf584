import { schedule } from '../apply/event-list.ts'
import { awaitReturn, endOrder, endParcel, freeRecord, leaveHouse, setFlag, setKind, setState } from '../apply/records.ts'
import { addSum, countDelivery, countDue } from '../apply/score.ts'
import { addBacklog, addCommitted, addPackWork, addPickWork } from '../apply/site.ts'
import { releaseParcel, restockParcel } from '../apply/stock.ts'
import { sample } from '../distribution.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { ENDING } from '../ledger.ts'
import { draw, PURPOSE } from '../random.ts'
import type { Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import {
  FLAG,
  hasFlag,
  headOf,
  lineAt,
  lineCount,
  linkOf,
  nowMs,
  orderOf,
  type Parcel,
  placedMs,
  promisedMs,
  STATE,
  SUM,
  serviceOf,
  siblingOf,
  skuOfLine,
  stateOf,
  warehouseOf,
} from '../world.ts'
import { stopWaiting, wakeWaiting } from './dispatcher.ts'
import { learnOf } from './experience.ts'
import { packWorkMs, pickWorkMs } from './work.ts'

/** How orders end: delivered, lost or cancelled; and what a return brings back. */

/** A parcel reached its customer or was lost on the way; the order ends with its last parcel. */
export function endOfParcel(sim: Sim, p: Parcel, lost: boolean): void {
  const { world, pen } = sim
  const order = headOf(world, p)
  if (world.size.learning === 1) learnOf(sim, p, order, lost)
  if (lost) setFlag(pen, order, FLAG.incomplete)
  setState(pen, p, STATE.delivered)
  const left = endParcel(pen, order)
  // A child's record is done, and the order's link to it means nothing from now on; the order's own must outlive all its parcels.
  if (p !== order) {
    setFlag(pen, order, FLAG.begun)
    freeRecord(pen, p)
  }
  if (left === 0) closeOrder(sim, order)
}

function closeOrder(sim: Sim, order: Parcel): void {
  const { world, pen, network, dice } = sim
  const now = nowMs(world)
  const lost = hasFlag(world, order, FLAG.incomplete)
  const counted = hasFlag(world, order, FLAG.counted)
  if (counted) {
    const lateMs = now - promisedMs(world, order)
    const onTime = !lost && lateMs <= 0
    addSum(pen, lost ? SUM.lost : SUM.delivered, 1)
    if (onTime) addSum(pen, SUM.onTime, 1)
    if (!lost) countDelivery(pen, lateMs, now - placedMs(world, order))
    countDue(pen, hourOf(sim, order), onTime)
  }
  if (sim.outcome !== null && !lost) sim.outcome.deliveredMs[orderOf(world, order)] = now - sim.clock.dayZeroMs
  endOrder(pen, counted)
  const number = orderOf(world, order)
  if (sim.ledger !== null) {
    sim.ledger.ending[number] = lost ? ENDING.lost : ENDING.delivered
    sim.ledger.deliveredMs[number] = now
  }
  // A split order is not sent back: only its first parcel's lines are still known.
  const isSplit = hasFlag(world, order, FLAG.split)
  if (!lost && !isSplit && draw(dice, number, PURPOSE.returns, 0) < network.returnShare) {
    const delay = Math.floor(sample(network.returnDelay, draw(dice, number, PURPOSE.returnDelay, 0)))
    // The run does not end before it is back: what it costs belongs to the measured days.
    if (counted) awaitReturn(pen, 1)
    setKind(pen, order, KIND.returned)
    schedule(pen, order, now + delay, PHASE_OF[KIND.returned])
  } else freeRecord(pen, order)
}

/** The parcel is back at the warehouse it came from. */
export function comeBack(sim: Sim, order: Parcel): void {
  const { world, pen, network } = sim
  if (hasFlag(world, order, FLAG.counted)) {
    awaitReturn(pen, -1)
    addSum(pen, SUM.returned, 1)
    addSum(pen, SUM.costCents, network.returnParcelCents)
  }
  restockParcel(pen, order, warehouseOf(world, order))
  wakeForLines(sim, order)
  freeRecord(pen, order)
}

/** Cancels an order of which nothing has left yet; true if it did. Records lying in a queue are dropped when their turn comes. */
export function cancelOrder(sim: Sim, order: Parcel): boolean {
  const { world, pen } = sim
  if (hasFlag(world, order, FLAG.cancelled) || hasFlag(world, order, FLAG.begun)) return false
  for (let p = order; p >= 0; p = nextParcel(sim, order, p)) if (stateOf(world, p) >= STATE.handedOver) return false
  const counted = hasFlag(world, order, FLAG.counted)
  for (let p = order; p >= 0; p = nextParcel(sim, order, p)) cancelParcel(sim, p)
  if (counted) addSum(pen, SUM.cancelled, 1)
  if (sim.ledger !== null) sim.ledger.ending[orderOf(world, order)] = ENDING.cancelled
  endOrder(pen, counted)
  return true
}

function cancelParcel(sim: Sim, p: Parcel): void {
  const { world, pen } = sim
  const state = stateOf(world, p)
  const warehouse = warehouseOf(world, p)
  setFlag(pen, p, FLAG.cancelled)
  leaveHouse(pen)
  if (state === STATE.paid) stopWaiting(sim, p)
  if (state < STATE.routed) return
  addCommitted(pen, warehouse, serviceOf(world, p), -1)
  if (state >= STATE.released) addBacklog(pen, warehouse, -1, false)
  if (state < STATE.picking) addPickWork(pen, warehouse, -pickWorkMs(sim, p))
  if (state < STATE.packing) addPackWork(pen, warehouse, -packWorkMs(sim, p))
  // A pick under way is finished and put back: the hands are busy until then.
  if (state < STATE.picking) releaseParcel(pen, p, warehouse)
  else if (state > STATE.picking) restockParcel(pen, p, warehouse)
  if (state !== STATE.picking) wakeForLines(sim, p)
}

/** The order's parcels one after the other: its own, then its children. */
function nextParcel(sim: Sim, order: Parcel, p: Parcel): Parcel {
  return p === order ? linkOf(sim.world, order) : siblingOf(sim.world, p)
}

function wakeForLines(sim: Sim, p: Parcel): void {
  for (let i = 0, count = lineCount(sim.world, p); i < count; i++) wakeWaiting(sim, skuOfLine(lineAt(sim.world, p, i)))
}

/** Hour of the measured days in which the order was placed. */
const hourOf = (sim: Sim, order: Parcel): number => Math.floor((placedMs(sim.world, order) - sim.clock.dayZeroMs) / HOUR_MS)
