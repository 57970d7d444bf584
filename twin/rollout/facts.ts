import type { Decision } from '../decide/decision.ts'
import type { LiveState } from '../state/live-state.ts'
import type { KnownMetric } from './metrics.ts'

/** What became of an order, by all events that are known now; instants in ms since 1970. */
export type Facts = {
  /** Whether any feed has told of it. */
  readonly isKnown: boolean
  /** All its parcels were delivered; null: not yet. A return afterwards changes nothing. */
  readonly deliveredMs: number | null
  readonly cancelledMs: number | null
  readonly lostMs: number | null
  readonly shortMs: number | null
}

export function factsOf(state: Pick<LiveState, 'order' | 'history'>, order: string): Facts {
  const view = state.order(order)
  if (view === null) return { isKnown: false, deliveredMs: null, cancelledMs: null, lostMs: null, shortMs: null }
  const first: Record<'cancelled' | 'lost' | 'short', number | null> = { cancelled: null, lost: null, short: null }
  const delivered = new Map<number | null, number>()
  for (const { kind, atMs, part, refused } of state.history(order)) {
    if (refused) continue
    if (kind === 'scans.delivered') delivered.set(part, Math.min(delivered.get(part) ?? Number.POSITIVE_INFINITY, atMs))
    else if (kind === 'orders.cancelled') first.cancelled ??= atMs
    else if (kind === 'scans.lost' || kind === 'scans.damaged') first.lost ??= atMs
    else if (kind === 'work.pick-short') first.short ??= atMs
  }
  const whole = delivered.get(null)
  const parts = view.parts.map(({ part }) => delivered.get(part) ?? whole)
  const isThere = parts.length > 0 && parts.every((ms) => ms !== undefined)
  return {
    isKnown: true,
    deliveredMs: isThere ? Math.max(...parts.map((ms) => ms ?? 0)) : null,
    cancelledMs: first.cancelled,
    lostMs: first.lost,
    shortMs: first.short,
  }
}

/** What of a decision the metrics need. */
export type Decided = {
  readonly atMs: number
  readonly placedMs: number
  /** As it was when it was decided: a promise that is changed afterwards is not what was at stake. */
  readonly promisedMs: number
  readonly isRouted: boolean
  readonly shipments: number
  readonly costCents: number
  readonly priceCents: number | null
  readonly co2Grams: number
}

export function decidedOf(decision: Decision): Decided {
  const { shipments } = decision
  return {
    atMs: decision.atMs,
    placedMs: decision.placedMs,
    promisedMs: decision.promisedMs,
    isRouted: decision.status === 'routed',
    shipments: shipments.length,
    costCents: Math.round(shipments.reduce((sum, { costCents }) => sum + costCents, 0)),
    priceCents: decision.priceCents === null ? null : Math.round(decision.priceCents),
    co2Grams: Math.round(shipments.reduce((sum, { co2Grams }) => sum + co2Grams, 0)),
  }
}

/** Outcomes that somebody reported of an order, by metric. */
export type Reported = ReadonlyMap<string, number> | null

const HOUR_MS = 3_600_000
/** An outcome that comes before its decision by more than clocks differ is of another order or of a wrong clock. */
const SKEW_MS = 5000

export type Terms = {
  /** First decision, from which horizons count; and the first that found a way for all of it, or infinity. */
  readonly firstMs: number
  readonly routedMs: number
  readonly graceMs: number
  readonly horizonMs: number
}

/** When the outcome is certain: a function of what was known before anybody was assigned, so that both sides wait alike. */
export function dueMs(id: string, { promisedMs }: Decided, { firstMs, graceMs, horizonMs }: Terms): number {
  return id === 'late' ? Math.max(firstMs + horizonMs, promisedMs + graceMs) : firstMs + horizonMs
}

/**
 * The value of a metric once its outcome is certain; null where none ever came. Values are whole numbers or parts of 64, so that sums of them are
 * exact and the order of adding cannot show.
 */
export function outcomeOf(id: string, decided: Decided, facts: Facts, reported: Reported, terms: Terms): number | null {
  const told = reported?.get(id)
  if (told !== undefined) return Math.round(told * 64) / 64
  const horizonEndMs = terms.firstMs + terms.horizonMs
  const isImpossible = facts.deliveredMs !== null && facts.deliveredMs < terms.firstMs - SKEW_MS
  switch (id as KnownMetric) {
    case 'cost':
      return decided.shipments > 0 ? decided.costCents : null
    case 'price':
      return decided.priceCents
    case 'shipments':
      return decided.shipments > 0 ? decided.shipments : null
    case 'co2':
      return decided.shipments > 0 ? decided.co2Grams : null
    case 'unrouted':
      return terms.routedMs <= horizonEndMs ? 0 : 1
  }
  if (!facts.isKnown || isImpossible) return null
  const within = (ms: number | null): number => (ms !== null && ms <= horizonEndMs ? 1 : 0)
  switch (id as KnownMetric) {
    case 'late': {
      const byMs = decided.promisedMs + terms.graceMs
      if (facts.deliveredMs !== null && facts.deliveredMs <= byMs) return 0
      // Whoever cancels before the promise was not kept waiting; that many do is a metric of its own.
      return facts.cancelledMs !== null && facts.cancelledMs <= byMs ? 0 : 1
    }
    case 'cancelled':
      return within(facts.cancelledMs)
    case 'lost':
      return within(facts.lostMs)
    case 'short-picked':
      return within(facts.shortMs)
    case 'hours':
    case 'hours-p95': {
      if (facts.cancelledMs !== null) return null
      const untilMs = Math.min(facts.deliveredMs ?? Number.POSITIVE_INFINITY, horizonEndMs)
      return Math.round((64 * (untilMs - decided.placedMs)) / HOUR_MS) / 64
    }
    default:
      return null
  }
}

/**
 * What stable was expected to do with this order, before anybody was assigned: a covariate that both sides have alike. Only where both answers were
 * logged; otherwise 0 on both sides. In parts of 1,024, for the same reason as above.
 */
export function covariatesOf(decision: Decision): Readonly<Record<string, number>> {
  return answersOf(decision)?.stable ?? {}
}

/** What each of two answers to an order says of itself, by metric; null where only one was logged. */
export function answersOf(
  decision: Pick<Decision, 'by' | 'other' | 'shipments' | 'priceCents'>,
): { readonly stable: Foretold; readonly candidate: Foretold } | null {
  const { by, other, shipments, priceCents } = decision
  if (other === null) return null
  const [served, beside] = [foretold({ shipments, priceCents }), foretold(other.choice)]
  const isCandidates = by.arm === 'candidate' && by.servedInstead === null
  return isCandidates ? { stable: beside, candidate: served } : { stable: served, candidate: beside }
}

export type Foretold = Readonly<Record<'late' | 'cost' | 'price' | 'shipments', number>>

function foretold({ shipments, priceCents }: Pick<Decision, 'shipments' | 'priceCents'>): Foretold {
  const late = shipments.reduce((most, { eta }) => Math.max(most, 1 - eta.onTimeShare), 0)
  const cost = shipments.reduce((sum, { costCents }) => sum + costCents, 0)
  return {
    late: Math.round(late * 1024) / 1024,
    cost: Math.round(cost),
    price: Math.round(priceCents ?? 0),
    shipments: shipments.length,
  }
}
