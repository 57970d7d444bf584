import { bug } from '../check.ts'
import { FIELD } from '../record.ts'
import {
  COUNT,
  type Dimensions,
  FAR_MS,
  FLAG,
  hasFlag,
  LONGEST_MS,
  lineCount,
  linkOf,
  type Parcel,
  REG,
  SHARED_VIEWS,
  STATE,
  stateOf,
  viewWorld,
  type World,
  type WorldSize,
  worldBytes,
} from '../world.ts'
import { openQueue } from './event-list.ts'

const { f64: F, i32: I, u16: H, u8: B, detail: D, detailByte: DB } = FIELD
const HIGH = 2 ** -32

/** An empty world at time 0: no records, nothing on the shelves, all lists empty. */
export function createWorld(d: Dimensions, size: WorldSize): World {
  const w = viewWorld(d, size, new SharedArrayBuffer(worldBytes(d, size)))
  w.counts[COUNT.freeHead] = -1
  w.counts[COUNT.lineFree2] = -1
  w.counts[COUNT.lineFree4] = -1
  w.counts[COUNT.lineFree8] = -1
  w.listHead.fill(-1)
  w.listTail.fill(-1)
  openQueue(w)
  return w
}

/** A fresh record, all zero, linked to nothing. */
export function createRecord(w: World): Parcel {
  let p = w.counts[COUNT.freeHead]
  if (p >= 0) w.counts[COUNT.freeHead] = w.i32[p * I.stride + I.next]
  else {
    if (w.counts[COUNT.recordsUsed] === w.size.records) growWorld(w)
    p = w.counts[COUNT.recordsUsed]++
  }
  // Single stores: a call to fill() costs more than all of them.
  const at = p * F.stride
  for (let i = 0; i < F.stride; i++) w.records[at + i] = 0
  w.i32[p * I.stride + I.next] = -1
  const detail = p * D.stride
  for (let i = 0; i < D.stride; i++) w.details[detail + i] = 0
  return p
}

export function freeRecord(w: World, p: Parcel): void {
  if (stateOf(w, p) === STATE.free) bug(`record ${p} was freed twice`)
  freeLines(w, p)
  w.u8[p * B.stride + B.stateAndLines] = STATE.free
  w.i32[p * I.stride + I.next] = w.counts[COUNT.freeHead]
  w.counts[COUNT.freeHead] = p
}

/** One half more records and lines: a larger buffer, every column copied. Views are replaced in place, so who holds `w` holds the new ones. */
function growWorld(w: World): void {
  const records = Math.ceil(w.size.records * 1.5)
  let buckets = w.size.buckets
  while (buckets < records) buckets *= 2
  moveWorld(w, { ...w.size, records, lines: Math.ceil(w.size.lines * 1.5), buckets })
}

/** Room for deliveries that come so many days from today. */
export function growInbound(w: World, daysAhead: number, today: number): void {
  let inboundDays = w.size.inboundDays
  while (inboundDays <= daysAhead) inboundDays *= 2
  const { inbound, size } = w
  moveWorld(w, { ...size, inboundDays })
  // A day of the ring lies elsewhere in the longer one.
  const shelves = w.onHand.length
  w.inbound.fill(0)
  for (let day = today; day < today + size.inboundDays; day++) {
    const at = (day % size.inboundDays) * shelves
    w.inbound.set(inbound.subarray(at, at + shelves), (day % inboundDays) * shelves)
  }
}

/** Room for books that are wrong. */
export function makeRoomForErrors(w: World): void {
  if (w.size.erring === 0) moveWorld(w, { ...w.size, erring: 1 })
}

/** Room for what became of shipments. */
export function makeRoomForExperience(w: World): void {
  if (w.size.learning === 0) moveWorld(w, { ...w.size, learning: 1 })
}

/** Room for the prices of a plan. */
export function makeRoomForPrices(w: World): void {
  if (w.size.priced === 0) moveWorld(w, { ...w.size, priced: 1 })
}

/** Room for so many numbers that a plan leaves. */
export function makeRoomForNotes(w: World, notes: number): void {
  if (w.size.notes < notes) moveWorld(w, { ...w.size, notes: Math.ceil(1.5 * notes) })
}

function moveWorld(w: World, size: WorldSize): void {
  const larger = viewWorld(w.d, size, new SharedArrayBuffer(worldBytes(w.d, size)))
  larger.queueHeads.fill(-1)
  for (const [name, column] of Object.entries(w)) {
    const target = larger[name as keyof World]
    // Views that share the region of another column: that one carries it.
    if (SHARED_VIEWS.includes(name)) continue
    if (ArrayBuffer.isView(column) && ArrayBuffer.isView(target)) (target as Float64Array).set(column as Float64Array)
  }
  Object.assign(w, larger)
}

