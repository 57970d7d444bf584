import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { kind, reasonNumber, stateNumber } from '../order/steps.ts'
import { addDue, type Due, openDue } from './due.ts'
import type { Identity } from './identity.ts'
import type { Place } from './live-state.ts'
import { append, foldFrom, foldLong, knownAs, LONG, type LongOrder, place as placeIn } from './long-orders.ts'
import { addId, type Ids, idBytes, type Names, numberOf, openIds } from './names.ts'
import {
  beginAgain,
  eventsOf,
  type Fold,
  foldOver,
  hasDetails,
  namesWarehouse,
  ORDER,
  ORDER_DETAIL,
  ROUTE_DETAIL,
  step,
  UNIT,
} from './order-fold.ts'
import { addRow, openRows, pageOf, type Rows, rowBytes, wordOf } from './rows.ts'
import { addMoves, openSums, type Sums, widen } from './sums.ts'
import {
  ALL_PARTS,
  addDetails,
  atOf,
  compareEvents,
  detailPage,
  EVENT,
  FAR_LINE,
  FLAG,
  flagsOf,
  kindOf,
  openTimeline,
  type Timeline,
} from './timeline.ts'

/** Words that events name. */
export type Words = {
  readonly warehouses: Names
  readonly services: Names
  readonly hubs: Names
  readonly zones: Names
  readonly skus: Names
}

/** Every order that was ever told of, its events, and how many parcels are where. */
export type Orders = {
  readonly ids: Ids
  readonly rows: Rows
  readonly timeline: Timeline
  readonly sums: Sums
  readonly fold: Fold
  /** Orders with many events, where one of them has come late or twice. */
  readonly long: Map<number, LongOrder>
  /** See `rule.ts`; null: what is delivered is settled when somebody says so. */
  quietMs: number | null
  /** Events that delivered something, by when it will have been quiet for so long. */
  readonly due: Due
}

export const ORDER_SHIFT = 14
export const UNIT_SHIFT = 14
export function openOrders(quietMs: number | null): Orders {
  return {
    ids: openIds(),
    rows: openRows(ORDER.stride, ORDER_SHIFT),
    timeline: openTimeline(),
    sums: openSums(),
    fold: foldOver(openRows(UNIT.stride, UNIT_SHIFT)),
    long: new Map(),
    quietMs,
    due: openDue(),
  }
}

/** How an event was taken. */
export const TAKEN = { duplicate: 0, applied: 1, late: 2, refused: 4 } as const

const PLACED = kind('orders.placed')
const QUOTED = kind('orders.quoted')
const ROUTED = kind('orders.routed')
const REROUTED = kind('orders.rerouted')
const MOVED_HOUSE = kind('orders.address-changed')
const AT_HUB = kind('scans.at-hub')
const LEFT_HUB = kind('scans.left-hub')
const DELIVERING = kind('scans.delivered')
const DELIVERED = stateNumber('delivered')
/** Flags that are no outcome of a step. */
const KEPT = FLAG.replaced | FLAG.ruled
/** Beyond this a site does not fit beside an event. */
const LARGE_SITE = 0xffff

const scratch: number[] = []

/** The number of an order, which is new where nothing was told of it. */
export function orderNumber({ ids, rows }: Orders, id: string): number {
  const order = addId(ids, id)
  if (order === rows.count) addRow(rows)
  return order
}

/** Takes an event of an order: the quick way where it is the order's latest, else the order is folded again. Returns bits of TAKEN. */
export function takeOrderEvent(
  orders: Orders,
  words: Words,
  order: number,
  event: LiveEvent,
  number: number,
  atMs: number,
  identity: Identity,
  place: Place,
  isReplaced: boolean,
): number {
  const { rows, timeline } = orders
  const row = pageOf(rows, order)
  const at = wordOf(rows, order)

  // Two bits for each identity: where one is not set it has never been seen.
  const bitA = 1 << (identity.low & 31)
  const bitB = 1 << ((identity.low >>> 5) & 31)
  let known = 0
  if (row[at + ORDER.seenA] & bitA && row[at + ORDER.seenB] & bitB) {
    known = knownEvent(orders, order, row[at + ORDER.last], identity)
    // Told again with another time: the earlier one counts, whichever came first.
    if (known !== 0 && atOf(pageOf(timeline.events, known), wordOf(timeline.events, known)) <= atMs) return TAKEN.duplicate
  }
  row[at + ORDER.seenA] |= bitA
  row[at + ORDER.seenB] |= bitB

  const added = addEvent(orders, words, event, number, atMs, identity, place, order, isReplaced)
  return takeAdded(orders, order, row, at, added, atMs, known)
}

