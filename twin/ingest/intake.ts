import type { LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Applied, LiveState, Place } from '../state/live-state.ts'
import { type Checked, checkEvent } from './check-event.ts'
import type { FeedMeter } from './feed-health.ts'
import type { KnownIds } from './known-ids.ts'
import { type LoggedRecord, placeId, type Quarantine, type QuarantineRecord } from './quarantine.ts'
import { type Lines, readJson, readLines } from './read-lines.ts'
import type { Reason } from './reason.ts'
import { EMPTY_RECEIPT, LISTED_MAX, type Receipt } from './receipt.ts'
import type { KeyStore, SealAsk } from './seal.ts'

/**
 * What every adapter is written against: it hands over a body, and when the promise resolves, all of it would survive a power cut. `from` is
 * the way it came (a key, a topic), for the records of what could not be used.
 */
export type Accept = (body: Uint8Array, from: string, form?: BodyForm) => Promise<Receipt>
/** NDJSON, or one JSON text that is an event or a list of events. */
export type BodyForm = 'lines' | 'json'

export type IntakeParts = {
  readonly log: EventLog
  readonly state: LiveState
  readonly keys: KeyStore
  readonly quarantine: Quarantine
  readonly feeds: FeedMeter
  readonly now: () => number
  /** By which an event is ahead of its time, where `now` only follows events; without it `now`. */
  readonly wallNow?: () => number
  /** Events that happened so long after now go to quarantine: clocks differ by seconds, not by hours. */
  readonly aheadMs: number
  /** What events may name; null: whatever they do. */
  readonly known?: KnownIds | null
  /** Called with the source and instant of every sound event, before it is stored. */
  readonly onHeard?: (source: string, atMs: number) => void
  /** Called with what was applied, after it was. */
  readonly onApplied?: (events: readonly LiveEvent[], places: readonly Place[], applied: Applied) => void
  readonly onQuarantined?: (records: readonly QuarantineRecord[]) => void
}

/** The log could not take it: nothing was acknowledged, and the sender should send it again. */
export class NotStored extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause })
    this.name = 'NotStored'
  }
}

type Refused = { readonly i: number; readonly reason: Reason }

/** Read, check, seal, store, apply: in this order, and the receipt last. */
export function openIntake(parts: IntakeParts): Accept {
  const { log, state, keys, quarantine, feeds, now, aheadMs, known = null, wallNow = now } = parts
  const checked: Checked = { kind: null, atMs: 0, reason: null }

  return async (body, from, form = 'lines') => {
    const receivedMs = now()
    const latestMs = wallNow() + aheadMs
    const lines = form === 'lines' ? readLines(body) : readJson(body)
    const { values } = lines
    const events: LiveEvent[] = []
    const refused: Refused[] = []
    let persons = 0
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      const unreadable = lines.unreadable.get(i)
      if (unreadable !== undefined) refused.push({ i, reason: unreadable })
      else if (checkEvent(value, latestMs, checked, known)) {
        events.push(value)
        if (value.person !== undefined) persons++
        if (checked.kind !== null) feeds.saw(value, checked.kind.feedNumber, checked.atMs)
        parts.onHeard?.(value.source, checked.atMs)
      } else if (checked.reason !== null) refused.push({ i, reason: checked.reason })
    }
    feeds.done(receivedMs)
    if (values.length === 0) return EMPTY_RECEIPT

    const asItCame = lines.asStored && refused.length === 0 && persons === 0
    const records = refused.map((one) => recordOf(lines, one, from, receivedMs))
    const [accepted, recorded] = await Promise.all([
      asItCame ? ownBytes(body) : storedText(lines, new Set(refused.map(({ i }) => i)), keys),
      records.length === 0 ? null : quarantineBytes(records, keys),
    ]).catch((error: Error) => {
      throw new NotStored(error)
    })
    // Both are handed to the log before either is waited for, so that they are flushed together.
    const stored = events.length === 0 ? null : log.append({ kind: 'events', receivedMs, bytes: accepted })
    const putAside = recorded === null ? null : log.append({ kind: 'quarantine', receivedMs, bytes: recorded })
    const [entry, aside] = await bothOf(stored, putAside)

    let told = { applied: 0, duplicates: 0, late: 0, refused: 0 }
    if (typeof entry === 'number') {
      const places = events.map((_, line) => ({ entry, line }))
      told = { ...state.apply(events, places) }
      parts.onApplied?.(events, places, told)
    }
    if (entry instanceof Error) throw new NotStored(entry)
    if (aside instanceof Error) throw new NotStored(aside)
    if (aside !== null) {
      const learned = quarantine.learn(
        aside,
        receivedMs,
        records.map(({ logged }) => logged),
      )
      parts.onQuarantined?.(learned)
    }
    return {
      accepted: told.applied + told.refused,
      duplicates: told.duplicates,
      late: told.late,
      refused: told.refused,
      quarantined: records
        .slice(0, LISTED_MAX)
        .map(({ logged }, line) => ({ id: placeId({ entry: aside ?? 0, line }), line: logged.line, ...logged.reason })),
      quarantinedMore: Math.max(0, records.length - LISTED_MAX),
    }
  }
}