// --- lines: one in the record, more in blocks of 2, 4 or 8 ------------------------------------------------------------------------
const freeHeadOf = (count: number): number => (count <= 2 ? COUNT.lineFree2 : count <= 4 ? COUNT.lineFree4 : COUNT.lineFree8)
const blockSize = (count: number): number => (count <= 2 ? 2 : count <= 4 ? 4 : 8)

/** What a parcel keeps in its block: its lines, and where its order is split a link. */
const slotsOf = (w: World, p: Parcel): number => lineCount(w, p) + (hasFlag(w, p, FLAG.split) ? 1 : 0)

/** Gives a record its lines, packed as SKU · 256 + units. 1 to 8 of them; one fewer where its order is split. */
export function setLines(w: World, p: Parcel, lines: Int32Array, count: number): void {
  if (count < 1 || count > 8) bug(`a parcel with ${count} lines`)
  setLineCount(w, p, count)
  const slots = slotsOf(w, p)
  if (slots > 8) bug('a parcel of a split order with all the lines an order can have')
  if (slots === 1) {
    w.i32[p * I.stride + I.lines] = lines[0]
    return
  }
  const list = freeHeadOf(slots)
  let block = w.counts[list]
  if (block >= 0) w.counts[list] = w.lines[block]
  else {
    if (w.counts[COUNT.linesUsed] + 8 > w.size.lines) growWorld(w)
    block = w.counts[COUNT.linesUsed]
    w.counts[COUNT.linesUsed] += blockSize(slots)
  }
  for (let i = 0; i < count; i++) w.lines[block + i] = lines[i]
  if (slots > count) w.lines[block + count] = -1
  w.i32[p * I.stride + I.lines] = block
}

/** An order is split: its first parcel keeps some of its lines, and from now on a link to the others. */
export function splitOrder(w: World, order: Parcel, lines: Int32Array, count: number): void {
  dropLines(w, order)
  setFlag(w, order, FLAG.split)
  setLines(w, order, lines, count)
}

/** Takes a record's lines away, before it is given others. */
function dropLines(w: World, p: Parcel): void {
  freeLines(w, p)
  setLineCount(w, p, 0)
}

function setLineCount(w: World, p: Parcel, count: number): void {
  w.u8[p * B.stride + B.stateAndLines] = (count << 4) | stateOf(w, p)
}

function freeLines(w: World, p: Parcel): void {
  const slots = slotsOf(w, p)
  if (slots < 2 || lineCount(w, p) === 0) return
  const block = w.i32[p * I.stride + I.lines]
  const list = freeHeadOf(slots)
  w.lines[block] = w.counts[list]
  w.counts[list] = block
}

// --- writing a record -------------------------------------------------------------------------------------------------------------
/** Fields an actor or parcel is born with; anything left out is 0. */
export function setActor(w: World, p: Parcel, kind: number, warehouse: number, service: number, zone: number): void {
  w.u8[p * B.stride + B.kind] = kind
  w.u8[p * B.stride + B.service] = service
  w.u16[p * H.stride + H.warehouse] = warehouse
  w.u16[p * H.stride + H.zone] = zone
}
export function setKind(w: World, p: Parcel, kind: number): void {
  w.u8[p * B.stride + B.kind] = kind
}
export function setState(w: World, p: Parcel, state: number): void {
  w.u8[p * B.stride + B.stateAndLines] = (lineCount(w, p) << 4) | state
}
/** It comes into a queue by another's event than its own, or came there before the run began: its own time is from now on when it came. */
export function setCame(w: World, p: Parcel, cameMs = w.regs[REG.nowMs]): void {
  w.records[p * F.stride + F.eventMs] = cameMs
}
export function setFlag(w: World, p: Parcel, flag: number): void {
  w.u8[p * B.stride + B.flags] |= flag
}
export function setRoute(w: World, p: Parcel, warehouse: number, service: number): void {
  w.u16[p * H.stride + H.warehouse] = warehouse
  w.u8[p * B.stride + B.service] = service
}
/** Which of its lines an order waits for; a route takes its place. */
export function setWaitedLine(w: World, p: Parcel, line: number): void {
  w.u8[p * B.stride + B.service] = line
}
export function addAttempt(w: World, p: Parcel): void {
  w.detailsU8[p * DB.stride + DB.attempts]++
}
/** A pick of it found nothing. */
export function addMissedPick(w: World, p: Parcel): void {
  const at = p * DB.stride + DB.attempts
  if (w.detailsU8[at] < 240) w.detailsU8[at] += 16
}
/** An order that waits is refused, or is not any more. */
export function setRefused(w: World, p: Parcel, isRefused: boolean): void {
  if (hasFlag(w, p, FLAG.refused) === isRefused) return
  w.u8[p * B.stride + B.flags] ^= FLAG.refused
  w.counts[COUNT.refused] += isRefused ? 1 : -1
}
/** A timer's record carries nothing, so that whom it watches stands where lines would. */
export function setWatched(w: World, timer: Parcel, watched: Parcel): void {
  w.i32[timer * I.stride + I.lines] = watched
}
function setLink(w: World, p: Parcel, link: Parcel): void {
  w.lines[w.i32[p * I.stride + I.lines] + lineCount(w, p)] = link
}
export function setOrder(w: World, p: Parcel, order: number): void {
  w.i32[p * I.stride + I.order] = order
}

