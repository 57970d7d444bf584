import { bug } from '../check.ts'
import { departureFor } from '../journey.ts'
import { Option } from '../option.ts'
import type { Params, Seams } from '../policy.ts'
import { barredFor, chooseShipments, FEW_SHIPMENTS, type RouterScratch, routerScratch } from '../router.ts'
import type { Sim } from '../sim.ts'
import type { Term } from '../term.ts'
import { SECOND_MS } from '../units.ts'
import { availableUnits, orderNumber, type Parcel } from '../world.ts'
import { type DayBook, sumOf } from './day-book.ts'
import type {
  AppliedLimits,
  Decision,
  Lack,
  OrderLine,
  Reason,
  RunnerUp,
  Shipment,
  ShipmentSet,
  WarehouseWays,
  Way,
  WhyNot,
} from './decision.ts'
import { Standing } from './standing.ts'

type Routing = Seams['routing']
const NONE: readonly Reason[] = []

/**
 * Explains decisions of a run at the moment they are made. It asks the run's own router, with an option and scratch of its own, so that
 * nothing it asks is felt in the run and nothing it says can differ from what the run does: what it calls chosen is what the router buys,
 * and every other set is what the router would buy if a warehouse were barred or a line pinned to one.
 */
export class Explainer {
  private readonly mine: Sim
  private readonly routing: Routing
  private order: Parcel = 0
  private only = -1
  private readonly standing: Standing

  constructor(sim: Sim) {
    const { network, world, clock } = sim
    const option = new Option(world, network, clock.weekStartMs)
    this.routing = sim.policies.routing
    this.mine = { ...sim, option, router: routerScratch(world, network, option), ledger: null, witness: null, chooser: null }
    this.standing = new Standing(this.mine)
  }

  /** The decision the router takes on an order now; `only` ≥ 0 allows one warehouse. */
  explain(order: Parcel, only: number): Decision {
    const chosen = this.aim(order, only)
    return this.told(chosen)
  }

  /** What the router buys for an order now, and nothing of what it does not; null where it finds nothing. */
  chosen(order: Parcel, only: number): ShipmentSet | null {
    return this.aim(order, only)
  }

  /** Writes what a search that was just done has bought into the book of the day. */
  keepChosen(book: DayBook, order: Parcel, only: number, found: RouterScratch, parts: number): void {
    this.takeInHand(order, only)
    this.mine.option.aim(order, only)
    this.keep(book, found, parts)
  }

  /** And its runner-up. */
  keepRunnerUp(book: DayBook, order: Parcel, only: number, found: RouterScratch, parts: number): void {
    const { partPrice } = this.mine.router
    this.takeInHand(order, only)
    let best = -1
    let least = Number.POSITIVE_INFINITY
    let last = -1
    let lastOthers = 0
    for (let i = 0; i < parts; i++) {
      const others = this.searchWithout(found.partWarehouse[i], parts)
      last = found.partWarehouse[i]
      lastOthers = others
      if (others === 0) continue
      let price = partPrice[0]
      for (let part = 1; part < others; part++) price += partPrice[part]
      if (price >= least) continue
      least = price
      best = found.partWarehouse[i]
    }
    if (best < 0) return
    book.openBeside(best)
    this.keep(book, this.mine.router, best === last ? lastOthers : this.searchWithout(best, parts))
  }

  private keep(book: DayBook, { partWarehouse, partService, partMask, partPrice }: RouterScratch, parts: number): void {
    const { routing } = this
    for (let i = 0; i < parts; i++) {
      const price = this.standing.stand(partWarehouse[i], partService[i], partMask[i])
      if (price !== partPrice[i]) bug('an explanation asks another price than the router')
      const terms = termsOf(routing, this.mine.option, routing.params, price)
      book.add(partWarehouse[i], partService[i], partMask[i], price, terms)
    }
  }

  /** Why the order does not ship from a warehouse: the cheapest set that includes it, or why there is none. */
  whyNot(order: Parcel, only: number, warehouse: number): WhyNot {
    const chosen = this.aim(order, only)
    if (chosen?.shipments.some((shipment) => shipment.warehouse === warehouse)) return { warehouse, answer: 'it does' }
    const { ruledOut, lines, lacks, ways } = this.waysOf(warehouse)
    if (ruledOut.length > 0) return { warehouse, answer: 'impossible', reasons: ruledOut }
    const set = this.cheapestWith(warehouse, lines, chosen)
    if (set !== null) return { warehouse, answer: 'dearer', set, more: chosen === null ? 0 : set.price - chosen.price }
    const reasons = unique(ways.flatMap(({ refused }) => refused))
    if (lacks.length > 0) reasons.unshift({ because: 'no stock', lacks })
    return { warehouse, answer: 'impossible', reasons: [...reasons, this.noSet()] }
  }

