import type { LiveEvent } from '../event/feeds.ts'
import { EVENT_KINDS } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { kindNumber, stateId, TURN } from '../order/steps.ts'
import { checkpointOf, coreFrom } from './checkpoint.ts'
import { type Core, openCore } from './core.ts'
import { addCorrection, isReplaced } from './corrections.ts'
import { findEvents } from './find-events.ts'
import { FOLD_OF, FOLDS, KIND_IN_FOLD } from './folds.ts'
import { forgetEnded, orderOf } from './forget.ts'
import { asNumber, type Identity, identify } from './identity.ts'
import type { Applied, LiveState, Place } from './live-state.ts'
import { eventsOf, isVoid, ORDER } from './order-fold.ts'
import { foldAgain, orderBytes, orderNumber, setReplaced, TAKEN, takeOrderEvent } from './orders.ts'
import { pageOf, wordOf } from './rows.ts'
import { QUIET_MS, settleDue } from './rule.ts'
import { dropSamples, putBehind, seriesBytes, takeSample } from './series.ts'
import type { StateSettings } from './settings.ts'
import { ALL_PARTS, atOf, EVENT, FLAG, flagsOf, isTellable, kindOf, lineOf, partOf } from './timeline.ts'
import { viewOf } from './view.ts'

/** The state, and what its keeper may ask beside. */
export type TwinState = LiveState & {
  /** All of it as bytes, for `restoreState`. */
  checkpoint(): Uint8Array
  /** Lets orders go that ended long ago, where the settings say so; returns how many. What is held by number means something else after it. */
  forget(): number
  /** Memory that its columns hold. */
  bytesHeld(): number
  /** For those who read columns (`twin/state`, `twin/order`). */
  readonly core: Core
}

export const openState = ({ quietMs = QUIET_MS, forgetMs = null, archive = null }: StateSettings = {}): TwinState =>
  stateOver(openCore({ quietMs, forgetMs, archive }))

/** The state as it was put away, or null where the bytes are of another version of Orrery: then the log is folded again. What no setting names stays as it was. */
export function restoreState(bytes: Uint8Array, settings: StateSettings = {}): TwinState | null {
  const core = coreFrom(bytes, settings)
  return core === null ? null : stateOver(core)
}

function stateOver(core: Core): TwinState {
  const now = viewOf(core, null)
  return {
    ...now,
    get asOfMs() {
      return core.asOfMs
    },
    apply: (events, places) => applyAll(core, events, places),
    at: (ms) => viewOf(core, ms),
    history: (order) => historyOf(core, order),
    checkpoint: () => checkpointOf(core),
    forget: () => forgetEnded(core),
    bytesHeld: () => core.things.reduce((sum, { series }) => sum + seriesBytes(series), orderBytes(core.orders)),
    core,
  }
}

const identity: Identity = { high: 0, low: 0 }
/** Numbers of the kinds and orders of a batch. */
let kinds = new Int16Array(1024)
let orders = new Int32Array(1024)

/**
 * Looks up what the events of a batch speak of before any of them is folded. Rows of a million orders lie far apart in memory: asked for one after the
 * other, with nothing between, many are fetched at a time.
 */
function lookUp(core: Core, events: readonly LiveEvent[]): void {
  if (events.length > kinds.length) {
    kinds = new Int16Array(events.length)
    orders = new Int32Array(events.length)
  }
  for (let i = 0; i < events.length; i++) {
    const event = events[i]
    kinds[i] = kindNumber(event.feed, event.type)
    if (FOLD_OF[kinds[i]] === -1) orders[i] = orderToFold(core, event.order as string)
  }
}

/** What comes late for an order that has left finds it put back. */
const orderToFold = (core: Core, id: string): number =>
  (core.archive === null ? 0 : orderOf(core, id)) || orderNumber(core.orders, id)

