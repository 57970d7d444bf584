/**
 * GrowthBook's sequential test and the rule of its Safe Rollouts, as its documentation has them (docs/features/safe-rollouts, 2026): an asymptotic
 * confidence sequence (Waudby-Smith et al., Annals of Statistics 2024) of the difference between the rollout and a control of the same size; a guardrail that is
 * significantly worse rolls back, and "if results are still inconclusive after the configured duration, ship". For comparison only.
 */
export type Arm = { readonly n: number; readonly sum: number; readonly squares: number }

export const ofShare = (n: number, happened: number): Arm => ({ n, sum: happened, squares: happened })

export type Compared = { readonly difference: number; readonly se: number; readonly n: number }

/** Rollout minus control, absolute, or as a part of the control's mean (delta method). `isShare`: variances are p (1 − p), not those of a sample. */
export function compared(control: Arm, rollout: Arm, isRelative: boolean, isShare = false): Compared {
  const mean = ({ sum, n }: Arm): number => sum / n
  const variance = (arm: Arm): number =>
    isShare ? mean(arm) * (1 - mean(arm)) : (arm.squares - arm.sum ** 2 / arm.n) / (arm.n - 1)
  const [a, b] = [mean(control), mean(rollout)]
  const [va, vb] = [variance(control) / control.n, variance(rollout) / rollout.n]
  const n = control.n + rollout.n
  if (!isRelative) return { difference: b - a, se: Math.sqrt(va + vb), n }
  return { difference: (b - a) / Math.abs(a), se: Math.sqrt(vb / a ** 2 + (va * b ** 2) / a ** 4), n }
}

/** Units in all for which the sequence is sharpest. */
const TUNED_FOR = 5000

/** Half of the width of the sequence at n units; one-sided: from the estimate to the one bound. */
export function halfWidth({ se, n }: Compared, alpha: number, sides: 1 | 2, tunedFor = TUNED_FOR): number {
  const r2 = mixing(sides === 1 ? 2 * alpha : alpha, tunedFor)
  const grown = n * r2 + 1
  const log = sides === 2 ? Math.log(Math.sqrt(grown) / alpha) : Math.log(1 + Math.sqrt(grown) / (2 * alpha))
  return se * Math.sqrt(n) * Math.sqrt(((2 * grown) / (n * n * r2)) * log)
}

const mixing = (alpha: number, tunedFor: number): number => (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tunedFor

/** Always-valid p-value of "no different", or of "the rollout has not more": by the same mixture; one-sided within 1e-5 and 0.4999, as its source has it. */
export function pValue({ difference, se, n }: Compared, alpha: number, sides: 1 | 2, tunedFor = TUNED_FOR): number {
  const r2 = mixing(sides === 1 ? 2 * alpha : alpha, tunedFor)
  const grown = n * r2 + 1
  const exponent = (difference / se) ** 2 * ((n * r2) / (2 * grown))
  if (sides === 2) return Math.min(1, Math.sqrt(grown) * Math.exp(-exponent))
  const p = difference <= 0 ? 1 : Math.sqrt(grown) / (2 * Math.expm1(exponent))
  return Math.min(0.4999, Math.max(1e-5, p))
}

export type SafeRollout = 'rollback-now' | 'ship' | 'running'

/** What a Safe Rollout does with guardrails of which more is worse. */
export function safeRollout(
  guardrails: readonly { readonly control: Arm; readonly rollout: Arm }[],
  isOver: boolean,
  alpha = 0.05,
): SafeRollout {
  for (const { control, rollout } of guardrails) {
    if (control.n < 2 || rollout.n < 2) continue
    const one = compared(control, rollout, false)
    if (one.se > 0 && one.difference - halfWidth(one, alpha, 1) > 0) return 'rollback-now'
  }
  return isOver ? 'ship' : 'running'
}
