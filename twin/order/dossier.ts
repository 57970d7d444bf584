import type { LiveEvent } from '../event/feeds.ts'
import { EVENT_KINDS } from '../event/feeds.ts'
import type { Core } from '../state/core.ts'
import { orderOf } from '../state/forget.ts'
import type { OrderView, Place } from '../state/live-state.ts'
import { nameOf } from '../state/names.ts'
import { beginAgain, eventsOf, isRuled, isVoid, ORDER, openFold, step } from '../state/order-fold.ts'
import { orderView } from '../state/order-view.ts'
import { pageOf, wordOf } from '../state/rows.ts'
import { ruleSays } from '../state/rule.ts'
import { ALL_PARTS, atOf, EVENT, FLAG, flagsOf, kindOf, lineOf, partOf, reasonOf } from '../state/timeline.ts'
import { type Change, changesOf } from './diff.ts'
import { type Alternative, alternatives, type Expected, expect, isUnderWay, type Unexpected } from './expect.ts'
import { departureOf, type Impact, impactsOf, type TakenDeparture } from './impact.ts'
import { type Dwelt, type Lateness, latenessOf } from './lateness.ts'
import type { Learned } from './learned.ts'
import { type Walk, walkOf } from './life.ts'
import type { OrderStateId } from './lifecycle.ts'
import { type OnTheWay, onTheWay } from './on-the-way.ts'
import { type Stand, Stands } from './stands.ts'
import { reasonId, stateId, stateNumber } from './steps.ts'

/** What happened once, with its five elements. */
export type Happened = {
  readonly place: Place
  readonly kind: string
  readonly part: number | null
  /** 1. Who did it; null where the log no longer holds the event. */
  readonly who: string | null
  /** 2. When. */
  readonly atMs: number
  /** 3. Why. */
  readonly why: {
    readonly reason: string | null
    readonly rule: string | null
    /** Id of the event that led to it. */
    readonly cause: string | null
    readonly saw: Readonly<Record<string, number | string | boolean>>
  }
  /** 4. What it changed, field by field. */
  readonly what: readonly Change[]
  readonly before: OrderStateId
  readonly after: OrderStateId
  readonly refused: boolean
  /** 5. What it moved of the order's own promise: when it was expected after it, by how much that is later than just before, and the odds of being late. */
  readonly moved: { readonly expectedMs: number; readonly byMs: number; readonly late: number | null } | null
  /** And of others: see `touched.impacts`; the place there, or null. */
  readonly impact: number | null
}

export type Dossier = {
  readonly order: OrderView
  readonly asOfMs: number
  /** To the minute: what it is, and for how long. */
  readonly status: {
    readonly state: OrderStateId
    readonly sinceMs: number
    readonly minutes: number
    readonly part: number | null
  }
  readonly receiver: Readonly<Record<string, string>> | null
  readonly events: readonly Happened[]
  readonly dwell: readonly Dwelt[]
  readonly totalMs: number
  readonly lateness: Omit<Lateness, 'stays' | 'totalMs'>
  readonly expected: Expected | Unexpected
  readonly alternatives: readonly Alternative[]
  readonly touched: {
    readonly impacts: readonly Impact[]
    readonly departure: TakenDeparture | null
    /** Where it stands for longer than usual, at a hub or a station: how many stand there with it, and since when nothing has got on. */
    readonly standsWith: StandsWith | null
    readonly warehouses: readonly string[]
    readonly onTheWay: OnTheWay
  }
}

export type StandsWith = {
  readonly at: Stand['at']
  readonly id: string
  /** All that stand there, this one among them. */
  readonly parcels: number
  /** When one last got on from there, by those that are still open; where none is known, when the first of them came. */
  readonly sinceMs: number
}

