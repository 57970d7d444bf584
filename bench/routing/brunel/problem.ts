import { RateCard } from './rate-card.ts'
import type { BrunelTables } from './tables.ts'

export type Rules = {
  /** Days the plants have for these orders: places are so many times the daily ones. */
  readonly days: number
  /** Whether an order may take longer on its way than it did. */
  readonly slower: boolean
  /** An order nobody does costs this many times its dearest way. */
  readonly unservedTimes: number
}

/** Orders and the plants they may go to, at the price of each. Cents; columns [order · plants + plant]. */
export type BrunelProblem = {
  readonly tables: BrunelTables
  readonly card: RateCard
  readonly orders: number
  readonly plants: number
  /** Index in the sheet of each order; those that no plant may do are left out. */
  readonly index: Int32Array
  /** Warehouse and freight of its own; Infinity where the plant may not do it. */
  readonly cents: Float64Array
  /** Line of the rate card whose truck it would go by, or −1. */
  readonly truck: Int32Array
  readonly kg: Float64Array
  readonly places: Float64Array
  readonly unservedCents: Float64Array
  /** The recorded routing: plant, and the cents of its freight at the card's price. */
  readonly recordPlant: Int32Array
  readonly recordCents: Float64Array
  readonly recordTruck: Int32Array
  /** Recorded orders whose carrier has no price for their weight: they count at the cheapest that any carrier has at their port. */
  readonly unpriced: number
  /** Orders that no plant may do under these rules; they are in no figure. */
  readonly leftOut: number
}

/**
 * The published tables as an assignment of orders to plants. A plant may do an order where it holds the product, where it is not kept for other customers,
 * and where one of its ports has a price for the order's service and weight; it does it at the cheapest of these.
 */
export function brunelProblem(tables: BrunelTables, rules: Rules): BrunelProblem {
  const card = new RateCard(tables.rates)
  const P = tables.plants.length
  const plantOf = new Map(tables.plants.map(({ id }, p) => [id, p]))
  const index: number[] = []
  const cents: number[] = []
  const truck: number[] = []
  const record: { plant: number; cents: number; truck: number }[] = []
  let unpriced = 0
  tables.orders.forEach((order, i) => {
    const own = tables.plants.map(({ customers, perUnit, ports, products }) => {
      if (!products.has(order.product) || (customers !== null && !customers.has(order.customer))) return null
      const quotes = ports.flatMap((port) => card.cheapest(port, order, rules.slower ? undefined : order.days) ?? [])
      if (quotes.length === 0) return null
      const best = quotes.reduce((one, other) => (other.cents < one.cents ? other : one))
      return { cents: 100 * perUnit * order.units + best.cents, truck: best.truck }
    })
    const plant = plantOf.get(order.plant) ?? -1
    if (plant < 0 || own.every((one) => one === null)) return
    index.push(i)
    for (const one of own) {
      cents.push(one?.cents ?? Number.POSITIVE_INFINITY)
      truck.push(one?.truck ?? -1)
    }
    const priced = card.cheapest(order.port, order, order.days, order.carrier)
    if (priced === null) unpriced++
    const paid = priced ?? card.cheapest(order.port, order) ?? { cents: 0, truck: -1 }
    record.push({ plant, cents: 100 * tables.plants[plant].perUnit * order.units + paid.cents, truck: paid.truck })
  })
  const column = Float64Array.from(cents)
  const unservedCents = Float64Array.from(index, (_, o) => {
    let dearest = 0
    for (let p = 0; p < P; p++) if (column[o * P + p] < Number.POSITIVE_INFINITY) dearest = Math.max(dearest, column[o * P + p])
    return rules.unservedTimes * dearest
  })
  return {
    tables,
    card,
    orders: index.length,
    plants: P,
    index: Int32Array.from(index),
    cents: column,
    truck: Int32Array.from(truck),
    kg: Float64Array.from(index, (i) => tables.orders[i].kg),
    places: Float64Array.from(tables.plants, ({ places }) => rules.days * places),
    unservedCents,
    recordPlant: Int32Array.from(record, ({ plant }) => plant),
    recordCents: Float64Array.from(record, (one) => one.cents),
    recordTruck: Int32Array.from(record, (one) => one.truck),
    unpriced,
    leftOut: tables.orders.length - index.length,
  }
}

/** A plant for each order, or −1; and what all of it comes to. */
export type Routed = { readonly plant: Int32Array }
export type BrunelScore = {
  readonly cents: number
  /** Of it: freight, trucks included, and what is charged for orders nobody did. */
  readonly freightCents: number
  readonly unservedCents: number
  /** Parts of the orders, 0 … 1: done, and done by a plant that had a place for them. */
  readonly served: number
  readonly withinPlaces: number
}

/** What a routing costs; `record` at the carriers of the record. */
export function scoreOf(problem: BrunelProblem, { plant }: Routed, isRecord = false): BrunelScore {
  const { card, index, kg, orders, places, plants: P, tables } = problem
  const taken = new Float64Array(P)
  const onTrucks = new Map<number, number>()
  let own = 0
  let warehouse = 0
  let unserved = 0
  let served = 0
  for (let o = 0; o < orders; o++) {
    const p = plant[o]
    if (p < 0) {
      unserved += problem.unservedCents[o]
      continue
    }
    served++
    taken[p]++
    own += isRecord ? problem.recordCents[o] : problem.cents[o * P + p]
    warehouse += 100 * tables.plants[p].perUnit * tables.orders[index[o]].units
    const line = isRecord ? problem.recordTruck[o] : problem.truck[o * P + p]
    if (line >= 0) onTrucks.set(line, (onTrucks.get(line) ?? 0) + kg[o])
  }
  let trucks = 0
  for (const [line, weight] of onTrucks) trucks += card.trucksCents(line, weight)
  const within = taken.reduce((sum, many, p) => sum + Math.min(many, places[p]), 0)
  return {
    cents: own + trucks + unserved,
    freightCents: own - warehouse + trucks,
    unservedCents: unserved,
    served: served / orders,
    withinPlaces: within / orders,
  }
}
