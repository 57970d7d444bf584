import { ALLOWED, ENDS, kind, LEADS_TO, NEEDS_REASON, stateNumber } from '../order/steps.ts'
import { addRow, openRows, pageOf, type Rows, wordOf } from './rows.ts'
import { ALL_PARTS, atOf, detailPage, EVENT, FLAG, flagsOf, kindOf, partOf, reasonOf, type Timeline } from './timeline.ts'

/**
 * One order while its events are folded: a row of 64 bytes, and one of 32 for each parcel it was split into. The row itself holds what all
 * parcels have in common until there are some; a parcel that is spoken of for the first time begins there.
 */
export const ORDER = {
  /** Its latest event. */
  last: 0,
  /** A bit in each for every identity it has seen, by its lowest bits: where one is not set it has not been seen. */
  seenA: 1,
  seenB: 2,
  refused: 3,
  /** When its latest event happened: lower 32 bits, upper 11; the highest bit is 1 once it is counted. */
  at: 4,
  atHigh: 5,
  zone: 6,
  /** The events that placed it and that promised last. */
  placed: 7,
  promise: 8,
  /** Its first parcel. */
  parts: 9,
  /** Here begins what it shares with a parcel. */
  unit: 10,
  stride: 16,
} as const
export const UNIT = {
  /** State (8 bits), part (8). */
  state: 0,
  /** The event that led there. */
  since: 1,
  warehouse: 2,
  service: 3,
  hub: 4,
  /** The event that said when it is expected. */
  expected: 5,
  /** The next parcel of the same order. */
  next: 6,
  stride: 8,
} as const
const COUNTED = 0x80000000

export type Fold = {
  row: Uint32Array
  /** Where its words begin. */
  at: number
  readonly units: Rows
  /** Rows of parcels that nobody uses, linked by `next`. */
  free: number
  /** What the last step moved: cell from (−1: it was not there), cell to. */
  readonly moves: Int32Array
  moveCount: number
  refused: boolean
  /** State before and after the last step, of the first parcel it spoke of. */
  before: number
  after: number
  /** Change of the number of open orders. */
  opened: number
  /** Events looked at so far, to take a step or on the way to another: what the fold costs, whatever the machine. */
  looks: number
}

export const foldOver = (units: Rows): Fold => ({
  row: new Uint32Array(ORDER.stride),
  at: 0,
  units,
  free: 0,
  moves: new Int32Array(140),
  moveCount: 0,
  refused: false,
  before: 0,
  after: 0,
  opened: 0,
  looks: 0,
})
/** A fold beside the state: for looking at an order as it was. */
export const openFold = (): Fold => foldOver(openRows(UNIT.stride, 4))

/** The order as before its first event; what it has seen stays. */
export function beginAgain(fold: Fold): void {
  const { row, at } = fold
  freeParts(fold)
  row[at + ORDER.refused] = 0
  row[at + ORDER.atHigh] &= ~COUNTED
  row.fill(0, at + ORDER.zone, at + ORDER.stride)
}

/** What its next steps depend on, and what they have made of it: all but its events, what it has seen, and how many were refused. */
export function saveFold({ row, at, units }: Fold): Uint32Array {
  let parts = 0
  for (let unit = row[at + ORDER.parts]; unit !== 0; unit = nextOf(units, unit)) parts++
  const saved = new Uint32Array(SAVED.parts + parts * UNIT.next)
  saved[SAVED.counted] = isCounted(row, at) ? 1 : 0
  saved.set(row.subarray(at + ORDER.zone, at + ORDER.stride), SAVED.own)
  // Where its parcels lie is no part of what it is.
  saved[SAVED.own + ORDER.parts - ORDER.zone] = parts
  let to = SAVED.parts
  for (let unit = row[at + ORDER.parts]; unit !== 0; unit = nextOf(units, unit)) {
    const u = wordOf(units, unit)
    saved.set(pageOf(units, unit).subarray(u, u + UNIT.next), to)
    to += UNIT.next
  }
  return saved
}