export type DossierParts = {
  readonly core: Core
  readonly learned: Learned
  /** The event that lies there, or null where the log no longer holds it. */
  readonly read: (place: Place) => Promise<LiveEvent | null>
  /** What is personal in an event, opened; null where its key was dropped. Without it nothing is opened. */
  readonly open?: (event: LiveEvent) => Readonly<Record<string, string>> | null
  /** Open orders as they stood at an instant; without them nothing is said of who stands with it. */
  readonly orders?: (atMs: number) => Iterable<OrderView>
}

/** The whole life of an order as it is known at an instant (`nowMs`: what has happened until then); null where nothing was told of it. */
export async function dossierOf(
  { core, learned, read, open, orders }: DossierParts,
  id: string,
  nowMs: number,
): Promise<Dossier | null> {
  const order = orderOf(core, id)
  const walk = order === 0 ? null : walkOf(core, order, nowMs)
  if (walk === null) return null
  const lateness = latenessOf(learned, walk, nowMs)
  const expected = expect(learned, walk, nowMs)
  const impacts = impactsOf(core, learned, walk, lateness.stays, id)
  const folded = foldedEvents(core, order, id, nowMs)
  const moves = movesOf(learned, walk)
  const { stays: dwell, totalMs, ...shares } = lateness
  const now = folded[folded.length - 1].view as OrderView
  const last = walk.stays[walk.stays.length - 1]
  const late = 'late' in expected ? expected.late : null
  const others = late === null ? [] : alternatives(core, learned, walk, nowMs, late)
  const departure = departureOf(core, walk, dwell)
  const beside = onTheWay(core, id, nowMs)
  const standing = orders === undefined ? null : standsWith(core, learned, walk, orders(nowMs), nowMs)
  // All that is held by number has been looked at: while the log is read, orders may move in memory.
  const told = await Promise.all(folded.map(({ place, rule }) => (rule === null ? read(place) : null)))
  return {
    order: now,
    asOfMs: nowMs,
    status: {
      state: dwell[dwell.length - 1].state,
      sinceMs: last.fromMs,
      minutes: Math.floor((nowMs - last.fromMs) / 60_000),
      part: walk.part,
    },
    receiver: receiverOf(told, open),
    events: folded.map(({ event, view: _, reason, rule, ...own }, i) => ({
      ...own,
      ...(rule === null ? saidOf(told[i], reason) : followedFrom(rule)),
      moved: moves.get(event) ?? null,
      impact: indexOrNull(impacts.findIndex(({ stay }) => walk.stays[stay + 1]?.event === event)),
    })),
    dwell,
    totalMs,
    lateness: shares,
    expected,
    alternatives: others,
    touched: {
      impacts,
      departure,
      standsWith: standing,
      warehouses: [...new Set(now.parts.map(({ warehouse }) => warehouse).filter((one) => one !== null))],
      onTheWay: beside,
    },
  }
}

/** So many orders are looked through for those that stand with one. */
const LOOKED_THROUGH = 200_000

function standsWith(core: Core, learned: Learned, walk: Walk, orders: Iterable<OrderView>, nowMs: number): StandsWith | null {
  const at = walk.state === AT_HUB ? 'hub' : walk.state === AT_STATION ? 'station' : null
  const id = at === 'hub' ? nameOf(core.words.hubs, walk.hub) : nameOf(core.words.zones, walk.zone)
  if (at === null || id === null) return null
  const past = learned.stays(walk, () => true)
  const times = past?.stays.map(({ tookMs }) => tookMs).sort((a, b) => a - b) ?? []
  const usualMs = times[Math.floor(times.length / 2)]
  if (usualMs === undefined || nowMs - walk.stays[walk.stays.length - 1].fromMs <= usualMs) return null
  const stands = new Stands()
  let looked = 0
  for (const { parts, zone } of orders) {
    if (++looked > LOOKED_THROUGH) break
    for (const part of parts) stands.see(part, zone)
  }
  const stand = stands.place(at, id)
  return stand === null ? null : { at, id, parcels: stand.parcels, sinceMs: Math.max(stand.leftMs, stand.oldestMs) }
}
const AT_HUB = stateNumber('at-hub')
const AT_STATION = stateNumber('at-station')

