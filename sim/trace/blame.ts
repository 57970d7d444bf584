import { check } from '../check.ts'
import { type CauseId, type CauseKind, causeKind } from './cause.ts'
import type { StageId } from './stage.ts'

/** A stretch of an order's life with one cause: how long it took, and how much of that its promise had allowed for. In whole ms. */
export type Stretch = {
  readonly stage: StageId | 'reserve'
  readonly cause: CauseId
  /** Below 0 where a road was quicker than it usually is. */
  readonly tookMs: number
  readonly allowedMs: number
}

/**
 * Shares out an order's lateness L = Σ (took − allowed) over the stretches of its life, which must be in the order of time and end with the
 * promise's reserve. Returns the blame of each in whole ms: never negative, and Σ blame = max(0, L) exactly.
 *
 * Going along in time, with o = took − allowed, debts d₁ … of the stretches so far, and a lead a that was gained and not used:
 *
 * - o < 0, time was made up: every debt shrinks by the same part, d ← d · (1 − min(1, −o / Σ d)); what is left over is added to the lead.
 * - o > 0: the lead pays first, e = max(0, o − a), a ← max(0, a − o). Then
 *   - work and trouble owe e themselves;
 *   - a calendar (the next truck, vans, shift, working day) was only longer than planned because one was missed: e is added to the
 *     debts there are, in proportion; where there is none it owes e itself, as where a Sunday lies in the way that the plan did not have.
 *
 * So Σ d − a is at all times how far behind its plan the order is, and in the end L = Σ d − a with one of the two 0. A delay of ten
 * minutes that misses the last truck before a Sunday is blamed for all that it led to, and one that was made up again for nothing.
 */
export function blame(life: readonly Stretch[]): number[] {
  return blameOf(life.map(({ cause, tookMs, allowedMs }) => ({ kind: causeKind(cause), tookMs, allowedMs })))
}

/** The same for stretches whose causes have other names. */
export function blameOf(life: readonly { kind: CauseKind; tookMs: number; allowedMs: number }[]): number[] {
  const debts = new Float64Array(life.length)
  let owed = 0
  let lead = 0
  life.forEach(({ kind, tookMs, allowedMs }, i) => {
    const over = tookMs - allowedMs
    if (over <= 0) {
      const paid = Math.min(owed, -over)
      scale(debts, i, owed > 0 ? 1 - paid / owed : 0)
      owed -= paid
      lead += -over - paid
      return
    }
    const extra = Math.max(0, over - lead)
    lead = Math.max(0, lead - over)
    if (extra === 0) return
    if (kind === 'calendar' && owed > 0) scale(debts, i, 1 + extra / owed)
    else debts[i] = extra
    owed += extra
  })
  return wholeShares(debts, owed)
}

function scale(debts: Float64Array, count: number, factor: number): void {
  for (let i = 0; i < count; i++) debts[i] *= factor
}

/** Whole numbers in proportion to `shares` that add up to `total`: rounded down, and what is missing goes to the largest remainders. */
function wholeShares(shares: Float64Array, total: number): number[] {
  check(Number.isInteger(total), `a lateness of ${total} ms is no whole number`)
  const sum = shares.reduce((a, b) => a + b, 0)
  const exact = Array.from(shares, (share) => (sum > 0 ? (share * total) / sum : 0))
  const whole = exact.map(Math.floor)
  let missing = total - whole.reduce((a, b) => a + b, 0)
  const byRemainder = [...exact.keys()].sort((a, b) => exact[b] - whole[b] - (exact[a] - whole[a]) || a - b)
  for (const i of byRemainder) {
    if (missing <= 0) break
    whole[i]++
    missing--
  }
  return whole
}
