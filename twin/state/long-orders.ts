import type { Identity } from './identity.ts'
import { asNumber } from './identity.ts'
import { type Fold, restoreFold, saveFold } from './order-fold.ts'
import type { Orders } from './orders.ts'
import { pageOf, wordOf } from './rows.ts'
import { compareEvents, EVENT, type Timeline } from './timeline.ts'

/**
 * Orders with many events. Folding one again from its first event costs as much as it has events, so N late ones would cost N². The events of
 * such an order also lie here in pieces, each with the order as it stood before its first event: a late event is put into its piece, that piece is
 * folded again, and the next ones only until one begins as it did before. That is soon, since an event says what has become of the order
 * and not how it has changed. None of this is put away: it follows from the timeline.
 */
export type LongOrder = {
  readonly pieces: Piece[]
  /** The event of each identity; of several times told for one event the earliest. */
  readonly known: Map<number, number>
}
/** `saved`: null where it has yet to be folded. */
type Piece = { readonly events: number[]; saved: Uint32Array | null }

/** An order of so many events is long. Few orders ever are: a walk from quote to settled return has about thirty. */
export const LONG = 64
const PIECE = 32
const PIECE_MAX = 2 * PIECE

/** Takes away what an event has told, takes its step again, and writes what that told. */
export type FoldOne = (orders: Orders, event: number) => void

/** Folds all of it, in pieces. `orders.fold` stands before the first event. */
export function foldLong(orders: Orders, events: readonly number[], count: number, foldOne: FoldOne): LongOrder {
  const { fold, timeline } = orders
  const long: LongOrder = { pieces: [], known: new Map() }
  for (let i = 0; i < count; i++) {
    append(long, timeline, fold, events[i])
    foldOne(orders, events[i])
  }
  return long
}

/** An event that is later than all it has; its step is still to be taken. */
export function append({ pieces, known }: LongOrder, timeline: Timeline, fold: Fold, event: number): void {
  const last = pieces.at(-1)
  if (last === undefined || last.events.length >= PIECE) pieces.push({ events: [event], saved: saveFold(fold) })
  else last.events.push(event)
  const identity = identityOf(timeline, event)
  if (!known.has(identity)) known.set(identity, event)
}

export const knownAs = ({ known }: LongOrder, identity: Identity): number => known.get(asNumber(identity)) ?? 0

/** Puts an event where it belongs; returns those beside it, 0 where there is none. */
export function place(
  { pieces, known }: LongOrder,
  timeline: Timeline,
  event: number,
): { readonly before: number; readonly after: number } {
  const at = pieceOf(pieces, timeline, event)
  const { events } = pieces[at]
  const i = firstAfter(events, timeline, event)
  const before = i > 0 ? events[i - 1] : at > 0 ? (pieces[at - 1].events.at(-1) as number) : 0
  const after = i < events.length ? events[i] : at + 1 < pieces.length ? pieces[at + 1].events[0] : 0
  events.splice(i, 0, event)
  if (events.length > PIECE_MAX) pieces.splice(at + 1, 0, { events: events.splice(PIECE), saved: null })
  // Told again with an earlier time, it stands for the one that was known.
  known.set(identityOf(timeline, event), event)
  return { before, after }
}

/** Folds again from the piece of `from` on, at least up to that of `to`, until a piece begins as it did before. */
export function foldFrom(orders: Orders, long: LongOrder, from: number, to: number, foldOne: FoldOne): void {
  const { fold, timeline } = orders
  const { pieces } = long
  const least = pieceOf(pieces, timeline, to)
  const end = saveFold(fold)
  let at = pieceOf(pieces, timeline, from)
  // A piece that was parted from it has never been folded by itself.
  while (pieces[at].saved === null) at--
  restoreFold(fold, pieces[at].saved as Uint32Array)
  for (; at < pieces.length; at++) {
    for (const event of pieces[at].events) foldOne(orders, event)
    if (at + 1 === pieces.length) return
    const next = pieces[at + 1]
    const saved = saveFold(fold)
    if (at + 1 > least && next.saved !== null && isSame(saved, next.saved)) {
      restoreFold(fold, end)
      return
    }
    next.saved = saved
  }
}

/** The last piece that begins before the event; the first where none does. */
function pieceOf(pieces: readonly Piece[], timeline: Timeline, event: number): number {
  let [low, high] = [0, pieces.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (compare(timeline, pieces[middle].events[0], event) <= 0) low = middle
    else high = middle - 1
  }
  return low
}

function firstAfter(events: readonly number[], timeline: Timeline, event: number): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(timeline, events[middle], event) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

const compare = ({ events }: Timeline, a: number, b: number): number =>
  compareEvents(pageOf(events, a), wordOf(events, a), pageOf(events, b), wordOf(events, b))

function identityOf({ events }: Timeline, event: number): number {
  const page = pageOf(events, event)
  const word = wordOf(events, event)
  return (page[word + EVENT.high] & 0x1fffff) * 4294967296 + page[word + EVENT.low]
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
