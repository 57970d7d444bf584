import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { MINUTE_MS } from '../../sim/units.ts'
import { differencesOf, digestOfPortrait, type PortraitDifference } from '../state/portrait.ts'
import type { DecidingCounts } from './deciding.ts'
import type { Reality } from './reality.ts'
import { addSent, NOTHING_SENT, type Sent } from './sent.ts'
import type { Arrival, FaultyWire } from './wire.ts'

/** Where the outside world's lines go to, and how what is known of it is asked for. */
export type FarEnd = {
  /** Resolves when all lines are durable. */
  send(lines: readonly string[]): Promise<Sent>
  /** The twin's portrait (see twin/state/portrait.ts), or null where it has none to show. */
  portrait(): Promise<readonly string[] | null>
}

export type PlayOptions = {
  readonly untilRunMs: number
  /** Ms of the world for each ms of ours; Infinity goes as fast as the twin takes it. */
  readonly speed: number
  /** So far it goes as fast as the twin takes it, before `speed` begins to hold. */
  readonly headStartMs?: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: PlayProgress) => void
}

export type PlayProgress = {
  /** Where the world is, ms since 1970. */
  readonly worldMs: number
  readonly told: number
  readonly sent: Sent
  /** Messages on the wire, lost or late. */
  readonly pending: number
  /** By how much the world is behind where its speed would have it. */
  readonly behindMs: number
}

export type Played = {
  readonly told: number
  readonly sent: Sent
  readonly tookMs: number
  /** Hash of the hidden world's portrait, and how many lines it has. */
  readonly hidden: { readonly digest: string; readonly lines: number }
  /** Null where the twin shows none. */
  readonly twin: { readonly digest: string; readonly lines: number } | null
  /** What was asked of whoever decides; null where nobody is. */
  readonly decided: DecidingCounts | null
  readonly differences: { readonly count: number; readonly first: readonly PortraitDifference[] } | null
}

/** A world that goes as fast as it can is told in steps of so much of its time; one that asks in shorter ones, so that who decides knows what has happened. */
const STEP_MS = 10 * MINUTE_MS
const STEP_ASKING_MS = 2 * MINUTE_MS
const TICK_MS = 50
const DIFFERENCES_SHOWN = 20

/** Runs the outside world behind its wire to an instant, mends the wire, and compares what is with what is known. */
export async function play(reality: Reality, wire: FaultyWire, far: FarEnd, options: PlayOptions): Promise<Played> {
  const { untilRunMs, signal } = options
  const headStartMs = options.headStartMs ?? 0
  const zeroMs = reality.calendar.zeroMs
  const startedMs = Date.now()
  /** When the speed began to hold. */
  let pacedMs = startedMs
  const stepMs = reality.asks ? STEP_ASKING_MS : STEP_MS
  let runMs = 0
  let told = 0
  let sent = NOTHING_SENT
  const carry = async (arrivals: readonly Arrival[]): Promise<void> => {
    if (arrivals.length === 0) return
    const one = await far.send(arrivals.map(({ line }) => line))
    sent = addSent(sent, one)
  }
  // While the twin takes what was told, the world may go on: but not one that is decided in from outside, who must know what has happened.
  let underWay: Promise<unknown> = Promise.resolve()
  const tell = async (arrivals: readonly Arrival[]): Promise<void> => {
    await underWay
    underWay = carry(arrivals)
    // Awaited by the next: until then a failure must not end the process.
    underWay.catch(() => {})
    if (reality.asks) await underWay
    // A world that runs on at once would keep the bytes from leaving.
    else await turn()
  }
  while (runMs < untilRunMs && !signal.aborted) {
    const speed = runMs < headStartMs ? Number.POSITIVE_INFINITY : options.speed
    if (runMs < headStartMs) pacedMs = Date.now()
    const due = (): number => headStartMs + (Date.now() - pacedMs) * speed
    const wanted = speed === Number.POSITIVE_INFINITY ? runMs + stepMs : due()
    runMs = Math.min(untilRunMs, Math.max(runMs, Math.min(wanted, runMs + stepMs)))
    for (const event of reality.asks ? await reality.untilDecided(runMs) : reality.until(runMs)) {
      wire.send(event)
      told++
    }
    await tell(wire.due(zeroMs + runMs))
    const behindMs = speed === Number.POSITIVE_INFINITY ? 0 : Math.max(0, due() - runMs)
    options.onProgress({ worldMs: zeroMs + runMs, told, sent, pending: wire.pending, behindMs })
    if (behindMs < stepMs / 2 && speed !== Number.POSITIVE_INFINITY) await pause(TICK_MS, undefined, { signal }).catch(() => {})
  }
  await tell(wire.heal())
  await underWay
  options.onProgress({ worldMs: zeroMs + runMs, told, sent, pending: 0, behindMs: 0 })
  const hidden = reality.portrait()
  const known = await far.portrait()
  return {
    told,
    sent,
    decided: reality.decided(),
    tookMs: Date.now() - startedMs,
    hidden: { digest: digestOfPortrait(hidden), lines: hidden.length },
    twin: known === null ? null : { digest: digestOfPortrait(known), lines: known.length },
    differences: known === null ? null : differencesOf(hidden, known, DIFFERENCES_SHOWN),
  }
}