/** An identity is known to the order from now on. */
export function seen({ rows }: Orders, order: number, { low }: Identity): void {
  const row = pageOf(rows, order)
  const at = wordOf(rows, order)
  row[at + ORDER.seenA] |= 1 << (low & 31)
  row[at + ORDER.seenB] |= 1 << ((low >>> 5) & 31)
}

/** Takes an event that was added: the quick way where it is the order's latest. `known`: the event that tells the same later, or 0. */
export function take(orders: Orders, order: number, added: number, known: number): number {
  const { rows, timeline } = orders
  const atMs = atOf(pageOf(timeline.events, added), wordOf(timeline.events, added))
  return takeAdded(orders, order, pageOf(rows, order), wordOf(rows, order), added, atMs, known)
}

function takeAdded(
  orders: Orders,
  order: number,
  row: Uint32Array,
  at: number,
  added: number,
  atMs: number,
  known: number,
): number {
  const { timeline, fold } = orders
  const last = row[at + ORDER.last]
  fold.row = row
  fold.at = at
  const lastMs = (row[at + ORDER.atHigh] & 0x7ff) * 4294967296 + row[at + ORDER.at]
  const page = pageOf(timeline.events, added)
  const word = wordOf(timeline.events, added)
  const isLatest =
    last === 0 ||
    atMs > lastMs ||
    (atMs === lastMs && compareEvents(page, word, pageOf(timeline.events, last), wordOf(timeline.events, last)) > 0)
  if (isLatest && known === 0) {
    page[word + EVENT.previous] = last
    row[at + ORDER.last] = added
    row[at + ORDER.at] = page[word]
    row[at + ORDER.atHigh] = (row[at + ORDER.atHigh] & ~0x7ff) | (page[word + EVENT.high] >>> 21)
    const long = longOf(orders, order)
    if (long !== undefined) append(long, timeline, fold, added)
    step(fold, timeline, added)
    tell(orders, added)
    return fold.refused ? TAKEN.applied | TAKEN.refused : TAKEN.applied
  }
  if (known !== 0) setReplaced(timeline, known)
  const long = longOf(orders, order)
  if (long === undefined) {
    insert(orders, row, at, added)
    foldAgain(orders, order)
  } else {
    const { before, after } = placeIn(long, timeline, added)
    linkBetween(orders, row, at, added, before, after)
    foldFrom(orders, long, added, known === 0 ? added : known, foldOne)
  }
  const refused = flagsOf(page, word) & FLAG.refused
  return TAKEN.applied | TAKEN.late | (refused ? TAKEN.refused : 0)
}

/** Folds an order from its first event, and puts right what was counted of it. */
export function foldAgain(orders: Orders, order: number): void {
  const { rows, timeline, fold } = orders
  fold.row = pageOf(rows, order)
  fold.at = wordOf(rows, order)
  const last = fold.row[fold.at + ORDER.last]
  const count = eventsOf(timeline, last, Number.POSITIVE_INFINITY, scratch)
  // Each takes away its own when it is folded again.
  const { refused } = ORDER
  const wereRefused = fold.row[fold.at + refused]
  beginAgain(fold)
  fold.row[fold.at + refused] = wereRefused
  if (count < LONG) for (let i = 0; i < count; i++) foldOne(orders, scratch[i])
  else orders.long.set(order, foldLong(orders, scratch, count, foldOne))
}

/** Takes away what an event has told, takes its step again, and writes what that told. */
function foldOne(orders: Orders, event: number): void {
  const { timeline, fold, sums } = orders
  addMoves(sums, timeline, event, -1)
  clearTold(orders, event)
  step(fold, timeline, event)
  tell(orders, event)
}

const longOf = ({ long }: Orders, order: number): LongOrder | undefined => (long.size === 0 ? undefined : long.get(order))

/** Marks an event as one that counts no more. The order has to be folded again after it. */
export function setReplaced(timeline: Timeline, event: number): void {
  pageOf(timeline.events, event)[wordOf(timeline.events, event) + EVENT.told] |= FLAG.replaced << 8
}

