import { normalQuantile } from '../../sim/normal.ts'
import type { Decision } from '../decide/decision.ts'

/**
 * What a policy would have done, from what another one did: before anybody is exposed to it, or while a few are. It rests on chances: each decision
 * must say how likely it was, and whatever the new policy would do must have been done sometimes. Where it was not, nothing is estimated.
 *
 * Names as in Saito et al., Open Bandit Pipeline (2021): w = π_e / π_b, q a model's forecast of the reward.
 */
export type LoggedRow = {
  /** π_e(a | x) / π_b(a | x) of the action that was taken, ≥ 0. */
  readonly weight: number
  readonly reward: number
  /** The model's forecast for the action that was taken, and for what the new policy would do (its mean over actions). */
  readonly forecast: number
  readonly forecastOfTarget: number
}

export type Estimate = { readonly value: number; readonly se: number }

/** Inverse propensity scoring: unbiased, and as wild as the weights. */
export const ips = (rows: readonly LoggedRow[]): Estimate => mean(rows.map(({ weight, reward }) => weight * reward))

/** Self-normalised: never beyond the rewards there were. */
export function snips(rows: readonly LoggedRow[]): Estimate {
  const value = ratio(rows, ({ weight, reward }) => weight * reward)
  const all = sumOf(rows, ({ weight }) => weight)
  const squares = sumOf(rows, ({ weight, reward }) => (weight * (reward - value)) ** 2)
  return { value, se: all > 0 ? Math.sqrt(squares) / all : Number.NaN }
}

/** The model alone: as right as the model. */
export const directMethod = (rows: readonly LoggedRow[]): Estimate => mean(rows.map(({ forecastOfTarget }) => forecastOfTarget))

/** Doubly robust: the model, and its errors weighed; right where either is. Dudík, Langford & Li (2011). */
export const doublyRobust = (rows: readonly LoggedRow[]): Estimate => corrected(rows, (weight) => weight)

/** The same with the correction divided by the mean weight. */
export function selfNormalisedDoublyRobust(rows: readonly LoggedRow[]): Estimate {
  const weight = sumOf(rows, (row) => row.weight) / rows.length
  return corrected(rows, (one) => (weight > 0 ? one / weight : 0))
}

/** Weights above `limit` are left to the model. Wang, Agarwal & Dudík (2017). */
export const switchDoublyRobust = (rows: readonly LoggedRow[], limit: number): Estimate =>
  corrected(rows, (weight) => (weight <= limit ? weight : 0))

/** Weights shrunk by λ w / (w² + λ): 0 is the model alone, ∞ doubly robust. Su et al. (2020). */
export const shrunkDoublyRobust = (rows: readonly LoggedRow[], lambda: number): Estimate =>
  corrected(rows, (weight) =>
    lambda === Number.POSITIVE_INFINITY ? weight : lambda === 0 ? 0 : (lambda * weight) / (weight ** 2 + lambda),
  )

/** How many rows the weights leave: (Σw)² / Σw². */
export function effectiveRows(rows: readonly LoggedRow[]): number {
  const squares = sumOf(rows, ({ weight }) => weight ** 2)
  return squares > 0 ? sumOf(rows, ({ weight }) => weight) ** 2 / squares : 0
}

function corrected(rows: readonly LoggedRow[], shrink: (weight: number) => number): Estimate {
  return mean(
    rows.map(({ weight, reward, forecast, forecastOfTarget }) => forecastOfTarget + shrink(weight) * (reward - forecast)),
  )
}

function mean(values: readonly number[]): Estimate {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0)
  return { value, se: Math.sqrt(squares / (values.length - 1) / values.length) }
}

