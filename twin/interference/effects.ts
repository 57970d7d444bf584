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

/**
 * A world with both, and how the orders of each side fared in two others of the same luck: where stable decided for all, and where the candidate did.
 * Sums by the same sides in all three.
 */
export type Beside = { readonly mixed: Sums; readonly none: Sums; readonly all: Sums }

/** Candidate's mean less stable's where each decides for every order. */
export const wholeOf = ({ none, all }: Pick<Beside, 'none' | 'all'>, metric: MetricId): number =>
  meanOf(all, metric, 'both') - meanOf(none, metric, 'both')

/**
 * By how much an experiment that gives orders to sides errs, on average over how the dice give them. An order of the candidate's is held against itself
 * where the candidate decided for all, one of stable's against itself where stable did: without shared capacity neither would differ. Which
 * orders came to which side, some of them slower or dearer whoever decides, cancels order by order.
 */
export function biasOf({ mixed, none, all }: Beside, metric: MetricId): number {
  return meanOf(mixed, metric, 1) - meanOf(all, metric, 1) - (meanOf(mixed, metric, 0) - meanOf(none, metric, 0))
}

/** Candidate's mean less stable's as such an experiment would see it, on average. */
export const naiveOf = (beside: Beside, metric: MetricId): number => wholeOf(beside, metric) + biasOf(beside, metric)

/** What a share does to all orders, beside stable for all; and to those that stable still decides for, which have it from shared capacity alone. */
export const everybodyOf = ({ mixed, none }: Beside, metric: MetricId): number =>
  meanOf(mixed, metric, 'both') - meanOf(none, metric, 'both')
export const othersOf = ({ mixed, none }: Beside, metric: MetricId): number => meanOf(mixed, metric, 0) - meanOf(none, metric, 0)

/** By how many parcels more of each resource an order of the candidate's takes than one of stable's, reckoned in the same way. */
export function moreUsed({ mixed, none, all }: Beside): Float64Array {
  const [t, c, tAll, cNone] = [usageOf(mixed, 1), usageOf(mixed, 0), usageOf(all, 1), usageOf(none, 0)]
  const [everyAll, everyNone] = [meanUsage(all), meanUsage(none)]
  return t.map((use, k) => everyAll[k] + use - tAll[k] - (everyNone[k] + c[k] - cNone[k]))
}

function meanUsage(sums: Sums): Float64Array {
  const stride = sums.length / 2
  const [a, b] = [usageOf(sums, 0), usageOf(sums, 1)]
  const orders = sums[0] + sums[stride]
  return a.map((use, k) => (use * sums[0] + b[k] * sums[stride]) / orders)
}
