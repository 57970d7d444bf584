import { type Dimensions, REG, STATE, viewWorld, type World, type WorldSize, type WorldView, worldBytes } from '../world.ts'
import { createRecord, createWorld, setLines, setOrder, setState, takeBackOrder, writeOrder } from './records.ts'

/**
 * Worlds that only decide: what the router and a policy's option read of a network, and one order. They hold no parcels and no events, so that laying
 * one down is a copy of some tens of columns. What a run keeps for itself has its place in them all the same and is never touched.
 */

/** Columns that say how the network stands; nothing of it depends on the order that is asked about. Goods are apart: who decides counts them. */
const STANDING = [
  'listLength',
  'provenMs',
  'missShare',
  'picking',
  'packing',
  'backlog',
  'committed',
  'given',
  'givenDay',
  'readyMs',
  'parcelDelayMs',
  'departMs',
  'departCutMs',
  'calmDepartMs',
  'calmCutMs',
  'hubWaitMs',
  'stationWaitDays',
  'laneSlow',
  'foreseenSlow',
  'transitFactor',
  'siteCapacity',
  'labour',
  'departCapacity',
] as const
/** Prices of the last plan, which change when one is made. */
const PLANNED = ['priceParcel', 'priceLine', 'priceRoom', 'priceStock'] as const
/** Scalars that belong to the same: when, and by which plan. */
const STANDING_REGS = [REG.nowMs, REG.foreseenFromMs, REG.foreseenToMs, REG.pulsedMs] as const
const PLANNED_REGS = [REG.nextPlanMs, REG.plannedMs, REG.pricesFromMs, REG.pricesSlotMs] as const

/** One order at a time, of at most eight lines. */
const ROOM = { records: 2, lines: 32, buckets: 16, inboundDays: 1, hours: 0, learning: 0 } as const

/** What of a world's size matters to a decision. */
export type DecisionSize = Pick<WorldSize, 'priced' | 'foreseen' | 'notes' | 'erring'>

const sizeOf = ({ priced, foreseen, notes, erring }: DecisionSize): WorldSize => ({ ...ROOM, priced, foreseen, notes, erring })

export const groundBytes = (d: Dimensions, size: DecisionSize): number => worldBytes(d, sizeOf(size))

/** How a network stands, over memory that several threads see: laid by one of them and copied by the others. */
export const viewGround = (d: Dimensions, size: DecisionSize, buffer: SharedArrayBuffer): World =>
  viewWorld(d, sizeOf(size), buffer)

/** A world of one thread to decide in. Of shelves it knows those that were looked at, see `seeShelves`. */
export const decisionWorld = (d: Dimensions, size: DecisionSize): World => createWorld(d, sizeOf(size))

/** Another one that stands as `like` does, always, for another policy with a plan of its own. */
export function decisionWorldBeside(like: World, size: DecisionSize): World {
  const w = createWorld(like.d, sizeOf({ ...size, foreseen: like.size.foreseen, erring: like.size.erring }))
  for (const name of STANDING) Object.assign(w, { [name]: like[name] })
  w.onHand = like.onHand
  return w
}

/** Looks at a SKU's shelves in memory that others change: what it says from then on is what was there now. */
export function seeShelves(w: World, sku: number, free: Int32Array): void {
  const { W } = w.d
  for (let at = sku * W; at < (sku + 1) * W; at++) w.onHand[at] = free[at]
}

/** Somebody has counted a shelf otherwise: so many units are free there. */
export function tellShelf(w: World, shelf: number, units: number): void {
  w.onHand[shelf] = units
}

/** Copies how the network stands. What `into` has no room for, or `from` does not have, is left as it is. */
export function copyStanding(from: WorldView, into: World): void {
  for (const name of STANDING) copyColumn(from[name] as Float64Array, into[name] as Float64Array)
  for (const reg of STANDING_REGS) into.regs[reg] = from.regs[reg]
}

/** Copies the prices of the last plan and what it left in notes. */
export function copyPlan(from: WorldView, into: World): void {
  for (const reg of PLANNED_REGS) into.regs[reg] = from.regs[reg]
  if (from.size.priced === 0 || into.size.priced === 0) return
  for (const name of PLANNED) copyColumn(from[name] as Float64Array, into[name] as Float64Array)
  const notes = from.notes as Float64Array
  if (notes.length === into.notes.length) into.notes.set(notes)
  else {
    into.notes.fill(0)
    into.notes.set(notes.length < into.notes.length ? notes : notes.subarray(0, into.notes.length))
  }
}

function copyColumn(from: Float64Array, into: Float64Array): void {
  if (from.length === into.length && from.length > 0) into.set(from)
}

/** Moves the clock on, and what depends on the instant alone is as it was laid down. */
export function setInstant(w: World, ground: WorldView, nowMs: number): void {
  for (const reg of STANDING_REGS) w.regs[reg] = ground.regs[reg]
  w.regs[REG.nowMs] = nowMs
}

/**
 * Counts parcels that were given since the world was laid down: room on trucks, parcels of the day, and the queue's length
 * as `delayReady` has it. All three count from `ground`.
 */
export function bringUpToDate(
  w: World,
  ground: WorldView,
  parcels: Int32Array,
  byLane: Int32Array,
  since: { readonly parcels: Int32Array; readonly byLane: Int32Array },
): void {
  const { W, S } = w.d
  for (let at = 0; at < W * S; at++) w.committed[at] = ground.committed[at] + byLane[at] - since.byLane[at]
  for (let i = 0; i < W; i++) {
    const more = parcels[i] - since.parcels[i]
    w.given[i] = ground.given[i] + more
    w.readyMs[i] = more === 0 ? ground.readyMs[i] : ground.readyMs[i] + more * ground.parcelDelayMs[i]
  }
}

/** The order that is asked about, as its only record; to be taken back when it was answered. */
export function askAbout(
  w: World,
  order: number,
  zone: number,
  lines: Int32Array,
  count: number,
  placedMs: number,
  promisedMs: number,
): number {
  const p = createRecord(w)
  setLines(w, p, lines, count)
  writeOrder(w, p, zone, promisedMs, false, placedMs)
  setOrder(w, p, order)
  setState(w, p, STATE.paid)
  return p
}

/** Nobody has asked. */
export function forget(w: World, p: number): void {
  takeBackOrder(w, p)
}

/** Units of a shelf that somebody was promised whose order is not in the world yet. */
export function promiseUnits(w: World, shelf: number, units: number): void {
  w.reserved[shelf] += units
}
