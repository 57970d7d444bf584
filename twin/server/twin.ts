import { InputError } from '../../scenarios/read/problem.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { KINDS } from '../event/kind.ts'
import { readMoment } from '../event/moment.ts'
import { FairShare } from '../ingest/fair-share.ts'
import { FeedMeter } from '../ingest/feed-health.ts'
import { type Accept, openIntake, UNREADABLE, unreadableOf } from '../ingest/intake.ts'
import type { KnownIds } from '../ingest/known-ids.ts'
import { type LoggedRecord, linesOf, Quarantine } from '../ingest/quarantine.ts'
import { readLines } from '../ingest/read-lines.ts'
import type { KeyStore } from '../ingest/seal.ts'
import type { EventLog, StoredEntry } from '../log/event-log.ts'
import type { Applied, LiveState, Place } from '../state/live-state.ts'
import { type Act, actBytes } from './act.ts'
import { readDesk, writeDesk } from './desk.ts'
import { type Metrics, openMetrics } from './metrics.ts'

/** Called with events after they are durable and applied; what is personal is sealed in them. */
export type Listener = (events: readonly LiveEvent[], places: readonly Place[], applied: Applied) => void

/** All that a running twin is made of; rooms that add routes, sockets or alerts are handed this. */
export type Twin = {
  readonly log: EventLog
  readonly state: LiveState
  readonly keys: KeyStore
  readonly quarantine: Quarantine
  readonly feeds: FeedMeter
  readonly share: FairShare
  readonly metrics: Metrics
  readonly accept: Accept
  now(): number
  /** Returns what ends the listening. */
  onApplied(listener: Listener): () => void
  /** Stores an act and does it. */
  act(act: Act): Promise<void>
  /** Puts the state away beside the log; the next opening begins there. */
  checkpoint(): Promise<void>
  close(): Promise<void>
}

export type TwinParts = {
  readonly log: EventLog
  readonly keys: KeyStore
  /** How a state begins, is put away as bytes, and is taken out again. */
  readonly states: StateKeeper
  /** Where the note on the quarantine lies. */
  readonly deskFile: string
  readonly now: () => number
  /** By which an event is ahead of its time, where `now` only follows events; without it `now`. */
  readonly wallNow?: () => number
  /** Called with the source and instant of every sound event, before it is stored. */
  readonly onHeard?: (source: string, atMs: number) => void
  readonly aheadMs: number
  /** What events may name; null: whatever they do. */
  readonly known?: KnownIds | null
  /** Bytes of bodies that may be under way at a time. */
  readonly heldBytesMax: number
  /** The text of events is kept so long, ms; null: for ever. What they led to stays in the state. */
  readonly retainMs?: number | null
  readonly onProgress?: (entry: number, last: number, events: number) => void
}

export type StateKeeper = {
  fresh(): LiveState
  /** Null where the bytes are of another version: then the log is folded again. */
  takeOut(bytes: Uint8Array): LiveState | null
  putAway(state: LiveState): Uint8Array
  close(): void
}

/** A checkpoint and everything after it make the state; then the twin is ready. Where it cannot be opened, log and keys are closed. */
export async function openTwin(parts: TwinParts): Promise<Twin> {
  try {
    return await opened(parts)
  } catch (error) {
    parts.states.close()
    await parts.log.close()
    await parts.keys.close()
    throw error
  }
}

