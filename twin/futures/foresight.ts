import { InputError } from '../../scenarios/read/problem.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { lawsOf } from '../fidelity/laws.ts'
import type { LiveView } from '../state/live-state.ts'
import { type Foreseen, foresee } from './run-futures.ts'

/** Futures that a running twin makes of itself: for its page now and then, and for whoever asks about what is to come. */
export type Foresight = {
  /** One that reaches an instant, ms since 1970: a recent one where there is one, else made now. */
  until(untilMs: number): Promise<Foreseen>
  close(): void
}

export type ForesightParts = {
  readonly view: LiveView
  readonly id: string
  /** The network as it is stated. */
  readonly spec: NetworkSpec
  /** Who decides from now on. */
  readonly policies: string
  readonly offsetMinutes: number
  /** The file of how the twin stands: futures run by its calibration, as it is when they are made. Null: as the network is stated. */
  readonly standing: string | null
  readonly replications?: number
  /** Without it one: the server has the rest. */
  readonly workers?: number
}

/** Just enough for intervals of 90 %. */
const REPLICATIONS = 20
/** A question may look so far ahead; what lies beyond is for `orrery future`, which may take its time. */
const FORESIGHT_HOURS = 168
/** A future is made for at least so long, and in such steps, so that the next question finds it. */
const STEP_HOURS = 12
const LEAST_HOURS = 24
/** A future is recent while the world has gone on by no more than this, or this machine's clock has: a world may be played fast. */
const RECENT_MS = 0.5 * HOUR_MS
const RECENT_WALL_MS = 20_000
/** So many may wait for a future that is not begun. */
const WAITING = 16

/** More ask for futures than there is time for: later, please. */
export class TooManyFutures extends Error {}

type Kept = Foreseen & { readonly asOfMs: number; readonly madeWallMs: number; readonly untilMs: number }

export function openForesight(parts: ForesightParts): Foresight {
  const { view, replications = REPLICATIONS } = parts
  const stop = new AbortController()
  let kept: Kept | null = null
  let making: Promise<Kept> | null = null
  let waiting = 0
  const recent = (untilMs: number): Kept | null => {
    if (kept === null || kept.untilMs < untilMs) return null
    const isRecent = view.asOfMs - kept.asOfMs <= RECENT_MS || performance.now() - kept.madeWallMs <= RECENT_WALL_MS
    return isRecent ? kept : null
  }
  const make = async (untilMs: number): Promise<Kept> => {
    const { asOfMs } = view
    const hours = Math.max(LEAST_HOURS, Math.ceil((untilMs - asOfMs) / HOUR_MS / STEP_HOURS) * STEP_HOURS)
    const { spec, note, drift, errata } = lawsOf(parts.spec, parts.standing)
    const made = await foresee({
      name: 'asked',
      view,
      network: { id: parts.id, spec, laws: note },
      drift,
      errata,
      offsetMinutes: parts.offsetMinutes,
      scenario: null,
      policies: parts.policies,
      hours,
      replications,
      seed: '1',
      workers: parts.workers ?? 1,
      signal: stop.signal,
      onProgress: () => {},
    })
    kept = { ...made, asOfMs, madeWallMs: performance.now(), untilMs: asOfMs + hours * HOUR_MS }
    return kept
  }
  return {
    until: async (untilMs) => {
      checkReach(view, untilMs)
      // One at a time: whoever waited may find that what was made meanwhile reaches far enough.
      for (;;) {
        const found = recent(untilMs)
        if (found !== null) return found
        if (making === null) {
          making = make(untilMs).finally(() => {
            making = null
          })
          return making
        }
        if (waiting >= WAITING) throw new TooManyFutures('too many wait for a future')
        waiting++
        // Why that one could not be made is told to whoever asked for it.
        await making.catch(() => {}).finally(() => waiting--)
        if (stop.signal.aborted) throw stop.signal.reason
      }
    },
    close: () => stop.abort(new Error('closed')),
  }
}

function checkReach({ asOfMs }: LiveView, untilMs: number): void {
  const wrong = (found: string, fix: string): InputError =>
    new InputError([{ file: 'question', line: 1, field: 'when', found, fix }])
  if (asOfMs <= 0) throw wrong('a twin that nobody has told anything yet', 'send it events first')
  const hours = Math.ceil((untilMs - asOfMs) / HOUR_MS)
  if (hours > FORESIGHT_HOURS) {
    const fix = `ask about the next ${FORESIGHT_HOURS} h, or look further with \`orrery future --hours\``
    throw wrong(`a time ${hours} h ahead`, fix)
  }
}
