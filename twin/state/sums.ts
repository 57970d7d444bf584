import { pageOf, wordOf } from './rows.ts'
import { atOf, EVENT, EVENT_SHIFT, FLAG, type Timeline } from './timeline.ts'

/**
 * How many parcels are where: the sum of all moves. Each page of the timeline holds the sum of its own, so the network at an instant is the
 * sums of the pages that lie before it and the events of the few that straddle it. A cell is warehouse × 64 + state.
 */
export type PageSum = { minMs: number; maxMs: number; cells: Int32Array; open: number }
export type Sums = { readonly pages: PageSum[]; cells: Int32Array; open: number }

export const openSums = (): Sums => ({ pages: [], cells: new Int32Array(0), open: 0 })
/** A count of parcels by cell, and of orders that have not ended. */
export type Counted = { cells: Int32Array; open: number }

/** An event is there: its page reaches to its time. */
export function widen(sums: Sums, event: number, ms: number): void {
  const page = sumOf(sums, event)
  if (ms < page.minMs) page.minMs = ms
  if (ms > page.maxMs) page.maxMs = ms
}

/** Adds the moves that an event holds (`sign` 1), or takes them away again (−1). */
export function addMoves(sums: Sums, timeline: Timeline, event: number, sign: number): void {
  const page = pageOf(timeline.events, event)
  const word = wordOf(timeline.events, event)
  const flags = (page[word + EVENT.told] >>> 8) & 255
  if ((flags & (FLAG.opened | FLAG.closed | FLAG.moved | FLAG.many)) === 0) return
  const own = sumOf(sums, event)
  addTo(own, timeline, event, page, word, flags, sign)
  addTo(sums, timeline, event, page, word, flags, sign)
}

/** What was counted at an instant. */
export function countedAt(sums: Sums, timeline: Timeline, ms: number): Counted {
  const counted: Counted = { cells: new Int32Array(sums.cells.length), open: 0 }
  sums.pages.forEach((sum, i) => {
    if (sum.minMs > ms) return
    if (sum.maxMs <= ms) {
      counted.open += sum.open
      for (let cell = 0; cell < sum.cells.length; cell++) counted.cells[cell] += sum.cells[cell]
      return
    }
    const { pages, count } = timeline.events
    const page = pages[i]
    const end = Math.min(count - (i << EVENT_SHIFT), 1 << EVENT_SHIFT)
    for (let row = i === 0 ? 1 : 0; row < end; row++) {
      const word = row * EVENT.stride
      if (atOf(page, word) > ms) continue
      const flags = (page[word + EVENT.told] >>> 8) & 255
      addTo(counted, timeline, (i << EVENT_SHIFT) + row, page, word, flags, 1)
    }
  })
  return counted
}

function sumOf({ pages }: Sums, event: number): PageSum {
  const number = event >>> EVENT_SHIFT
  while (pages.length <= number)
    pages.push({ minMs: Number.POSITIVE_INFINITY, maxMs: Number.NEGATIVE_INFINITY, cells: new Int32Array(0), open: 0 })
  return pages[number]
}

function addTo(
  to: Counted,
  timeline: Timeline,
  event: number,
  page: Uint32Array,
  word: number,
  flags: number,
  sign: number,
): void {
  if (flags & FLAG.opened) to.open += sign
  else if (flags & FLAG.closed) to.open -= sign
  if (flags & FLAG.many) {
    const moves = timeline.manyMoves.get(event) as Int32Array
    for (let i = 0; i < moves.length; i += 2) {
      if (moves[i] >= 0) count(to, moves[i], -sign)
      count(to, moves[i + 1], sign)
    }
  } else if (flags & FLAG.moved) {
    const told = page[word + EVENT.told]
    const sites = page[word + EVENT.sites]
    if ((flags & FLAG.fresh) === 0) count(to, (sites >>> 16) * 64 + (told >>> 24), -sign)
    count(to, (sites & 0xffff) * 64 + ((told >>> 16) & 255), sign)
  }
}

function count(to: Counted, cell: number, by: number): void {
  if (cell >= to.cells.length) {
    const more = new Int32Array(Math.max(cell + 64, to.cells.length + (to.cells.length >>> 1)))
    more.set(to.cells)
    to.cells = more
  }
  to.cells[cell] += by
}