/** The order as it was saved. */
export function restoreFold(fold: Fold, saved: Uint32Array): void {
  const { row, at, units } = fold
  freeParts(fold)
  if (saved[SAVED.counted] === 1) row[at + ORDER.atHigh] |= COUNTED
  else row[at + ORDER.atHigh] &= ~COUNTED
  row.set(saved.subarray(SAVED.own, SAVED.parts), at + ORDER.zone)
  row[at + ORDER.parts] = 0
  let last = 0
  for (let from = SAVED.parts; from < saved.length; from += UNIT.next) {
    const unit = newUnit(fold)
    const page = pageOf(units, unit)
    const u = wordOf(units, unit)
    page.set(saved.subarray(from, from + UNIT.next), u)
    page[u + UNIT.next] = 0
    if (last === 0) row[at + ORDER.parts] = unit
    else pageOf(units, last)[wordOf(units, last) + UNIT.next] = unit
    last = unit
  }
}
/** Words of a saved order: whether it is counted, its own from `zone` on, then those of each parcel. */
const SAVED = { counted: 0, own: 1, parts: 1 + ORDER.stride - ORDER.zone } as const
const nextOf = (units: Rows, unit: number): number => pageOf(units, unit)[wordOf(units, unit) + UNIT.next]

export const isCounted = (row: Uint32Array, at: number): boolean => (row[at + ORDER.atHigh] & COUNTED) !== 0

const DELIVERED = stateNumber('delivered')
const SETTLED = stateNumber('settled')
const PLACED = kind('orders.placed')
const QUOTED = kind('orders.quoted')
const PROMISED = kind('orders.promise-changed')
const MOVED_HOUSE = kind('orders.address-changed')
const ROUTED = kind('orders.routed')
const REROUTED = kind('orders.rerouted')
const HANDED_OVER = kind('departures.handed-over')
const SETTLING = kind('orders.settled')
const AT_HUB = kind('scans.at-hub')
const LEFT_HUB = kind('scans.left-hub')

/** Which field a kind of event names in `ref`: 1 a warehouse, 2 a hub. */
const NAMES = new Uint8Array(256)
for (const id of [
  'orders.released',
  'work.pick-started',
  'work.pick-short',
  'work.pick-finished',
  'work.check-started',
  'work.check-failed',
  'work.check-passed',
  'work.pack-started',
  'work.pack-finished',
  'work.staged',
  'work.return-inspected',
  'scans.return-received',
])
  NAMES[kind(id)] = 1
NAMES[AT_HUB] = 2
NAMES[LEFT_HUB] = 2
export const namesWarehouse = (number: number): boolean => NAMES[number] === 1

/** Kinds whose `ref` says where their details lie. */
export const hasDetails = (number: number): boolean =>
  number === PLACED ||
  number === QUOTED ||
  number === PROMISED ||
  number === ROUTED ||
  number === REROUTED ||
  number === HANDED_OVER

/** Words of details, by kind: what each begins with. */
export const ORDER_DETAIL = { zone: 0, promised: 1, lines: 3 } as const
export const ROUTE_DETAIL = { warehouse: 0, service: 1, hub: 2, expected: 3, lines: 5 } as const

/** Applies one event to the order, as the table of steps has it. */
export function step(fold: Fold, timeline: Timeline, event: number): void {
  const page = pageOf(timeline.events, event)
  const word = wordOf(timeline.events, event)
  const { row, at, units } = fold
  const number = kindOf(page, word)
  const part = partOf(page, word)
  fold.looks++
  fold.moveCount = 0
  fold.opened = 0
  const flags = flagsOf(page, word)
  if (flags & FLAG.replaced) {
    fold.refused = false
    fold.before = fold.after = row[at + ORDER.unit] & 255
    return
  }
  if (flags & FLAG.ruled && number === SETTLING) {
    settleByRule(fold, event, page[word + EVENT.ref])
    return
  }
  const wasCounted = isCounted(row, at)
  const wasOpen = wasCounted && isOpen(fold)
  row[at + ORDER.atHigh] |= COUNTED
  const base = at + ORDER.unit
  const first = row[at + ORDER.parts]
  let done = false
  if (number === PLACED || number === QUOTED) takeOrder(row, at, timeline, event, page, word, number)
  if (part === ALL_PARTS) {
    if (first === 0) {
      const from = wasCounted ? cellOf(row, base) : -1
      fold.before = row[base] & 255
      done = stepUnit(row, base, timeline, event, page, word, number)
      fold.after = row[base] & 255
      note(fold, from, cellOf(row, base))
    } else {
      stepUnit(row, base, timeline, event, page, word, number)
      let told = false
      for (let unit = first; unit !== 0; ) {
        const its = pageOf(units, unit)
        const u = wordOf(units, unit)
        const [state, from] = [its[u] & 255, cellOf(its, u)]
        const moved = stepUnit(its, u, timeline, event, page, word, number)
        if (!told || (moved && !done)) {
          fold.before = state
          fold.after = its[u] & 255
          told = true
        }
        done = moved || done
        note(fold, from, cellOf(its, u))
        unit = its[u + UNIT.next]
      }
    }
  } else done = stepPart(fold, timeline, event, page, word, number, part, wasCounted)
  fold.refused = !done
  if (!done) row[at + ORDER.refused]++
  else if (number === PROMISED) row[at + ORDER.promise] = event
  else if (number === MOVED_HOUSE && page[word + EVENT.ref] !== 0) row[at + ORDER.zone] = page[word + EVENT.ref]
  const open = isOpen(fold)
  fold.opened = (open ? 1 : 0) - (wasOpen ? 1 : 0)
}

