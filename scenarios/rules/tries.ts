import type { CompiledRules } from '../../policies/rules/compiled.ts'
import { REFUSALS } from '../../policies/rules/compiled.ts'
import type { RuleEngine } from '../../policies/rules/rule-engine.ts'
import { routingBy } from '../../policies/rules/rule-routing.ts'
import type { RoutingOption, Seams } from '../../sim/policy.ts'
import type { Sim } from '../../sim/sim.ts'
import { type Proposal, proposalsOf } from './transfers.ts'

/** A shelf as full as this is none: the router asks what a shipment would cost at least, in stock or not. */
const NO_SHELF = 1 << 29

/** One way to ship an order or a part of it that some rule let through. */
export type Way = {
  readonly warehouse: number
  readonly service: number
  readonly lines: number
  readonly weightKg: number
  readonly price: number
  readonly costCents: number
  readonly rule: number
  readonly relaxed: boolean
}

/** What the rules said of an order when it was last tried. */
export type Try = {
  readonly nowMs: number
  readonly orderLines: number
  readonly orderKg: number
  /** Rules that take it, from the first to the last. */
  readonly takenBy: readonly number[]
  readonly ways: Way[]
  readonly skus: readonly number[]
  /** What the transfers of these rules propose at the shelves that the order leaves. */
  proposals: readonly Proposal[]
}

/**
 * Listens in on the routing of a run by the engine that routes it: `routing` answers what the engine does, and what it said is kept for
 * each order until it is taken. Reads only, so that the run is the one without it.
 */
export class Tries {
  readonly routing: Seams['routing']
  /** See `RuleEngine.looked`; of options for whole orders, from what is in stock. */
  readonly looked: Float64Array
  private readonly byOrder = new Map<number, Try>()
  private readonly touched: Try[] = []
  private readonly engine: RuleEngine
  private readonly rules: CompiledRules

  constructor(engine: RuleEngine, rules: CompiledRules) {
    this.engine = engine
    this.rules = rules
    this.looked = new Float64Array((rules.R + 1) * REFUSALS.length)
    const routing = routingBy(engine, rules.name)
    this.routing = {
      ...routing,
      price: (option, params) => {
        const inStock = option.unitsLeft < NO_SHELF
        engine.looked = inStock && option.lines === option.orderLines ? this.looked : null
        const price = routing.price(option, params)
        engine.looked = null
        if (inStock) this.keep(option, price)
        return price
      },
      // Where no warehouse is left by the limits, no price is asked.
      limit: (order, params, limits) => {
        routing.limit?.(order, params, limits)
        this.tryOf(order)
      },
    }
  }

  /** To be called after each event: a decided order's transfers are judged by the shelves it leaves. */
  watch(sim: Sim): void {
    for (const one of this.touched) one.proposals = proposalsOf(sim, this.rules, one)
    this.touched.length = 0
  }

  /** What is known of an order; gone afterwards. */
  take(order: number): Try | undefined {
    const one = this.byOrder.get(order)
    this.byOrder.delete(order)
    return one
  }

  /** Orders that were tried and not taken. */
  left(): Iterable<[number, Try]> {
    return this.byOrder
  }

  private keep(option: RoutingOption, price: number): void {
    const { engine } = this
    const one = this.tryOf(option)
    if (engine.tier < 0) return
    const { warehouse, service, lines, weightKg, costCents } = option
    const relaxed = engine.order.relaxed[engine.tier] === 1
    one.ways.push({ warehouse, service, lines, weightKg, price, costCents, rule: engine.rule, relaxed })
  }

  /** Of the order that the engine has in hand; an order that waits is tried more than once, and the last time counts. */
  private tryOf({ order: number, nowMs }: { readonly order: number; readonly nowMs: number }): Try {
    const known = this.byOrder.get(number)
    if (known !== undefined && known.nowMs === nowMs) return known
    const { order } = this.engine
    const one: Try = {
      nowMs,
      orderLines: order.lines,
      orderKg: order.grams / 1000,
      takenBy: [...new Set(order.rule.subarray(0, order.count))],
      skus: Array.from({ length: order.lines }, (_, i) => order.sku(i)),
      ways: [],
      proposals: [],
    }
    this.byOrder.set(number, one)
    this.touched.push(one)
    return one
  }
}

/**
 * Which of the ways an order went, by the warehouse and service of each of its parcels: the cheapest set that carries all its lines and all
 * its weight. Null where there is none.
 */
export function wayTaken(one: Try, parcels: readonly { warehouse: number; service: number }[]): readonly Way[] | null {
  let best: readonly Way[] | null = null
  let least = Number.POSITIVE_INFINITY
  const go = (i: number, chosen: readonly Way[], lines: number, kg: number, price: number): void => {
    if (price >= least) return
    if (i === parcels.length) {
      if (lines !== one.orderLines || Math.abs(kg - one.orderKg) > 1e-9 * (1 + one.orderKg)) return
      best = chosen
      least = price
      return
    }
    for (const way of one.ways) {
      if (way.warehouse !== parcels[i].warehouse || way.service !== parcels[i].service) continue
      go(i + 1, [...chosen, way], lines + way.lines, kg + way.weightKg, price + way.price)
    }
  }
  go(0, [], 0, 0, 0)
  return best
}
