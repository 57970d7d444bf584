import { normalQuantile } from '../../sim/normal.ts'
import { alphasOf, EARLY_PART, RARE_PART } from './alphas.ts'
import type { JudgePlan, MetricPlan } from './evidence.ts'
import { criticalZ, scalesFor } from './four-scales.ts'
import { passedBy } from './group-sequential.ts'

/**
 * What a rollout can find out and how long it takes, said before anybody is exposed. The same bounds as the judge's, over the information that the steps
 * will bring; so what is planned is what will be judged.
 */
export type Baseline = {
  /** Mean under stable: of a share, its failures' or successes' part; and the standard deviation of one unit, not needed for a share. */
  readonly mean: number
  readonly sd?: number
  /** Part of the variance that the twin's prediction takes away, 0 … 1. */
  readonly r2?: number
  /** Part of units for which the policies differ, where both answers are logged. */
  readonly part?: number
}

export type PlannedStep = { readonly share: number; readonly minDwellMs: number }

export type PlannedMetric = {
  readonly id: string
  /** Hours from the first order until an equal policy is shown to be no worse, with half and with 90 % of chance; null where not before the end. */
  readonly hoursHalf: number | null
  readonly hoursMost: number | null
  /** Chance that an equal policy is shown to be no worse before the end. */
  readonly power: number
  /** Least harm that is caught with 80 % before the end; and at the first step's share alone. */
  readonly detects: number
  readonly detectsFirst: number
}

export type PlannedRollout = {
  /** Hours until an equal policy could be promoted, with half and with 90 % of chance, by the slowest metric; null where not before the end. */
  readonly hoursHalf: number | null
  readonly hoursMost: number | null
  /** Chance that an equal policy is promoted before the end: of the least likely metric, which is an upper bound for all together. */
  readonly power: number
  readonly metrics: readonly PlannedMetric[]
  /** What the owner should know: steps that cannot conclude, and what would help. */
  readonly warnings: readonly string[]
}

const HOUR = 3_600_000
const LOOKS = 28

export function planAhead(
  plan: JudgePlan,
  baselines: Readonly<Record<string, Baseline>>,
  steps: readonly PlannedStep[],
  maxDurationMs: number,
): PlannedRollout {
  const warnings: string[] = []
  const days = Math.round((10 * maxDurationMs) / (24 * HOUR)) / 10
  const metrics = plan.metrics
    .filter(({ role }) => role !== 'diagnostic')
    .map((metric) => {
      // What lies beyond stable's own quantile is known beforehand.
      const baseline = baselines[metric.id] ?? (metric.kind === 'quantile' ? { mean: 1 - (metric.quantile ?? 0.95) } : undefined)
      const planned = planMetric(plan, metric, baseline ?? { mean: 0.5, sd: metric.margin }, steps, maxDurationMs)
      if (baseline === undefined) warnings.push(`${metric.id}: nothing is known of it under stable, so nothing can be foretold`)
      if (metric.horizonMs >= maxDurationMs)
        warnings.push(`${metric.id}: its outcomes are certain after ${metric.horizonMs / HOUR} h, when the rollout is over`)
      else if (planned.power < 0.5) warnings.push(tooLong(metric, planned, plan, baseline, steps, days))
      return planned
    })
  const slowest = (of: (metric: PlannedMetric) => number | null): number | null =>
    metrics.reduce<number | null>(
      (most, metric) => (most === null || of(metric) === null ? null : Math.max(most, of(metric) ?? 0)),
      0,
    )
  return {
    hoursHalf: metrics.length === 0 ? null : slowest(({ hoursHalf }) => hoursHalf),
    hoursMost: metrics.length === 0 ? null : slowest(({ hoursMost }) => hoursMost),
    power: metrics.reduce((least, { power }) => Math.min(least, power), 1),
    metrics,
    warnings,
  }
}

