import { TURN } from '../order/steps.ts'
import { addRow, openRows, pageOf, type Rows, wordOf } from './rows.ts'

/**
 * The events of orders as they are held: 40 bytes each, linked backwards in the order of the fold. What was said beside it lies in the log,
 * at the place that each names; only what the fold itself needs (where to, promised when, which lines) is held as well, in `details`.
 */
export const EVENT = {
  /** Lower 32 bits of when it happened, ms since 1970. */
  at: 0,
  /** Upper 11 bits of when, then the upper 21 of its identity. */
  high: 1,
  /** Lower 32 bits of its identity. */
  low: 2,
  entry: 3,
  /** The event of the same order before it. */
  previous: 4,
  /** Line in the entry (16 bits), kind (8), part (8). */
  what: 5,
  /** Number of the site it names, or where its details lie: the kind says which. */
  ref: 6,
  /** Number of the order. */
  owner: 7,
  /** State before (8), after (8), flags (8), reason (8). */
  told: 8,
  /** Warehouse before (16), after (16), of a parcel that moved. */
  sites: 9,
  stride: 10,
} as const
const SHIFT = 15
/** The event speaks of all parcels. */
export const ALL_PARTS = 255
/** A line beyond this is looked up in `farLines`. */
export const FAR_LINE = 0xffff

export const FLAG = {
  /** The order began to be open with it. */
  opened: 1,
  closed: 2,
  /** No step allowed it. */
  refused: 4,
  /** Another event corrects it, or tells it anew with an earlier time: it counts no more. */
  replaced: 8,
  /** A parcel moved, from the state and site before to those after. */
  moved: 16,
  /** The parcel is there from this event on: nothing moved away from a state. */
  fresh: 32,
  /** It moved several parcels, or a site with a large number: see `manyMoves`. */
  many: 64,
  /** Of `settled`: nobody told it, it follows from a rule, and `ref` is the event it follows from. Of `delivered`: the rule has been put to it. */
  ruled: 128,
} as const

/** Times that fit: 43 bits, until 2248. Before 1970 there is none. */
const LATEST_MS = 2 ** 43 - 1
export const isTellable = (ms: number): boolean => ms >= 0 && ms <= LATEST_MS

export type Timeline = {
  readonly events: Rows
  readonly details: Rows
  /** Lines of places that are beyond 16 bits, by event. */
  readonly farLines: Map<number, number>
  /** Moves of events that moved more than one parcel: cell from (−1: none), cell to, and so on. */
  readonly manyMoves: Map<number, Int32Array>
}

export const DETAIL_SHIFT = 18
export const openTimeline = (): Timeline => ({
  events: openRows(EVENT.stride, SHIFT),
  details: openRows(1, DETAIL_SHIFT),
  farLines: new Map(),
  manyMoves: new Map(),
})
export const EVENT_SHIFT = SHIFT

export const atOf = (page: Uint32Array, word: number): number => (page[word + 1] >>> 21) * 4294967296 + page[word]
export const kindOf = (page: Uint32Array, word: number): number => (page[word + EVENT.what] >>> 8) & 255
export const partOf = (page: Uint32Array, word: number): number => page[word + EVENT.what] & 255
export const flagsOf = (page: Uint32Array, word: number): number => (page[word + EVENT.told] >>> 8) & 255
export const reasonOf = (page: Uint32Array, word: number): number => page[word + EVENT.told] & 255

export const lineOf = (timeline: Timeline, event: number): number => {
  const line = pageOf(timeline.events, event)[wordOf(timeline.events, event) + EVENT.what] >>> 16
  return line === FAR_LINE ? (timeline.farLines.get(event) as number) : line
}

/**
 * Below 0 where the first of two events comes first in the fold: by when it happened, then by its turn on the walk, then by identity. The last two
 * only part what happened in the same ms, and make the order total.
 */
export function compareEvents(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  const at = atOf(a, i) - atOf(b, j)
  if (at !== 0) return at
  const turn = TURN[kindOf(a, i)] - TURN[kindOf(b, j)]
  if (turn !== 0) return turn
  return (a[i + 1] & 0x1fffff) - (b[j + 1] & 0x1fffff) || a[i + 2] - b[j + 2]
}

/** Where so many words of details may be written, all in one page. */
export function addDetails(details: Rows, words: number): number {
  const left = (1 << DETAIL_SHIFT) - (details.count & ((1 << DETAIL_SHIFT) - 1))
  // What does not fit in the page is left unused.
  if (words > left) details.count += left
  const at = details.count
  addRow(details)
  details.count = at + words
  return at
}
export const detailPage = (details: Rows, at: number): Uint32Array => pageOf(details, at)