  private told(chosen: ShipmentSet | null): Decision {
    const { mine, order, routing } = this
    const { option, network } = mine
    const warehouses = Array.from({ length: network.W }, (_, w) => this.waysOf(w))
    const { planAgeMs } = option
    return {
      order: orderNumber(mine.world, order),
      zone: option.zone,
      nowMs: option.nowMs,
      placedMs: option.placedMs,
      promisedMs: option.promisedMs,
      lines: Array.from(
        { length: this.standing.count },
        (_, i): OrderLine => ({ sku: this.standing.skus[i], units: this.standing.units[i] }),
      ),
      limits: this.limits(),
      planAgeMs: planAgeMs === Number.POSITIVE_INFINITY ? null : planAgeMs,
      rung: routing.rung?.(option, routing.params) ?? null,
      chosen,
      runnerUp: chosen === null ? null : this.runnerUpOf(chosen),
      warehouses,
    }
  }

  /** Takes an order in hand and searches for it as the run does; what limits it is then read, whether the search had to or not. */
  private aim(order: Parcel, only: number): ShipmentSet | null {
    const { mine } = this
    this.takeInHand(order, only)
    const parts = chooseShipments(mine, order, only)
    // Where some line is nowhere to be had the router aims at nothing; ways are told of all the same.
    if (parts === 0) mine.option.aim(order, only)
    mine.router.limits.read(mine, order)
    return parts === 0 ? null : this.setFrom(mine.router, parts)
  }

  private takeInHand(order: Parcel, only: number): void {
    this.order = order
    this.only = only
    this.standing.takeInHand(order)
  }

  /**
   * What the router buys where a warehouse is barred, of as many shipments as it would have taken with it: it takes more than three only
   * where fewer do not do. Returns their number.
   */
  private searchWithout(warehouse: number, parts: number): number {
    // A replayed order that keeps its origin has no other.
    if (this.only >= 0) return 0
    const { limits } = this.mine.router
    limits.barred = warehouse
    limits.most = mostBeside(parts)
    const found = chooseShipments(this.mine, this.order, this.only)
    limits.barred = -1
    limits.most = Number.POSITIVE_INFINITY
    return found
  }

  /** The same where a line is pinned to a warehouse. */
  private searchPinned(line: number, warehouse: number, most: number): number {
    const { limits } = this.mine.router
    limits.pinnedLine = line
    limits.pinnedWarehouse = warehouse
    limits.most = most
    const found = chooseShipments(this.mine, this.order, this.only)
    limits.pinnedLine = -1
    limits.most = Number.POSITIVE_INFINITY
    return found
  }

  /** What a search has left, told; by the price the search had for it, to the last digit. */
  private setFrom({ partWarehouse, partService, partMask, partPrice }: RouterScratch, parts: number): ShipmentSet {
    const shipments: Shipment[] = []
    for (let i = 0; i < parts; i++) {
      const shipment = this.shipmentBy(partWarehouse[i], partService[i], partMask[i])
      if (shipment.price !== partPrice[i]) bug('an explanation asks another price than the router')
      shipments.push(shipment)
    }
    return sumOf(shipments)
  }

  /** The cheapest set that does without one of the chosen warehouses. */
  private runnerUpOf({ shipments }: ShipmentSet): RunnerUp | null {
    let best: RunnerUp | null = null
    for (const { warehouse } of shipments) {
      const parts = this.searchWithout(warehouse, shipments.length)
      if (parts === 0) continue
      const set = this.setFrom(this.mine.router, parts)
      if (best === null || set.price < best.set.price) best = { without: warehouse, set }
    }
    return best
  }

  /** A set that includes a warehouse carries some line from there: each in turn is pinned to it, and the cheapest search counts. */
  private cheapestWith(warehouse: number, lines: readonly number[], chosen: ShipmentSet | null): ShipmentSet | null {
    const most = chosen === null ? Number.POSITIVE_INFINITY : mostBeside(chosen.shipments.length)
    let best: ShipmentSet | null = null
    for (const line of lines) {
      const parts = this.searchPinned(line, warehouse, most)
      if (parts === 0) continue
      const set = this.setFrom(this.mine.router, parts)
      if (best === null || set.price < best.price) best = set
    }
    return best
  }

  private limits(): AppliedLimits {
    const { network, policies, router } = this.mine
    const { maxShipments, co2Grams, mustBeInTime } = router.limits
    const said = network.limits !== null || policies.routing.limit !== undefined
    return {
      maxShipments: said ? finite(maxShipments) : null,
      co2Grams: said ? finite(co2Grams) : null,
      mustBeInTime: said && mustBeInTime,
      origin: this.only < 0 ? null : this.only,
    }
  }

  private noSet(): Reason {
    const { maxShipments, co2Grams } = this.mine.router.limits
    return { because: 'no set', maxShipments: finite(maxShipments), co2Grams: finite(co2Grams) }
  }

