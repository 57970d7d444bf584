import { normalQuantile } from '../../sim/normal.ts'
import { alphasOf, EARLY_PART, RARE_PART } from './alphas.ts'
import type { Evidence, MetricPlan, MetricVerdict } from './evidence.ts'
import { exactLower, exactUpper, logExactOdds } from './exact-odds.ts'
import { criticalZ, logFourScales, type Scales, scalesFor } from './four-scales.ts'
import { boundOf, type MissingVerdict, MUCH_MISSING } from './missingness.ts'
import { exceedances } from './quantile-guardrail.ts'
import { logSum } from './special-functions.ts'
import { type Weighed, weigh } from './strata.ts'
import { logTwinBet } from './twin-bets.ts'

/** What nobody can say yet, as a number that JSON can carry. */
const UNKNOWN = Number.MAX_VALUE

export function judgeMetric(metric: MetricPlan, evidence: Evidence, missing: MissingVerdict): MetricVerdict {
  if (metric.kind !== 'quantile') return judgeSums(metric, evidence, missing)
  const both = exceedances(metric, evidence).map((one) => judgeSums(one.metric, one.evidence, missing))
  if (both.length === 0) return judgeSums({ ...metric, kind: 'share' }, { ...evidence, epochs: [] }, missing)
  const [one, other] = [both[0], both[both.length - 1]]
  const worse = one.upper >= other.upper ? one : other
  return {
    ...worse,
    lower: Math.min(one.lower, other.lower),
    logHarm: Math.min(one.logHarm, other.logHarm),
    isHarm: one.isHarm && other.isHarm,
    isBetter: one.isBetter && other.isBetter,
    method: 'quantile',
  }
}

function judgeSums(metric: MetricPlan, evidence: Evidence, missing: MissingVerdict): MetricVerdict {
  const alphas = alphasOf(evidence.plan)
  const isMuch = Math.max(missing.stable, missing.candidate) > MUCH_MISSING && metric.missing === 'worst-case'
  const { plan, epochs } = evidence
  const seen = weigh(metric, epochs, 'left out')
  const worst = isMuch ? weigh(metric, epochs, 'worst') : seen
  const isBounded = !isMuch || metric.kind === 'share' || metric.range !== undefined
  const isBurnt = isBurntIn(seen, plan)
  const isTested = seen.trials.length > 0
  const alphaHarm = metric.kind === 'share' ? alphas.harm * (1 - EARLY_PART) : alphas.harm
  const alphaPromote = metric.kind === 'share' ? alphas.promote * (1 - RARE_PART) : alphas.promote
  const logAlarm = Math.log(1 / alphaHarm)

  const harmScales = scalesFor(plan.unitsPerHour, 'harm', alphaHarm)
  const logHarm = logEvidenceOfHarm(seen, isBurnt, harmScales, evidence, metric)
  const ends: readonly [number, number] = metric.kind === 'share' ? [-1, 1] : [-UNKNOWN, UNKNOWN]

  let [lower, upper] = [-UNKNOWN, UNKNOWN]
  let isBetter = false
  if (isBurnt) {
    lower = boundOf(seen.harm, seen.se, -criticalZ(seen.weight, alphaHarm, harmScales), ...ends)
    const scales = scalesFor(plan.unitsPerHour, 'promote', alphaPromote)
    upper = boundOf(worst.harm, worst.se, criticalZ(worst.weight, alphaPromote, scales), ...ends)
    isBetter = isBounded && upper < 0
  } else if (isTested) [lower, upper] = rareBounds(seen, worst, alphaHarm, alphas.promote * RARE_PART)
  return corrected(
    {
      id: metric.id,
      harm: seen.harm,
      se: seen.se(seen.harm),
      lower,
      upper,
      logHarm,
      logAlarm,
      isHarm: logHarm >= logAlarm,
      isNoWorse: isBounded && upper < metric.margin,
      isBetter,
      method: isBurnt || !isTested ? seen.method : 'exact',
      units: seen.units,
      r2: seen.r2,
      corrected: null,
    },
    metric,
    evidence,
  )
}

/** Enough units, and enough of the rarer outcome in each arm, for a normal to stand for what was counted. */
export function isBurntIn({ units, failures, weight }: Weighed, plan: Evidence['plan']): boolean {
  if (!(weight > 0) || Math.min(units.candidate, units.stable) < Math.max(2, plan.burnInUnits)) return false
  if (failures === null) return true
  return (['candidate', 'stable'] as const).every(
    (arm) => Math.min(failures[arm], units[arm] - failures[arm]) >= plan.burnInEvents,
  )
}