export function orderBytes({ ids, rows, timeline, fold, sums }: Orders): number {
  let bytes = idBytes(ids) + rowBytes(rows) + rowBytes(timeline.events) + rowBytes(timeline.details) + rowBytes(fold.units)
  for (const { cells } of sums.pages) bytes += cells.byteLength
  return bytes
}

/** Adds an event to the timeline; it is still to be taken. */
export function addEvent(
  orders: Orders,
  words: Words,
  event: LiveEvent,
  number: number,
  atMs: number,
  identity: Identity,
  place: Place,
  order: number,
  isReplaced: boolean,
): number {
  const { timeline, sums } = orders
  const added = addRow(timeline.events)
  const page = pageOf(timeline.events, added)
  const word = wordOf(timeline.events, added)
  const part = event.part as number | undefined
  page[word] = atMs >>> 0
  page[word + EVENT.high] = (Math.floor(atMs / 4294967296) << 21) | identity.high
  page[word + EVENT.low] = identity.low
  page[word + EVENT.entry] = place.entry
  const { line } = place
  if (line >= FAR_LINE) timeline.farLines.set(added, line)
  page[word + EVENT.what] = (Math.min(line, FAR_LINE) << 16) | (number << 8) | (part ?? ALL_PARTS)
  page[word + EVENT.ref] = refOf(timeline, words, event, number)
  page[word + EVENT.owner] = order
  page[word + EVENT.told] = ((isReplaced ? FLAG.replaced : 0) << 8) | reasonNumber(event.reason)
  widen(sums, added, atMs)
  return added
}

/** What the fold needs of the event beside its kind: the number of a site, or where its details lie. */
function refOf({ details }: Timeline, words: Words, event: LiveEvent, number: number): number {
  if (namesWarehouse(number)) return event.warehouse === undefined ? 0 : numberOf(words.warehouses, event.warehouse as string)
  if (number === AT_HUB || number === LEFT_HUB) return event.hub === undefined ? 0 : numberOf(words.hubs, event.hub as string)
  if (number === MOVED_HOUSE) return event.zone === undefined ? 0 : numberOf(words.zones, event.zone as string)
  if (!hasDetails(number)) return 0
  const lines = (event.lines ?? []) as readonly { sku: string; units: number }[]
  if (number === ROUTED || number === REROUTED || event.feed === 'departures') {
    const at = addDetails(details, ROUTE_DETAIL.lines + 1 + 2 * lines.length)
    const page = detailPage(details, at)
    const word = wordOf(details, at)
    page[word + ROUTE_DETAIL.warehouse] = numberOf(words.warehouses, event.warehouse as string)
    page[word + ROUTE_DETAIL.service] = numberOf(words.services, event.service as string)
    page[word + ROUTE_DETAIL.hub] = event.hub === undefined ? 0 : numberOf(words.hubs, event.hub as string)
    writeMs(page, word + ROUTE_DETAIL.expected, event.expectedAt as string | undefined)
    writeLines(page, word + ROUTE_DETAIL.lines, words.skus, lines)
    return at
  }
  const at = addDetails(details, ORDER_DETAIL.lines + 1 + 2 * lines.length)
  const page = detailPage(details, at)
  const word = wordOf(details, at)
  page[word + ORDER_DETAIL.zone] = number === PLACED || number === QUOTED ? numberOf(words.zones, event.zone as string) : 0
  writeMs(page, word + ORDER_DETAIL.promised, event.promisedAt as string | undefined)
  writeLines(page, word + ORDER_DETAIL.lines, words.skus, lines)
  return at
}

const NO_TIME = 0xffffffff
function writeMs(page: Uint32Array, word: number, text: string | undefined): void {
  const ms = text === undefined ? Number.NaN : readMoment(text)
  page[word] = ms >= 0 ? ms >>> 0 : NO_TIME
  page[word + 1] = ms >= 0 ? Math.floor(ms / 4294967296) : NO_TIME
}
/** Null where none was told. */
export const readMs = (page: Uint32Array, word: number): number | null =>
  page[word + 1] === NO_TIME ? null : page[word + 1] * 4294967296 + page[word]

function writeLines(page: Uint32Array, word: number, skus: Names, lines: readonly { sku: string; units: number }[]): void {
  page[word] = lines.length
  for (let i = 0; i < lines.length; i++) {
    page[word + 1 + 2 * i] = numberOf(skus, lines[i].sku)
    page[word + 2 + 2 * i] = lines[i].units
  }
}

