/**
 * How Argo Rollouts and Flagger decide: a query is held against a constant at each interval. Flagger counts failed checks and rolls back at `threshold`
 * of them; Argo aborts when more than `failureLimit` measurements have failed (0 unless said otherwise). Where checks run out it is promoted. Neither
 * compares with what happens beside it, nor knows how much luck there is in a count. For comparison only.
 */
export type ThresholdRule = {
  /** A check fails where the part of bad outcomes is above this. */
  readonly most: number
  /** Failed checks that end it. */
  readonly failures: number
}
/** Flagger: `threshold` failed checks; Argo: one more than `failureLimit`. */
export const flagger = (most: number, threshold: number): ThresholdRule => ({ most, failures: threshold })
export const argo = (most: number, failureLimit = 0): ThresholdRule => ({ most, failures: failureLimit + 1 })

/** Check at which it is rolled back, from 0; null where it goes through. An interval without traffic fails with Flagger ("no values found"). */
export function rolledBackAt(
  rule: ThresholdRule,
  checks: readonly { readonly n: number; readonly bad: number }[],
): number | null {
  let failed = 0
  for (let i = 0; i < checks.length; i++) {
    const { n, bad } = checks[i]
    if (n === 0 || bad / n > rule.most) failed++
    if (failed >= rule.failures) return i
  }
  return null
}
