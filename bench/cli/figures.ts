import type { Difference, Interval, Measure, Result } from '../../scenarios/result.ts'

/** "92.1 ±0.6": as many decimals as the half width can carry, so that no digit pretends to be known. */
export function formatInterval(interval: Interval, measure: Measure): string {
  const half = halfWidth(interval)
  const decimals = decimalsFor(half, interval.mean, measure)
  return `${fixed(interval.mean * scaleOf(measure), decimals)} ±${fixed(half * scaleOf(measure), decimals)}`
}

/** The same with its sign. */
export function formatDifference(difference: Interval, measure: Measure): string {
  const half = halfWidth(difference)
  const decimals = decimalsFor(half, difference.mean, measure)
  const text = fixed(difference.mean * scaleOf(measure), decimals)
  return `${Number(text.replaceAll(',', '')) >= 0 ? '+' : ''}${text} ±${fixed(half * scaleOf(measure), decimals)}`
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
