import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec, ServiceSpec, StockSpec, WarehouseSpec, ZoneSpec } from '../../sim/network-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { bareNetwork } from '../validate/bare-network.ts'
import { CENTRES, METROS } from './american-places.ts'
import { defineInstance, type Luck, luckFor, type MadeOrder, PART, placeOf, replayOf, upTo } from './instance.ts'

const KNOBS = {
  centres: 5,
  metros: 10,
  items: 20,
  largest: 5,
  kindsPerSize: 5,
  periods: 10_000,
  /** Probability that a centre carries an item. */
  carried: 0.75,
  /** Safety stock, in standard deviations of demand. */
  safety: 0.5,
  fixed: 8.759,
  unit: 0.423,
  perMile: 0.000541,
  /** An unfilled item costs this many times what it would from the farthest centre. */
  unfilledTimes: 2,
}
type MultiItem = typeof KNOBS

/**
 * Orders of several items and stock that is nowhere complete: the multi-item fulfilment problem of Jasin & Sinha (Operations Research 63,
 * 2015) with the parameters of Ma, "Order-optimal correlated rounding for fulfilling multi-item e-commerce orders" (M&SOM 25, 2023).
 *
 * In each of `periods` an order comes, or none. Of each size 1 … `largest` there are `kindsPerSize` kinds of order, each a set of that
 * many of `items`; sizes (0 among them) and kinds within a size have shares drawn evenly and scaled to 1; the customer's metro goes by its people,
 * whatever the kind. A centre carries an item with probability `carried`. A shipment costs `fixed` + items × (`unit` + `perMile` · miles); an
 * item nobody ships counts as shipped from a centre with boundless stock and twice these prices at the customer's farthest centre.
 *
 * As a network: items weigh 1 kg, so that freight by weight is the price of an item; `unfilled` is a warehouse at the antipodes, with a
 * service to each metro, priced whatever the distance; nothing takes time, no goods come in. The whole horizon lies in one day.
 *
 * Other than published: our own table of towns (public figures); a mile is
 * 1.609344 km, where Ma's code has 1.61; an order has at most 8 items.
 */
export const multiItem = defineInstance({
  id: 'multi-item',
  about: 'Orders of up to five items, stock that is nowhere complete, and no more to come (Jasin & Sinha 2015; Ma 2023).',
  knobs: KNOBS,
  limits: {
    centres: upTo(CENTRES.length),
    metros: upTo(METROS.length),
    items: upTo(1000),
    // An order has at most 8 lines.
    largest: upTo(8),
    kindsPerSize: upTo(100),
    periods: upTo(1_000_000),
    carried: PART,
  },
  cases: { full: [{ periods: 10_000 }, { periods: 1000 }], quick: [{ periods: 500 }] },
  make: (knobs, seed) => {
    const luck = luckFor('multi-item', seed)
    const metros = METROS.slice(0, knobs.metros)
    const centres = CENTRES.slice(0, knobs.centres)
    const kinds = kindsOf(knobs, luck)
    const people = metros.reduce((sum, metro) => sum + metro.people, 0)
    const openingStock = openingStockOf(knobs, { kinds, people }, luck)
    const orders = ordersOf(knobs, kinds, luck)
    const empty = kinds.find(({ items }) => items.length === 0)?.share ?? 0
    const bare = bareNetwork()
    const bySize = Array.from({ length: knobs.largest }, (_, i) => shareOfSize(kinds, i + 1))
    const byItem = Array.from({ length: knobs.items }, (_, item) =>
      kinds.reduce((sum, { items, share }) => sum + (items.includes(item) ? share : 0), 0),
    )
    const spec: NetworkSpec = {
      ...bare,
      name: 'multi-item',
      about: 'Orders of several items; stock that is nowhere complete.',
      currency: 'USD',
      demand: { ...bare.demand, ordersPerDay: knobs.periods * (1 - empty), linesPerOrder: bySize, baskets: basketsOf(kinds) },
      zones: metros.map(
        ({ id, lat, lon, people: share }): ZoneSpec => ({ ...bare.zones[0], id, name: id, region: id, lat, lon, share }),
      ),
      skus: byItem.map((share, item) => ({ ...bare.skus[0], id: itemId(item), weightGrams: 1000, share, price: 1 })),
      warehouses: [
        ...centres.map(({ id, lat, lon }): WarehouseSpec => ({ ...bare.warehouses[0], id, name: id, lat, lon })),
        { ...bare.warehouses[0], id: UNFILLED, name: 'Unfilled', ...ANTIPODES },
      ],
      services: servicesOf(knobs, bare.services[0]),
      hubs: [{ ...bare.hubs[0], lat: metros[0].lat, lon: metros[0].lon }],
      // Nothing that is sent for comes within the run.
      suppliers: [{ ...bare.suppliers[0], leadDays: { law: 'constant', value: 60 } }],
      openingStock,
    }
    const scenario = { name: 'multi-item', about: 'One horizon.', days: 1 }
    return { spec, scenario, orders: replayOf(orders), unfilled: centres.length }
  },
})

const UNFILLED = 'unfilled'
/** Opposite the middle of the country: farther from each metro than all centres together, so that who goes by distance comes here last. */
const ANTIPODES = { lat: -39.8, lon: 81.4 }
const PLENTY = 10_000_000
const KM_PER_MILE = 1.609344
const itemId = (item: number): string => `item-${item}`

/** Kinds of luck. */
const DRAW = { size: 0, kind: 1, items: 2, carried: 3, period: 4, metro: 5 } as const

