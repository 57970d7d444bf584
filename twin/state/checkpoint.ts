import { createHash } from 'node:crypto'
import { EVENT_KINDS } from '../event/feeds.ts'
import { ORDER_STATES, REASONS, STEPS } from '../order/lifecycle.ts'
import { type Core, looksInto } from './core.ts'
import { addCorrection, type Correction, openCorrections } from './corrections.ts'
import { openDue } from './due.ts'
import { FOLDS } from './folds.ts'
import { idParts, idsFrom, type Names, namesFrom } from './names.ts'
import { foldOver, ORDER, UNIT } from './order-fold.ts'
import { ORDER_SHIFT, type Orders, UNIT_SHIFT, type Words } from './orders.ts'
import { rowsFrom, usedPages } from './rows.ts'
import { ruleAgain } from './rule.ts'
import { NUMBERS, SAMPLE, SAMPLE_SHIFT, type Series, THING } from './series.ts'
import type { StateSettings } from './settings.ts'
import { addMoves, openSums, widen } from './sums.ts'
import { openThings, type Things } from './things.ts'
import { atOf, DETAIL_SHIFT, EVENT, EVENT_SHIFT, type Timeline } from './timeline.ts'

/**
 * The state as bytes: a line of JSON that says what follows, then the columns as they lie in memory, all behind a SHA-256. What can be computed from them
 * (where ids are found, sums) is not written.
 */
const MAGIC = 'orrery state 1\n'
/** Numbers in the columns are places in these tables: with others the bytes mean nothing. */
const TABLES = createHash('sha256')
  .update(JSON.stringify([EVENT_KINDS, ORDER_STATES, REASONS, STEPS, FOLDS.map(({ id, kinds }) => [id, kinds])]))
  .digest('hex')
const HASH_BYTES = 32

type Counts = { rows: number; events: number; details: number; units: number; ids: number }
type ThingHead = { names: [string, string][]; things: number; samples: number }
type Head = {
  readonly tables: string
  readonly asOfMs: number
  readonly counts: Counts
  readonly freeUnit: number
  /** See `rule.ts`; those who wrote before there was the rule left it out. */
  readonly quietMs?: number | null
  /** See `forget.ts`: how long orders stay after they ended, and how many the archive held. */
  readonly forgetMs?: number | null
  readonly archived?: number
  readonly words: Record<keyof Words, string[]>
  readonly farLines: [number, number][]
  readonly manyMoves: [number, number[]][]
  readonly corrections: Correction[]
  readonly things: ThingHead[]
  /** Length of each block that follows, in bytes. */
  readonly blocks: number[]
}

export function checkpointOf(core: Core): Uint8Array {
  const { orders, words, things, corrections } = core
  const { timeline, fold } = orders
  const ids = idParts(orders.ids)
  const blocks = [
    [ids.letters],
    ids.places,
    usedPages(orders.rows),
    usedPages(timeline.events),
    usedPages(timeline.details),
    usedPages(fold.units),
    ...things.flatMap(({ series }) => [usedPages(series.things), usedPages(series.samples), usedNumbers(series)]),
  ]
  const head: Head = {
    tables: TABLES,
    asOfMs: core.asOfMs,
    counts: {
      rows: orders.rows.count,
      events: timeline.events.count,
      details: timeline.details.count,
      units: fold.units.count,
      ids: orders.ids.places.count,
    },
    freeUnit: fold.free,
    quietMs: orders.quietMs,
    forgetMs: core.forgetMs,
    archived: core.archive?.count() ?? 0,
    words: Object.fromEntries(Object.entries(words).map(([id, { list }]) => [id, list])) as Record<keyof Words, string[]>,
    farLines: [...timeline.farLines],
    manyMoves: [...timeline.manyMoves].map(([event, moves]) => [event, [...moves]]),
    corrections: [...corrections.byIdentity.values()],
    things: things.map(({ series, names }) => ({ names, things: series.things.count, samples: series.samples.count })),
    blocks: blocks.map((pieces) => pieces.reduce((sum, { length }) => sum + length, 0)),
  }
  const headBytes = new TextEncoder().encode(`${MAGIC}${JSON.stringify(head)}\n`)
  const bytes = new Uint8Array(headBytes.length + head.blocks.reduce((a, b) => a + b, 0) + HASH_BYTES)
  bytes.set(headBytes)
  let at = headBytes.length
  for (const piece of blocks.flat()) {
    bytes.set(piece, at)
    at += piece.length
  }
  bytes.set(createHash('sha256').update(bytes.subarray(0, at)).digest(), at)
  return bytes
}

