import { dayTimeMs, weekdayOf } from '../../sim/calendar.ts'
import type { Decision, Lack, Reason, Shipment, ShipmentSet, WhyNot } from '../../sim/explain/decision.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { RunClock } from '../../sim/sim.ts'
import { TERMS, type Term, type TermName } from '../../sim/term.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { decisive, differences, isInMoney, type Summand, sumOf, wholeCents } from './money.ts'
import type { Stamp } from './stamp.ts'
import { FILTER_WORDS, filled, type Language, REASON_WORDS, RUNG_WORDS, SENTENCES, TERM_WORDS, WEEKDAY_WORDS } from './words.ts'

type Values = Readonly<Record<string, string | number>>
type Clock = Pick<RunClock, 'dayZeroMs' | 'weekStartMs'>

/** An explanation in words a planner can check, sentence by sentence, in one language. */
export class Teller {
  private readonly spec: NetworkSpec
  private readonly clock: Clock
  private readonly language: Language
  private nowMs = 0

  constructor(spec: NetworkSpec, clock: Clock, language: Language) {
    this.spec = spec
    this.clock = clock
    this.language = language
  }

  sentences(decision: Decision, whyNot: WhyNot | null, stamp: Stamp): string[] {
    const { order, zone, chosen, placedMs, promisedMs, warehouses, nowMs } = decision
    this.nowMs = nowMs
    const said = [
      this.say('head', {
        order,
        zone: this.spec.zones[zone].name,
        lines: this.linesOf(
          decision,
          decision.lines.map((_, i) => i),
        ),
        placed: this.at(placedMs),
        promised: this.at(promisedMs),
        now: this.at(nowMs),
      }),
    ]
    if (chosen === null) said.push(this.say('waits', {}))
    else said.push(...this.chosenOf(decision, chosen), ...this.runnerUpOf(decision, chosen))
    if (whyNot !== null) said.push(...this.whyNotOf(decision, whyNot))
    for (const { warehouse, ruledOut, ways } of warehouses) {
      if (whyNot?.warehouse === warehouse) continue
      // Of a warehouse that could ship but for a refusal of every way, those refusals are why.
      const refused = ways.length > 0 && ways.every((way) => way.refused.length > 0) ? ways.flatMap((way) => way.refused) : []
      const reasons = ruledOut.length > 0 ? ruledOut : refused
      if (reasons.length > 0)
        said.push(this.say('ruledOut', { warehouse: this.house(warehouse), reasons: this.reasonsOf(decision, reasons) }))
    }
    said.push(this.stampOf(decision, stamp))
    return said
  }

  private chosenOf(decision: Decision, chosen: ShipmentSet): string[] {
    return [
      ...chosen.shipments.map((shipment) => this.shipsOf(decision, shipment)),
      ...this.trucksOf(chosen),
      isInMoney(chosen.terms)
        ? this.say('costs', {
            total: amountOf(sumOf(wholeCents(chosen.terms))),
            currency: this.spec.currency,
            terms: this.moneyOf(wholeCents(chosen.terms), false),
          })
        : this.say('ranks', {
            terms: this.join(
              'semicolon',
              chosen.terms.filter(isShown).map((term) => this.termOf(term)),
            ),
          }),
    ]
  }

  private shipsOf(decision: Decision, shipment: Shipment): string {
    const { warehouse, service, departMs, etaMsP50, etaMsP90, onTimeShare, queueMs, parcelsAhead, lines } = shipment
    return this.say('ships', {
      what: lines.length === decision.lines.length ? '' : this.say('part', { lines: this.linesOf(decision, lines) }),
      warehouse: this.house(warehouse),
      service: this.spec.services[service].name,
      packed: this.at(this.nowMs + queueMs),
      parcels: parcelsAhead,
      depart: this.at(departMs),
      eta: this.at(etaMsP50),
      eta90: this.at(etaMsP90),
      onTime: (100 * onTimeShare).toFixed(1),
    })
  }

