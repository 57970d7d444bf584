import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'

/**
 * How often a caller may ask, by kind of route: a bucket of tokens for each caller and kind that fills at an even pace, as GCRA has it (ITU-T
 * I.371): what is kept is only when the bucket would be full again.
 */
export const PACE_KINDS = ['read', 'write', 'heavy', 'decide', 'stranger', 'free'] as const
export type PaceKind = (typeof PACE_KINDS)[number]
type Pace = { readonly perSecond: number; readonly burst: number }
export type Paces = Readonly<Record<Exclude<PaceKind, 'free'>, Pace>>

/** What holds where nobody says otherwise (ORRERY_PACES). `free` is for routes that hold back by other means, such as the way in of events. */
export const PACES: Paces = {
  read: { perSecond: 200, burst: 1000 },
  write: { perSecond: 50, burst: 200 },
  /** Exports, erasures, requests and approvals: what people do, not programs. */
  heavy: { perSecond: 1, burst: 30 },
  /** Orders, by whatever way they come: more than two cores decide in a second. Shares of what is under way hold back before that. */
  decide: { perSecond: 250_000, burst: 1_000_000 },
  /** Who shows no key that is known, by address: guessing keys is slow. */
  stranger: { perSecond: 2, burst: 60 },
}

/** Callers remembered; those whose buckets are full again are forgotten first, and there may be as many addresses as somebody likes. */
const REMEMBERED = 20_000

export class PaceKeeper {
  private readonly paces: Paces
  private readonly fullAtMs = new Map<string, number>()

  constructor(paces: Paces) {
    this.paces = paces
  }

  /** Null where it may go on; else how long to wait, ms. */
  take(kind: PaceKind, who: string, nowMs: number): number | null {
    if (kind === 'free') return null
    const { perSecond, burst } = this.paces[kind]
    const key = `${kind} ${who}`
    const each = 1000 / perSecond
    const full = Math.max(this.fullAtMs.get(key) ?? nowMs, nowMs) + each
    const wait = full - nowMs - burst * each
    if (wait > 1e-6) return wait
    if (this.fullAtMs.size >= REMEMBERED && !this.fullAtMs.has(key)) this.forget(nowMs)
    this.fullAtMs.set(key, full)
    return null
  }

  private forget(nowMs: number): void {
    for (const [key, fullAt] of this.fullAtMs) if (fullAt <= nowMs) this.fullAtMs.delete(key)
    // All of them are busy: the oldest entries go.
    for (const key of this.fullAtMs.keys()) {
      if (this.fullAtMs.size < REMEMBERED) break
      this.fullAtMs.delete(key)
    }
  }
}

const FILE = 'ORRERY_PACES'

/** `{"read": {"perSecond": 10, "burst": 50}}`, from the environment; what it leaves out stays as it is. */
export function readPaces(text: string | undefined): Paces {
  if (text === undefined || text.trim() === '') return PACES
  const wrong = (field: string, found: string, fix: string): InputError =>
    new InputError([{ file: FILE, line: null, field, found, fix }])
  const form = 'write {"read": {"perSecond": 200, "burst": 1000}}'
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong('paces', 'text that is no JSON', form)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong('paces', 'no map', form)
  const paces: Record<string, Pace> = { ...PACES }
  for (const [kind, said] of Object.entries(parsed)) {
    if (!Object.hasOwn(PACES, kind)) throw wrong(kind, 'a kind of route that is not known', didYouMean(kind, Object.keys(PACES)))
    const { perSecond, burst } = (said ?? {}) as Partial<Pace>
    if (!(typeof perSecond === 'number' && perSecond > 0 && Number.isFinite(perSecond)))
      throw wrong(`${kind}.perSecond`, String(perSecond), 'write a number above 0')
    if (!(typeof burst === 'number' && burst >= 1 && Number.isFinite(burst)))
      throw wrong(`${kind}.burst`, String(burst), 'write a number from 1')
    paces[kind] = { perSecond, burst }
  }
  return paces as Paces
}