const sumOf = (rows: readonly LoggedRow[], of: (row: LoggedRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0)

function ratio(rows: readonly LoggedRow[], of: (row: LoggedRow) => number): number {
  const all = sumOf(rows, ({ weight }) => weight)
  return all > 0 ? sumOf(rows, of) / all : Number.NaN
}

/** What of a kept decision is looked at. */
export type LoggedDecision = Pick<Decision, 'key' | 'degraded' | 'other'> & {
  readonly by: Pick<Decision['by'], 'arm' | 'propensity' | 'servedInstead'>
}

/** What an order came to, and what was forecast of it: for what was decided, and for what the candidate would have decided. */
export type LoggedOutcome = { readonly reward: number; readonly forecast: number; readonly forecastOfCandidate: number }

export type OffPolicy =
  | {
      readonly isKnown: true
      /** Decisions it rests on, and of those how many answers differ. */
      readonly decisions: number
      readonly differing: number
      readonly effectiveRows: number
      readonly greatestWeight: number
      /** Mean reward if the candidate had decided for all, and what those who decided came to. */
      readonly ips: Estimate
      readonly snips: Estimate
      readonly direct: Estimate
      readonly doublyRobust: Estimate
      readonly logged: Estimate
      /** Doubly robust less what was logged, decision by decision; two-sided 95 %. */
      readonly difference: Estimate & { readonly low: number; readonly high: number }
      /** Decisions without an outcome, without both answers, or that were not taken by the arm they say. */
      readonly leftOut: number
    }
  | { readonly isKnown: false; readonly because: string; readonly leftOut: number }

/** Fewer rows than this after weighing, or a greater weight, and nothing is said. */
const LEAST_ROWS = 100
const GREATEST_WEIGHT = 50

/**
 * What the candidate would come to if it decided for every order, from decisions that log both answers. Where both answer alike the chance of that
 * action is 1 for either, and so is its weight; where they differ it was taken with the chance of the candidate's arm, or it was not. Policies draw no
 * dice, so a log in which stable decided everything has no chance in it for whatever differs, and is refused: nobody has seen what would have come of it.
 */
export function valueOfCandidate(
  decisions: Iterable<LoggedDecision>,
  outcomeOf: (decision: LoggedDecision) => LoggedOutcome | null,
): OffPolicy {
  const rows: LoggedRow[] = []
  let [leftOut, differing, unseen] = [0, 0, 0]
  for (const decision of decisions) {
    const { by, other, degraded } = decision
    const outcome = other === null || by.servedInstead !== null || degraded !== null ? null : outcomeOf(decision)
    if (other === null || outcome === null || !(by.propensity > 0 && by.propensity <= 1)) {
      leftOut++
      continue
    }
    const isCandidate = by.arm === 'candidate'
    if (other.differs) {
      differing++
      // Stable with certainty: the candidate's answer had no chance at all.
      if (!isCandidate && by.propensity === 1) unseen++
    }
    const weight = other.differs ? (isCandidate ? 1 / by.propensity : 0) : 1
    const { reward, forecast, forecastOfCandidate } = outcome
    rows.push({ weight, reward, forecast, forecastOfTarget: forecastOfCandidate })
  }
  const refuse = (because: string): OffPolicy => ({ isKnown: false, because, leftOut })
  if (rows.length === 0) return refuse('no decision has both answers, an outcome and a chance')
  if (unseen > 0) {
    const part = ((100 * unseen) / rows.length).toFixed(2)
    return refuse(
      `for ${part} % of the orders the candidate would decide otherwise, and there was no chance that it did: nobody saw what comes of it; leave out what was decided before the candidate had a share`,
    )
  }
  const known = effectiveRows(rows)
  if (known < LEAST_ROWS)
    return refuse(`the weights leave ${known.toFixed(1)} of ${rows.length} decisions, and ${LEAST_ROWS} are the least`)
  const greatestWeight = rows.reduce((most, { weight }) => Math.max(most, weight), 0)
  if (greatestWeight > GREATEST_WEIGHT)
    return refuse(
      `a single decision stands for ${greatestWeight.toFixed(0)}, and ${GREATEST_WEIGHT} are the most: give the candidate a larger share, at least ${100 / GREATEST_WEIGHT} %`,
    )
  const gain = mean(
    rows.map(({ weight, reward, forecast, forecastOfTarget }) => forecastOfTarget + weight * (reward - forecast) - reward),
  )
  const half = normalQuantile(0.975) * gain.se
  return {
    isKnown: true,
    decisions: rows.length,
    differing,
    effectiveRows: known,
    greatestWeight,
    ips: ips(rows),
    snips: snips(rows),
    direct: directMethod(rows),
    doublyRobust: doublyRobust(rows),
    logged: mean(rows.map(({ reward }) => reward)),
    difference: { ...gain, low: gain.value - half, high: gain.value + half },
    leftOut,
  }
}