  private runnerUpOf(decision: Decision, chosen: ShipmentSet): string[] {
    const { runnerUp } = decision
    if (runnerUp === null) {
      const houses = [...new Set(chosen.shipments.map(({ warehouse }) => this.house(warehouse)))]
      return [this.say('noRunnerUp', { warehouses: this.join('comma', houses) })]
    }
    return [
      this.say('runnerUp', {
        warehouse: this.house(runnerUp.without),
        set: this.setOf(decision, runnerUp.set),
        more: this.moreOf(runnerUp.set, chosen),
      }),
      ...this.trucksOf(runnerUp.set),
    ]
  }

  private whyNotOf(decision: Decision, whyNot: WhyNot): string[] {
    const warehouse = this.house(whyNot.warehouse)
    if (whyNot.answer === 'it does') return [this.say('whyNotDoes', { warehouse })]
    if (whyNot.answer === 'impossible')
      return [this.say('whyNotCannot', { warehouse, reasons: this.reasonsOf(decision, whyNot.reasons) })]
    const { set } = whyNot
    const more = decision.chosen === null ? '' : this.moreOf(set, decision.chosen)
    return [this.say('whyNotDearer', { warehouse, set: this.setOf(decision, set), more }), ...this.trucksOf(set)]
  }

  /** What one set asks more than another, term by term. */
  private moreOf(set: ShipmentSet, than: ShipmentSet): string {
    if (set.price === than.price) return this.say('same', {})
    if (isInMoney(set.terms) && isInMoney(than.terms)) {
      const more = differences(wholeCents(set.terms), wholeCents(than.terms))
      const { currency } = this.spec
      if (sumOf(more) === 0 && more.length === 0) return this.say('lessThanCent', { currency })
      return this.say('more', { more: amountOf(sumOf(more)), currency, terms: this.moneyOf(more, true) })
    }
    const apart = decisive(set.terms, than.terms)
    return apart === null
      ? this.say('same', {})
      : this.say('decidedBy', { here: this.termOf(apart.here), there: this.termOf(apart.there) })
  }

  private trucksOf({ shipments }: ShipmentSet): string[] {
    return shipments.flatMap(({ warehouse, service, fullTruckMs, departMs }) =>
      fullTruckMs === null
        ? []
        : [
            this.say('fullTruck', {
              service: this.spec.services[service].name,
              warehouse: this.house(warehouse),
              full: this.at(fullTruckMs),
              depart: this.at(departMs),
            }),
          ],
    )
  }

  private setOf(decision: Decision, { shipments }: ShipmentSet): string {
    const told = shipments.map(({ warehouse, service, lines }) => {
      const values = { warehouse: this.house(warehouse), service: this.spec.services[service].name }
      return shipments.length === 1
        ? this.say('one', values)
        : this.say('onePart', { ...values, lines: this.linesOf(decision, lines) })
    })
    return this.join('semicolon', told)
  }

  private reasonsOf(decision: Decision, reasons: readonly Reason[]): string {
    return this.join('semicolon', [...new Set(reasons.map((reason) => this.reasonOf(decision, reason)))])
  }

  private reasonOf(decision: Decision, reason: Reason): string {
    const words = REASON_WORDS[reason.because][this.language]
    switch (reason.because) {
      case 'recorded origin':
        return filled(words, { origin: this.house(reason.origin) })
      case 'no lane':
        return filled(words, { zone: this.spec.zones[decision.zone].name })
      case 'no stock':
        return filled(words, {
          lacks: this.join(
            'comma',
            reason.lacks.map((lack) => this.lackOf(lack)),
          ),
        })
      case 'not in time':
        return filled(words, { eta: this.at(reason.etaMsP90), promised: this.at(reason.promisedMs) })
      case 'too much CO2':
        return filled(words, { grams: Math.ceil(reason.co2Grams), cap: reason.capGrams })
      case 'rule':
        return filled(words, { rule: reason.rule, filter: this.filterOf(reason.filter) })
      case 'no set':
        return filled(words, {
          most: reason.maxShipments ?? this.say('anyNumber', {}),
          cap: reason.co2Grams === null ? '' : this.say('withinCo2', { cap: reason.co2Grams }),
        })
      default:
        return words
    }
  }