/** Whether the event is `settled` by rule: see `rule.ts`. */
export const isRuled = (page: Uint32Array, word: number): boolean =>
  kindOf(page, word) === SETTLING && (flagsOf(page, word) & FLAG.ruled) !== 0

/** A rule that settled nothing. */
export const isVoid = (page: Uint32Array, word: number): boolean =>
  isRuled(page, word) && ((page[word + EVENT.told] >>> 16) & 255) !== SETTLED

/** Settles what is still delivered by that very event, and nothing else: where it was told anew or has gone on, the rule is void. */
function settleByRule(fold: Fold, event: number, delivered: number): void {
  const { row, at, units } = fold
  const wasOpen = isCounted(row, at) && isOpen(fold)
  fold.refused = false
  fold.before = fold.after = 0
  const settle = (unit: Uint32Array, u: number): void => {
    if ((unit[u] & 255) !== DELIVERED || unit[u + UNIT.since] !== delivered) return
    const from = cellOf(unit, u)
    unit[u] = (unit[u] & ~255) | SETTLED
    unit[u + UNIT.since] = event
    fold.before = DELIVERED
    fold.after = SETTLED
    note(fold, from, cellOf(unit, u))
  }
  const first = row[at + ORDER.parts]
  if (first === 0) settle(row, at + ORDER.unit)
  for (let unit = first; unit !== 0; unit = nextOf(units, unit)) settle(pageOf(units, unit), wordOf(units, unit))
  fold.opened = wasOpen && !isOpen(fold) ? -1 : 0
}

/** What is settled by rule alone goes on as if it were delivered: a customer may still send it back, and somebody may still settle it. */
function stateFrom(unit: Uint32Array, u: number, { events }: Timeline): number {
  const state = unit[u] & 255
  if (state !== SETTLED) return state
  const since = unit[u + UNIT.since]
  return isRuled(pageOf(events, since), wordOf(events, since)) ? DELIVERED : state
}

function stepPart(
  fold: Fold,
  timeline: Timeline,
  event: number,
  page: Uint32Array,
  word: number,
  number: number,
  part: number,
  wasCounted: boolean,
): boolean {
  const { row, at, units } = fold
  const base = at + ORDER.unit
  let last = 0
  for (let unit = row[at + ORDER.parts]; unit !== 0; ) {
    const its = pageOf(units, unit)
    const u = wordOf(units, unit)
    if (its[u] >>> 8 === part) {
      const from = cellOf(its, u)
      fold.before = its[u] & 255
      const done = stepUnit(its, u, timeline, event, page, word, number)
      fold.after = its[u] & 255
      note(fold, from, cellOf(its, u))
      return done
    }
    last = unit
    unit = its[u + UNIT.next]
  }
  fold.before = fold.after = row[base] & 255
  if (!isAllowed(stateFrom(row, base, timeline), number, page, word)) {
    if (!wasCounted && row[at + ORDER.parts] === 0) note(fold, -1, cellOf(row, base))
    return false
  }
  // The first parcel takes the place of the order itself, which was counted until now.
  const from = last === 0 && wasCounted ? cellOf(row, base) : -1
  const unit = newUnit(fold)
  const its = pageOf(units, unit)
  const u = wordOf(units, unit)
  for (let i = 0; i <= UNIT.expected; i++) its[u + i] = row[base + i]
  its[u] = (row[base] & 255) | (part << 8)
  its[u + UNIT.next] = 0
  if (last === 0) row[at + ORDER.parts] = unit
  else pageOf(units, last)[wordOf(units, last) + UNIT.next] = unit
  stepUnit(its, u, timeline, event, page, word, number)
  fold.after = its[u] & 255
  note(fold, from, cellOf(its, u))
  return true
}

const isAllowed = (state: number, number: number, page: Uint32Array, word: number): boolean =>
  ALLOWED[number * 64 + state] === 1 && (NEEDS_REASON[number] === 0 || reasonOf(page, word) !== 0)