function applyAll(core: Core, events: readonly LiveEvent[], places: readonly Place[]): Applied {
  let [applied, duplicates, late, refused] = [0, 0, 0, 0]
  const changed: number[] = []
  lookUp(core, events)
  for (let i = 0; i < events.length; i++) {
    const event = events[i]
    const number = kinds[i]
    const atMs = readMoment(event.at)
    if (number < 0 || !isTellable(atMs)) {
      refused++
      continue
    }
    identify(event.source, event.id, identity)
    const known = core.corrections.byTarget.size > 0 || event.corrects !== undefined
    // A correction is entered before it is taken, so that it finds itself among the others.
    if (event.corrects !== undefined) changed.push(...correct(core, event, number, atMs))
    const replaced = known && isReplaced(core.corrections, asNumber(identity))
    const place = FOLD_OF[number]
    const taken =
      place === -1
        ? takeOrderEvent(core.orders, core.words, orders[i], event, number, atMs, identity, places[i], replaced)
        : takeThing(core, place, event, number, atMs, places[i], replaced)
    if (taken === TAKEN.duplicate) {
      duplicates++
      continue
    }
    if (taken & TAKEN.late) late++
    if (taken & TAKEN.refused) refused++
    else applied++
    if (atMs > core.asOfMs) core.asOfMs = atMs
  }
  let again = 0
  for (const { series } of core.things) again += putBehind(series)
  if (changed.length > 0) dropReplaced(core, new Set(changed))
  settleDue(core.orders, core.asOfMs)
  return { applied: applied - again, duplicates: duplicates + again, late: late - again, refused }
}

function takeThing(
  core: Core,
  place: number,
  event: LiveEvent,
  number: number,
  atMs: number,
  at: Place,
  replaced: boolean,
): number {
  const things = core.things[place]
  const kind = KIND_IN_FOLD[number]
  const thing = FOLDS[place].tell(things, event, kind)
  const taken = takeSample(things.series, thing, kind, atMs, identity, at.entry, at.line, replaced)
  return taken === 0 ? TAKEN.duplicate : taken === 1 ? TAKEN.applied : TAKEN.applied | TAKEN.late
}

/** Enters a correction; returns the identities of events whose standing may have changed. */
function correct(core: Core, event: LiveEvent, number: number, atMs: number): number[] {
  const own = asNumber(identity)
  const target: Identity = { high: 0, low: 0 }
  identify(event.source, event.corrects as string, target)
  return addCorrection(core.corrections, { identity: own, target: asNumber(target), atMs, turn: TURN[number] })
}

/** Finds the events that count no more, and folds again what they belong to. */
function dropReplaced(core: Core, identities: ReadonlySet<number>): void {
  const gone = new Set([...identities].filter((one) => isReplaced(core.corrections, one)))
  if (gone.size === 0) return
  const found = findEvents(core, gone)
  const touched = new Set<number>()
  for (const event of found.orders) {
    setReplaced(core.orders.timeline, event)
    const { events } = core.orders.timeline
    touched.add(pageOf(events, event)[wordOf(events, event) + EVENT.owner])
  }
  for (const order of touched) foldAgain(core.orders, order)
  core.things.forEach(({ series }, place) => {
    dropSamples(
      series,
      found.samples.flatMap((one) => (one.place === place ? [one.sample] : [])),
    )
  })
}

function historyOf(core: Core, id: string): ReturnType<LiveState['history']> {
  const { orders } = core
  const order = orderOf(core, id)
  if (order === 0) return []
  const { timeline, rows } = orders
  const numbers: number[] = []
  const last = pageOf(rows, order)[wordOf(rows, order) + ORDER.last]
  const count = eventsOf(timeline, last, Number.POSITIVE_INFINITY, numbers)
  return numbers.slice(0, count).flatMap((event) => {
    const page = pageOf(timeline.events, event)
    const word = wordOf(timeline.events, event)
    const flags = flagsOf(page, word)
    // What was corrected has not happened.
    if (flags & FLAG.replaced || isVoid(page, word)) return []
    const part = partOf(page, word)
    return {
      place: { entry: page[word + EVENT.entry], line: lineOf(timeline, event) },
      atMs: atOf(page, word),
      kind: EVENT_KINDS[kindOf(page, word)],
      part: part === ALL_PARTS ? null : part,
      before: stateId(page[word + EVENT.told] >>> 24),
      after: stateId((page[word + EVENT.told] >>> 16) & 255),
      refused: (flags & FLAG.refused) !== 0,
    }
  })
}