/** Null where the bytes are not what this version wrote, or not all of it. */
/** What `wanted` does not say is as it was. Null also where orders have left it and their archive is not there, unless that is wanted. */
export function coreFrom(bytes: Uint8Array, wanted: StateSettings): Core | null {
  const { quietMs, forgetMs, archive = null, withoutArchive = false } = wanted
  const body = bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES))
  const lineEnd = bytes.indexOf(10, MAGIC.length)
  if (lineEnd < 0 || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) return null
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(body.length))) return null
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(MAGIC.length, lineEnd))) as Head
  if (head.tables !== TABLES) return null
  if (!withoutArchive && (head.archived ?? 0) > (archive?.count() ?? 0)) return null
  let at = lineEnd + 1
  const blocks = head.blocks.map((length) => {
    at += length
    return bytes.subarray(at - length, at)
  })
  const [letters, places, rows, events, details, units, ...rest] = blocks
  const { counts } = head
  const timeline: Timeline = {
    events: rowsFrom(EVENT.stride, EVENT_SHIFT, counts.events, events),
    details: rowsFrom(1, DETAIL_SHIFT, counts.details, details),
    farLines: new Map(head.farLines),
    manyMoves: new Map(head.manyMoves.map(([event, moves]) => [event, Int32Array.from(moves)])),
  }
  const fold = foldOver(rowsFrom(UNIT.stride, UNIT_SHIFT, counts.units, units))
  fold.free = head.freeUnit
  const corrections = openCorrections()
  for (const one of head.corrections) addCorrection(corrections, one)
  const orders: Orders = {
    ids: idsFrom(counts.ids, letters, places),
    rows: rowsFrom(ORDER.stride, ORDER_SHIFT, counts.rows, rows),
    timeline,
    sums: sumsOf(timeline),
    fold,
    long: new Map(),
    quietMs: quietMs === undefined ? (head.quietMs ?? null) : quietMs,
    due: openDue(),
  }
  ruleAgain(orders, head.quietMs ?? null, head.asOfMs)
  return {
    orders,
    looks: looksInto(orders),
    words: Object.fromEntries(Object.entries(head.words).map(([id, list]) => [id, namesFrom(list)])) as Record<
      keyof Words,
      Names
    >,
    things: head.things.map((one, place) => thingsFrom(place, one, rest[3 * place], rest[3 * place + 1], rest[3 * place + 2])),
    corrections,
    asOfMs: head.asOfMs,
    forgetMs: forgetMs === undefined ? (head.forgetMs ?? null) : forgetMs,
    archive,
  }
}

function sumsOf(timeline: Timeline): Core['orders']['sums'] {
  const sums = openSums()
  const { events } = timeline
  for (let event = 1; event < events.count; event++) {
    const page = events.pages[event >>> EVENT_SHIFT]
    widen(sums, event, atOf(page, (event & ((1 << EVENT_SHIFT) - 1)) * EVENT.stride))
    addMoves(sums, timeline, event, 1)
  }
  return sums
}

function thingsFrom(place: number, head: ThingHead, things: Uint8Array, samples: Uint8Array, numbers: Uint8Array): Things {
  const opened = openThings(FOLDS[place])
  const byName: Things['byName'] = new Map()
  head.names.forEach(([first, second], thing) => {
    if (thing === 0) return
    const seconds = byName.get(first)
    if (seconds === undefined) byName.set(first, new Map([[second, thing]]))
    else seconds.set(second, thing)
  })
  const series: Series = {
    make: opened.series.make,
    behind: opened.series.behind,
    things: rowsFrom(THING.stride, SAMPLE_SHIFT, head.things, things),
    samples: rowsFrom(SAMPLE.stride, SAMPLE_SHIFT, head.samples, samples),
    numbers: numbersFrom(numbers),
  }
  return { series, byName, names: head.names }
}

const PAGE_BYTES = (NUMBERS << SAMPLE_SHIFT) * 8

function usedNumbers({ samples, numbers }: Series): Uint8Array[] {
  return numbers.map(
    (page, i) => new Uint8Array(page.buffer, 0, Math.min(samples.count - (i << SAMPLE_SHIFT), 1 << SAMPLE_SHIFT) * NUMBERS * 8),
  )
}

function numbersFrom(bytes: Uint8Array): Float64Array[] {
  const pages: Float64Array[] = []
  for (let from = 0; from === 0 || from < bytes.length; from += PAGE_BYTES) {
    const page = new Float64Array(NUMBERS << SAMPLE_SHIFT)
    new Uint8Array(page.buffer).set(bytes.subarray(from, from + PAGE_BYTES))
    pages.push(page)
  }
  return pages
}
