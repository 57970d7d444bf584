import { detailCount, packOrder, putBack } from './archive.ts'
import type { Core } from './core.ts'
import { addDue } from './due.ts'
import { findId, type Ids, idOf } from './names.ts'
import { eventsOf, isCounted, isOpenOrder, isRuled, ORDER, UNIT } from './order-fold.ts'
import { type Orders, openOrders, orderNumber } from './orders.ts'
import { addRow, pageOf, type Rows, wordOf } from './rows.ts'
import { settleDue } from './rule.ts'
import { addMoves, widen } from './sums.ts'
import { addDetails, atOf, detailPage, EVENT, FLAG, flagsOf, kindOf } from './timeline.ts'

/**
 * Orders that ended leave the memory when nothing more was told of them for so long, by the time of the events; the archive has them. Whether
 * one has left already is nobody's to see: what is forgettable is in no digest, and who asks for it by its id gets it, put back.
 *
 * The past is whole as far back as orders are remembered: what left had ended before that.
 */

/** Memory is made anew only where so much of it may go: it takes as long as it has events. */
const WORTH_PART = 0.2

/** Whether an order has ended and been quiet for so long that it may leave. */
export function isForgettable({ orders, forgetMs, asOfMs }: Core, order: number): boolean {
  if (forgetMs === null) return false
  const row = pageOf(orders.rows, order)
  const at = wordOf(orders.rows, order)
  const lastMs = (row[at + ORDER.atHigh] & 0x7ff) * 4294967296 + row[at + ORDER.at]
  return lastMs + forgetMs <= asOfMs && isCounted(row, at) && !isOpenOrder(orders.fold.units, row, at)
}

/** The number of an order, put back where it had left; 0 where nothing was told of it. */
export function orderOf(core: Core, id: string): number {
  const known = findId(core.orders.ids, id)
  if (known !== 0 || core.archive === null) return known
  const packed = core.archive.find(id)
  if (packed === null) return 0
  const order = putBack(core, id, packed)
  settleDue(core.orders, core.asOfMs)
  return order
}

/** Lets go of all that may leave, where that is worth it; returns how many orders left. Numbers of orders and events mean something else after it. */
export function forgetEnded(core: Core, worthPart: number = WORTH_PART): number {
  const { orders, archive } = core
  if (core.forgetMs === null || archive === null) return 0
  const leaves = new Uint8Array(orders.rows.count)
  let count = 0
  for (let order = 1; order < orders.rows.count; order++) {
    if (!isForgettable(core, order)) continue
    leaves[order] = 1
    count++
  }
  if (count === 0 || count < worthPart * (orders.rows.count - 1)) return 0
  archive.keep(packedOf(core, leaves))
  const kept = openOrders(orders.quietMs)
  for (let order = 1; order < orders.rows.count; order++) if (leaves[order] === 0) copyOrder(core, order, kept)
  become(orders, kept)
  return count
}

function* packedOf(core: Core, leaves: Uint8Array): Generator<readonly [string, string]> {
  for (let order = 1; order < leaves.length; order++)
    if (leaves[order] === 1) yield [idOf(core.orders.ids, order), packOrder(core, order)]
}

const events: number[] = []

