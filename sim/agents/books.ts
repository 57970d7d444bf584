import { countShelf, discover, notePick, reportShelf, setErrorsFrom, setFeed, vanish } from '../apply/books.ts'
import { schedule } from '../apply/event-list.ts'
import { addMissedPick, createRecord, freeRecord, makeRoomForErrors, setActor, setOrder, setState } from '../apply/records.ts'
import { addSum } from '../apply/score.ts'
import { addBacklog, addCommitted, addPackWork } from '../apply/site.ts'
import { releaseParcel } from '../apply/stock.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { draw, PURPOSE } from '../random.ts'
import { isClosed, type Sim } from '../sim.ts'
import {
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  nowMs,
  orderOf,
  type Parcel,
  STATE,
  SUM,
  serviceOf,
  skuOfLine,
  unitsOfLine,
  type WorldView,
  warehouseOf,
} from '../world.ts'
import { routeAgain, unbookShipment, wakeWaiting } from './dispatcher.ts'
import { packWorkMs } from './work.ts'

/**
 * Books that say more than there is. Goods go from shelves unnoticed, orders are promised them, and the picker finds nothing: his order goes
 * back to the dispatcher. What a warehouse learns, of goods that came too, is in the books when it next reports.
 */

/** What of the scenario's stock errors begins and ends now. */
export function setStockErrors(sim: Sim): void {
  const { world, pen, scene, network } = sim
  if (scene.stockErrors.length === 0 && world.size.erring === 0) return
  makeRoomForErrors(pen)
  const now = nowMs(world)
  const from = world.errorsFromMs[0]
  const isNew = (atMs: number): boolean => atMs >= from && atMs <= now
  for (const part of scene.stockErrors) {
    if (!isNew(part.toMs)) continue
    for (const w of part.warehouses) {
      report(sim, w)
      for (let k = 0; k < network.K; k++) countShelf(pen, k * network.W + w)
    }
  }
  for (let w = 0; w < network.W; w++) {
    let everyMs = 0
    for (const part of scene.stockErrors)
      if (now >= part.fromMs && now < part.toMs && part.warehouses.includes(w)) everyMs = Math.max(everyMs, part.lagMs)
    setFeed(pen, w, everyMs)
    // From now on it reports at once, and first of all what it has not yet.
    if (everyMs === 0) report(sim, w)
  }
  scene.stockErrors.forEach((part, i) => {
    if (!isNew(part.fromMs) || now >= part.toMs) return
    for (const w of part.warehouses) {
      for (let k = 0; k < network.K; k++) {
        const shelf = k * network.W + w
        if (world.onHand[shelf] > 0 && draw(sim.dice, i, PURPOSE.stockError, shelf) < part.share) vanish(pen, shelf)
      }
      if (part.lagMs > 0) startFeed(sim, i, w, now + part.lagMs)
    }
  })
  setErrorsFrom(pen, now + 1)
}

/** A clockwork that reports for a warehouse as long as part `part` of the stock errors holds. */
function startFeed({ pen }: Sim, part: number, w: number, atMs: number): void {
  const p = createRecord(pen)
  setActor(pen, p, KIND.feed, w, 0, 0)
  setOrder(pen, p, part)
  setState(pen, p, STATE.timer)
  schedule(pen, p, atMs, PHASE_OF[KIND.feed])
}

/** A warehouse reports. In a fork into another future the part may be another, or over. */
export function feed(sim: Sim, actor: Parcel): void {
  const { world, pen, scene } = sim
  const w = warehouseOf(world, actor)
  report(sim, w)
  const now = nowMs(world)
  const part = scene.stockErrors[orderOf(world, actor)]
  if (part !== undefined && part.lagMs > 0 && now < part.toMs && part.warehouses.includes(w) && !isClosed(sim))
    schedule(pen, actor, now + part.lagMs, PHASE_OF[KIND.feed])
  else freeRecord(pen, actor)
}

/** The books take over what the warehouse knows; whoever waits for goods that they had not heard of is tried. */
function report(sim: Sim, w: number): void {
  const { world, pen, network } = sim
  for (let k = 0; k < network.K; k++) {
    const shelf = k * network.W + w
    const unseen = world.unseen[shelf]
    if (unseen === 0) continue
    reportShelf(pen, shelf)
    if (unseen < 0) wakeWaiting(sim, k)
  }
}

/** Whether all that a parcel is to be picked of is on the shelves. */
export function isThere(world: WorldView, p: Parcel): boolean {
  const w = warehouseOf(world, p)
  for (let i = 0, count = lineCount(world, p); i < count; i++) {
    const line = lineAt(world, p, i)
    if (world.onHand[skuOfLine(line) * world.d.W + w] < unitsOfLine(line)) return false
  }
  return true
}

/** A parcel is picked where that could have failed: its shelves have proof. */
export function foundAll({ pen, world }: Sim, p: Parcel): void {
  const w = warehouseOf(world, p)
  for (let i = 0, count = lineCount(world, p); i < count; i++)
    notePick(pen, w, skuOfLine(lineAt(world, p, i)) * world.d.W + w, true)
}

/**
 * A pick has found nothing, or not enough: the hands are free again, nothing is taken, and the parcel is routed anew. Freight and the handling of a parcel
 * are not paid for; the lines were looked for, and are.
 */
export function missPick(sim: Sim, p: Parcel): void {
  const { world, pen } = sim
  const w = warehouseOf(world, p)
  addMissedPick(pen, p)
  releaseParcel(pen, p, w)
  addCommitted(pen, w, serviceOf(world, p), -1)
  addBacklog(pen, w, -1, false)
  addPackWork(pen, w, -packWorkMs(sim, p))
  unbookShipment(sim, p)
  if (hasFlag(world, p, FLAG.counted)) addSum(pen, SUM.missed, 1)
  for (let i = 0, count = lineCount(world, p); i < count; i++) {
    const line = lineAt(world, p, i)
    const shelf = skuOfLine(line) * world.d.W + w
    const isFound = world.onHand[shelf] >= unitsOfLine(line)
    notePick(pen, w, shelf, isFound)
    if (!isFound) discover(pen, w, shelf)
  }
  setState(pen, p, STATE.paid)
  routeAgain(sim, p)
}
