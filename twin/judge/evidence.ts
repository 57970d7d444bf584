/**
 * What a verdict is a pure function of: sums over matured units, by arm and epoch, and nothing else. A bundle is plain JSON in a fixed order of
 * keys; whoever has it can recompute the verdict to the byte, on any machine, with `orrery rollout replay`.
 */

export type MetricPlan = {
  readonly id: string
  /** `objective`: must not be worse, or must be better; `guardrail`: must not be worse; `diagnostic`: shown only. */
  readonly role: 'objective' | 'guardrail' | 'diagnostic'
  /** `share`: 0 or 1 for each unit, such as late; `mean`: any number, such as cents; `quantile`: judged by exceedances of the control's quantile. */
  readonly kind: 'share' | 'mean' | 'quantile'
  readonly quantile?: number
  /** More of it is `worse` or `better`. */
  readonly more: 'worse' | 'better'
  /**
   * The harm that would still be accepted, in the metric's own unit (points of a share as a part of 1, cents), absolute; above 0. Of a quantile: how many
   * more may lie beyond the control's, as a part of 1.
   */
  readonly margin: number
  /**
   * What rolls back: to be shown worse than stable, or worse than the margin, for a metric that may be paid with. Left out: worse than stable. Of a share the
   * second waits for burn-in, since the exact game is against stable only.
   */
  readonly alarm?: 'stable' | 'margin'
  /** The objective must be better than stable, not only no worse. */
  readonly mustImprove?: boolean
  /** From the decision until the outcome is certain, ms. */
  readonly horizonMs: number
  /** What stands for a missing outcome beyond 1 %: the worst for the candidate and the best for stable, or nothing. */
  readonly missing: 'worst-case' | 'leave-out'
  /** Beyond this value of the candidate's own mean the rollout is rolled back at once, whatever stable does. */
  readonly limit?: number
  /** No value can lie outside. Without it nothing can be said of a mean of which more than 1 % is missing, and it is not promoted. */
  readonly range?: readonly [number, number]
}

export type JudgePlan = {
  readonly metrics: readonly MetricPlan[]
  /** Chance of promoting something worse than a margin, ever, however often one looks; and of rolling back something equal. */
  readonly alphaPromote: number
  readonly alphaHarm: number
  readonly alphaRatio: number
  readonly alphaMissing: number
  /** Units per hour that the plan reckons with: the mixture is tuned to what is known after 6, 24, 72 and 240 hours. */
  readonly unitsPerHour: number
  /** Least matured units of the candidate, and least of the rarer outcome in each arm, before anything but an exact test may act. */
  readonly burnInUnits: number
  readonly burnInEvents: number
  /**
   * Early signs (`early-signs.ts`), which wait for no outcome: `act`: they hold, and roll back where outcomes say the same; `hold`: they only hold. Left out: there are
   * none, and none of alpha is theirs.
   */
  readonly signs?: 'act' | 'hold'
}

/** Candidate − stable over orders that both have answered: how many orders, for how many it is not 0, Σ and Σ². */
export type Paired = { readonly n: number; readonly differing: number; readonly d: number; readonly dd: number }

/** What is known of an hour's orders when they are decided. */
export type SignHour = {
  /** When the hour began, ms. */
  readonly fromMs: number
  /** The candidate's share; 0 in the shadow. */
  readonly share: number
  /** Chance of being late that each answer says of itself, where both find a way. */
  readonly late: Paired
  /** Orders to which an answer finds no way at once, 0 or 1; to wait on purpose is none of it. */
  readonly unrouted: Paired
  /** Decided below the top of the ladder: late prices, rules, the nearest warehouse. Empty where units are not single orders. */
  readonly degraded: Pair<{ readonly n: number; readonly failed: number }>
}

export type SignVerdict = {
  readonly id: 'late' | 'unrouted' | 'degraded'
  readonly orders: number
  /** How much more of it the candidate has, as a part of 1, and at least; beyond the margin it is an alarm. */
  readonly harm: number
  readonly lower: number
  readonly margin: number
  /** log e-value against "no more than the margin", and what it must reach. */
  readonly log: number
  readonly logAlarm: number
  readonly isBeyond: boolean
  /** What happened says the same: without it what is only foretold never rolls back. */
  readonly isConfirmed: boolean
}

/**
 * Sums over units: y is the metric, d its denominator (1 for a unit of its own; orders of a customer or a block otherwise), x the covariate that
 * was fixed before the unit was assigned. Cells add up, so the order of coming cannot matter.
 */