async function opened(parts: TwinParts): Promise<Twin> {
  const { log, keys, states, now } = parts
  const quarantine = new Quarantine()
  const feeds = new FeedMeter()
  const share = new FairShare(parts.heldBytesMax)
  const kept = await log.lastCheckpoint()
  const takenOut = kept === null ? null : states.takeOut(kept.bytes)
  const desk = readDesk(parts.deskFile)
  if (desk !== null) quarantine.takeOut(desk.quarantine)
  if (desk?.feeds !== undefined) feeds.takeOut(desk.feeds)
  const stateUpTo = takenOut === null ? 0 : (kept?.entry ?? 0)
  const deskUpTo = desk?.entry ?? 0
  let events = 0
  if (stateUpTo === 0 && log.last() > 0 && (await log.get(1)) === null) throw noBeginning(kept !== null)
  const state = takenOut ?? states.fresh()
  for await (const entry of log.read(Math.min(stateUpTo, deskUpTo) + 1)) {
    if (entry.kind !== 'events') learn(entry, deskUpTo, quarantine, keys)
    else {
      const told = eventsOf(entry)
      if (entry.number > deskUpTo) measure(entry, told, feeds)
      if (entry.number > stateUpTo) events += fold(entry, told, state)
    }
    parts.onProgress?.(entry.number, log.last(), events)
  }
  feeds.listensFrom(now())
  let checkpointed = stateUpTo

  const metrics = openMetrics({
    feeds: () => feeds.feeds(now()),
    sequences: () => feeds.sequences(),
    openOrders: () => state.openCount(),
    logEntries: () => log.last(),
    pendingBytes: () => log.pendingBytes(),
    heldBytes: () => share.usedBytes(),
  })
  const listeners = new Set<Listener>()
  const accept = openIntake({
    log,
    state,
    keys,
    quarantine,
    feeds,
    now,
    wallNow: parts.wallNow ?? now,
    aheadMs: parts.aheadMs,
    known: parts.known ?? null,
    ...(parts.onHeard === undefined ? {} : { onHeard: parts.onHeard }),
    onApplied: (some, places, told) => {
      metrics.applied(told)
      for (const listener of listeners) listener(some, places, told)
    },
    onQuarantined: metrics.quarantined,
  })
  // What is in the state: entries are applied as they become durable, and several may be under way.
  const underWay = new Set<Promise<unknown>>()
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    const done = (): void => {
      underWay.delete(work)
    }
    work.then(done, done)
    return work
  }

  const twin: Twin = {
    log,
    state,
    keys,
    quarantine,
    feeds,
    share,
    metrics,
    now,
    accept: (body, from, form) => tracked(accept(body, from, form)),
    onApplied: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    act: (act) =>
      tracked(log.append({ kind: 'act', receivedMs: now(), bytes: actBytes(act) }).then(() => carryOut(act, quarantine, keys))),
    checkpoint: async () => {
      await forget(twin)
      // A checkpoint says what all entries up to one have led to: wait for a moment when none is half way in.
      while (underWay.size > 0) await Promise.allSettled(underWay)
      const entry = log.last()
      if (entry === checkpointed) return
      const putAway = { entry, quarantine: quarantine.putAway(), feeds: feeds.putAway() }
      await log.checkpoint(entry, states.putAway(state))
      writeDesk(parts.deskFile, putAway)
      checkpointed = entry
      const { retainMs = null } = parts
      if (retainMs !== null) await log.compact(await firstSince(log, now() - retainMs, entry + 1))
    },
    close: async () => {
      await twin.checkpoint()
      metrics.close()
      states.close()
      await log.close()
      await keys.close()
    },
  }
  await forget(twin)
  return twin
}

/** The first entry that came at or after an instant, or `end` where none did; dropped ones came before any. By halving, since entries lie as they came. */
async function firstSince(log: EventLog, sinceMs: number, end: number): Promise<number> {
  let [low, high] = [1, end]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const entry = await log.get(middle)
    if (entry === null || entry.receivedMs < sinceMs) low = middle + 1
    else high = middle
  }
  return low
}

/** What nobody could read may be anybody's: it is kept for so long, to be corrected and sent again, and then erased. */
const UNREADABLE_DAYS = 30

async function forget({ keys, act, now }: Twin): Promise<void> {
  const before = unreadableOf(now() - UNREADABLE_DAYS * 86_400_000)
  const old = keys.keysBefore(UNREADABLE, before)
  if (old.length > 0) await act({ act: 'erased', atMs: now(), who: 'retention', person: `before ${before}`, keys: old })
}

/** Without its beginning, and without a state it led to, the log cannot say what is: better told than guessed. */
function noBeginning(hasCheckpoint: boolean): InputError {
  const found = hasCheckpoint
    ? 'a checkpoint of another version, and a log whose beginning was dropped'
    : 'no checkpoint, and a log whose beginning was dropped'
  const fix = 'open it once with the version that wrote the checkpoint, or bring back the log or its checkpoint from a copy'
  return new InputError([{ file: 'serve', line: null, field: 'log', found, fix }])
}

const eventsOf = ({ bytes }: StoredEntry): LiveEvent[] => readLines(bytes).values as LiveEvent[]

/** What its body said of lag, silence and gaps when it came. */
function measure({ receivedMs }: StoredEntry, events: readonly LiveEvent[], feeds: FeedMeter): void {
  for (const event of events) {
    const kind = KINDS.get(event.feed)?.get(event.type)
    if (kind !== undefined) feeds.saw(event, kind.feedNumber, readMoment(event.at))
  }
  feeds.done(receivedMs)
}

/** Events of the log, folded again. Returns how many. */
function fold({ number }: StoredEntry, events: readonly LiveEvent[], state: LiveState): number {
  state.apply(
    events,
    events.map((_, line) => ({ entry: number, line })),
  )
  return events.length
}

/** What is no event: acts are carried out once more in any case, since dropping a key may have been cut short. */
function learn(entry: StoredEntry, deskUpTo: number, quarantine: Quarantine, keys: KeyStore): void {
  if (entry.kind === 'act') for (const text of linesOf(entry)) carryOut(JSON.parse(text) as Act, quarantine, keys)
  else if (entry.number > deskUpTo) quarantine.learn(entry.number, entry.receivedMs, linesOf(entry).map(withoutText))
}

function withoutText(line: string): Omit<LoggedRecord, 'sealed'> {
  const { sealed: _, ...logged } = JSON.parse(line) as LoggedRecord
  return logged
}

/** Acts of other rooms are theirs to carry out. */
function carryOut(act: Act, quarantine: Quarantine, keys: KeyStore): void {
  if (act.act === 'erased') keys.drop(act.keys)
  else if (act.act === 'resubmitted') quarantine.resubmitted(act.record, act.as)
}
