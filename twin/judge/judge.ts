import { alphasOf, EARLY_PART } from './alphas.ts'
import { evidenceDigest, inOrder } from './bundle.ts'
import { earliest } from './earliest.ts'
import { earlySigns } from './early-signs.ts'
import { earlyExcess } from './early-warning.ts'
import type { Evidence, MetricPlan, MetricVerdict, Verdict } from './evidence.ts'
import { judgeMetric } from './metric-verdict.ts'
import { type MissingVerdict, missingness } from './missingness.ts'
import { ratios } from './sample-ratio.ts'
import { amount, chance, count, moment, sayHarm, sayMetric, saySign } from './says.ts'

/**
 * What the evidence allows, and nothing else: no clock, no memory, no dice. Whoever has the bundle gets the same verdict to the byte.
 *
 * - Rolled back by any proof of harm, or of harm beyond the margin where the plan accepts that much (alpha is split over metrics), a hard limit, or early failures beyond the margin.
 * - Held by arms that have not their sizes, by outcomes that vanish, by early failures, and by what answers foretell of themselves; what they foretell
 *   rolls back only where what has happened leans the same way.
 * - Promoted only where every metric is shown to be no worse than its margin (an intersection of tests needs no correction: Berger 1982), on matured
 *   orders alone, and also when what shared capacity adds to the comparison is taken off.
 * - Anything else is held, with what is missing; or inconclusive once the plan is at its end. Doubt never promotes.
 */
export function judge(given: Evidence): Verdict {
  const evidence = inOrder(given)
  const { plan, epochs } = evidence
  const missing: Record<string, MissingVerdict> = {}
  const acting = plan.metrics.filter(({ role }) => role !== 'diagnostic')
  const alphaMissing = plan.alphaMissing / Math.max(1, plan.metrics.length)
  for (const metric of plan.metrics) missing[metric.id] = missingness(metric, epochs, plan.unitsPerHour, alphaMissing)
  const metrics = plan.metrics.map((metric) => judgeMetric(metric, evidence, missing[metric.id]))
  const ratio = ratios(epochs, plan.alphaRatio)
  const pairs = acting.map((metric) => ({ metric, is: metrics[plan.metrics.indexOf(metric)], gone: missing[metric.id] }))

  const back: string[] = []
  const hold: string[] = []
  for (const { metric, is } of pairs) {
    if (isBeyondLimit(metric, evidence)) back.push(`${metric.id} is beyond its hard limit of ${limit(metric)}`)
    if (is.isHarm) back.push(sayHarm(metric, is))
    const early = earlyExcess(metric, evidence, alphasOf(plan).harm * EARLY_PART)
    if (early !== null && early.lower > 0) {
      const says = `${metric.id}: before maturity at least ${amount(metric, early.lower)} more fail with the candidate`
      if (early.lower > metric.margin) back.push(says)
      else if (metric.alarm !== 'margin') hold.push(says)
    }
  }
  const signs = earlySigns(evidence)
  const isExposed = epochs.some(({ assigned }) => assigned.candidate > 0)
  for (const sign of signs) {
    // In the shadow nobody is harmed: what is foretold there keeps it from its first order, and ends nothing.
    if (!sign.isBeyond || !isExposed) continue
    if (plan.signs === 'act' && sign.isConfirmed) back.push(saySign(sign))
    else hold.push(saySign(sign))
  }
  if (ratio.isAlarm) {
    const says = `p ${chance(ratio.assigned)} as assigned, ${chance(ratio.exposed)} as served, ${chance(ratio.matured)} as matured`
    hold.push(`the arms have not the sizes they should have (${says}): something chooses who is counted`)
  }
  for (const { metric, gone } of pairs) {
    if (gone.isAlarm) {
      const says = `${percent(gone.candidate)} of the candidate's and ${percent(gone.stable)} of stable's`
      hold.push(`${metric.id}: outcomes are missing unequally, ${says}`)
    }
  }
  const open = pairs.flatMap((one) => wanting(one.metric, one.is, one.gone, evidence))
  const because = [...back, ...hold, ...open, ...plan.metrics.map((metric, i) => sayMetric(metric, metrics[i], evidence))]
  const isOver = evidence.endsMs !== undefined && evidence.asOfMs >= evidence.endsMs
  const verdict =
    back.length > 0
      ? 'roll back'
      : hold.length > 0
        ? held(isOver)
        : open.length > 0 || pairs.length === 0
          ? held(isOver)
          : 'promote'
  const earliestMs = verdict === 'hold' && hold.length === 0 ? earliest(pairs, evidence) : null
  return rounded({
    verdict,
    says: sentence(verdict, [...back, ...hold, ...open], pairs, earliestMs, evidence),
    because,
    metrics,
    ratio,
    missing,
    ...(plan.signs === undefined ? {} : { signs }),
    earliestMs,
    evidence: evidenceDigest(evidence),
  })
}

