import { normalQuantile } from '../../sim/normal.ts'
import type { MetricPlan } from './evidence.ts'

/**
 * What the candidate would come to, off policy, before it decides for anybody: the gate between the shadow and the first step. In the shadow stable decides
 * with certainty, so where the two answers differ the candidate's had no chance, no weight can make up for that, and what is left of the doubly robust
 * estimate (`off-policy.ts`) is its model: what each answer says of itself, held against the other's, order by order. It is exact for what is known
 * when it is decided, such as cost, and as right as the forecast for what is not; so it may keep a candidate from its first order, and
 * never speaks for it.
 */
export type ShadowSums = { readonly n: number; readonly d: number; readonly dd: number }

export type ShadowEstimate = {
  readonly id: string
  readonly orders: number
  /** Harm of an order if the candidate had decided, and its two-sided bounds at 95 %, in the metric's unit. */
  readonly harm: number
  readonly lower: number
  readonly upper: number
  readonly margin: number
  /** Harm beyond the margin is shown: nobody may be exposed. */
  readonly isBeyond: boolean
}

/** Fewer orders than this, and nothing is said. */
const LEAST_ORDERS = 30

/** From sums of the differences candidate − stable; null where too few orders say anything of it, or nobody asks. */
export function shadowEstimate({ id, role, more, margin }: MetricPlan, { n, d, dd }: ShadowSums): ShadowEstimate | null {
  if (role === 'diagnostic' || n < LEAST_ORDERS) return null
  const mean = d / n
  const half = normalQuantile(0.975) * Math.sqrt(Math.max(0, dd / n - mean * mean) / (n - 1))
  const harm = more === 'worse' ? mean : -mean
  return { id, orders: n, harm, lower: harm - half, upper: harm + half, margin, isBeyond: harm - half > margin }
}