/** One parcel takes the step, where it may. */
function stepUnit(
  unit: Uint32Array,
  u: number,
  timeline: Timeline,
  event: number,
  page: Uint32Array,
  word: number,
  number: number,
): boolean {
  if (!isAllowed(stateFrom(unit, u, timeline), number, page, word)) return false
  const to = LEADS_TO[number]
  if (to >= 0) {
    unit[u] = (unit[u] & ~255) | to
    unit[u + UNIT.since] = event
  }
  const ref = page[word + EVENT.ref]
  if (NAMES[number] === 1) {
    if (ref !== 0) unit[u + UNIT.warehouse] = ref
  } else if (NAMES[number] === 2) {
    if (ref !== 0) unit[u + UNIT.hub] = ref
  } else if (number === ROUTED || number === REROUTED) {
    const details = detailPage(timeline.details, ref)
    const d = wordOf(timeline.details, ref)
    unit[u + UNIT.warehouse] = details[d + ROUTE_DETAIL.warehouse]
    unit[u + UNIT.service] = details[d + ROUTE_DETAIL.service]
    unit[u + UNIT.hub] = details[d + ROUTE_DETAIL.hub]
    unit[u + UNIT.expected] = event
  } else if (number === HANDED_OVER) {
    const details = detailPage(timeline.details, ref)
    const d = wordOf(timeline.details, ref)
    unit[u + UNIT.warehouse] = details[d + ROUTE_DETAIL.warehouse]
    unit[u + UNIT.service] = details[d + ROUTE_DETAIL.service]
  }
  return true
}

/**
 * What was ordered and promised holds whether or not the step was allowed: where a clock is wrong, an order is placed after it was paid, and nobody
 * else says what is in it. Placed says more than quoted and is not taken back by it.
 */
function takeOrder(
  row: Uint32Array,
  at: number,
  timeline: Timeline,
  event: number,
  page: Uint32Array,
  word: number,
  number: number,
): void {
  if (row[at + ORDER.placed] !== 0) return
  const details = detailPage(timeline.details, page[word + EVENT.ref])
  const zone = details[wordOf(timeline.details, page[word + EVENT.ref]) + ORDER_DETAIL.zone]
  if (number === PLACED) row[at + ORDER.placed] = event
  row[at + ORDER.promise] = event
  row[at + ORDER.zone] = zone
}

const cellOf = (unit: Uint32Array, u: number): number => unit[u + UNIT.warehouse] * 64 + (unit[u] & 255)

function note(fold: Fold, from: number, to: number): void {
  if (from === to) return
  fold.moves[2 * fold.moveCount] = from
  fold.moves[2 * fold.moveCount + 1] = to
  fold.moveCount++
}

const isOpen = ({ row, at, units }: Fold): boolean => isOpenOrder(units, row, at)

/** Whether any of its parcels has not ended. */
export function isOpenOrder(units: Rows, row: Uint32Array, at: number): boolean {
  let unit = row[at + ORDER.parts]
  if (unit === 0) return ENDS[row[at + ORDER.unit] & 255] === 0
  while (unit !== 0) {
    const its = pageOf(units, unit)
    const u = wordOf(units, unit)
    if (ENDS[its[u] & 255] === 0) return true
    unit = its[u + UNIT.next]
  }
  return false
}

function newUnit(fold: Fold): number {
  const unit = fold.free
  if (unit === 0) return addRow(fold.units)
  fold.free = pageOf(fold.units, unit)[wordOf(fold.units, unit) + UNIT.next]
  return unit
}

function freeParts(fold: Fold): void {
  const { row, at, units } = fold
  for (let unit = row[at + ORDER.parts]; unit !== 0; ) {
    const its = pageOf(units, unit)
    const u = wordOf(units, unit)
    const next = its[u + UNIT.next]
    its[u + UNIT.next] = fold.free
    fold.free = unit
    unit = next
  }
  row[at + ORDER.parts] = 0
}

/** Its events from the first to the last that happened by an instant, as numbers; returns how many. */
export function eventsOf(timeline: Timeline, last: number, untilMs: number, into: number[]): number {
  let count = 0
  for (let event = last; event !== 0; ) {
    const page = pageOf(timeline.events, event)
    const word = wordOf(timeline.events, event)
    if (atOf(page, word) <= untilMs) into[count++] = event
    event = page[word + EVENT.previous]
  }
  for (let i = 0, j = count - 1; i < j; i++, j--) [into[i], into[j]] = [into[j], into[i]]
  return count
}