/** Writes into the event what the last step made of it, and counts it. */
function tell(orders: Orders, event: number): void {
  const { timeline, sums, fold } = orders
  const page = pageOf(timeline.events, event)
  const word = wordOf(timeline.events, event)
  let flags = (page[word + EVENT.told] >>> 8) & KEPT
  if (fold.after === DELIVERED && kindOf(page, word) === DELIVERING && !fold.refused && (flags & FLAG.ruled) === 0) {
    flags |= FLAG.ruled
    if (orders.quietMs !== null) addDue(orders.due, atOf(page, word) + orders.quietMs, event)
  }
  if (fold.refused) flags |= FLAG.refused
  if (fold.opened > 0) flags |= FLAG.opened
  else if (fold.opened < 0) flags |= FLAG.closed
  let sites = 0
  if (fold.moveCount === 1 && fold.moves[1] >>> 6 < LARGE_SITE && (fold.moves[0] < 0 || fold.moves[0] >>> 6 < LARGE_SITE)) {
    flags |= FLAG.moved
    if (fold.moves[0] < 0) flags |= FLAG.fresh
    else sites = (fold.moves[0] >>> 6) << 16
    sites |= fold.moves[1] >>> 6
  } else if (fold.moveCount > 0) {
    flags |= FLAG.many
    timeline.manyMoves.set(event, fold.moves.slice(0, 2 * fold.moveCount))
  }
  page[word + EVENT.told] = (fold.before << 24) | (fold.after << 16) | (flags << 8) | (page[word + EVENT.told] & 255)
  page[word + EVENT.sites] = sites
  if (flags & (FLAG.opened | FLAG.closed | FLAG.moved | FLAG.many)) addMoves(sums, timeline, event, 1)
}

/** What the event has told is as if it had not been; also that it was refused, since an order need not be folded from its first event. */
function clearTold({ timeline, fold }: Orders, event: number): void {
  const page = pageOf(timeline.events, event)
  const word = wordOf(timeline.events, event) + EVENT.told
  const flags = (page[word] >>> 8) & 255
  if (flags & FLAG.many) timeline.manyMoves.delete(event)
  if (flags & FLAG.refused) fold.row[fold.at + ORDER.refused]--
  page[word] &= 255 | (KEPT << 8)
}

/** The earliest event of the order with this identity, or 0: of several times told for one event the earliest counts. */
function knownEvent(orders: Orders, order: number, last: number, identity: Identity): number {
  const long = longOf(orders, order)
  if (long !== undefined) return knownAs(long, identity)
  const { fold, timeline } = orders
  const { events } = timeline
  let found = 0
  let count = 0
  for (let event = last; event !== 0; count++) {
    const page = pageOf(events, event)
    const word = wordOf(events, event)
    if (page[word + EVENT.low] === identity.low && (page[word + EVENT.high] & 0x1fffff) === identity.high) found = event
    event = page[word + EVENT.previous]
  }
  fold.looks += count
  // So many that the next ones are better looked up.
  if (count >= LONG) foldAgain(orders, order)
  return found
}

/** Puts an event where it belongs among those of its order. */
function insert(orders: Orders, row: Uint32Array, at: number, added: number): void {
  const { events } = orders.timeline
  const page = pageOf(events, added)
  const word = wordOf(events, added)
  let after = 0
  let before = row[at + ORDER.last]
  while (before !== 0 && compareEvents(page, word, pageOf(events, before), wordOf(events, before)) < 0) {
    after = before
    before = pageOf(events, before)[wordOf(events, before) + EVENT.previous]
    orders.fold.looks++
  }
  linkBetween(orders, row, at, added, before, after)
}

/** `after` 0: it is the order's latest. */
function linkBetween(
  { timeline: { events } }: Orders,
  row: Uint32Array,
  at: number,
  added: number,
  before: number,
  after: number,
): void {
  const page = pageOf(events, added)
  const word = wordOf(events, added)
  page[word + EVENT.previous] = before
  if (after === 0) {
    row[at + ORDER.last] = added
    row[at + ORDER.at] = page[word]
    row[at + ORDER.atHigh] = (row[at + ORDER.atHigh] & ~0x7ff) | (page[word + EVENT.high] >>> 21)
  } else pageOf(events, after)[wordOf(events, after) + EVENT.previous] = added
}
