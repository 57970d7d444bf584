import type { NetworkSpec, SkuSpec, StockSpec, ZoneSpec } from '../../sim/network-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { bareNetwork } from '../validate/bare-network.ts'
import { defineInstance, luckFor, type MadeOrder, PART, placeOf, replayOf, upTo } from './instance.ts'

const KNOBS = {
  fronts: 4,
  articles: 40,
  orders: 4000,
  /** Parts of the orders with 1, 2, … lines. */
  lines: [0.55, 0.25, 0.2],
  /** Part of the assortment, its best sellers first, that a front centre holds. */
  stocked: 0.4,
  /** Its stock, as part of the expected demand of its city for what it holds. */
  cover: 0.7,
  /** Popularity falls as rank to the power of minus this. */
  zipf: 0.8,
  /** What a shipment costs, and each line in it: a second one pays only where it spares several lines the longer way. */
  frontFixed: 3,
  frontLine: 0.5,
  regionalFixed: 6,
  regionalLine: 2.5,
}

/**
 * A regional centre that has everything, and front centres in the cities that hold a little of what sells best: the two layers of JD.com's
 * network (regional and front distribution centres), whose front ship to their own city only. A shipment from a front is cheaper than one
 * from the regional centre; an order of several lines that is split pays both. DeValve, Wei, Wu & Yuan, "Understanding the value of
 * fulfillment flexibility in an online retailing environment" (M&SOM 25, 2023), find that little is to be gained there over shipping each order as cheaply
 * as it can be at the moment.
 *
 * A negative control: whoever looks ahead here has little to find, and must not lose by looking. Where fronts hold all that is asked for there
 * is nothing to find; at a `cover` of 0.4 there is a percent or two, in keeping fronts for orders of one line. Figures are ours; the pattern is
 * theirs.
 */
export const twoLayers = defineInstance({
  id: 'two-layers',
  about:
    'A regional centre with everything and front centres with a little: little to be gained over the cheapest, and nothing to be lost.',
  knobs: KNOBS,
  limits: { fronts: upTo(100), articles: upTo(1000), orders: upTo(1_000_000), stocked: PART },
  baseline: 'cheapest',
  cases: { full: [{ cover: 0.4 }, { cover: 0.7 }, { cover: 1 }], quick: [{ orders: 1000 }] },
  make: (knobs, seed) => {
    const luck = luckFor('two-layers', seed)
    const bare = bareNetwork()
    const cities = Array.from({ length: knobs.fronts }, (_, c) => 0.5 + luck(DRAW.city, c))
    const everybody = cities.reduce((sum, share) => sum + share, 0)
    const popularity = Array.from({ length: knobs.articles }, (_, rank) => (rank + 1) ** -knobs.zipf)
    const asked = popularity.reduce((sum, share) => sum + share, 0)
    const orders = Array.from({ length: knobs.orders }, (_, i): MadeOrder => {
      const placedMs = Math.floor((i / knobs.orders) * DAY_MS)
      const count = placeOf(knobs.lines, luck(DRAW.lines, i)) + 1
      const skus = new Set<number>()
      for (let k = 0; skus.size < Math.min(count, knobs.articles); k++) skus.add(placeOf(popularity, luck(DRAW.article + k, i)))
      return { placedMs, promisedMs: placedMs + 30 * DAY_MS, zone: placeOf(cities, luck(DRAW.zone, i)), skus: [...skus] }
    })
    const total = knobs.lines.reduce((sum, share) => sum + share, 0)
    const linesADay = knobs.orders * knobs.lines.reduce((sum, share, i) => sum + (share / total) * (i + 1), 0)
    const best = Math.round(knobs.stocked * knobs.articles)
    const openingStock: StockSpec[] = popularity.flatMap((share, k) => [
      { warehouse: REGIONAL, sku: articleId(k), units: PLENTY },
      ...(k >= best
        ? []
        : cities.map((city, c) => ({
            warehouse: frontId(c),
            sku: articleId(k),
            units: Math.round(knobs.cover * linesADay * (share / asked) * (city / everybody)),
          }))),
    ])
    const service = (from: string[], fixed: number, perKg: number, reaches?: string[]) => ({
      ...bare.services[0],
      id: `from-${from[0]}`,
      from,
      ...(reaches === undefined ? {} : { reaches }),
      departures: [{ ...bare.services[0].departures[0], at: '24:00' }],
      freight: { base: fixed, perKm: 0, perKg, perKgKm: 0 },
    })
    const spec: NetworkSpec = {
      ...bare,
      name: 'two layers',
      about: 'A regional centre, and front centres in the cities.',
      demand: { ...bare.demand, ordersPerDay: knobs.orders, linesPerOrder: knobs.lines },
      zones: cities.map(
        (share, c): ZoneSpec => ({ ...bare.zones[0], id: `city-${c}`, region: `city-${c}`, ...around(c, knobs.fronts), share }),
      ),
      skus: popularity.map((share, k): SkuSpec => ({ ...bare.skus[0], id: articleId(k), weightGrams: 1000, share })),
      warehouses: [
        { ...bare.warehouses[0], id: REGIONAL, name: 'Regional centre', lat: 0, lon: 0 },
        ...cities.map((_, c) => ({ ...bare.warehouses[0], id: frontId(c), name: `Front ${c}`, ...around(c, knobs.fronts) })),
      ],
      services: [
        service([REGIONAL], knobs.regionalFixed, knobs.regionalLine),
        ...cities.map((_, c) => service([frontId(c)], knobs.frontFixed, knobs.frontLine, [`city-${c}`])),
      ],
      suppliers: [{ ...bare.suppliers[0], leadDays: { law: 'constant', value: 60 } }],
      openingStock,
    }
    return { spec, scenario: { name: 'two-layers', about: 'One day.', days: 1 }, orders: replayOf(orders), unfilled: -1 }
  },
})

const REGIONAL = 'regional'
const PLENTY = 10_000_000
const articleId = (k: number): string => `article-${k}`
const frontId = (c: number): string => `front-${c}`
/** Cities lie on a ring of some 330 km about the regional centre. */
const around = (c: number, cities: number) => ({
  lat: 3 * Math.sin((2 * Math.PI * c) / cities),
  lon: 3 * Math.cos((2 * Math.PI * c) / cities),
})

/** Kinds of luck; `article` and those after it are tries for the lines of an order. */
const DRAW = { city: 0, lines: 1, zone: 2, article: 3 } as const
