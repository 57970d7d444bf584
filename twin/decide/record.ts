import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Answered } from './decider.ts'
import type { Decision } from './decision.ts'
import type { AskedFor } from './question.ts'

/** What whoever keeps a decision adds to it. */
export type KeptAs = {
  readonly id: string
  /** By the twin's clock. */
  readonly atMs: number
  /** Pseudonym of the customer, in the place of what was sent; null where none was. */
  readonly customer: string | null
}

/** The durable record of a decision: places of the network are given their names. */
export function recordOf(asked: AskedFor, answered: Answered, { id, atMs, customer }: KeptAs, spec: NetworkSpec): Decision {
  const { question, key } = asked
  const { choice } = answered
  return {
    id,
    key,
    order: question.order,
    customer,
    zone: spec.zones[question.zone].id,
    placedMs: question.placedMs,
    promisedMs: question.promisedMs,
    lines: question.lines.map(({ lineId, sku, units }) => ({ lineId, sku: spec.skus[sku].id, units })),
    atMs,
    status: choice.status,
    reason: choice.reason,
    shipments: choice.shipments,
    unfulfillable: choice.unfulfillable,
    priceCents: choice.priceCents,
    runnerUpCents: choice.runnerUpCents,
    runnerUpWithout: choice.runnerUpWithout,
    by: answered.by,
    other: answered.other,
    seen: answered.seen,
    degraded: answered.degraded,
    degradedBecause: answered.degradedBecause,
    tookUs: answered.tookUs,
    explanation: null,
  }
}