  /** A policy's own filters are told in its words. */
  private filterOf(filter: string): string {
    return filter in FILTER_WORDS ? FILTER_WORDS[filter as keyof typeof FILTER_WORDS][this.language] : filter
  }

  private lackOf({ sku, units, available }: Lack): string {
    return this.say('lack', { sku: this.spec.skus[sku].id, units, available: Math.max(0, available) })
  }

  private linesOf({ lines }: Decision, which: readonly number[]): string {
    const told = which.map((i) => this.say('line', { units: lines[i].units, sku: this.spec.skus[lines[i].sku].id }))
    return this.join('comma', told)
  }

  private moneyOf(summands: readonly Summand[], signed: boolean): string {
    const told = summands
      .filter(({ cents }) => cents !== 0)
      .map(({ name, cents }) => this.named(name, `${signed && cents > 0 ? '+' : ''}${amountOf(cents)}`, ''))
    return told.length === 0 ? this.say('none', {}) : this.join('comma', told)
  }

  private termOf({ name, amount, of = '' }: Term): string {
    switch (TERMS[name]) {
      case 'cents':
        return this.named(name, amountOf(amount), of)
      case 'km':
      case 'hours':
        return this.named(name, amount.toFixed(1), of)
      default:
        return this.named(name, Number.isInteger(amount) ? String(amount) : amount.toPrecision(6), of)
    }
  }

  private named(name: TermName, n: string, of: string): string {
    return filled(TERM_WORDS[name][this.language], { n, of })
  }

  private stampOf({ planAgeMs, rung }: Decision, { policy, digest, params }: Stamp): string {
    const knobs = Object.entries(params).map(([knob, value]) => `${knob}=${value}`)
    return this.say('stamp', {
      policy,
      digest,
      knobs: knobs.length === 0 ? '' : ` (${knobs.join(', ')})`,
      plan: planAgeMs === null ? '' : this.say('plan', { minutes: Math.round(planAgeMs / MINUTE_MS) }),
      rung: rung === null ? '' : this.say('rung', { rung: RUNG_WORDS[rung][this.language] }),
    })
  }

  private house(warehouse: number): string {
    return this.spec.warehouses[warehouse].name
  }

  /** An instant on the run's clock as seen from the decision: "today 18:00". What ends with a day says 24:00 of it. */
  private at(ms: number): string {
    if (!Number.isFinite(ms)) return this.say('never', {})
    const { dayZeroMs, weekStartMs } = this.clock
    const minute = Math.floor(ms / MINUTE_MS) * MINUTE_MS
    const endsDay = dayTimeMs(minute, weekStartMs) === 0
    const shown = endsDay ? minute - MINUTE_MS : minute
    const sinceMidnight = dayTimeMs(shown, weekStartMs)
    const clock = endsDay
      ? '24:00'
      : `${twoDigits(Math.floor(sinceMidnight / HOUR_MS))}:${twoDigits(Math.floor((sinceMidnight % HOUR_MS) / MINUTE_MS))}`
    const day = (time: number): number => Math.floor((time - dayZeroMs) / DAY_MS)
    const away = day(shown) - day(this.nowMs)
    if (away === 0) return this.say('today', { clock })
    if (away === 1) return this.say('tomorrow', { clock })
    if (away === -1) return this.say('yesterday', { clock })
    return this.say('otherDay', {
      day: day(shown),
      weekday: WEEKDAY_WORDS[weekdayOf(shown, weekStartMs)][this.language],
      clock,
    })
  }

  private join(by: 'comma' | 'semicolon', parts: readonly string[]): string {
    return parts.join(SENTENCES[by][this.language])
  }

  private say(sentence: keyof typeof SENTENCES, values: Values): string {
    return filled(SENTENCES[sentence][this.language], values)
  }
}

/** Terms that are nothing are not told, but where that is what was compared first. */
const isShown = ({ name, amount }: Term): boolean =>
  amount !== 0 || !['lateness', 'queue', 'notPickedByLot', 'notInTime'].includes(name)

/** "-0.90", from cents. */
const amountOf = (cents: number): string => (cents / 100).toFixed(2)

const twoDigits = (value: number): string => String(value).padStart(2, '0')
