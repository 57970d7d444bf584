import { type Difference, halfWidthOf, type Interval, type Measure, type Result } from '../../scenarios/result.ts'

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

/** From one replication nothing follows about another: its interval has no end, which is written as a question. */
function written(interval: Interval, measure: Measure): { mean: string; half: string } {
  const half = halfWidthOf(interval)
  const decimals = decimalsFor(half, interval.mean, measure)
  const isKnown = half !== null && Number.isFinite(half)
  return {
    mean: fixed(interval.mean * scaleOf(measure), decimals),
    half: isKnown ? fixed(half * scaleOf(measure), decimals) : '?',
  }
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

/** Shares are shown in percent, everything else as it is. */
function scaleOf({ unit }: Measure): number {
  return unit === '%' ? 100 : 1
}

/** Two digits of the half width; where that is not known two of the value, and where it is nothing as many as there are. */
function decimalsFor(half: number | null, mean: number, measure: Measure): number {
  const most = measure.unit === 'orders' ? 0 : measure.unit === 'kg' ? 3 : 2
  const leading = (half ?? Math.abs(mean)) * scaleOf(measure)
  return Math.min(most, Math.max(0, 1 - Math.floor(Math.log10(leading))))
}

function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–'
  const text = value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return text === '-0' || /^-0\.0*$/.test(text) ? text.slice(1) : text
}