/** An order with its events and parcels as they are, under new numbers. */
function copyOrder(core: Core, order: number, to: Orders): void {
  const { timeline, rows, fold } = core.orders
  const number = orderNumber(to, idOf(core.orders.ids, order))
  const from = pageOf(rows, order)
  const f = wordOf(rows, order)
  const row = pageOf(to.rows, number)
  const at = wordOf(to.rows, number)
  row.set(from.subarray(f, f + ORDER.stride), at)

  const count = eventsOf(timeline, from[f + ORDER.last], Number.POSITIVE_INFINITY, events)
  const became = new Map<number, number>([[0, 0]])
  const now = (event: number): number => became.get(event) as number
  const ruled = new Set<number>()
  let previous = 0
  for (let i = 0; i < count; i++) {
    const event = events[i]
    const added = addRow(to.timeline.events)
    became.set(event, added)
    const old = pageOf(timeline.events, event)
    const o = wordOf(timeline.events, event)
    const page = pageOf(to.timeline.events, added)
    const word = wordOf(to.timeline.events, added)
    page.set(old.subarray(o, o + EVENT.stride), word)
    page[word + EVENT.previous] = previous
    page[word + EVENT.owner] = number
    if (isRuled(old, o)) {
      page[word + EVENT.ref] = now(old[o + EVENT.ref])
      if ((flagsOf(old, o) & FLAG.replaced) === 0) ruled.add(old[o + EVENT.ref])
    } else page[word + EVENT.ref] = copyDetails(core, kindOf(old, o), old[o + EVENT.ref], to)
    const farLine = timeline.farLines.get(event)
    if (farLine !== undefined) to.timeline.farLines.set(added, farLine)
    const moves = timeline.manyMoves.get(event)
    if (moves !== undefined) to.timeline.manyMoves.set(added, moves)
    widen(to.sums, added, atOf(page, word))
    addMoves(to.sums, to.timeline, added, 1)
    previous = added
  }
  row[at + ORDER.last] = previous
  row[at + ORDER.placed] = now(row[at + ORDER.placed])
  row[at + ORDER.promise] = now(row[at + ORDER.promise])
  moveUnit(row, at + ORDER.unit, now)
  row[at + ORDER.parts] = copyParts(fold.units, row[at + ORDER.parts], to, now)
  // What is delivered and still waits for its rule.
  if (to.quietMs !== null)
    for (let i = 0; i < count; i++) {
      const page = pageOf(timeline.events, events[i])
      const word = wordOf(timeline.events, events[i])
      const waits = (flagsOf(page, word) & FLAG.ruled) !== 0 && !isRuled(page, word) && !ruled.has(events[i])
      if (waits) addDue(to.due, atOf(page, word) + to.quietMs, now(events[i]))
    }
}

function copyDetails(core: Core, kind: number, ref: number, to: Orders): number {
  const words = detailCount(core, kind, ref)
  if (words === 0) return ref
  const { details } = core.orders.timeline
  const added = addDetails(to.timeline.details, words)
  const from = wordOf(details, ref)
  detailPage(to.timeline.details, added).set(
    detailPage(details, ref).subarray(from, from + words),
    wordOf(to.timeline.details, added),
  )
  return added
}

function copyParts(units: Rows, first: number, to: Orders, now: (event: number) => number): number {
  let [begins, last] = [0, 0]
  for (let unit = first; unit !== 0; ) {
    const page = pageOf(units, unit)
    const u = wordOf(units, unit)
    const added = addRow(to.fold.units)
    const copy = pageOf(to.fold.units, added)
    const c = wordOf(to.fold.units, added)
    copy.set(page.subarray(u, u + UNIT.stride), c)
    copy[c + UNIT.next] = 0
    moveUnit(copy, c, now)
    if (last === 0) begins = added
    else pageOf(to.fold.units, last)[wordOf(to.fold.units, last) + UNIT.next] = added
    last = added
    unit = page[u + UNIT.next]
  }
  return begins
}

function moveUnit(unit: Uint32Array, u: number, now: (event: number) => number): void {
  unit[u + UNIT.since] = now(unit[u + UNIT.since])
  unit[u + UNIT.expected] = now(unit[u + UNIT.expected])
}

/** All who hold these orders see the others in their place. */
function become(orders: Orders, kept: Orders): void {
  const pagesOf = (rows: Rows, other: Rows): void => {
    rows.pages.splice(0, rows.pages.length, ...other.pages)
    rows.count = other.count
  }
  const ids: Ids = orders.ids
  ids.letters = kept.ids.letters
  ids.used = kept.ids.used
  ids.slots = kept.ids.slots
  pagesOf(ids.places, kept.ids.places)
  pagesOf(orders.rows, kept.rows)
  pagesOf(orders.timeline.events, kept.timeline.events)
  pagesOf(orders.timeline.details, kept.timeline.details)
  pagesOf(orders.fold.units, kept.fold.units)
  orders.fold.free = kept.fold.free
  replaceAll(orders.timeline.farLines, kept.timeline.farLines)
  replaceAll(orders.timeline.manyMoves, kept.timeline.manyMoves)
  orders.sums.pages.splice(0, orders.sums.pages.length, ...kept.sums.pages)
  orders.sums.cells = kept.sums.cells
  orders.sums.open = kept.sums.open
  orders.long.clear()
  orders.due.ms.splice(0, orders.due.ms.length)
  orders.due.events.splice(0, orders.due.events.length)
  for (let i = 0; i < kept.due.ms.length; i++) addDue(orders.due, kept.due.ms[i], kept.due.events[i])
}

function replaceAll<T>(map: Map<number, T>, by: ReadonlyMap<number, T>): void {
  map.clear()
  for (const [key, value] of by) map.set(key, value)
}