/** Numbers an order and writes what its customer said. It is placed now, or was before the run began. */
export function writeOrder(
  w: World,
  p: Parcel,
  zone: number,
  promisedMs: number,
  counted: boolean,
  placedMs = w.regs[REG.nowMs],
): number {
  const order = w.counts[COUNT.nextOrder]++
  w.i32[p * I.stride + I.order] = order
  w.u16[p * H.stride + H.zone] = zone
  const ahead = Math.floor(promisedMs) - placedMs + FAR_MS
  if (!(ahead > 0 && ahead < 2 * FAR_MS)) bug(`order ${order} was promised for ${promisedMs} ms`)
  if (placedMs >= LONGEST_MS) throw new Error('orders are placed for more than 34 years: a run is shorter than that')
  const detail = p * D.stride
  const bytes = p * DB.stride
  // As whole ms modulo 2^32, and how often 2^32 goes into them.
  w.detailsU32[detail + D.placedLow] = placedMs
  w.detailsU8[bytes + DB.placedHigh] = Math.floor(placedMs * HIGH)
  w.detailsU32[detail + D.promisedLow] = ahead
  w.detailsU8[bytes + DB.promisedHigh] = Math.floor(ahead * HIGH)
  w.detailsU8[bytes + DB.openParcels] = 1
  w.counts[COUNT.openOrders]++
  w.counts[COUNT.placed]++
  w.counts[COUNT.inHouse]++
  if (counted) {
    setFlag(w, p, FLAG.counted)
    w.counts[COUNT.openCounted]++
  }
  return order
}
/** Takes back the order that was written last and was not counted, as if nobody had asked: for questions that must leave no trace. */
export function takeBackOrder(w: World, p: Parcel): void {
  w.counts[COUNT.nextOrder]--
  w.counts[COUNT.openOrders]--
  w.counts[COUNT.placed]--
  w.counts[COUNT.inHouse]--
  freeRecord(w, p)
}

/** A further parcel of a split order: record, lines, link and number of the part. */
export function createChild(w: World, order: Parcel, part: number, lines: Int32Array, count: number): Parcel {
  const child = createRecord(w)
  w.i32[child * I.stride + I.order] = part
  w.u16[child * H.stride + H.zone] = w.u16[order * H.stride + H.zone]
  w.u8[child * B.stride + B.flags] = w.u8[order * B.stride + B.flags] | FLAG.child
  const own = child * D.stride
  const first = order * D.stride
  setLines(w, child, lines, count)
  setLink(w, child, order)
  w.details[own + D.placedLow] = w.details[first + D.placedLow]
  w.detailsU8[child * DB.stride + DB.placedHigh] = w.detailsU8[order * DB.stride + DB.placedHigh]
  // It has no promise of its own: in its place lies the next child.
  w.details[own + D.promisedLow] = linkOf(w, order)
  setLink(w, order, child)
  w.detailsU8[order * DB.stride + DB.openParcels]++
  w.counts[COUNT.inHouse]++
  return child
}
/** The order was given to another warehouse or service: counted in the upper half of the byte whose lower half counts its open parcels. */
export function countMove(w: World, order: Parcel): void {
  const at = order * DB.stride + DB.openParcels
  if (w.detailsU8[at] < 15 * 16) w.detailsU8[at] += 16
}
/** One parcel of the order has ended; returns how many have not. */
export function endParcel(w: World, order: Parcel): number {
  return --w.detailsU8[order * DB.stride + DB.openParcels] & 15
}
export function endOrder(w: World, counted: boolean): void {
  w.counts[COUNT.openOrders]--
  w.counts[COUNT.ended]++
  if (counted) w.counts[COUNT.openCounted]--
}
/** A measured order is on its way back, or (−1) has arrived. */
export function awaitReturn(w: World, change: number): void {
  w.counts[COUNT.countedReturns] += change
}

/** A parcel left its warehouse, or will not. */
export function leaveHouse(w: World): void {
  w.counts[COUNT.inHouse]--
}
export function setClock(w: World, timeMs: number): void {
  if (timeMs < w.regs[REG.nowMs]) bug(`time turned back from ${w.regs[REG.nowMs]} to ${timeMs} ms`)
  w.regs[REG.nowMs] = timeMs
  w.regs[REG.events]++
}