type Folded = {
  readonly event: number
  readonly view: OrderView | null
  readonly place: Place
  readonly kind: string
  readonly part: number | null
  readonly atMs: number
  readonly reason: string | null
  /** Of what nobody told: the rule it follows from. */
  readonly rule: string | null
  readonly what: readonly Change[]
  readonly before: OrderStateId
  readonly after: OrderStateId
  readonly refused: boolean
}

/** Every event that counts, with what it changed: the order is folded step by step and looked at between. */
function foldedEvents({ orders, words }: Core, order: number, id: string, untilMs: number): Folded[] {
  const { timeline, rows } = orders
  const events: number[] = []
  const count = eventsOf(timeline, pageOf(rows, order)[wordOf(rows, order) + ORDER.last], untilMs, events)
  const fold = openFold()
  beginAgain(fold)
  const folded: Folded[] = []
  let before: OrderView | null = null
  for (const event of events.slice(0, count)) {
    const page = pageOf(timeline.events, event)
    const word = wordOf(timeline.events, event)
    if (flagsOf(page, word) & FLAG.replaced || isVoid(page, word)) continue
    step(fold, timeline, event)
    const view: OrderView = orderView(fold, timeline, words, id)
    const part = partOf(page, word)
    folded.push({
      event,
      view,
      place: { entry: page[word + EVENT.entry], line: lineOf(timeline, event) },
      kind: EVENT_KINDS[kindOf(page, word)],
      part: part === ALL_PARTS ? null : part,
      atMs: atOf(page, word),
      reason: reasonId(reasonOf(page, word)),
      rule: isRuled(page, word) ? ruleSays(orders.quietMs ?? 0) : null,
      what: changesOf(before, view),
      before: stateId(fold.before),
      after: stateId(fold.after),
      refused: fold.refused,
    })
    before = view
  }
  return folded
}

const followedFrom = (rule: string): Pick<Happened, 'who' | 'why'> => ({
  who: 'orrery',
  why: { reason: null, rule, cause: null, saw: {} },
})

function saidOf(told: LiveEvent | null, reason: string | null): Pick<Happened, 'who' | 'why'> {
  return {
    who: told?.who ?? told?.source ?? null,
    why: { reason, rule: told?.why?.rule ?? null, cause: told?.why?.cause ?? null, saw: told?.why?.saw ?? {} },
  }
}

/** By event that led into a stay: when delivery was expected then, and how much later that is than what was expected just before. */
function movesOf(learned: Learned, walk: Walk): Map<number, NonNullable<Happened['moved']>> {
  const moves = new Map<number, NonNullable<Happened['moved']>>()
  const likely = (stays: Walk['stays'], nowMs: number): { ms: number; late: number | null } | null => {
    const state = stays[stays.length - 1].state
    const at = isUnderWay(state) ? expect(learned, { ...walk, stays, state }, nowMs) : null
    return at === null || 'why' in at ? null : { ms: at.deliveredMs.likelyMs, late: at.late }
  }
  walk.stays.forEach(({ event, fromMs }, i) => {
    const before = i === 0 ? null : likely(walk.stays.slice(0, i), fromMs)
    const isDelivered = walk.deliveredMs === fromMs
    const after = isDelivered
      ? { ms: fromMs, late: walk.promisedMs === null ? null : Number(fromMs > walk.promisedMs) }
      : likely(walk.stays.slice(0, i + 1), fromMs)
    if (after === null) return
    moves.set(event, { expectedMs: after.ms, byMs: before === null ? 0 : after.ms - before.ms, late: after.late })
  })
  return moves
}

function receiverOf(told: readonly (LiveEvent | null)[], open: DossierParts['open']): Dossier['receiver'] {
  const last = told.findLast((event) => event?.person !== undefined)
  return last == null || open === undefined ? null : open(last)
}

const indexOrNull = (index: number): number | null => (index < 0 ? null : index)
