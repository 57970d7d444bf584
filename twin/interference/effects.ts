import { studentQuantile } from '../../scenarios/student.ts'

/** What a mixed run is summed up to for each side, by place; resources come after. */
export const MEASURES = ['orders', 'late', 'cost', 'hours'] as const
export const METRICS = ['late', 'cost', 'hours'] as const
export type MetricId = (typeof METRICS)[number]

/** Sums of one run: [side · stride + measure], resources from MEASURES.length on; stride is MEASURES.length + R. */
export type Sums = Float64Array

/** A number with its standard error over replications, and bounds at 95 % by Student's t. */
export type Estimate = { readonly mean: number; readonly sd: number; readonly low: number; readonly high: number }

export function estimateOf(values: readonly number[]): Estimate {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1)
  const sd = Math.sqrt(variance / n)
  const reach = n < 2 ? Number.POSITIVE_INFINITY : sd * studentQuantile(0.975, n - 1)
  return { mean, sd, low: mean - reach, high: mean + reach }
}

/** Mean of a metric over a side's orders, or over both. */
export function meanOf(sums: Sums, metric: MetricId, side: 0 | 1 | 'both'): number {
  const stride = sums.length / 2
  const at = MEASURES.indexOf(metric)
  const sides = side === 'both' ? [0, 1] : [side]
  let [total, orders] = [0, 0]
  for (const one of sides) {
    total += sums[one * stride + at]
    orders += sums[one * stride]
  }
  return total / orders
}

/** Parcels an order of a side sends by each resource, on average. */
export function usageOf(sums: Sums, side: 0 | 1): Float64Array {
  const stride = sums.length / 2
  const from = side * stride
  return sums.slice(from + MEASURES.length, from + stride).map((used) => used / Math.max(1, sums[from]))
}

/** A world with both, and how the orders of each side fared in the same world where stable decided for all. */
export type Beside = { readonly mixed: Sums; readonly alike: Sums }

/**
 * Candidate's mean less stable's where both decide in one world: what an experiment that gives orders to sides would see, on average over how the dice
 * give them. What only the dice gave a side (its orders would have been late anyway) is known here and taken off.
 */
export function naiveOf({ mixed, alike }: Beside, metric: MetricId): number {
  const seen = meanOf(mixed, metric, 1) - meanOf(mixed, metric, 0)
  return seen - (meanOf(alike, metric, 1) - meanOf(alike, metric, 0))
}

/** By how many parcels more of each resource an order of the candidate's takes than one of stable's, with the same taken off. */
export function moreUsed({ mixed, alike }: Beside): Float64Array {
  const [t, c, t0, c0] = [usageOf(mixed, 1), usageOf(mixed, 0), usageOf(alike, 1), usageOf(alike, 0)]
  return t.map((use, k) => use - c[k] - (t0[k] - c0[k]))
}
