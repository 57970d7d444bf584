import type { Evidence, MetricPlan, MetricVerdict, SignVerdict } from './evidence.ts'

/** The words of a verdict: always the same for the same numbers, in the units of who reads them. */

/** A harm or a bound of it: points for a share or for what lies beyond a quantile, four digits otherwise. */
export function amount(metric: Pick<MetricPlan, 'kind'>, value: number): string {
  if (Math.abs(value) >= 1e300) return value < 0 ? '−∞' : '+∞'
  const sign = value < 0 ? '−' : '+'
  const size = Math.abs(value)
  // What is above nothing never reads as nothing.
  const points = size > 0 && size < 0.0001 ? Number((100 * size).toPrecision(1)) : (100 * size).toFixed(2)
  return metric.kind !== 'mean' ? `${sign}${points} pp` : `${sign}${Number(size.toPrecision(4))}`
}

export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')
export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`
/** Chances that may be very small. */
export const chance = (p: number): string => (p >= 0.0001 ? String(Number(p.toPrecision(2))) : p > 0 ? p.toExponential(1) : '0')

export function sayMetric(metric: MetricPlan, verdict: MetricVerdict, { plan }: Evidence): string {
  const { harm, lower, upper, units } = verdict
  const bounds = `harm ${amount(metric, harm)} [${amount(metric, lower)}, ${amount(metric, upper)}]`
  const of = `${count(units.candidate)} of the candidate and ${count(units.stable)} of stable, by ${HOW[verdict.method]}`
  const margin = `margin ${amount(metric, metric.margin)}`
  const is = metric.role === 'diagnostic' ? 'shown only' : standing(metric, verdict)
  const log = `log e ${verdict.logHarm.toFixed(2)} of ${verdict.logAlarm.toFixed(2)} to an alarm${metric.alarm === 'margin' ? ' beyond the margin' : ''}`
  const less = verdict.r2 === null ? '' : `, covariate takes ${Math.round(100 * verdict.r2)} % of the variance`
  const fixed =
    verdict.corrected === null
      ? ''
      : `; corrected for shared capacity ${amount(metric, verdict.corrected.harm)} [${amount(metric, verdict.corrected.lower)}, ${amount(metric, verdict.corrected.upper)}]`
  return `${metric.id}: ${is}: ${bounds} at ${Math.round(100 * (1 - plan.alphaPromote))} %, ${margin}; ${of}${less}; ${log}${fixed}`
}

/** A proof of harm, and beyond what, in words. */
export function sayHarm(metric: MetricPlan, { lower }: MetricVerdict): string {
  const least = `at least ${amount(metric, Math.max(0, lower))}`
  if (metric.alarm !== 'margin') return `${metric.id} does harm, ${least}`
  return `${metric.id} does more harm than the plan accepts, ${least}, accepted ${amount(metric, metric.margin)}`
}

/** An early sign that is beyond its margin. */
export function saySign({ id, orders, lower, margin, isConfirmed }: SignVerdict): string {
  const size = (value: number): string => amount({ kind: 'share' }, value)
  const what = {
    late: `by their own answers at least ${size(lower)} more orders would be late with the candidate`,
    unrouted: `at least ${size(lower)} more orders find no way at once with the candidate`,
    degraded: `more of the candidate's decisions fall down the ladder, at least ${size(lower)}`,
  }[id]
  const then = id !== 'late' ? '' : isConfirmed ? ', and outcomes lean the same way' : '; outcomes do not say so yet'
  return `early sign: ${what} (margin ${size(margin)}, ${count(orders)} orders)${then}`
}

const HOW = {
  score: 'the score test',
  exact: 'exact tests, being too few yet for others',
  triggered: 'those for which the policies differ',
  covariate: "what is left of the twin's prediction",
  quantile: 'exceedances',
  cluster: 'units of many orders',
}

function standing(metric: MetricPlan, verdict: MetricVerdict): string {
  if (verdict.isHarm) return metric.alarm === 'margin' ? 'harm beyond the margin is shown' : 'harm is shown'
  if (metric.mustImprove === true) return verdict.isBetter ? 'better' : 'not yet shown to be better'
  return verdict.isNoWorse ? 'no worse than the margin' : 'not yet shown to be no worse than the margin'
}