/** Both, each with its number or what went wrong: events that are durable are applied even where the other could not be stored. */
async function bothOf(one: Promise<number> | null, other: Promise<number> | null): Promise<(number | Error | null)[]> {
  const all = await Promise.allSettled([one, other])
  return all.map((settled) => (settled.status === 'fulfilled' ? settled.value : (settled.reason as Error)))
}

/** The body itself where nobody else can write into its memory, else a copy: the log keeps it. */
const ownBytes = (body: Uint8Array): Uint8Array => (body.byteLength === body.buffer.byteLength ? body : body.slice())

/** One line for each event that is taken, what is personal sealed. */
async function storedText(lines: Lines, left: ReadonlySet<number>, keys: KeyStore): Promise<Uint8Array> {
  const kept: string[] = []
  const asks: SealAsk[] = []
  const sealedAt: { readonly line: number; readonly event: LiveEvent }[] = []
  lines.values.forEach((value, i) => {
    if (left.has(i)) return
    const event = value as LiveEvent
    if (event.person === undefined) {
      kept.push(lines.raw(i))
      return
    }
    sealedAt.push({ line: kept.length, event })
    asks.push(askOf(event))
    kept.push('')
  })
  const sealed = asks.length === 0 ? [] : await keys.seal(asks)
  sealedAt.forEach(({ line, event }, i) => {
    kept[line] = JSON.stringify({ ...event, person: sealed[i] })
    // Nobody behind the door gets to see it: not the state, not who listens.
    ;(event as { person?: unknown }).person = sealed[i]
  })
  return Buffer.from(kept.join('\n'))
}

/** What a sealed text of an event is bound to. */
export const boundToEvent = ({ source, id }: Pick<LiveEvent, 'source' | 'id'>): string => `${source}\n${id}`

function askOf(event: LiveEvent): SealAsk {
  const { customer, order } = event as { customer?: string; order?: string }
  return {
    person: customer === undefined ? `order:${order}` : `customer:${customer}`,
    order: customer === undefined ? null : (order ?? null),
    boundTo: boundToEvent(event),
    text: JSON.stringify(event.person),
  }
}

type Kept = { readonly logged: Omit<LoggedRecord, 'sealed'>; readonly text: string; readonly person: string }

/** What cannot be used may hold what is personal in any place: all of it is sealed, for the person where one can be read. */
function recordOf(lines: Lines, { i, reason }: Refused, from: string, receivedMs: number): Kept {
  const value = lines.values[i]
  const said = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const word = (field: string): string | null => (typeof said[field] === 'string' ? (said[field] as string).slice(0, 128) : null)
  const customer = word('customer')
  const order = word('order')
  const person = customer !== null ? `customer:${customer}` : order !== null ? `order:${order}` : unreadableOf(receivedMs)
  const logged = {
    from,
    source: word('source'),
    feed: word('feed'),
    type: word('type'),
    line: lines.numbers === null ? i + 1 : lines.numbers[i],
    reason,
  }
  return { logged, text: lines.raw(i).slice(0, QUARANTINED_CHARS_MAX), person }
}

/** Where no person can be read, the key is the day's: it is dropped when nobody will ask for what came that day any more. */
export const unreadableOf = (ms: number): string => `${UNREADABLE}${writeMoment(ms).slice(0, 10)}`
export const UNREADABLE = 'unreadable:'

/** Of what is put aside so much is kept: enough for any event of ours, and not for whatever a stranger sends. */
const QUARANTINED_CHARS_MAX = 100_000
export const QUARANTINE_BOUND = 'quarantine'

async function quarantineBytes(records: readonly Kept[], keys: KeyStore): Promise<Uint8Array> {
  const sealed = await keys.seal(records.map(({ text, person }) => ({ person, order: null, boundTo: QUARANTINE_BOUND, text })))
  return Buffer.from(records.map(({ logged }, i) => JSON.stringify({ ...logged, sealed: sealed[i] })).join('\n'))
}
