import type { Limits, OrderFacts, RoutingOption } from '../../sim/policy.ts'
import type { Refusal, Term, TermName } from '../../sim/term.ts'
import { DAY_MS } from '../../sim/units.ts'
import { type CompiledRules, LIMIT, REFUSAL, REFUSALS } from './compiled.ts'
import { OrderInHand, type RuleClock } from './order-in-hand.ts'
import { SORT_KEYS, type SortKey } from './spec.ts'

/**
 * The one evaluator of a rule set: the router's prices, its limits and the decision table all come from here.
 *
 * Of the rules that take an order the first that lets an option through prices it; an option that none lets through is refused.
 * So the cheapest option is what one finds who filters by the first rule, goes on to the next where nothing is left, sorts and takes the
 * first; of equals the nearest. Of a multi-line order the prices of its shipments add up, place by place: those of rules further up are
 * bought first, then fewer shipments (where the rule minds), then what lies in better bands.
 */
export class RuleEngine {
  /** What the last priced option came to: its place among the rules that take the order, and the rule; −1 where it was refused. */
  tier = -1
  rule = -1
  readonly order: OrderInHand
  /** How often each rule looked at an option, by what came of it: [rule · REFUSALS.length + refusal]; null where nobody counts. */
  looked: Float64Array | null = null
  private readonly rules: CompiledRules
  private readonly clock: RuleClock

  constructor(rules: CompiledRules, clock: RuleClock) {
    this.rules = rules
    this.clock = clock
    this.order = new OrderInHand(rules, clock)
  }

  price(option: RoutingOption): number {
    const { order, looked } = this
    order.ofOption(option)
    for (let i = 0; i < order.count; i++) {
      const rule = order.rule[i]
      const why = this.refusal(option, rule, order.relaxed[i], order.shipments[i])
      if (looked !== null) looked[rule * REFUSALS.length + why]++
      if (why !== REFUSAL.none) continue
      this.tier = i
      this.rule = rule
      return i * this.rules.tierUnit + this.rules.shipmentUnit[rule] + this.bands(option, rule)
    }
    this.tier = -1
    this.rule = -1
    return Number.POSITIVE_INFINITY
  }

  /** The last price, place by place: how many rules were passed over, the shipment, and the band of each sort. */
  terms(option: RoutingOption): readonly Term[] {
    const { sortFirst, sortKey, sortUnit, shipmentUnit, tierUnit, names } = this.rules
    this.price(option)
    const { rule, tier } = this
    if (rule < 0) return []
    const terms: Term[] = [{ name: 'rulesPassed', amount: tier, weight: tierUnit, of: names[rule] }]
    if (shipmentUnit[rule] > 0) terms.push({ name: 'shipments', amount: 1, weight: shipmentUnit[rule] })
    for (let i = sortFirst[rule]; i < sortFirst[rule + 1]; i++)
      terms.push({ name: SORT_TERMS[SORT_KEYS[sortKey[i]]], amount: this.band(option, i), weight: sortUnit[i] })
    return terms
  }

  /** Why each rule that takes the order does not let it go by an option; empty where one does. */
  refusals(option: RoutingOption): readonly Refusal[] {
    const { order } = this
    order.ofOption(option)
    const refusals: Refusal[] = []
    for (let i = 0; i < order.count; i++) {
      const why = this.refusal(option, order.rule[i], order.relaxed[i], order.shipments[i])
      if (why === REFUSAL.none) return []
      refusals.push({ rule: this.rules.names[order.rule[i]], filter: REFUSALS[why] })
    }
    return refusals
  }

  /** What no option of this order may do under any rule that takes it; the loosest of them counts, since any of them may decide it. */
  limit(facts: OrderFacts, limits: Limits): void {
    const { order, rules } = this
    const { W, warehouses, inTime } = rules
    order.ofOrder(facts)
    let shipments = 0
    let co2Grams = 0
    let late = false
    for (let i = 0; i < order.count; i++) {
      const rule = order.rule[i]
      shipments = Math.max(shipments, order.shipments[i])
      co2Grams = Math.max(co2Grams, rules.limits[rule * LIMIT.fields + LIMIT.maxOrderCo2Grams])
      if (inTime[rule] === 0 || order.relaxed[i] === 1) late = true
    }
    limits.maxShipments = Math.max(1, Math.min(limits.maxShipments, shipments))
    limits.co2Grams = Math.min(limits.co2Grams, co2Grams)
    if (!late) limits.mustBeInTime = true
    for (let w = 0; w < W; w++) {
      let allowed = 0
      for (let i = 0; i < order.count; i++) if (order.relaxed[i] === 1 || warehouses[order.rule[i] * W + w] === 1) allowed = 1
      if (allowed === 0) limits.allowed[w] = 0
    }
  }

