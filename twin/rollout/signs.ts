import type { Decision } from '../decide/decision.ts'
import type { SignHour } from '../judge/evidence.ts'
import { answersOf } from './facts.ts'

/** What one decision says before anything came of it; null where it says nothing. */
export type Sign = {
  /** Candidate − stable: chance of being late, by what each answer says of itself; and whether no way was found at once. */
  readonly late: number | null
  readonly unrouted: number | null
  /** The arm whose decision it was, and whether it fell down the ladder; null for units of many orders, which no draw parted one by one. */
  readonly degraded: { readonly arm: 'stable' | 'candidate'; readonly failed: number } | null
}

type Open<T> = { -readonly [K in keyof T]: T[K] extends number ? number : Open<T[K]> }

const HOUR_MS = 3_600_000

export function signOf(decision: Decision, arm: 'stable' | 'candidate' | null): Sign {
  const { other, by, degraded, status, reason, shipments } = decision
  const answers = answersOf(decision)
  const own = hasNoWay({ status, reason })
  const isCandidates = by.arm === 'candidate' && by.servedInstead === null
  const isShipped = shipments.length > 0 && other !== null && other.choice.shipments.length > 0
  return {
    late: answers === null || !isShipped ? null : answers.candidate.late - answers.stable.late,
    unrouted: other === null ? null : (own - hasNoWay(other.choice)) * (isCandidates ? 1 : -1),
    degraded: arm === null ? null : { arm, failed: degraded === null ? 0 : 1 },
  }
}

/** A policy that lets an order wait for company has found a way. */
const hasNoWay = ({ status, reason }: Pick<Decision, 'status' | 'reason'>): number =>
  status === 'routed' || reason === 'pooled' ? 0 : 1

/** Sums of signs by hour and share; what is added can be taken out again, so that the order of coming does not matter. */
export class SignBook {
  readonly #rows = new Map<string, Open<SignHour>>()

  add({ late, unrouted, degraded }: Sign, atMs: number, share: number, sign: 1 | -1): void {
    const row = this.#rowOf(Math.floor(atMs / HOUR_MS) * HOUR_MS, share)
    if (late !== null) put(row.late, late, sign)
    if (unrouted !== null) put(row.unrouted, unrouted, sign)
    if (degraded === null) return
    row.degraded[degraded.arm].n += sign
    row.degraded[degraded.arm].failed += sign * degraded.failed
  }

  /** Hours that anything is known of, rising. */
  hours(): SignHour[] {
    return [...this.#rows.values()]
      .filter(({ late, unrouted, degraded }) => late.n + unrouted.n + degraded.candidate.n + degraded.stable.n > 0)
      .sort((a, b) => a.fromMs - b.fromMs || a.share - b.share)
      .map((row) => structuredClone(row))
  }

  #rowOf(fromMs: number, share: number): Open<SignHour> {
    const key = `${fromMs}|${share}`
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const made: Open<SignHour> = {
      fromMs,
      share,
      late: { n: 0, differing: 0, d: 0, dd: 0 },
      unrouted: { n: 0, differing: 0, d: 0, dd: 0 },
      degraded: { stable: { n: 0, failed: 0 }, candidate: { n: 0, failed: 0 } },
    }
    this.#rows.set(key, made)
    return made
  }
}

function put(sums: Open<SignHour['late']>, apart: number, sign: 1 | -1): void {
  sums.n += sign
  sums.differing += apart === 0 ? 0 : sign
  sums.d += sign * apart
  sums.dd += sign * apart * apart
}
