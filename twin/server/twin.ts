import type { LiveEvent } from '../event/feeds.ts'
import { FairShare } from '../ingest/fair-share.ts'
import { FeedMeter } from '../ingest/feed-health.ts'
import { type Accept, openIntake } from '../ingest/intake.ts'
import { type LoggedRecord, linesOf, Quarantine } from '../ingest/quarantine.ts'
import { readLines } from '../ingest/read-lines.ts'
import type { KeyStore } from '../ingest/seal.ts'
import type { EventLog, StoredEntry } from '../log/event-log.ts'
import type { Applied, LiveState, Place } from '../state/live-state.ts'
import { type Act, actBytes } from './act.ts'
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
  readonly now: () => number
  readonly aheadMs: number
  /** Bytes of bodies that may be under way at a time. */
  readonly heldBytesMax: number
  readonly onProgress?: (entry: number, last: number, events: number) => void
}

export type StateKeeper = {
  fresh(): LiveState
  takeOut(bytes: Uint8Array): LiveState
  putAway(state: LiveState): Uint8Array
}

/** A checkpoint and everything after it make the state; then the twin is ready. */
export async function openTwin(parts: TwinParts): Promise<Twin> {
  const { log, keys, states, now } = parts
  const quarantine = new Quarantine()
  const feeds = new FeedMeter()
  const share = new FairShare(parts.heldBytesMax)
  const kept = await log.lastCheckpoint()
  const opened = kept === null ? null : openKept(kept.bytes)
  const state = opened === null ? states.fresh() : states.takeOut(opened.state)
  if (opened !== null) quarantine.takeOut(opened.quarantine)
  let checkpointed = kept?.entry ?? 0
  let applied = checkpointed
  let events = 0
  for await (const entry of log.read(checkpointed + 1)) {
    events += takeIn(entry, state, quarantine, keys)
    applied = entry.number
    parts.onProgress?.(entry.number, log.last(), events)
  }

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
    aheadMs: parts.aheadMs,
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
      // A checkpoint says what all entries up to one have led to: wait for a moment when none is half way in.
      while (underWay.size > 0) await Promise.allSettled(underWay)
      applied = log.last()
      if (applied === checkpointed) return
      const bytes = keep(states.putAway(state), quarantine)
      await log.checkpoint(applied, bytes)
      checkpointed = applied
    },
    close: async () => {
      await twin.checkpoint()
      metrics.close()
      await log.close()
      keys.close()
    },
  }
  return twin
}

/** An entry of the log that is read again. Returns how many events it held. */
function takeIn(entry: StoredEntry, state: LiveState, quarantine: Quarantine, keys: KeyStore): number {
  switch (entry.kind) {
    case 'events': {
      const events = readLines(entry.bytes).values as LiveEvent[]
      state.apply(
        events,
        events.map((_, line) => ({ entry: entry.number, line })),
      )
      return events.length
    }
    case 'quarantine':
      quarantine.learn(
        entry.number,
        entry.receivedMs,
        linesOf(entry).map((text) => {
          const { sealed: _, ...logged } = JSON.parse(text) as LoggedRecord
          return logged
        }),
      )
      return 0
    case 'act':
      for (const text of linesOf(entry)) carryOut(JSON.parse(text) as Act, quarantine, keys)
      return 0
  }
}

/** Acts of other rooms are theirs to carry out. */
function carryOut(act: Act, quarantine: Quarantine, keys: KeyStore): void {
  if (act.act === 'erased') keys.drop(act.keys)
  else if (act.act === 'resubmitted') quarantine.resubmitted(act.record, act.as)
}

const COUNT_BYTES = 4

/** A checkpoint: how many bytes of JSON, what is known of the quarantine as JSON, then the state. */
function keep(state: Uint8Array, quarantine: Quarantine): Uint8Array {
  const desk = Buffer.from(JSON.stringify(quarantine.putAway()))
  const count = Buffer.alloc(COUNT_BYTES)
  count.writeUInt32LE(desk.byteLength)
  return Buffer.concat([count, desk, state])
}

function openKept(bytes: Uint8Array): { quarantine: Parameters<Quarantine['takeOut']>[0]; state: Uint8Array } {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = COUNT_BYTES + all.readUInt32LE(0)
  return { quarantine: JSON.parse(all.subarray(COUNT_BYTES, end).toString('utf8')), state: all.subarray(end) }
}