  /** What a warehouse could carry, by which services, and what is against it. */
  private waysOf(warehouse: number): WarehouseWays {
    const { world, router } = this.mine
    const lines: number[] = []
    const lacks: Lack[] = []
    for (let i = 0; i < this.standing.count; i++) {
      const available = availableUnits(world, this.standing.skus[i], warehouse)
      if (available >= this.standing.units[i]) lines.push(i)
      else lacks.push({ line: i, sku: this.standing.skus[i], units: this.standing.units[i], available })
    }
    const ruledOut: Reason[] = []
    const services = this.servicesOf(warehouse)
    if (this.only >= 0 && this.only !== warehouse) ruledOut.push({ because: 'recorded origin', origin: this.only })
    if (world.siteCapacity[warehouse] === 0) ruledOut.push({ because: 'closed' })
    if (barredFor(world, this.order) === warehouse) ruledOut.push({ because: 'not on the shelf' })
    if (services.length === 0) ruledOut.push({ because: 'no lane' })
    if (lines.length === 0) ruledOut.push({ because: 'no stock', lacks })
    const mask = lines.reduce((bits, line) => bits | (1 << line), 0)
    const ways = lines.length === 0 ? [] : services.map((service): Way => this.wayBy(warehouse, service, mask))
    if (this.only < 0 && router.limits.allowed[warehouse] === 0) {
      const rules = unique(ways.flatMap(({ refused }) => refused.filter(({ because }) => because === 'rule')))
      ruledOut.push(...(rules.length > 0 ? rules : [{ because: 'not allowed' } as const]))
    }
    return { warehouse, lines, ruledOut, lacks: lines.length === 0 ? [] : lacks, ways }
  }

  private servicesOf(warehouse: number): number[] {
    const { network, option } = this.mine
    const first = option.zone * network.W * network.S
    const services: number[] = []
    for (let i = 0; i < network.nearCount[option.zone]; i++)
      if (network.nearLanes[2 * (first + i) + 1] === warehouse)
        services.push(network.nearLanes[2 * (first + i)] - warehouse * network.S)
    return services.sort((a, b) => a - b)
  }

  private wayBy(warehouse: number, service: number, mask: number): Way {
    const { option, router } = this.mine
    const { routing } = this
    const shipment = this.shipmentBy(warehouse, service, mask)
    const { mustBeInTime, co2Grams } = router.limits
    const refused: Reason[] = []
    if (shipment.departMs === Number.POSITIVE_INFINITY) refused.push({ because: 'no departure' })
    if (mustBeInTime && shipment.etaMsP90 > option.promisedMs)
      refused.push({ because: 'not in time', etaMsP90: shipment.etaMsP90, promisedMs: option.promisedMs })
    if (shipment.co2Grams > co2Grams) refused.push({ because: 'too much CO2', co2Grams: shipment.co2Grams, capGrams: co2Grams })
    if (shipment.price === Number.POSITIVE_INFINITY) {
      const refusals = routing.refusals?.(option, routing.params) ?? []
      if (refusals.length > 0) refused.push(...refusals.map((one) => ({ because: 'rule', ...one }) as const))
      else refused.push({ because: 'refused' })
    }
    return { shipment, refused: refused.length === 0 ? NONE : refused }
  }

  /** What a warehouse, a service and a set of lines come to. */
  private shipmentBy(warehouse: number, service: number, mask: number): Shipment {
    const { network, option, clock } = this.mine
    const { routing } = this
    const price = this.standing.stand(warehouse, service, mask)
    const firstMs = departureFor(network, service, option.nowMs + option.queueMs, 0, clock.weekStartMs)
    const lines: number[] = []
    for (let i = 0; i < this.standing.count; i++) if (((mask >> i) & 1) === 1) lines.push(i)
    return {
      warehouse,
      service,
      lines,
      kg: option.weightKg,
      price,
      terms: price === Number.POSITIVE_INFINITY ? [] : termsOf(routing, option, routing.params, price),
      costCents: option.costCents,
      co2Grams: option.co2Grams,
      queueMs: option.queueMs,
      parcelsAhead: option.parcelsAhead,
      departMs: option.departMs,
      fullTruckMs: option.departMs - firstMs >= SECOND_MS ? Math.round(firstMs) : null,
      etaMsP50: option.etaMsP50,
      etaMsP90: option.etaMsP90,
      onTimeShare: 1 - option.lateShare,
    }
  }
}

/** A price that does not account for itself is its own only term. */
export function termsOf(routing: Routing, option: Option, params: Params, price: number): readonly Term[] {
  return routing.terms?.(option, params) ?? [{ name: 'price', amount: price, weight: 1 }]
}

/** Shipments of a runner-up at most: as many as the search itself would have taken. */
export const mostBeside = (parts: number): number => (parts <= FEW_SHIPMENTS ? FEW_SHIPMENTS : Number.POSITIVE_INFINITY)

const finite = (value: number): number | null => (value === Number.POSITIVE_INFINITY ? null : value)

function unique(reasons: readonly Reason[]): Reason[] {
  const seen = new Map(reasons.map((reason) => [JSON.stringify(reason), reason]))
  return [...seen.values()]
}