/** The harm that an alarm is held against: none, or as much as the plan accepts. */
const acceptedOf = ({ alarm, margin }: MetricPlan): number => (alarm === 'margin' ? margin : 0)

/**
 * Log e-value against "no harm beyond what is accepted": the four scales, and for single trials some weight on the exact game; and half on the twin's bet, where it made one. What lies on a test that may not act yet, or on a twin that does not hold, is lost: that keeps it a supermartingale.
 */
function logEvidenceOfHarm(seen: Weighed, isBurnt: boolean, scales: Scales, evidence: Evidence, metric: MetricPlan): number {
  const accepted = acceptedOf(metric)
  const se = seen.se(accepted)
  const beyond = seen.harm - accepted
  // Without any spread a difference is as sure as can be; without a difference it says nothing.
  const z = Math.max(-SURE, Math.min(SURE, se > 0 ? beyond / se : beyond * Number.MAX_VALUE))
  const score = isBurnt ? logFourScales(z, seen.weight, scales) : Number.NEGATIVE_INFINITY
  // The exact game is against stable: it knows of no harm that would be accepted.
  const own =
    accepted === 0 && seen.trials.length > 0
      ? logSum([score, logExactOdds(seen.trials)], [1 - EXACT_WEIGHT, EXACT_WEIGHT])
      : score
  const bet = evidence.twin?.[metric.id]
  if (bet === undefined || !(bet.sd > 0)) return atLeast(own)
  const isPlaced = evidence.twinHolds && isBurnt && Number.isFinite(1 / (se * se))
  const twin = isPlaced ? logTwinBet(beyond / (se * se), 1 / (se * se), bet.effect - accepted, bet.sd) : Number.NEGATIVE_INFINITY
  return atLeast(logSum([own, twin], [0.5, 0.5]))
}
/** It finds a gross break within hours, before the others may act, and costs those a few per cent of their time. */
const EXACT_WEIGHT = 0.15

/** Standard errors that are as good as any more. */
const SURE = 1e3

/** An e-value of nothing, in a number that JSON can carry. */
const atLeast = (log: number): number => Math.max(-1e3, log)

/**
 * Bounds before burn-in, from each arm's own exact interval. Where shares differ between epochs the arms' days differ too, and no more is used of
 * stable than that it fails between never and always.
 */
function rareBounds(seen: Weighed, worst: Weighed, alphaHarm: number, alphaRare: number): [number, number] {
  const rates = (one: Weighed): { part: number; isAlike: boolean } => ({
    part: one.trials.reduce((most, { part }) => Math.max(most, part), 0),
    isAlike: one.trials.every(({ share, part }) => share === one.trials[0].share && part === one.trials[0].part),
  })
  const of = (one: Weighed, arm: 'candidate' | 'stable'): [number, number] => [one.failures?.[arm] ?? 0, one.units[arm]]
  const below = rates(seen)
  const above = rates(worst)
  const lower =
    (below.isAlike ? exactLower(...of(seen, 'candidate'), alphaHarm / 2, 1000) : 0) -
    (below.isAlike ? exactUpper(...of(seen, 'stable'), alphaHarm / 2, 1000) : 1)
  const upper = above.isAlike
    ? exactUpper(...of(worst, 'candidate'), alphaRare / 2, 1000) - exactLower(...of(worst, 'stable'), alphaRare / 2, 1000)
    : exactUpper(...of(worst, 'candidate'), alphaRare, 1000)
  return [lower * (seen.trials.length > 0 ? below.part : 1), upper * (worst.trials.length > 0 ? above.part : 1)]
}

/**
 * Less what the twin says shared capacity adds to a comparison of arms in one network (harm positive), with its doubt. It may only keep from promoting:
 * what it says of capacity is an assumption.
 */
function corrected(verdict: MetricVerdict, metric: MetricPlan, evidence: Evidence): MetricVerdict {
  const twin = evidence.twin?.[metric.id]
  if (twin === undefined || !evidence.twinHolds || verdict.upper === UNKNOWN) return verdict
  const doubt = normalQuantile(1 - Math.min(0.5, evidence.plan.alphaPromote)) * twin.biasSd
  const harm = verdict.harm - twin.bias
  const upper = harm + Math.hypot(verdict.upper - verdict.harm, doubt)
  const lower = harm - Math.hypot(verdict.harm - verdict.lower, doubt)
  return { ...verdict, corrected: { harm, lower, upper, isNoWorse: verdict.isNoWorse && upper < metric.margin } }
}
