import type { Difference, Interval, Measure, Result } from '../../scenarios/result.ts'

/** "92.1 ±0.6": as many decimals as the half width can carry, so that no digit pretends to be known. */
export function formatInterval(interval: Interval, measure: Measure): string {
  const { mean, half } = written(interval, measure)
  return `${mean} ±${half}`
}

/** The same with its sign. */
export function formatDifference(difference: Interval, measure: Measure): string {
  const { mean, half } = written(difference, measure)
  return `${Number(mean.replaceAll(',', '')) >= 0 ? '+' : ''}${mean} ±${half}`
}

/** From one replication nothing follows about another: its interval has no bounds, which is written as a question. */
const UNBOUNDED = 1e15

function written(interval: Interval, measure: Measure): { mean: string; half: string } {
  const half = halfWidth(interval)
  const known = half < UNBOUNDED
  const decimals = decimalsFor(known ? half : 0, interval.mean, measure)
  return { mean: fixed(interval.mean * scaleOf(measure), decimals), half: known ? fixed(half * scaleOf(measure), decimals) : '?' }
}

export const MARK: Readonly<Record<Difference['verdict'], string>> = {
  baseline: '',
  better: '▲',
  worse: '▼',
  'not enough evidence': '·',
}

/** Column head: "cost/order BRL". */
export function headOf(measure: Measure, result: Result): string {
  return `${measure.label}, ${measure.unit === 'money' ? result.network.currency : measure.unit}`
}

/** An interval need not be symmetric; the wider side is the honest one. */
export function halfWidth({ low, mean, high }: Interval): number {
  return Math.max(high - mean, mean - low)
}

/** Shares are shown in percent, everything else as it is. */
function scaleOf({ unit }: Measure): number {
  return unit === '%' ? 100 : 1
}

function decimalsFor(half: number, mean: number, measure: Measure): number {
  const most = measure.unit === 'orders' ? 0 : measure.unit === 'kg' ? 3 : 2
  const leading = half > 0 ? half * scaleOf(measure) : Math.abs(mean) * scaleOf(measure) || 1
  return Math.min(most, Math.max(0, 1 - Math.floor(Math.log10(leading))))
}

function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–'
  const text = value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return text === '-0' || /^-0\.0*$/.test(text) ? text.slice(1) : text
}