function planMetric(
  plan: JudgePlan,
  metric: MetricPlan,
  baseline: Baseline,
  steps: readonly PlannedStep[],
  maxDurationMs: number,
): PlannedMetric {
  const alphas = alphasOf(plan)
  const isShare = metric.kind !== 'mean'
  const per: Gain = metric.kind === 'quantile' ? againstControl : againstAll
  const alphaPromote = isShare ? alphas.promote * (1 - RARE_PART) : alphas.promote
  const alphaHarm = isShare ? alphas.harm * (1 - EARLY_PART) : alphas.harm
  const promote = scalesFor(plan.unitsPerHour, 'promote', alphaPromote)
  const harm = scalesFor(plan.unitsPerHour, 'harm', alphaHarm)
  const spread = spreadOf(metric, baseline)
  const aim = metric.mustImprove === true ? 0 : metric.margin
  const lag = metric.horizonMs / HOUR
  const end = maxDurationMs / HOUR
  // What is matured at an hour was decided a horizon before.
  const weightAt = (hour: number): number => plan.unitsPerHour * weightHours(steps, Math.max(0, hour - lag), per)
  // Looks are fewer than the judge's: with so many boundaries as it has, more between them change a chance by less than a per cent.
  const looks = Array.from({ length: LOOKS }, (_, k) => (end * (k + 1)) / LOOKS).map((hour) => {
    const weight = weightAt(hour)
    return { hour, information: weight, z: weight > 0 ? criticalZ(weight, alphaPromote, promote) : 0 }
  })
  const passed = passedBy(looks, aim / spread)
  const when = (chance: number): number | null => {
    const at = passed.findIndex((is) => is >= chance)
    if (at < 0) return null
    const before = at === 0 ? 0 : passed[at - 1]
    return looks[at].hour - (1 - (chance - before) / (passed[at] - before)) * (end / LOOKS)
  }
  // What is accepted has to be gone beyond before it is caught.
  const accepted = metric.alarm === 'margin' ? metric.margin : 0
  const detect = (weight: number): number =>
    weight > 0
      ? accepted + ((criticalZ(weight, alphaHarm, harm) + normalQuantile(0.8)) * spread) / Math.sqrt(weight)
      : Number.MAX_VALUE
  const share = steps[0]?.share ?? 0
  return {
    id: metric.id,
    hoursHalf: when(0.5),
    hoursMost: when(0.9),
    power: passed[LOOKS - 1],
    detects: detect(weightAt(end)),
    detectsFirst: detect(plan.unitsPerHour * Math.max(0, end - lag) * per(share)),
  }
}

/** Standard deviation of one unit's part in a difference: only those that differ can add to it, and what was foretold takes its part away. */
function spreadOf(metric: MetricPlan, { mean, sd, r2, part }: Baseline): number {
  const variance = metric.kind !== 'mean' ? mean * (1 - mean) : (sd ?? Math.abs(mean)) ** 2
  return Math.sqrt(variance * (1 - (metric.kind !== 'mean' ? 0 : (r2 ?? 0))) * (part ?? 1))
}

/** What one unit an hour adds to the weight n_c n_s / (n_c + n_s): against all of stable's, or against a control of the candidate's size. */
type Gain = (share: number) => number
const againstAll: Gain = (share) => share * (1 - share)
const againstControl: Gain = (share) => Math.min(share, 1 - share) / 2

/** Sum of what is gained over the hours of the steps; the last goes on to the end. */
function weightHours(steps: readonly PlannedStep[], hours: number, per: Gain): number {
  let [left, sum] = [hours, 0]
  for (const [i, { share, minDwellMs }] of steps.entries()) {
    const stays = i === steps.length - 1 ? left : Math.min(left, minDwellMs / HOUR)
    sum += stays * per(share)
    left -= stays
  }
  return sum
}

function tooLong(
  metric: MetricPlan,
  { power }: PlannedMetric,
  plan: JudgePlan,
  baseline: Baseline | undefined,
  steps: readonly PlannedStep[],
  days: number,
): string {
  const enough = [2, 4, 8, 16, 32, 64, 128].find((times) => {
    const planned = planMetric(plan, metric, baseline ?? { mean: 0.5 }, steps, times * days * 24 * HOUR)
    return planned.power >= 0.9
  })
  const needs = enough === undefined ? 'longer than anybody would wait' : `up to ${Math.ceil(enough * days)} days`
  const helps = 'a wider margin, orders on which the policies differ alone, or the prediction of the twin would shorten that'
  return `${metric.id}: an equal policy is promoted with ${Math.round(100 * power)} % in ${days} days; it needs ${needs}; ${helps}`
}
