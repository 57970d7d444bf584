import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAX_LINES } from '../../sim/partition.ts'
import type { Answered, Question } from './decider.ts'
import type { DecidedWithin, Decision } from './decision.ts'
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
  const within = withinOf(question, spec)
  return {
    id,
    key,
    order: question.order,
    customer,
    zone: spec.zones[question.zone].id,
    placedMs: question.placedMs,
    promisedMs: question.promisedMs,
    lines: question.lines.map(({ lineId, sku, units }) => ({ lineId, sku: spec.skus[sku].id, units })),
    ...(within === null ? NOTHING : { within }),
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

const NOTHING = {}

function withinOf(question: Question, spec: NetworkSpec): DecidedWithin | null {
  const { allowed, services, maxShipments, co2GramsMax, mustBeInTime, shipComplete, told } = question
  const isFree = allowed === null && services === null && maxShipments === MAX_LINES && co2GramsMax === Number.POSITIVE_INFINITY
  if (isFree && !mustBeInTime && !shipComplete && told === null) return null
  const named = (mask: Uint8Array | null, all: readonly { readonly id: string }[]): string[] | null =>
    mask === null ? null : all.filter((_, i) => mask[i] === 1).map(({ id }) => id)
  const W = spec.warehouses.length
  return {
    allowed: named(allowed, spec.warehouses),
    services: named(services, spec.services),
    maxShipments: maxShipments === MAX_LINES ? null : maxShipments,
    co2GramsMax: co2GramsMax === Number.POSITIVE_INFINITY ? null : co2GramsMax,
    mustBeInTime,
    shipComplete,
    told:
      told === null
        ? null
        : Array.from(told, ([place, units]) => ({
            warehouse: spec.warehouses[place % W].id,
            sku: spec.skus[Math.floor(place / W)].id,
            units,
          })),
  }
}

/** The question that a decision answered, in places of a network; null where the network has not all of its names any more. */
export function questionOf(decision: Decision, spec: NetworkSpec): Question | null {
  const at = (all: readonly { readonly id: string }[], id: string): number => all.findIndex((one) => one.id === id)
  const { within } = decision
  const W = spec.warehouses.length
  let isKnown = true
  const place = (all: readonly { readonly id: string }[], id: string): number => {
    const found = at(all, id)
    if (found < 0) isKnown = false
    return found
  }
  const mask = (ids: readonly string[] | null | undefined, all: readonly { readonly id: string }[]): Uint8Array | null =>
    ids == null ? null : Uint8Array.from(all, ({ id }) => (ids.includes(id) ? 1 : 0))
  const question: Question = {
    order: decision.order,
    customer: decision.customer,
    zone: place(spec.zones, decision.zone),
    lines: decision.lines.map(({ lineId, sku, units }) => ({ lineId, sku: place(spec.skus, sku), units })),
    placedMs: decision.placedMs,
    promisedMs: decision.promisedMs,
    allowed: mask(within?.allowed, spec.warehouses),
    services: mask(within?.services, spec.services),
    maxShipments: within?.maxShipments ?? MAX_LINES,
    co2GramsMax: within?.co2GramsMax ?? Number.POSITIVE_INFINITY,
    mustBeInTime: within?.mustBeInTime ?? false,
    shipComplete: within?.shipComplete ?? false,
    told:
      within?.told == null
        ? null
        : new Map(
            within.told.map(({ warehouse, sku, units }) => [
              place(spec.skus, sku) * W + place(spec.warehouses, warehouse),
              units,
            ]),
          ),
    budgetMs: 1000,
  }
  return isKnown ? question : null
}
