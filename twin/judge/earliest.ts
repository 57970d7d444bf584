import { alphasOf, RARE_PART } from './alphas.ts'
import type { Evidence, MetricPlan, MetricVerdict } from './evidence.ts'
import { criticalZ, scalesFor } from './four-scales.ts'

/**
 * When promotion could come at the present share if everything goes on as it did: when the bound, which shrinks with the weight of what is compared, falls
 * below the margin with the harm as estimated. Null where it never does: the estimate lies beyond the margin, or nothing has matured to judge by.
 */
export function earliest(
  pairs: readonly { readonly metric: MetricPlan; readonly is: MetricVerdict }[],
  evidence: Evidence,
): number | null {
  const { plan, epochs, asOfMs } = evidence
  const share = shareNow(epochs)
  const perHour = plan.unitsPerHour * share * (1 - share)
  if (!(perHour > 0)) return null
  let hours = 0
  for (const { metric, is } of pairs) {
    const { stable, candidate } = is.units
    if (is.isNoWorse && (metric.mustImprove !== true || is.isBetter) && is.corrected?.isNoWorse !== false) continue
    if (stable === 0 || candidate === 0 || !(is.se > 0)) return null
    const harm = Math.max(is.harm, is.corrected?.harm ?? is.harm)
    const aim = metric.mustImprove === true ? 0 : metric.margin
    if (harm >= aim) return null
    // Weights of epochs add up to about this; bounds go with its root.
    const weight = epochs.reduce((sum, { metrics, histograms }) => sum + weightOf(metrics[metric.id], histograms[metric.id]), 0)
    const alpha = metric.kind === 'share' ? alphasOf(plan).promote * (1 - RARE_PART) : alphasOf(plan).promote
    const scales = scalesFor(plan.unitsPerHour, 'promote', alpha)
    const spread = is.se * Math.sqrt(weight)
    // Critical values change slowly with the weight: a few rounds find the weight that needs no other.
    let needs = weight
    for (let round = 0; round < 4; round++) needs = ((criticalZ(needs, alpha, scales) * spread) / (aim - harm)) ** 2
    const burnIn = Math.max(0, plan.burnInUnits - candidate) / (plan.unitsPerHour * share)
    hours = Math.max(hours, Math.max(0, needs - weight) / perHour, burnIn)
  }
  return hours > FAR_HOURS ? null : asOfMs + Math.ceil(hours * 60) * 60_000
}

/** Nobody waits for longer: a year. */
const FAR_HOURS = 8760

/** Of the last epoch that parted anybody: ids are in order of time only by habit, so the one with the most still to mature. */
function shareNow(epochs: Evidence['epochs']): number {
  let [share, most] = [0, -1]
  for (const epoch of epochs) {
    const open = epoch.assigned.candidate + epoch.assigned.stable - epoch.matured.candidate - epoch.matured.stable
    if (epoch.share > 0 && epoch.share < 1 && open >= most) [share, most] = [epoch.share, open]
  }
  return share
}

function weightOf(
  cells: Evidence['epochs'][number]['metrics'][string] | undefined,
  histogram: Evidence['epochs'][number]['histograms'][string] | undefined,
): number {
  const sum = (counts: readonly number[]): number => counts.reduce((all, n) => all + n, 0)
  const [c, s] =
    cells === undefined
      ? [histogram === undefined ? 0 : sum(histogram.candidate), histogram === undefined ? 0 : sum(histogram.control)]
      : [cells.candidate.n, cells.stable.n]
  return c + s === 0 ? 0 : (c * s) / (c + s)
}