const held = (isOver: boolean): 'hold' | 'inconclusive' => (isOver ? 'inconclusive' : 'hold')
const percent = (part: number): string => `${(100 * part).toFixed(2)} %`
const limit = (metric: MetricPlan): string => amount(metric, metric.limit ?? 0).slice(1)

/** The candidate's own mean against the hard limit, from the number of orders on from which the plan lets anything act. */
function isBeyondLimit(metric: MetricPlan, { plan, epochs }: Evidence): boolean {
  if (metric.limit === undefined || metric.kind === 'quantile') return false
  let [n, y, d] = [0, 0, 0]
  for (const { metrics } of epochs) {
    const cell = metrics[metric.id]?.candidate
    if (cell === undefined) continue
    n += cell.n
    y += cell.y
    d += cell.d
  }
  if (n === 0 || n < plan.burnInUnits) return false
  return metric.more === 'worse' ? y / d > metric.limit : y / d < metric.limit
}

/** How far outcomes missing in one arm and not in the other may go before nobody may promote. */
const MISSING_APART = 0.01

/** What still keeps a metric from promotion, in words; nothing where it does not. */
function wanting(metric: MetricPlan, is: MetricVerdict, gone: MissingVerdict, { epochs, twin, twinHolds }: Evidence): string[] {
  const wants: string[] = []
  const margin = amount(metric, metric.margin)
  if (is.upper === Number.MAX_VALUE) wants.push(`nothing can be said of ${metric.id} yet, which must be shown below ${margin}`)
  else if (!is.isNoWorse) wants.push(`${metric.id} may be worse by ${amount(metric, is.upper)}, must be shown below ${margin}`)
  else if (is.corrected !== null && !is.corrected.isNoWorse)
    wants.push(
      `${metric.id} with shared capacity may be worse by ${amount(metric, is.corrected.upper)}, must be shown below ${margin}`,
    )
  if (metric.mustImprove === true && !is.isBetter) wants.push(`${metric.id} is not shown to be better`)
  // Of a quantile there may be a histogram alone, which knows of nothing missing.
  const isCounted = metric.kind !== 'quantile' || epochs.some(({ metrics }) => metrics[metric.id] !== undefined)
  if (isCounted && Math.max(Math.abs(gone.lower), Math.abs(gone.upper)) > MISSING_APART) {
    const says = `between ${percent(gone.lower)} and ${percent(gone.upper)} more of the candidate's`
    wants.push(`${metric.id}: outcomes that are missing are not yet shown to be as many in both arms (${says})`)
  }
  const bias = twin?.[metric.id]?.bias ?? 0
  if (!twinHolds && Math.abs(bias) > metric.margin / 2) {
    const says = `the twin foresaw that shared capacity shifts it by ${amount(metric, bias)}`
    wants.push(`${metric.id}: ${says}, and does not hold at present, so nobody can say what is left without that`)
  }
  return wants
}

function sentence(
  verdict: Verdict['verdict'],
  reasons: readonly string[],
  pairs: readonly { readonly metric: MetricPlan; readonly is: MetricVerdict }[],
  earliestMs: number | null,
  evidence: Evidence,
): string {
  if (verdict === 'promote') {
    const each = pairs.map(
      ({ metric, is }) => `${metric.id} at most ${amount(metric, is.upper)} of ${amount(metric, metric.margin)}`,
    )
    return `Promote: nothing is worse than its margin (${each.join('; ')}).`
  }
  if (pairs.length === 0) return 'Hold: the plan names no metric that could decide.'
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''
  const matured = count(evidence.epochs.reduce((sum, one) => sum + one.matured.candidate, 0))
  const first = `${reasons[0]}${more}`
  if (verdict === 'roll back') return `Roll back: ${first}.`
  if (verdict === 'inconclusive') return `Inconclusive at the end of the plan: ${first}. Not promoted.`
  const soonest = earliestMs === null ? '' : ` Earliest ${moment(earliestMs)}.`
  return `Hold: ${first}; ${matured} of the candidate's are matured.${soonest}`
}

/** Twelve digits, so that the last bits of another machine's logarithm are not read as another verdict; and no −0, which JSON cannot tell from 0. */
function rounded<T>(value: T): T {
  if (value === 0) return 0 as T
  if (typeof value === 'number')
    return (Math.abs(value) >= 1e300 ? Math.sign(value) * Number.MAX_VALUE : Number(value.toPrecision(12))) as T
  if (Array.isArray(value)) return value.map(rounded) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, rounded(field)])) as T
}