export type Cell = {
  readonly n: number
  readonly y: number
  readonly yy: number
  readonly d: number
  readonly dd: number
  readonly yd: number
  readonly x: number
  readonly xx: number
  readonly xy: number
  readonly xd: number
  /** Matured units whose outcome never came. */
  readonly missing: number
}

export type Pair<T> = { readonly stable: T; readonly candidate: T }

/** Units that were assigned under the same share, day and region: within an epoch arms are comparable, between them they are not. */
export type Epoch = {
  readonly id: string
  readonly share: number
  readonly assigned: Pair<number>
  /** Served by the arm they were assigned to. */
  readonly exposed: Pair<number>
  readonly matured: Pair<number>
  readonly metrics: Readonly<Record<string, Pair<Cell>>>
  /** The same over units for which the two policies answer differently, where both are logged; `part` of all units are such. */
  readonly triggered: { readonly part: number; readonly metrics: Readonly<Record<string, Pair<Cell>>> } | null
  /**
   * Values of quantile metrics: the equal-size control and the candidate. `bins` are rising bounds; count i is of values above bound i − 1 and up to bound i,
   * and one more count at the end is of those above the last.
   */
  readonly histograms: Readonly<
    Record<
      string,
      { readonly bins: readonly number[]; readonly control: readonly number[]; readonly candidate: readonly number[] }
    >
  >
}

export type Evidence = {
  readonly format: 1
  readonly rollout: string
  readonly plan: JudgePlan
  /** By the twin's clock; and up to where outcomes are complete. */
  readonly asOfMs: number
  readonly watermarkMs: number
  readonly startedMs: number
  /** When the plan ends: from then on what would be held is inconclusive. Absent while no end is set. */
  readonly endsMs?: number
  readonly epochs: readonly Epoch[]
  /** Failures so far among units that are not matured, for early warning only: decided, and failed already. */
  readonly early: Readonly<Record<string, Pair<{ readonly n: number; readonly failed: number }>>>
  /** Hour by hour, rising, from the shadow on; only where the plan goes by early signs. */
  readonly signs?: readonly SignHour[]
  /** What the twin says, fixed before the first order: the effect it expects (harm positive) and by how much shared capacity shifts a naive comparison. */
  readonly twin: Readonly<
    Record<string, { readonly effect: number; readonly sd: number; readonly bias: number; readonly biasSd: number }>
  > | null
  /** Whether the twin's forecasts hold at present; where not, its bets weigh nothing. */
  readonly twinHolds: boolean
}

export const VERDICTS = ['promote', 'hold', 'roll back', 'inconclusive'] as const

export type MetricVerdict = {
  readonly id: string
  /** Harm of the candidate in the metric's unit: positive is worse. */
  readonly harm: number
  readonly se: number
  /**
   * Anytime-valid bounds of the harm: below `upper` with 1 − alphaPromote, above `lower` with its part of alphaHarm; ±Number.MAX_VALUE where nothing can be
   * said yet.
   */
  readonly lower: number
  readonly upper: number
  /** log e-value against "no harm", or against "no more than the margin" where the plan says so, and what it must reach to be an alarm. */
  readonly logHarm: number
  readonly logAlarm: number
  readonly isHarm: boolean
  readonly isNoWorse: boolean
  readonly isBetter: boolean
  /** What the bounds rest on. */
  readonly method: 'score' | 'exact' | 'triggered' | 'covariate' | 'quantile' | 'cluster'
  readonly units: Pair<number>
  /** Part of the variance that the covariate takes away. */
  readonly r2: number | null
  /** The same corrected for shared capacity, where the twin says by how much. */
  readonly corrected: {
    readonly harm: number
    readonly lower: number
    readonly upper: number
    readonly isNoWorse: boolean
  } | null
}

export type Verdict = {
  readonly verdict: (typeof VERDICTS)[number]
  /** One sentence first, then the reasons, each with its numbers. */
  readonly says: string
  readonly because: readonly string[]
  readonly metrics: readonly MetricVerdict[]
  readonly ratio: { readonly assigned: number; readonly exposed: number; readonly matured: number; readonly isAlarm: boolean }
  readonly missing: Readonly<
    Record<
      string,
      {
        readonly stable: number
        readonly candidate: number
        readonly lower: number
        readonly upper: number
        readonly isAlarm: boolean
      }
    >
  >
  /** Early signs; only where the plan goes by them. */
  readonly signs?: readonly SignVerdict[]
  /** When, if things go on as they do, a decision could fall; null where none is in sight. */
  readonly earliestMs: number | null
  /** SHA-256 of the bundle it was computed from. */
  readonly evidence: string
}
