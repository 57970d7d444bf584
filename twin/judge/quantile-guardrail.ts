import { InputError } from '../../scenarios/read/problem.ts'
import { EMPTY_CELL } from './cells.ts'
import type { Cell, Epoch, Evidence, MetricPlan } from './evidence.ts'

/**
 * Quantiles, such as the 95th of the hours to the door, from histograms of the candidate and of the control of its own size. Harm is how many more of the
 * candidate's lie beyond the control's quantile, as a part of 1, and is judged as any other share. The quantile lies somewhere within a bin, so this is
 * asked at both bounds of that bin, and the less favourable answer counts.
 */
export function exceedances(
  metric: MetricPlan,
  evidence: Evidence,
): readonly { readonly metric: MetricPlan; readonly evidence: Evidence }[] {
  const epochs = evidence.epochs.filter(({ histograms }) => histograms[metric.id] !== undefined)
  const bins = boundsOf(metric, epochs)
  const p = metric.quantile ?? 0.95
  const upTo = new Float64Array(bins.length + 1)
  for (const { histograms } of epochs) for (let i = 0; i < upTo.length; i++) upTo[i] += histograms[metric.id].control[i]
  for (let i = 1; i < upTo.length; i++) upTo[i] += upTo[i - 1]
  const all = upTo[upTo.length - 1]
  if (!(all > 0)) return []
  const at = upTo.findIndex((count) => count >= p * all)
  // Below the first bound or above the last only one bound is there to ask at.
  return [...new Set([Math.max(0, at - 1), Math.min(bins.length - 1, at)])].map((bound) => ({
    // Where more is better the harm lies below the bound: `more` turns exceeding into failing or the other way.
    metric: { ...metric, kind: 'share' },
    evidence: { ...evidence, epochs: epochs.map((epoch) => beyond(metric, epoch, bound)) },
  }))
}

/** An epoch as trials of lying above a bound; the control is as large as the candidate, so any of the two is the candidate's with a chance of a half. */
function beyond(metric: MetricPlan, epoch: Epoch, bound: number): Epoch {
  const { control, candidate } = epoch.histograms[metric.id]
  const cells = epoch.metrics[metric.id]
  const trials = (counts: readonly number[], missing: number): Cell => {
    let [n, above] = [0, 0]
    for (let i = 0; i < counts.length; i++) {
      n += counts[i]
      if (i > bound) above += counts[i]
    }
    return { ...EMPTY_CELL, n, y: above, yy: above, d: n, dd: n, yd: above, missing }
  }
  const size = control.reduce((sum, n) => sum + n, 0)
  // Of the control as large a part is missing as of stable as a whole.
  const gone = cells === undefined || cells.stable.n === 0 ? 0 : (cells.stable.missing * size) / cells.stable.n
  const pair = { candidate: trials(candidate, cells?.candidate.missing ?? 0), stable: trials(control, gone) }
  return { ...epoch, share: 0.5, triggered: null, metrics: { [metric.id]: pair } }
}

function boundsOf(metric: MetricPlan, epochs: readonly Epoch[]): readonly number[] {
  const first = epochs[0]?.histograms[metric.id].bins ?? []
  for (const epoch of epochs) {
    const { bins, control, candidate } = epoch.histograms[metric.id]
    const field = `epochs.${epoch.id}.histograms.${metric.id}`
    const counts = bins.length + 1
    if (bins.length === 0 || control.length !== counts || candidate.length !== counts) {
      const found = `${bins.length} bounds with ${control.length} and ${candidate.length} counts`
      const fix = 'a count up to each bound and one above the last'
      throw new InputError([{ file: 'evidence', line: null, field, found, fix }])
    }
    if (bins.length !== first.length || bins.some((bound, i) => bound !== first[i])) {
      const fix = 'the bounds of a metric are fixed before the first order'
      throw new InputError([{ file: 'evidence', line: null, field, found: 'other bounds than in another epoch', fix }])
    }
  }
  return first
}
