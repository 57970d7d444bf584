import { FEED_IDS, type FeedId, type LiveEvent } from '../event/feeds.ts'
import { type MissingData, MissingNumbers } from './missing.ts'

/** How a source's feed is doing, as measured at the door. */
export type FeedHealth = {
  readonly source: string
  readonly feed: FeedId
  readonly events: number
  readonly lastReceivedMs: number
  /** Latest moment that any of its events happened at. */
  readonly lastAtMs: number
  /** From happening to our getting it, ms: of the last body's newest event, and the usual (a mean that forgets with weight 1/16). */
  readonly lagMs: number
  readonly usualLagMs: number
  /** Since we last got something, and how long that usually takes; null before three bodies have come. */
  readonly silentMs: number
  readonly usualSilenceMs: number | null
  /** Longer than five times the usual, and than a minute, while we listened: nobody can be heard by a twin that is not there. */
  readonly silent: boolean
}

/** All that was measured, as plain data: put away with a checkpoint, so that neither lag nor gaps begin anew with the process. */
export type FeedData = readonly {
  readonly name: string
  readonly feeds: readonly (Told & { readonly feed: FeedId })[]
  readonly sequences: readonly (MissingData & { readonly prefix: string })[]
}[]
type Told = Omit<Feed, 'bodyEvents' | 'bodyAtMs'>

/** How complete a source is, by the numbers its ids end in. */
export type SequenceHealth = {
  readonly source: string
  /** What stands before the number. */
  readonly prefix: string
  readonly missing: number
  readonly holes: readonly { readonly first: number; readonly last: number }[]
}

type Feed = {
  events: number
  lastReceivedMs: number
  lastAtMs: number
  lagMs: number
  usualLagMs: number
  usualSilenceMs: number
  bodies: number
  /** What of the body under way is known. */
  bodyEvents: number
  bodyAtMs: number
}
type Source = {
  readonly name: string
  readonly feeds: (Feed | undefined)[]
  readonly sequences: Map<string, MissingNumbers>
  prefix: string
  sequence: MissingNumbers | null
}

const SILENT_TIMES = 5
const SILENT_LEAST_MS = 60_000
const FORGETS = 1 / 16
/** Beyond these, new names are not measured: a flood of made-up ones must not fill the memory. */
const SOURCES_MAX = 10_000
const SEQUENCES_MAX = 16
const HOLES_TOLD = 10

export class FeedMeter {
  private readonly sources = new Map<string, Source>()
  private last: Source | null = null
  private readonly touched: Feed[] = []
  private listeningSinceMs = Number.NEGATIVE_INFINITY

  /** From now on events come as they are told; until now they were read again. */
  listensFrom(nowMs: number): void {
    this.listeningSinceMs = nowMs
  }

  /** One event of a body; `done` must follow when the body is through. */
  saw(event: LiveEvent, feedNumber: number, atMs: number): void {
    let source = this.last
    if (source === null || source.name !== event.source) {
      source = this.sourceOf(event.source)
      if (source === null) return
      this.last = source
    }
    let feed = source.feeds[feedNumber]
    if (feed === undefined) {
      feed = newFeed()
      source.feeds[feedNumber] = feed
    }
    if (feed.bodyEvents++ === 0) {
      feed.bodyAtMs = atMs
      this.touched.push(feed)
    } else if (atMs > feed.bodyAtMs) feed.bodyAtMs = atMs
    number(source, event.id)
  }

  /** The body is through: what its events say of lag and silence. */
  done(nowMs: number): void {
    for (const feed of this.touched) {
      const lagMs = Math.max(0, nowMs - feed.bodyAtMs)
      feed.usualLagMs = feed.bodies === 0 ? lagMs : feed.usualLagMs + FORGETS * (lagMs - feed.usualLagMs)
      if (feed.bodies > 0) {
        const silence = nowMs - feed.lastReceivedMs
        // What nobody listened to says nothing of the feed.
        if (feed.lastReceivedMs < this.listeningSinceMs) feed.bodies--
        else feed.usualSilenceMs = feed.bodies === 1 ? silence : feed.usualSilenceMs + FORGETS * (silence - feed.usualSilenceMs)
      }
      feed.bodies++
      feed.events += feed.bodyEvents
      feed.lagMs = lagMs
      feed.lastReceivedMs = nowMs
      feed.lastAtMs = Math.max(feed.lastAtMs, feed.bodyAtMs)
      feed.bodyEvents = 0
    }
    this.touched.length = 0
  }