/** Orders alike: the items in them, and the part of the periods that bring one. */
type Kind = { readonly items: readonly number[]; readonly share: number }

/** The first is no order at all. */
function kindsOf({ items, largest, kindsPerSize }: MultiItem, luck: Luck): Kind[] {
  const sizes = Array.from({ length: largest + 1 }, (_, size) => luck(DRAW.size, size))
  const total = sizes.reduce((sum, share) => sum + share, 0)
  const kinds: Kind[] = [{ items: [], share: sizes[0] / total }]
  for (let size = 1; size <= largest; size++) {
    const weights = Array.from({ length: kindsPerSize }, (_, i) => luck(DRAW.kind, size * kindsPerSize + i))
    const sum = weights.reduce((one, other) => one + other, 0)
    weights.forEach((weight, i) => {
      const keys = Array.from({ length: items }, (_, item) => luck(DRAW.items, (size * kindsPerSize + i) * items + item))
      const first = [...keys.keys()].sort((a, b) => keys[a] - keys[b]).slice(0, size)
      kinds.push({ items: first, share: ((sizes[size] / total) * weight) / sum })
    })
  }
  return kinds
}

/** The kinds as the network knows them beforehand: whoever plans for goods may. */
const basketsOf = (kinds: readonly Kind[]) =>
  kinds.flatMap(({ items, share }) =>
    items.length === 0 ? [] : [{ share, lines: items.map((item) => ({ sku: itemId(item), units: 1 })) }],
  )

const shareOfSize = (kinds: readonly Kind[], size: number): number =>
  kinds.reduce((sum, { items, share }) => sum + (items.length === size ? share : 0), 0)

/**
 * Units to start with where a part `demand` of the periods asks for one: the mean and `safety` standard deviations of a binomial.
 *
 * - `periods`: how many there are.
 * - `demand`: part of them, 0 … 1, in which the shelf is asked for.
 * - `safety`: standard deviations on top.
 */
export const startingUnits = (periods: number, demand: number, safety: number): number =>
  Math.round(periods * demand + safety * Math.sqrt(periods * demand * (1 - demand)))

/** Each metro's demand for an item belongs to the nearest centre that carries it; the pseudo-centre has plenty of everything. */
function openingStockOf(
  knobs: MultiItem,
  { kinds, people }: { kinds: readonly Kind[]; people: number },
  luck: Luck,
): StockSpec[] {
  const stock: StockSpec[] = []
  for (let item = 0; item < knobs.items; item++) {
    const asked = kinds.reduce((sum, { items, share }) => sum + (items.includes(item) ? share : 0), 0)
    const demand = new Float64Array(knobs.centres)
    for (const metro of METROS.slice(0, knobs.metros)) {
      let nearest = -1
      let least = Number.POSITIVE_INFINITY
      for (let c = 0; c < knobs.centres; c++) {
        const km = distanceKm(metro.lat, metro.lon, CENTRES[c].lat, CENTRES[c].lon)
        if (km >= least || luck(DRAW.carried, item * knobs.centres + c) >= knobs.carried) continue
        least = km
        nearest = c
      }
      if (nearest >= 0) demand[nearest] += (asked * metro.people) / people
    }
    demand.forEach((share, c) => {
      const units = startingUnits(knobs.periods, share, knobs.safety)
      if (units > 0) stock.push({ warehouse: CENTRES[c].id, sku: itemId(item), units })
    })
    stock.push({ warehouse: UNFILLED, sku: itemId(item), units: PLENTY })
  }
  return stock
}

/** One from the centres to anywhere, and for each metro one from nowhere, at its own price. */
function servicesOf(knobs: MultiItem, bare: ServiceSpec): ServiceSpec[] {
  const { fixed, unit, perMile, unfilledTimes } = knobs
  const centres = CENTRES.slice(0, knobs.centres)
  const departures = [{ ...bare.departures[0], at: '24:00' }]
  const ground = {
    ...bare,
    id: 'ground',
    name: 'Ground',
    from: centres.map(({ id }) => id),
    departures,
    freight: { base: fixed, perKm: 0, perKg: unit, perKgKm: perMile / KM_PER_MILE },
  }
  const none = METROS.slice(0, knobs.metros).map(({ id, lat, lon }) => {
    const farthest = Math.max(...centres.map((centre) => distanceKm(lat, lon, centre.lat, centre.lon)))
    const perKg = unfilledTimes * (unit + (perMile * farthest) / KM_PER_MILE)
    return {
      ...bare,
      id: `unfilled-${id}`,
      name: `Unfilled, ${id}`,
      from: [UNFILLED],
      reaches: [id],
      departures,
      freight: { base: unfilledTimes * fixed, perKm: 0, perKg, perKgKm: 0 },
    }
  })
  return [ground, ...none]
}

/** Periods follow each other evenly over the day; nobody is in a hurry. */
function ordersOf(knobs: MultiItem, kinds: readonly Kind[], luck: Luck): MadeOrder[] {
  const shares = kinds.map(({ share }) => share)
  const people = METROS.slice(0, knobs.metros).map((metro) => metro.people)
  const orders: MadeOrder[] = []
  for (let period = 0; period < knobs.periods; period++) {
    const { items } = kinds[placeOf(shares, luck(DRAW.period, period))]
    if (items.length === 0) continue
    const placedMs = Math.floor((period / knobs.periods) * DAY_MS)
    const zone = placeOf(people, luck(DRAW.metro, period))
    orders.push({ placedMs, promisedMs: placedMs + 30 * DAY_MS, zone, skus: items })
  }
  return orders
}
