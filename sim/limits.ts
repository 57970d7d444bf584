import { misbehaved } from './check.ts'
import type { NetworkSpec } from './network-spec.ts'
import type { Limits, OrderFacts, Params, RoutingOption, Seams } from './policy.ts'
import type { Sim } from './sim.ts'
import {
  headOf,
  lineAt,
  lineCount,
  nowMs,
  orderOf,
  type Parcel,
  placedMs,
  promisedMs,
  skuOfLine,
  unitsOfLine,
  zoneOf,
} from './world.ts'

/** What a network forbids all its orders; null where it forbids nothing. */
export type NetworkLimits = { readonly maxShipments: number; readonly co2Grams: number; readonly mustBeInTime: boolean }

export const limitsOf = (routing: NetworkSpec['routing']): NetworkLimits | null =>
  routing === undefined ||
  (['maxShipments', 'co2GramsPerOrder', 'mustBeInTime'] as const).every((one) => routing[one] === undefined)
    ? null
    : {
        maxShipments: routing.maxShipments ?? Number.POSITIVE_INFINITY,
        co2Grams: routing.co2GramsPerOrder ?? Number.POSITIVE_INFINITY,
        mustBeInTime: routing.mustBeInTime ?? false,
      }

type Routing = Seams['routing']
type Price = Routing['price']

/** What one who asks for an order forbids beside network and policy; 0 and 1 by warehouse and by service, null for any. */
export type AskedLimits = Pick<Limits, 'maxShipments' | 'co2Grams' | 'mustBeInTime'> & {
  readonly allowed: Uint8Array | null
  readonly services: Uint8Array | null
}

/** An order has at most so many lines, and therefore shipments. */
const MAX_SHIPMENTS = 8

/**
 * The hard limits of one search: the network's, and what the policy's `limit` makes of them for this order. Which warehouses may ship is
 * held where stock is read; what an option may be, by a price of Infinity, so that every path of the search keeps to it; what all
 * shipments may emit together, by the search.
 */
export class SearchLimits implements Limits {
  maxShipments = Number.POSITIVE_INFINITY
  co2Grams = Number.POSITIVE_INFINITY
  mustBeInTime = false
  readonly allowed: Uint8Array
  /** Set by who asks what else could have been: a warehouse that may not ship, a line that ships from one only, shipments at most; −1 for none. */
  barred = -1
  pinnedLine = -1
  pinnedWarehouse = -1
  most = Number.POSITIVE_INFINITY
  /** What the order's own sender forbids; null for nothing. */
  asked: AskedLimits | null = null
  private readonly facts = new FactsOfOrder()
  private inner: Price = noPrice
  /** The policy as it is, but for the price of what may not be. */
  private readonly within: { about: string; params: Params; price: Price; floor?: Routing['floor'] }

  constructor(W: number) {
    this.allowed = new Uint8Array(W).fill(1)
    this.within = {
      about: '',
      params: {},
      floor: undefined,
      price: (option, params) => (this.refuses(option) ? Number.POSITIVE_INFINITY : this.inner(option, params)),
    }
  }

  /** Filled in anew for an order. */
  read(sim: Sim, order: Parcel): void {
    const { limits } = sim.network
    const { limit } = sim.policies.routing
    this.maxShipments = limits === null ? Number.POSITIVE_INFINITY : limits.maxShipments
    this.co2Grams = limits === null ? Number.POSITIVE_INFINITY : limits.co2Grams
    this.mustBeInTime = limits?.mustBeInTime ?? false
    this.allowed.fill(1)
    if (limit !== undefined) this.ask(sim, order, limit)
    if (this.asked !== null) this.tighten(this.asked)
    if (this.barred >= 0) this.allowed[this.barred] = 0
    if (this.most < this.maxShipments) this.maxShipments = this.most
  }

  /** True where somebody asks within bars of his own. */
  get isNarrowed(): boolean {
    return this.barred >= 0 || this.pinnedLine >= 0 || this.asked !== null
  }

  /** Of two limits the tighter holds. */
  private tighten({ maxShipments, co2Grams, mustBeInTime, allowed }: AskedLimits): void {
    this.maxShipments = Math.min(this.maxShipments, maxShipments)
    this.co2Grams = Math.min(this.co2Grams, co2Grams)
    if (mustBeInTime) this.mustBeInTime = true
    if (allowed !== null) for (let w = 0; w < allowed.length; w++) if (allowed[w] === 0) this.allowed[w] = 0
  }

  private ask(sim: Sim, order: Parcel, limit: NonNullable<Routing['limit']>): void {
    const { params } = sim.policies.routing
    this.facts.aim(sim, order)
    limit(this.facts, params, this)
    const { maxShipments, co2Grams } = this
    if (!(maxShipments === Number.POSITIVE_INFINITY || (Number.isInteger(maxShipments) && maxShipments >= 1)))
      misbehaved('routing', maxShipments, 'maxShipments is a whole number from 1, or Infinity where nothing is said')
    if (!(co2Grams >= 0)) misbehaved('routing', co2Grams, 'co2Grams is a number from 0, or Infinity for no cap')
    if (maxShipments > MAX_SHIPMENTS && maxShipments < Number.POSITIVE_INFINITY) this.maxShipments = MAX_SHIPMENTS
  }

  /** The prices to search by: the policy's own where every option may be. */
  pricesOf(routing: Routing): Routing {
    const services = this.asked?.services ?? null
    if (!this.mustBeInTime && this.co2Grams === Number.POSITIVE_INFINITY && services === null) return routing
    const { within } = this
    this.inner = routing.price
    within.params = routing.params
    within.floor = routing.floor
    return within as Routing
  }

  private refuses(option: RoutingOption): boolean {
    const services = this.asked?.services ?? null
    if (services !== null && services[option.service] === 0) return true
    return (this.mustBeInTime && option.etaMsP90 > option.promisedMs) || option.co2Grams > this.co2Grams
  }
}

const noPrice: Price = () => Number.POSITIVE_INFINITY

/** An order as a policy reads it before it is routed. */
export class FactsOfOrder implements OrderFacts {
  nowMs = 0.5
  placedMs = 0.5
  promisedMs = 0.5
  order = 0
  zone = 0
  warehouses = 0
  lines = 0
  weightKg = 0.5
  private readonly skus = new Int32Array(MAX_SHIPMENTS)
  private readonly counts = new Int32Array(MAX_SHIPMENTS)

  aim({ world, network }: Sim, order: Parcel): void {
    this.nowMs = nowMs(world)
    this.placedMs = placedMs(world, order)
    const head = headOf(world, order)
    this.promisedMs = promisedMs(world, head)
    this.order = orderOf(world, head)
    this.zone = zoneOf(world, order)
    this.warehouses = network.W
    this.lines = lineCount(world, order)
    let grams = 0
    for (let i = 0; i < this.lines; i++) {
      const line = lineAt(world, order, i)
      this.skus[i] = skuOfLine(line)
      this.counts[i] = unitsOfLine(line)
      grams += network.skuGrams[this.skus[i]] * this.counts[i]
    }
    this.weightKg = grams / 1000
  }
  sku(line: number): number {
    return this.skus[line]
  }
  units(line: number): number {
    return this.counts[line]
  }
}
