import { TERMS, type TermName } from '../../sim/term.ts'
import type { Arm } from '../rollout/assignment.ts'
import type { DecidedShipment, Decision, DecisionStatus, Degrade } from './decision.ts'
import type { AskedFor } from './question.ts'
import { explainedIn, nextActionOf } from './say-decision.ts'

/**
 * A decision as it is answered. `answerOf` says what is in it; `writeAnswer` writes the same as text, by hand, because it is written for each
 * order: a test holds the two to each other, byte for byte. Both are functions of what is kept and what was asked, so that whoever asks again is
 * answered the same.
 */
export type Answer = {
  readonly decisionId: string
  readonly requestId: string | null
  readonly orderId: string
  readonly status: DecisionStatus
  readonly reason: string | null
  readonly nextAction: string | null
  readonly decidedAt: string
  readonly policy: {
    readonly id: string
    readonly version: string
    readonly hash: string
    readonly arm: Arm
    readonly propensity: number
    readonly rollout: string | null
    readonly generation: number
    readonly servedInstead: string | null
  }
  readonly snapshot: {
    readonly id: string
    readonly asOf: string
    readonly ageMs: number
    readonly staleFeeds: readonly string[]
    readonly priceAgeMs: number | null
    readonly degraded: Degrade | null
    readonly degradedBecause: string | null
  }
  readonly shipments: readonly AnsweredShipment[]
  readonly unfulfillable: readonly {
    readonly lineId: string
    readonly qty: number
    readonly reason: string
    readonly nextAction: string
  }[]
  readonly score: {
    readonly private: number
    readonly congestion: number
    readonly social: number
    readonly secondBest: number | null
    readonly margin: number | null
    readonly unit: string
  } | null
  readonly alternatives: readonly { readonly without: string; readonly price: number; readonly more: number }[]
  readonly baseline: { readonly node: string; readonly service: string | null; readonly agrees: boolean } | null
  readonly other: { readonly version: string; readonly differs: boolean } | null
  readonly explanation: { readonly zh: string; readonly en: string; readonly href: string | null } | null
  readonly notUsed: readonly string[]
  readonly currency: string
  readonly latencyUs: number
  readonly expiresAt: string | null
  readonly reEvaluateAfter: string | null
}

export type AnsweredShipment = {
  readonly node: string
  readonly service: string
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly qty: number }[]
  readonly departsAt: string | null
  readonly eta: {
    readonly p10: string | null
    readonly p50: string | null
    readonly p90: string | null
    readonly pOnTime: number
  }
  readonly cost: { readonly booked: number; readonly terms: Readonly<Record<string, number>>; readonly price: number }
  readonly congestion: { readonly work: number; readonly room: number; readonly stock: number }
  readonly co2eKg: number
  readonly reservation: { readonly id: string; readonly expiresAt: string } | null
}

/** Of what was asked, what the answer depends on. */
export type Wanted = Pick<AskedFor, 'requestId' | 'explain' | 'alternatives' | 'baseline' | 'notUsed'>

/** What is wanted by who asks for a decision that was made before. */
export const WANTED_LATER: Wanted = { requestId: null, explain: 'full', alternatives: 1, baseline: null, notUsed: [] }

/** What is not routed may be asked for again after so long: goods come, queues move. */
export const AGAIN_MS = 10 * 60_000

export function answerOf(decision: Decision, wanted: Wanted, currency: string): Answer {
  const { by, seen, other } = decision
  const prices = pricesOf(decision, currency)
  const isRouted = decision.status === 'routed'
  return {
    decisionId: decision.id,
    requestId: wanted.requestId,
    orderId: decision.order,
    status: decision.status,
    reason: decision.reason,
    nextAction: isRouted ? null : nextActionOf(decision.reason),
    decidedAt: new Date(decision.atMs).toISOString(),
    policy: {
      id: policyOf(by.version),
      version: by.version,
      hash: `sha256:${by.digest}`,
      arm: by.arm,
      propensity: by.propensity,
      rollout: by.rollout,
      generation: by.generation,
      servedInstead: by.servedInstead,
    },
    snapshot: {
      id: `w${seen.world}`,
      asOf: new Date(seen.asOfMs).toISOString(),
      ageMs: Math.round(seen.ageMs),
      staleFeeds: seen.staleFeeds,
      priceAgeMs: seen.planAgeMs === null ? null : Math.round(seen.planAgeMs),
      degraded: decision.degraded,
      degradedBecause: decision.degradedBecause,
    },
    shipments: decision.shipments.map((shipment) => shipmentOf(shipment, prices?.scale ?? 1)),
    unfulfillable: decision.unfulfillable.map(({ lineId, units, reason }) => ({
      lineId,
      qty: units,
      reason,
      nextAction: nextActionOf(reason),
    })),
    score:
      prices === null
        ? null
        : {
            private: (prices.social - prices.congestion) / UNIT,
            congestion: prices.congestion / UNIT,
            social: prices.social / UNIT,
            secondBest: prices.second === null ? null : prices.second / UNIT,
            margin: prices.second === null ? null : (prices.second - prices.social) / UNIT,
            unit: prices.unit,
          },
    alternatives:
      wanted.alternatives > 0 && prices !== null && prices.second !== null && decision.runnerUpWithout !== null
        ? [
            {
              without: decision.runnerUpWithout,
              price: prices.second / UNIT,
              more: (prices.second - prices.social) / UNIT,
            },
          ]
        : [],
    baseline:
      wanted.baseline === null
        ? null
        : { node: wanted.baseline.warehouse, service: wanted.baseline.service, agrees: agrees(decision, wanted.baseline) },
    other: other === null ? null : { version: other.version, differs: other.differs },
    explanation:
      wanted.explain === 'none'
        ? null
        : {
            zh: explainedIn('zh', decision, currency),
            en: explainedIn('en', decision, currency),
            href: wanted.explain === 'full' ? hrefOf(decision.id) : null,
          },
    notUsed: wanted.notUsed,
    currency,
    latencyUs: Math.round(decision.tookUs),
    expiresAt: momentOf(firstExpiryOf(decision)),
    reEvaluateAfter: isRouted ? null : new Date(decision.atMs + AGAIN_MS).toISOString(),
  }
}