  feeds(nowMs: number): FeedHealth[] {
    const all: FeedHealth[] = []
    for (const { name, feeds } of this.sources.values())
      feeds.forEach((feed, i) => {
        if (feed !== undefined && feed.bodies > 0) all.push(healthOf(name, FEED_IDS[i], feed, nowMs, this.listeningSinceMs))
      })
    return all
  }

  sequences(): SequenceHealth[] {
    const all: SequenceHealth[] = []
    for (const { name, sequences } of this.sources.values())
      for (const [prefix, missing] of sequences)
        if (missing.isTrusted()) all.push({ source: name, prefix, missing: missing.count(), holes: missing.oldest(HOLES_TOLD) })
    return all
  }

  putAway(): FeedData {
    return [...this.sources.values()].map(({ name, feeds, sequences }) => ({
      name,
      feeds: feeds.flatMap((feed, i) => {
        if (feed === undefined || feed.bodies === 0) return []
        const { bodyEvents: _, bodyAtMs: __, ...told } = feed
        return [{ feed: FEED_IDS[i], ...told }]
      }),
      sequences: [...sequences].map(([prefix, missing]) => ({ prefix, ...missing.putAway() })),
    }))
  }

  takeOut(data: FeedData): void {
    for (const { name, feeds, sequences } of data) {
      const source = this.sourceOf(name)
      if (source === null) return
      for (const { feed, ...told } of feeds) source.feeds[FEED_IDS.indexOf(feed)] = { ...told, bodyEvents: 0, bodyAtMs: 0 }
      for (const { prefix, ...missing } of sequences) source.sequences.set(prefix, MissingNumbers.from(missing))
    }
  }

  private sourceOf(name: string): Source | null {
    const known = this.sources.get(name)
    if (known !== undefined) return known
    if (this.sources.size >= SOURCES_MAX) return null
    const made: Source = { name, feeds: [], sequences: new Map(), prefix: '', sequence: null }
    this.sources.set(name, made)
    return made
  }
}

function newFeed(): Feed {
  return {
    events: 0,
    lastReceivedMs: 0,
    lastAtMs: Number.NEGATIVE_INFINITY,
    lagMs: 0,
    usualLagMs: 0,
    usualSilenceMs: 0,
    bodies: 0,
    bodyEvents: 0,
    bodyAtMs: 0,
  }
}

function healthOf(source: string, feed: FeedId, one: Feed, nowMs: number, sinceMs: number): FeedHealth {
  const unheardMs = nowMs - Math.max(one.lastReceivedMs, sinceMs)
  const silentMs = Math.max(0, nowMs - one.lastReceivedMs)
  const usualSilenceMs = one.bodies < 3 ? null : Math.round(one.usualSilenceMs)
  return {
    source,
    feed,
    events: one.events,
    lastReceivedMs: one.lastReceivedMs,
    lastAtMs: one.lastAtMs,
    lagMs: one.lagMs,
    usualLagMs: Math.round(one.usualLagMs),
    silentMs,
    usualSilenceMs,
    silent: usualSilenceMs !== null && unheardMs > Math.max(SILENT_LEAST_MS, SILENT_TIMES * usualSilenceMs),
  }
}

/** The number an id ends in goes to the sequence of what stands before it. */
function number(source: Source, id: string): void {
  let at = id.length
  let value = 0
  let weight = 1
  while (at > 0 && weight < 1e15) {
    const digit = id.charCodeAt(at - 1) - 48
    if (digit < 0 || digit > 9) break
    value += digit * weight
    weight *= 10
    at--
  }
  if (at === id.length || weight >= 1e15) return
  if (source.sequence === null || source.prefix.length !== at || !id.startsWith(source.prefix)) {
    const prefix = id.slice(0, at)
    let sequence = source.sequences.get(prefix)
    if (sequence === undefined) {
      if (source.sequences.size >= SEQUENCES_MAX) makeRoom(source)
      sequence = new MissingNumbers()
      source.sequences.set(prefix, sequence)
    }
    source.prefix = prefix
    source.sequence = sequence
  }
  source.sequence.saw(value)
}

/** The oldest sequence that never came to anything makes room for a new one. */
function makeRoom({ sequences }: Source): void {
  for (const [prefix, missing] of sequences) {
    if (missing.isTrusted()) continue
    sequences.delete(prefix)
    return
  }
  const [oldest] = sequences.keys()
  sequences.delete(oldest)
}
