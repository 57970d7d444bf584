import type { Core } from '../state/core.ts'
import { beginAgain, eventsOf, type Fold, ORDER, openFold, step, UNIT } from '../state/order-fold.ts'
import { msOf, promisedMs } from '../state/order-view.ts'
import { pageOf, wordOf } from '../state/rows.ts'
import { FLAG, flagsOf } from '../state/timeline.ts'
import { ENDS, RANK, stateNumber } from './steps.ts'

/** A stretch of a parcel's life in one state. Numbers are those of the state's tables. */
export type Stay = {
  readonly state: number
  readonly fromMs: number
  /** When it left the state; of the last one, where the life is told until. */
  readonly toMs: number
  /** The event that led into it. */
  readonly event: number
}

/** The life of one parcel as it was folded: of an order in several the one that came last, or is least far. */
export type Walk = {
  readonly part: number | null
  readonly stays: readonly Stay[]
  readonly placedMs: number | null
  readonly promisedMs: number | null
  /** When it was delivered, or null. */
  readonly deliveredMs: number | null
  readonly warehouse: number
  readonly service: number
  readonly hub: number
  readonly zone: number
  /** Its latest state. */
  readonly state: number
}

const DELIVERED = stateNumber('delivered')
const DELIVERED_RANK = RANK[DELIVERED]

const fold: Fold = openFold()
const events: number[] = []

/** The life of an order until an instant (null: nothing counted of it). `untilMs` also closes the last stay, unless that is over. */
export function walkOf({ orders }: Core, order: number, untilMs: number): Walk | null {
  const { timeline, rows } = orders
  const count = eventsOf(timeline, pageOf(rows, order)[wordOf(rows, order) + ORDER.last], untilMs, events)
  beginAgain(fold)
  for (let i = 0; i < count; i++) step(fold, timeline, events[i])
  const part = partToTell(fold, timeline)
  const { row, at } = fold
  const [placed, promise, zone] = [row[at + ORDER.placed], row[at + ORDER.promise], row[at + ORDER.zone]]
  const [page, word] = unitOf(fold, part)
  const [warehouse, service, hub] = [page[word + UNIT.warehouse], page[word + UNIT.service], page[word + UNIT.hub]]

  beginAgain(fold)
  const stays: { state: number; fromMs: number; toMs: number; event: number }[] = []
  let deliveredMs: number | null = null
  for (let i = 0; i < count; i++) {
    if (flagsOf(pageOf(timeline.events, events[i]), wordOf(timeline.events, events[i])) & FLAG.replaced) continue
    step(fold, timeline, events[i])
    const state = stateOfPart(fold, part)
    const last = stays.at(-1)
    if (last?.state === state) continue
    const ms = msOf(timeline, events[i])
    if (last !== undefined) last.toMs = ms
    stays.push({ state, fromMs: ms, toMs: ms, event: events[i] })
    if (state === DELIVERED) deliveredMs = ms
  }
  if (stays.length === 0) return null
  const last = stays[stays.length - 1]
  // What has arrived or ended waits for nothing: its time is over.
  const isOver = ENDS[last.state] === 1 || last.state === DELIVERED
  if (Number.isFinite(untilMs) && !isOver) last.toMs = Math.max(last.fromMs, untilMs)
  return {
    part,
    stays,
    placedMs: placed === 0 ? null : msOf(timeline, placed),
    promisedMs: promisedMs(timeline, promise),
    deliveredMs,
    warehouse,
    service,
    hub,
    zone,
    state: last.state,
  }
}

/** The parcel that has come least far of those that are under way; where all have arrived or ended, the one that did last. Null: it was never split. */
function partToTell({ row, at, units }: Fold, timeline: Core['orders']['timeline']): number | null {
  let told: number | null = null
  let [toldRank, toldMs] = [255, -1]
  for (let unit = row[at + ORDER.parts]; unit !== 0; unit = pageOf(units, unit)[wordOf(units, unit) + UNIT.next]) {
    const page = pageOf(units, unit)
    const u = wordOf(units, unit)
    const state = page[u] & 255
    const isUnderWay = ENDS[state] === 0 && RANK[state] < DELIVERED_RANK
    const rank = isUnderWay ? RANK[state] : 254
    const since = page[u + UNIT.since]
    const ms = since === 0 ? 0 : msOf(timeline, since)
    if (rank < toldRank || (rank === toldRank && ms > toldMs)) [told, toldRank, toldMs] = [page[u] >>> 8, rank, ms]
  }
  return told
}

function unitOf({ row, at, units }: Fold, part: number | null): [Uint32Array, number] {
  for (let unit = row[at + ORDER.parts]; unit !== 0 && part !== null; ) {
    const page = pageOf(units, unit)
    const u = wordOf(units, unit)
    if (page[u] >>> 8 === part) return [page, u]
    unit = page[u + UNIT.next]
  }
  return [row, at + ORDER.unit]
}

function stateOfPart(of: Fold, part: number | null): number {
  const [page, u] = unitOf(of, part)
  return page[u] & 255
}