function shipmentOf(shipment: DecidedShipment, scale: number): AnsweredShipment {
  const { eta, congestion, reservation } = shipment
  const terms: Record<string, number> = {}
  for (const name in shipment.terms) terms[name] = Math.round(shipment.terms[name] * scale) / UNIT
  return {
    node: shipment.warehouse,
    service: shipment.service,
    lines: shipment.lines.map(({ lineId, sku, units }) => ({ lineId, sku, qty: units })),
    departsAt: momentOf(shipment.departMs),
    eta: { p10: momentOf(eta.p10), p50: momentOf(eta.p50), p90: momentOf(eta.p90), pOnTime: partOf(eta.onTimeShare) },
    cost: { booked: Math.round(shipment.costCents * CENT) / UNIT, terms, price: sumOf(shipment, scale) / UNIT },
    congestion: {
      work: Math.round(congestion.work * scale) / UNIT,
      room: Math.round(congestion.room * scale) / UNIT,
      stock: Math.round(congestion.stock * scale) / UNIT,
    },
    co2eKg: Math.round(shipment.co2Grams * 10) / UNIT,
    reservation: reservation === null ? null : { id: reservation.id, expiresAt: new Date(reservation.expiresMs).toISOString() },
  }
}

/** Amounts are added up as whole ten-thousandths, so that parts make the whole to the last digit. */
export const UNIT = 10_000
export const CENT = 100

/** Prices of the whole in ten-thousandths; null where nothing ships. */
export function pricesOf(decision: Decision, currency: string) {
  const { shipments, runnerUpCents } = decision
  if (shipments.length === 0) return null
  const inMoney = isInMoney(shipments[0].terms)
  const scale = inMoney ? CENT : UNIT
  let social = 0
  let congestion = 0
  for (let i = 0; i < shipments.length; i++) {
    social += sumOf(shipments[i], scale)
    const { work, room, stock } = shipments[i].congestion
    congestion += Math.round(work * scale) + Math.round(room * scale) + Math.round(stock * scale)
  }
  const second = runnerUpCents === null ? null : Math.round(runnerUpCents * scale)
  return { scale, social, congestion, second, unit: inMoney ? currency : 'points' }
}

function sumOf({ terms }: DecidedShipment, scale: number): number {
  let sum = 0
  for (const name in terms) sum += Math.round(terms[name] * scale)
  return sum
}

function isInMoney(terms: DecidedShipment['terms']): boolean {
  for (const name in terms) if (TERMS[name as TermName] !== 'cents') return false
  return true
}

/** When the first of its reservations lapses; NaN without one. */
export function firstExpiryOf({ shipments }: Decision): number {
  let first = Number.POSITIVE_INFINITY
  for (let i = 0; i < shipments.length; i++) {
    const { reservation } = shipments[i]
    if (reservation !== null && reservation.expiresMs < first) first = reservation.expiresMs
  }
  return first
}

export const agrees = ({ status, shipments }: Decision, { warehouse, service }: NonNullable<Wanted['baseline']>): boolean =>
  status === 'routed' &&
  shipments.length === 1 &&
  shipments[0].warehouse === warehouse &&
  (service === null || shipments[0].service === service)

export const hrefOf = (id: string): string => `/v1/decisions/${encodeURIComponent(id.toWellFormed())}:explain`

export function policyOf(version: string): string {
  const end = version.indexOf('@')
  return end < 0 ? version : version.slice(0, end)
}

const partOf = (share: number): number => Math.round(share * UNIT) / UNIT

/** What a date can say; NaN and what never comes are none. */
const isInstant = (ms: number): boolean => Math.abs(ms) <= 8.64e15
const momentOf = (ms: number): string | null => (isInstant(ms) ? new Date(ms).toISOString() : null)
