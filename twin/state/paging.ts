import { InputError } from '../../scenarios/read/problem.ts'
import { EVENT_KINDS } from '../event/feeds.ts'
import type { OrderStateId } from '../order/lifecycle.ts'
import { stateId } from '../order/steps.ts'
import type { Core } from './core.ts'
import { FOLDS } from './folds.ts'
import { orderOf } from './forget.ts'
import type { Place } from './live-state.ts'
import { idOf } from './names.ts'
import { isRuled, isVoid } from './order-fold.ts'
import { SAMPLE, SAMPLE_SHIFT } from './series.ts'
import { ALL_PARTS, EVENT, EVENT_SHIFT, FLAG, lineOf } from './timeline.ts'

/**
 * Every event of the network in the order of its time, a page at a time, forward or backward from any instant. A page ends with a mark
 * that the next one goes on from, whatever has come in between.
 */
export type PageAsk = {
  readonly fromMs: number
  readonly backward: boolean
  readonly limit: number
  /** `next` of the page before; its instant takes the place of `fromMs`. */
  readonly after: string | null
  /** Events of this order alone. */
  readonly order: string | null
}
export type Paged = {
  readonly atMs: number
  readonly kind: string
  /** The order, or the names of the thing it speaks of. */
  readonly of: readonly string[]
  readonly part: number | null
  readonly before: OrderStateId | null
  readonly after: OrderStateId | null
  readonly refused: boolean
  readonly place: Place
}

/** An event by its time and place: `fold` is −1 for orders. */
type Found = { readonly ms: number; readonly entry: number; readonly line: number; readonly fold: number; readonly row: number }

export function pagesOf(core: Core, ask: PageAsk): { readonly events: Paged[]; readonly next: string | null } {
  const sign = ask.backward ? -1 : 1
  const mark = ask.after === null ? null : readMark(ask.after)
  const begins: Found = mark ?? {
    ms: ask.fromMs,
    entry: ask.backward ? Number.POSITIVE_INFINITY : -1,
    line: 0,
    fold: 0,
    row: 0,
  }
  // The nearest so far, sorted; one more than asked for says whether there is a next page.
  const nearest: Found[] = []
  const most = ask.limit + 1
  const take = (one: Found): void => {
    if (sign * compare(one, begins) <= 0) return
    if (nearest.length === most && sign * compare(one, nearest[most - 1]) >= 0) return
    let at = nearest.length
    while (at > 0 && sign * compare(one, nearest[at - 1]) < 0) at--
    nearest.splice(at, 0, one)
    if (nearest.length > most) nearest.pop()
  }
  const only = ask.order === null ? 0 : orderOf(core, ask.order)
  if (ask.order === null || only !== 0)
    scanOrders(core, only, begins.ms, sign, () => (nearest.length === most ? nearest[most - 1].ms : null), take)
  if (ask.order === null) scanThings(core, begins.ms, sign, take)
  const events = nearest.slice(0, ask.limit)
  const last = events.at(-1)
  return {
    events: events.map((one) => told(core, one)),
    next: nearest.length > ask.limit && last !== undefined ? markOf(last) : null,
  }
}

function scanOrders(
  { orders }: Core,
  only: number,
  fromMs: number,
  sign: number,
  farthest: () => number | null,
  take: (one: Found) => void,
): void {
  const { timeline, sums } = orders
  const { events } = timeline
  // Nearest pages first, so that those behind the farthest event of a full page are passed over.
  const pages = [...sums.pages.keys()].sort((a, b) =>
    sign > 0 ? sums.pages[a].minMs - sums.pages[b].minMs : sums.pages[b].maxMs - sums.pages[a].maxMs,
  )
  for (const i of pages) {
    const { minMs, maxMs } = sums.pages[i]
    if (sign > 0 ? maxMs < fromMs : minMs > fromMs) continue
    const full = farthest()
    if (full !== null && (sign > 0 ? minMs > full : maxMs < full)) break
    const page = events.pages[i]
    const end = Math.min(events.count - (i << EVENT_SHIFT), 1 << EVENT_SHIFT)
    for (let row = i === 0 ? 1 : 0; row < end; row++) {
      const word = row * EVENT.stride
      const ms = (page[word + EVENT.high] >>> 21) * 4294967296 + page[word]
      if (sign * (ms - fromMs) < 0 || (only !== 0 && page[word + EVENT.owner] !== only)) continue
      const limit = farthest()
      if (limit !== null && sign * (ms - limit) > 0) continue
      if ((page[word + EVENT.told] >>> 8) & FLAG.replaced || isVoid(page, word)) continue
      const event = (i << EVENT_SHIFT) + row
      // What follows from a rule lies nowhere in the log; its row parts it from others of its ms.
      const line = isRuled(page, word) ? event : lineOf(timeline, event)
      take({ ms, entry: page[word + EVENT.entry], line, fold: -1, row: event })
    }
  }
}

function scanThings({ things }: Core, fromMs: number, sign: number, take: (one: Found) => void): void {
  things.forEach(({ series: { samples } }, fold) => {
    for (let row = 1; row < samples.count; row++) {
      const page = samples.pages[row >>> SAMPLE_SHIFT]
      const word = (row & ((1 << SAMPLE_SHIFT) - 1)) * SAMPLE.stride
      const ms = (page[word + SAMPLE.high] >>> 21) * 4294967296 + page[word]
      if (sign * (ms - fromMs) < 0 || page[word + SAMPLE.what] & 256) continue
      take({ ms, entry: page[word + SAMPLE.entry], line: page[word + SAMPLE.line], fold, row })
    }
  })
}

function told({ orders, things }: Core, { ms, entry, line, fold, row }: Found): Paged {
  const place = { entry, line }
  if (fold >= 0) {
    const { series, names } = things[fold]
    const page = series.samples.pages[row >>> SAMPLE_SHIFT]
    const word = (row & ((1 << SAMPLE_SHIFT) - 1)) * SAMPLE.stride
    const of = names[page[word + SAMPLE.owner]].filter((name) => name !== '')
    const id = FOLDS[fold].kinds[page[word + SAMPLE.what] & 255]
    return { atMs: ms, kind: id, of, part: null, before: null, after: null, refused: false, place }
  }
  const page = orders.timeline.events.pages[row >>> EVENT_SHIFT]
  const word = (row & ((1 << EVENT_SHIFT) - 1)) * EVENT.stride
  const part = page[word + EVENT.what] & 255
  return {
    atMs: ms,
    kind: EVENT_KINDS[(page[word + EVENT.what] >>> 8) & 255],
    of: [idOf(orders.ids, page[word + EVENT.owner])],
    part: part === ALL_PARTS ? null : part,
    before: stateId(page[word + EVENT.told] >>> 24),
    after: stateId((page[word + EVENT.told] >>> 16) & 255),
    refused: ((page[word + EVENT.told] >>> 8) & FLAG.refused) !== 0,
    place,
  }
}

/** By time, then by where it lies in the log: a total order that no later event changes. */
const compare = (a: Found, b: Found): number => a.ms - b.ms || a.entry - b.entry || a.line - b.line

const markOf = ({ ms, entry, line }: Found): string => `${ms}.${entry}.${line}`
function readMark(text: string): Found {
  const match = /^(\d{1,15})\.(\d{1,10})\.(\d{1,10})$/.exec(text)
  if (match === null)
    throw new InputError([
      { file: 'pages', line: null, field: 'after', found: `"${text}"`, fix: 'hand back `next` of the page before' },
    ])
  return { ms: Number(match[1]), entry: Number(match[2]), line: Number(match[3]), fold: 0, row: 0 }
}
