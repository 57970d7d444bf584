import { schedule } from '../apply/event-list.ts'
import { popFront, pushBack } from '../apply/lists.ts'
import { freeRecord, setKind, setState } from '../apply/records.ts'
import { addBacklog, addPacking, addPackWork, addPicking, addPickWork, setHands } from '../apply/site.ts'
import { pickParcel, releaseParcel } from '../apply/stock.ts'
import { weekTimeMs } from '../calendar.ts'
import { type Law, sample } from '../distribution.ts'
import { rosterAt } from '../journey.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { draw, PURPOSE } from '../random.ts'
import { isClosed, type Sim } from '../sim.ts'
import { WEEK_MS } from '../units.ts'
import { FLAG, hasFlag, listOf, nowMs, orderNumber, type Parcel, partOf, STATE, serviceOf, warehouseOf } from '../world.ts'
import { foundAll, isThere, missPick } from './books.ts'
import { packWorkMs, pickWorkMs } from './work.ts'

/** A warehouse picks and packs what it is given: first express, then the rest, each first come first served, by the hands on duty. */

/** The roster changes; plans the next change. */
export function changeShift(sim: Sim, actor: Parcel): void {
  const { world, pen, network, clock } = sim
  const w = warehouseOf(world, actor)
  const roster = network.rosters[w]
  staff(sim, w)
  const week = weekTimeMs(nowMs(world), clock.weekStartMs)
  const segment = rosterAt(roster, week)
  const next = segment + 1 < roster.fromMs.length ? roster.fromMs[segment + 1] : WEEK_MS
  if (!isClosed(sim)) schedule(pen, actor, nowMs(world) + next - week, PHASE_OF[KIND.shift])
}

/** Sets the hands on duty from roster and scenario, and puts free ones to work. Who is busy finishes first. */
export function staff(sim: Sim, w: number): void {
  const { world, pen, network, clock } = sim
  const roster = network.rosters[w]
  const segment = rosterAt(roster, weekTimeMs(nowMs(world), clock.weekStartMs))
  const part = world.siteCapacity[w]
  setHands(pen, w, Math.round(roster.pickers[segment] * part), Math.round(roster.packers[segment] * part))
  startPicks(sim, w)
  startPacks(sim, w)
}

export function release(sim: Sim, p: Parcel): void {
  const { world, pen } = sim
  if (hasFlag(world, p, FLAG.cancelled)) {
    freeRecord(pen, p)
    return
  }
  const w = warehouseOf(world, p)
  setState(pen, p, STATE.released)
  addBacklog(pen, w, 1, isMeasured(sim))
  pushBack(pen, listOf.pick(world.d, w, isExpress(sim, p)), p)
  startPicks(sim, w)
}

function startPicks(sim: Sim, w: number): void {
  const { world, pen, network } = sim
  while (world.picking[w] < world.pickers[w]) {
    const p = nextFor(sim, listOf.pick(world.d, w, 0), listOf.pick(world.d, w, 1))
    if (p < 0) return
    addPickWork(pen, w, -pickWorkMs(sim, p))
    addPicking(pen, w, 1)
    setState(pen, p, STATE.picking)
    setKind(pen, p, KIND.pickedUp)
    schedule(pen, p, workedUntil(sim, p, pickWorkMs(sim, p), network.pickEffort[w], PURPOSE.pick), PHASE_OF[KIND.pickedUp])
  }
}

function startPacks(sim: Sim, w: number): void {
  const { world, pen, network } = sim
  while (world.packing[w] < world.packers[w]) {
    const p = nextFor(sim, listOf.pack(world.d, w, 0), listOf.pack(world.d, w, 1))
    if (p < 0) return
    addPackWork(pen, w, -packWorkMs(sim, p))
    addPacking(pen, w, 1)
    setState(pen, p, STATE.packing)
    setKind(pen, p, KIND.packedUp)
    schedule(pen, p, workedUntil(sim, p, packWorkMs(sim, p), network.packEffort[w], PURPOSE.pack), PHASE_OF[KIND.packedUp])
  }
}

export function finishPick(sim: Sim, p: Parcel): void {
  const { world, pen } = sim
  const w = warehouseOf(world, p)
  addPicking(pen, w, -1)
  if (hasFlag(world, p, FLAG.cancelled)) {
    // Cancelled while in hand: it was never taken off the books, so its reservation is all there is to give back.
    releaseParcel(pen, p, w)
    freeRecord(pen, p)
  } else if (world.size.erring === 1 && !isThere(world, p)) missPick(sim, p)
  else {
    if (world.size.erring === 1) foundAll(sim, p)
    pickParcel(pen, p, w)
    setState(pen, p, STATE.picked)
    pushBack(pen, listOf.pack(world.d, w, isExpress(sim, p)), p)
    startPacks(sim, w)
  }
  startPicks(sim, w)
}

export function finishPack(sim: Sim, p: Parcel): void {
  const { world, pen } = sim
  const w = warehouseOf(world, p)
  addPacking(pen, w, -1)
  if (hasFlag(world, p, FLAG.cancelled)) freeRecord(pen, p)
  else {
    setState(pen, p, STATE.packed)
    if (sim.ledger !== null) sim.ledger.packedMs[sim.ledger.shipmentOf(orderNumber(world, p), partOf(world, p))] = nowMs(world)
    pushBack(pen, listOf.staged(world.d, w, serviceOf(world, p)), p)
  }
  startPacks(sim, w)
}

/** The oldest of the express queue, else of the other; cancelled ones are dropped on the way. */
function nextFor(sim: Sim, other: number, express: number): Parcel {
  for (;;) {
    const p = popFront(sim.pen, sim.world.listLength[express] > 0 ? express : other)
    if (p < 0 || !hasFlag(sim.world, p, FLAG.cancelled)) return p
    freeRecord(sim.pen, p)
  }
}

/** End of a piece of work: its mean times what this one takes beside it, slowed by the weather outside. */
function workedUntil(sim: Sim, p: Parcel, meanMs: number, effort: Law, purpose: number): number {
  const level = sample(effort, draw(sim.dice, orderNumber(sim.world, p), purpose, partOf(sim.world, p)))
  return Math.ceil(nowMs(sim.world) + meanMs * level * sim.world.labour[warehouseOf(sim.world, p)])
}

const isExpress = (sim: Sim, p: Parcel): number => sim.network.serviceExpress[serviceOf(sim.world, p)]
const isMeasured = (sim: Sim): boolean => nowMs(sim.world) >= sim.clock.dayZeroMs
