import { digestOfText } from '../../sim/digest.ts'
import type { Decision, Lack, Reason, Shipment, ShipmentSet, WhyNot } from '../../sim/explain/decision.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { RunClock } from '../../sim/sim.ts'
import { TERMS, type Term } from '../../sim/term.ts'
import { instant } from '../trace/row.ts'
import { differences, isInMoney, sumOf, wholeCents } from './money.ts'
import { Teller } from './say.ts'
import type { Stamp } from './stamp.ts'
import { LANGUAGES, type Language } from './words.ts'

/** The run a decision is of; with the same options it is taken again. */
export type DecisionRun = {
  readonly network: string
  readonly scenario: string
  readonly policies: string
  readonly seed: string
  readonly replication: number
}

export type Told = ReturnType<typeof told>

/**
 * A decision with names in the place of places, as a program reads it: keys in a fixed order and nothing of the machine, so that the same
 * decision is the same bytes. `digest` is of everything else in it.
 */
export function told(
  run: DecisionRun,
  spec: NetworkSpec,
  clock: Pick<RunClock, 'dayZeroMs' | 'weekStartMs'>,
  decision: Decision,
  whyNot: WhyNot | null,
  stamp: Stamp,
  tries: number,
) {
  const names = new Names(spec, clock, decision)
  const { chosen, runnerUp, limits } = decision
  const all = {
    run,
    order: decision.order,
    zone: spec.zones[decision.zone].id,
    lines: decision.lines.map(({ sku, units }) => ({ sku: spec.skus[sku].id, units })),
    decided: names.at(decision.nowMs),
    placed: names.at(decision.placedMs),
    promised: names.at(decision.promisedMs),
    currency: spec.currency,
    stamp: { ...stamp, planAgeMs: decision.planAgeMs, rung: decision.rung },
    limits: { ...limits, origin: limits.origin === null ? null : spec.warehouses[limits.origin].id },
    /** Searches that found nothing before this one: the order waited. */
    triesBefore: tries - 1,
    chosen: chosen === null ? null : names.set(chosen),
    runnerUp:
      runnerUp === null || chosen === null
        ? null
        : { without: spec.warehouses[runnerUp.without].id, ...names.set(runnerUp.set), ...names.more(runnerUp.set, chosen) },
    whyNot: whyNot === null ? null : names.whyNot(whyNot),
    warehouses: decision.warehouses.map(({ warehouse, lines, ruledOut, lacks, ways }) => ({
      warehouse: spec.warehouses[warehouse].id,
      lines: names.lines(lines),
      ruledOut: ruledOut.map((reason) => names.reason(reason)),
      lacks: lacks.map((lack) => names.lack(lack)),
      ways: ways.map(({ shipment, refused }) => ({
        ...names.shipment(shipment),
        refused: refused.map((reason) => names.reason(reason)),
      })),
    })),
    text: Object.fromEntries(
      LANGUAGES.map((language) => [language, new Teller(spec, clock, language).sentences(decision, whyNot, stamp)]),
    ) as Record<Language, string[]>,
  }
  return { digest: digestOfText(JSON.stringify(all)), ...all }
}

/** Another set for the same order, and what it asks more than the chosen one. */
export function toldBeside(
  spec: NetworkSpec,
  clock: Pick<RunClock, 'dayZeroMs' | 'weekStartMs'>,
  decision: Decision & { readonly chosen: ShipmentSet },
  set: ShipmentSet,
) {
  const names = new Names(spec, clock, decision)
  return { ...names.set(set), ...names.more(set, decision.chosen) }
}

/** Says by id what a decision has by place. */
class Names {
  private readonly spec: NetworkSpec
  private readonly clock: Pick<RunClock, 'dayZeroMs' | 'weekStartMs'>
  private readonly decision: Decision

  constructor(spec: NetworkSpec, clock: Pick<RunClock, 'dayZeroMs' | 'weekStartMs'>, decision: Decision) {
    this.spec = spec
    this.clock = clock
    this.decision = decision
  }

  /** Null for what never happens. */
  at(ms: number): { ms: number; at: string } | null {
    return Number.isFinite(ms) ? { ms, at: instant(ms, this.clock) } : null
  }

  lines(which: readonly number[]): string[] {
    return which.map((i) => this.spec.skus[this.decision.lines[i].sku].id)
  }

  /** Terms as they are and, where they are money, in whole cents that add up to the whole cents of the price. */
  set({ shipments, price, terms }: ShipmentSet) {
    const inMoney = isInMoney(terms)
    return {
      price,
      priceCents: inMoney ? sumOf(wholeCents(terms)) : null,
      terms: this.terms(terms),
      shipments: shipments.map((shipment) => this.shipment(shipment)),
    }
  }

  shipment(shipment: Shipment) {
    const { warehouse, service, lines, kg, price, terms, costCents, co2Grams } = shipment
    return {
      warehouse: this.spec.warehouses[warehouse].id,
      service: this.spec.services[service].id,
      lines: this.lines(lines),
      kg,
      price: Number.isFinite(price) ? price : null,
      terms: this.terms(terms),
      costCents,
      co2Grams,
      queueMs: shipment.queueMs,
      parcelsAhead: shipment.parcelsAhead,
      departs: this.at(shipment.departMs),
      noRoomOn: shipment.fullTruckMs === null ? null : this.at(shipment.fullTruckMs),
      etaP50: this.at(shipment.etaMsP50),
      etaP90: this.at(shipment.etaMsP90),
      onTimeShare: shipment.onTimeShare,
    }
  }

  /** What a set asks more than another; in whole cents where both are money. */
  more(set: ShipmentSet, than: ShipmentSet) {
    const inMoney = isInMoney(set.terms) && isInMoney(than.terms)
    return {
      more: set.price - than.price,
      moreCents: inMoney ? differences(wholeCents(set.terms), wholeCents(than.terms)) : null,
    }
  }

  whyNot(whyNot: WhyNot) {
    const warehouse = this.spec.warehouses[whyNot.warehouse].id
    const { chosen } = this.decision
    switch (whyNot.answer) {
      case 'it does':
        return { warehouse, answer: whyNot.answer }
      case 'dearer':
        return {
          warehouse,
          answer: whyNot.answer,
          ...this.set(whyNot.set),
          ...(chosen === null ? { more: null, moreCents: null } : this.more(whyNot.set, chosen)),
        }
      case 'impossible':
        return { warehouse, answer: whyNot.answer, reasons: whyNot.reasons.map((reason) => this.reason(reason)) }
    }
  }

  reason(reason: Reason) {
    if (reason.because === 'no stock') return { because: reason.because, lacks: reason.lacks.map((lack) => this.lack(lack)) }
    if (reason.because === 'recorded origin') return { because: reason.because, origin: this.spec.warehouses[reason.origin].id }
    if (reason.because === 'not in time')
      return { because: reason.because, etaP90: this.at(reason.etaMsP90), promised: this.at(reason.promisedMs) }
    return reason
  }

  lack({ sku, units, available }: Lack) {
    return { sku: this.spec.skus[sku].id, units, available }
  }

  private terms(terms: readonly Term[]) {
    const cents = isInMoney(terms) ? wholeCents(terms) : null
    return terms.map(({ name, amount, weight, of }, i) => ({
      name,
      amount,
      unit: TERMS[name],
      weight,
      ...(of === undefined ? {} : { of }),
      ...(cents === null ? {} : { cents: cents[i].cents }),
    }))
  }
}