  /** Why a rule does not let the order go by an option: from what is cheap to know to what is dear. */
  refusal(option: RoutingOption, rule: number, relaxed: number, shipments: number): number {
    const { limits, W, S, warehouses, services } = this.rules
    const at = rule * LIMIT.fields
    if (shipments <= 1 && option.lines < this.order.lines) return REFUSAL.part
    if (relaxed === 1) return REFUSAL.none
    if (warehouses[rule * W + option.warehouse] === 0) return REFUSAL.warehouse
    if (services[rule * S + option.service] === 0) return REFUSAL.service
    if (option.km > limits[at + LIMIT.maxKm]) return REFUSAL.km
    if (option.unitsLeft < limits[at + LIMIT.minUnitsLeft]) return REFUSAL.unitsLeft
    if (option.queueMs > limits[at + LIMIT.maxQueueMs]) return REFUSAL.backlog
    const most = limits[at + LIMIT.maxParcelsAhead]
    if (most < Number.POSITIVE_INFINITY && option.parcelsAhead > most) return REFUSAL.parcelsAhead
    if (option.costCents > limits[at + LIMIT.maxCostCents]) return REFUSAL.cost
    if (option.co2Grams > limits[at + LIMIT.maxCo2Grams]) return REFUSAL.co2
    const share = limits[at + LIMIT.minStockShare]
    if (share > Number.NEGATIVE_INFINITY && option.stockShare < share) return REFUSAL.stockShare
    if (option.departMs - option.nowMs > limits[at + LIMIT.maxDepartMs]) return REFUSAL.departure
    return this.refusalInTime(option, rule)
  }

  private refusalInTime(option: RoutingOption, rule: number): number {
    const { inTime, leavesToday, limits } = this.rules
    if (leavesToday[rule] === 1 && this.dayOf(option.departMs) !== this.dayOf(option.nowMs)) return REFUSAL.leavesToday
    if (inTime[rule] === 1 && option.etaMsP90 > option.promisedMs) return REFUSAL.inTime
    const most = limits[rule * LIMIT.fields + LIMIT.maxLateShare]
    return most < 1 && option.lateShare > most ? REFUSAL.lateShare : REFUSAL.none
  }

  private dayOf(timeMs: number): number {
    return Math.floor((timeMs - this.clock.dayZeroMs) / DAY_MS)
  }

  /** The bands an option lies in under a rule's sorts, as one number. */
  private bands(option: RoutingOption, rule: number): number {
    const { sortFirst, sortUnit } = this.rules
    let price = 0
    for (let i = sortFirst[rule]; i < sortFirst[rule + 1]; i++) price += this.band(option, i) * sortUnit[i]
    return price
  }

  /** Which band of sort `i`; 0 is the best. */
  private band(option: RoutingOption, i: number): number {
    const { sortKey, sortBand, sortBands } = this.rules
    const last = sortBands[i] - 1
    const key = SORT_KEYS[sortKey[i]]
    const within = Math.min(Math.floor(this.value(option, key, i) / sortBand[i]), last)
    // Of stock, more is better.
    return key === 'unitsLeft' || key === 'stockShare' ? last - within : within
  }

  private value(option: RoutingOption, key: (typeof SORT_KEYS)[number], i: number): number {
    switch (key) {
      case 'km':
        return option.km
      case 'cost':
        return option.costCents
      case 'etaHours':
        return option.etaMsP50 - option.nowMs
      case 'backlogHours':
        return option.queueMs
      case 'parcelsAhead':
        return option.parcelsAhead
      case 'unitsLeft':
        return option.unitsLeft
      case 'stockShare':
        return option.stockShare
      case 'rank':
        return this.rules.ranks[i * this.rules.W + option.warehouse]
      case 'co2Grams':
        return option.co2Grams
      case 'lateShare':
        return option.lateShare
    }
  }
}

const SORT_TERMS: { readonly [K in SortKey]: TermName } = {
  km: 'sort km',
  cost: 'sort cost',
  etaHours: 'sort etaHours',
  backlogHours: 'sort backlogHours',
  parcelsAhead: 'sort parcelsAhead',
  unitsLeft: 'sort unitsLeft',
  stockShare: 'sort stockShare',
  rank: 'sort rank',
  co2Grams: 'sort co2Grams',
  lateShare: 'sort lateShare',
}
