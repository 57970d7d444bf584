import type { Arm } from '../rollout/assignment.ts'

/**
 * What was decided for an order, as it is kept: one line of JSON in the decision log, durable before the caller is told. It holds names, never
 * places of one network, and enough to take the decision again: which version, on which world, with which stock in sight.
 */
export const STATUSES = ['routed', 'partial', 'held', 'unfulfillable'] as const
export type DecisionStatus = (typeof STATUSES)[number]

/** How far down the ladder a decision was taken; null is the top: a fresh plan, a fresh world, the policy itself. */
export const DEGRADES = ['stale-prices', 'stale-world', 'rules', 'static'] as const
export type Degrade = (typeof DEGRADES)[number]

export type DecidedShipment = {
  readonly warehouse: string
  readonly service: string
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly units: number }[]
  /** Instants, ms since 1970. */
  readonly departMs: number
  readonly eta: { readonly p10: number; readonly p50: number; readonly p90: number; readonly onTimeShare: number }
  /** Terms of the price in cents, by their names in sim/term.ts; they add up to `priceCents`. */
  readonly terms: Readonly<Record<string, number>>
  readonly costCents: number
  readonly priceCents: number
  readonly co2Grams: number
  /** Congestion prices it was charged: what hands, room and goods there are worth to others, cents. */
  readonly congestion: { readonly work: number; readonly room: number; readonly stock: number }
  readonly reservation: { readonly id: string; readonly expiresMs: number } | null
}

/** What one policy answers, without who asked. */
export type Choice = {
  readonly status: DecisionStatus
  /** For what is not routed: a code and what comes next, such as `no-stock`, `no-service`, `refused`, `misbehaved`, `pooled`. */
  readonly reason: string | null
  readonly shipments: readonly DecidedShipment[]
  readonly unfulfillable: readonly { readonly lineId: string; readonly units: number; readonly reason: string }[]
  /** The price of the whole set, of the best set that does without the first warehouse of it, cents; null where there is none. */
  readonly priceCents: number | null
  readonly runnerUpCents: number | null
  readonly runnerUpWithout: string | null
}

export type DecidedBy = {
  /** Registry id of the version that decided, and its digest. */
  readonly version: string
  readonly digest: string
  readonly arm: Arm
  /** How likely the unit was to get this arm. */
  readonly propensity: number
  readonly rollout: string | null
  readonly generation: number
  /** Assigned to the candidate but served by stable, and why: counted as the candidate's all the same. */
  readonly servedInstead: string | null
}

export type Seen = {
  /** The world it was taken on: number, instant, and how old that was. */
  readonly world: number
  readonly asOfMs: number
  readonly ageMs: number
  readonly planAgeMs: number | null
  readonly staleFeeds: readonly string[]
  /** Units in sight for each line at each warehouse that had some, at the moment of the decision: enough to take it again. */
  readonly stock: readonly number[]
}

/** Conditions of one order, by names; null where there is none. */
export type DecidedWithin = {
  readonly allowed: readonly string[] | null
  readonly services: readonly string[] | null
  readonly maxShipments: number | null
  readonly co2GramsMax: number | null
  readonly mustBeInTime: boolean
  readonly shipComplete: boolean
  readonly told: readonly { readonly warehouse: string; readonly sku: string; readonly units: number }[] | null
}

export type Decision = Choice & {
  readonly id: string
  readonly key: string
  readonly order: string
  /** Pseudonym of the customer, or null. */
  readonly customer: string | null
  readonly zone: string
  readonly placedMs: number
  readonly promisedMs: number
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly units: number }[]
  /** What the order itself forbade, and stock that the caller told; left out where it forbade nothing, as most do. */
  readonly within?: DecidedWithin
  /** By the twin's clock. */
  readonly atMs: number
  readonly by: DecidedBy
  /** What the other policy would have done, where a rollout logs both. */
  readonly other: { readonly version: string; readonly choice: Choice; readonly differs: boolean } | null
  readonly seen: Seen
  readonly degraded: Degrade | null
  readonly degradedBecause: string | null
  /** What the policy took, µs of the thread's clock. */
  readonly tookUs: number
  readonly explanation: string | null
}
