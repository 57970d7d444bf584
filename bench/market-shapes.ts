import type { Market } from '../policies/market/market.ts'
import { dice, draw, PURPOSE } from '../sim/random.ts'

/**
 * Three markets made up from a seed, all figures assumptions or of the sources named: goods that run short, a peak day on which hands and trucks do,
 * and the same for a country.
 */

const HOUR = 3_600_000

/** Carriers' warehouses, metros and their millions of people, in degrees. */
const CENTRES = [
  [37.74, -121.43],
  [39.99, -86.35],
  [41.24, -75.88],
  [33.95, -81.12],
  [32.97, -97.33],
]
const METROS = [
  [40.71, -74.0, 20.1],
  [34.05, -118.24, 13.2],
  [41.88, -87.63, 9.6],
  [32.78, -96.8, 7.6],
  [29.76, -95.37, 7.1],
  [38.9, -77.04, 6.4],
  [39.95, -75.17, 6.2],
  [25.76, -80.19, 6.1],
  [33.75, -84.39, 6.1],
  [33.45, -112.07, 4.8],
]

/**
 * Goods that run short: 5 warehouses, 10 zones, 20 goods, 25 types of orders of 1 to 5 lines, each carried by a warehouse with odds of 3 in 4. Parameters of
 * Jasin & Sinha (Operations Research 63, 2015) and Ma (arXiv 2207.04774): a parcel costs 8.759, a unit 0.423 + 0.000541 a mile, what is not in
 * stock comes from a sixth place that never runs out, at twice the cost of the longest way.
 */
export function stockMarket(seed: string, arrivals = 10_000): Market {
  const luck = dice(seed, 0)
  const u = (entity: number, k: number): number => draw(luck, entity, PURPOSE.swarm, k)
  const [W, GOODS, SIZES, PER_SIZE] = [CENTRES.length + 1, 20, 5, 5]
  const miles = METROS.map(([lat, lon]) => CENTRES.map(([a, b]) => milesBetween(lat, lon, a, b)))
  const farthest = Math.max(...miles.flat())
  const carries = CENTRES.map((_, w) => Array.from({ length: GOODS }, (_, k) => u(w, k) < 0.75))
  const types = Array.from({ length: SIZES * PER_SIZE }, (_, type) => {
    const size = 1 + Math.floor(type / PER_SIZE)
    const order = Array.from({ length: GOODS }, (_, k) => k).sort((a, b) => u(100 + type, a) - u(100 + type, b))
    return order.slice(0, size)
  })
  const weights = types.map((_, type) => u(200 + type, 0))
  const people = METROS.reduce((sum, [, , million]) => sum + million, 0)
  const weight = weights.reduce((sum, one) => sum + one, 0)
  const share = METROS.flatMap(([, , million]) => weights.map((one) => (million * one) / (people * weight)))
  const orders = new Float64Array(share.length)
  const edges = share.map((_, i) => share.slice(0, i + 1).reduce((sum, one) => sum + one, 0))
  for (let i = 0; i < arrivals; i++) {
    const at = u(1_000_000 + i, 0)
    const group = edges.findIndex((edge) => at < edge)
    orders[group < 0 ? share.length - 1 : group]++
  }
  // Each warehouse holds what the zones would ask it for that lie nearest to it among those that carry the goods, and half a deviation more.
  const asked = new Float64Array(GOODS * W)
  for (let zone = 0; zone < METROS.length; zone++)
    for (let type = 0; type < types.length; type++)
      for (const k of types[type]) {
        const holds = CENTRES.map((_, w) => w).filter((w) => carries[w][k])
        holds.sort((a, b) => miles[zone][a] - miles[zone][b])
        if (holds.length > 0) asked[k * W + holds[0]] += share[zone * types.length + type]
      }
  const units = asked.map((d, i) =>
    i % W === W - 1 ? Number.POSITIVE_INFINITY : Math.round(arrivals * d + 0.5 * Math.sqrt(arrivals * d * (1 - d))),
  )
  const kept = [...orders.keys()].filter((group) => orders[group] > 0)
  const linesOf = kept.map((group) => types[group % types.length])
  const zoneOf = kept.map((group) => Math.floor(group / types.length))
  const lineStart = startsOf(linesOf.map((lines) => lines.length))
  const goods = Int32Array.from(linesOf.flat())
  const never = new Float64Array(2 * W)
  return {
    warehouses: W,
    services: 1,
    maxShipments: W,
    work: {
      slotMs: Float64Array.of(0, 24 * HOUR),
      capacityMs: new Float64Array(2 * W).fill(Number.POSITIVE_INFINITY),
      parcelMs: never,
      lineMs: never,
    },
    departures: {
      first: Int32Array.from({ length: W + 1 }, (_, lane) => lane),
      leavesMs: new Float64Array(W).fill(24 * HOUR),
      bySlot: new Int32Array(W).fill(1),
      room: new Float64Array(W).fill(Number.POSITIVE_INFINITY),
    },
    stock: { goods: GOODS, units },
    groups: {
      count: kept.length,
      orders: Float64Array.from(kept, (group) => orders[group]),
      fromSlot: new Int32Array(kept.length),
      lineStart,
      goods,
      units: new Int32Array(goods.length).fill(1),
    },
    costs: {
      firstDeparture: (_, warehouse) => warehouse,
      parcelCents: (_, warehouse) => (warehouse === W - 1 ? 2 : 1) * 875.9,
      lineCents: (group, warehouse) =>
        warehouse === W - 1 ? 2 * (42.3 + 0.0541 * farthest) : 42.3 + 0.0541 * miles[zoneOf[group]][warehouse],
      lateCents: () => 0,
      unservedCents: () => 1e5,
    },
  }
}

function milesBetween(lat: number, lon: number, a: number, b: number): number {
  const rad = Math.PI / 180
  const h = Math.sin(((a - lat) * rad) / 2) ** 2 + Math.cos(lat * rad) * Math.cos(a * rad) * Math.sin(((b - lon) * rad) / 2) ** 2
  return 3958.8 * 2 * Math.asin(Math.sqrt(h))
}

/** A peak day: how big the country is, and how much is asked of it. */
export type PeakSize = {
  readonly kmAcross: number
  readonly zones: number
  /** Of each warehouse its share of all hands. */
  readonly shares: readonly number[]
  readonly orders: number
  /** Orders beside what all hands do in a day. */
  readonly load: number
  /** Of each service: what its trucks take of a warehouse's day, cents of a parcel and for each km, hours and km an hour. */
  readonly services: readonly { room: number; cents: number; kmCents: number; hours: number; kmPerHour: number }[]
  /** Kinds of orders: share of the orders, lines, odds that a warehouse has such goods. */
  readonly kinds: readonly { share: number; lines: number; odds: number }[]
  /** True where packing runs short too, and not only picking. */
  readonly packs: boolean
}

const ECONOMY = { room: 0.34, cents: 600, kmCents: 0.8, hours: 12, kmPerHour: 45 }
const EXPRESS = { room: 0.12, cents: 950, kmCents: 1.4, hours: 6, kmPerHour: 80 }

/** 6 warehouses × 2 services × 24 zones, 20,000 orders with flash peaks at 10:00 and 20:00. */
export const PEAK_DAY: PeakSize = {
  kmAcross: 1000,
  zones: 24,
  shares: [0.2, 0.15, 0.2, 0.15, 0.18, 0.12],
  orders: 20_000,
  load: 1.15,
  services: [ECONOMY, EXPRESS],
  kinds: [
    { share: 0.4, lines: 1, odds: 1 },
    { share: 0.3, lines: 1, odds: 0.65 },
    { share: 0.3, lines: 1, odds: 0.65 },
  ],
  packs: false,
}

/** 30 warehouses × 3 services × 300 zones: 7,200 groups of like orders. */
export const COUNTRY: PeakSize = {
  kmAcross: 1000,
  zones: 300,
  shares: Array.from({ length: 30 }, (_, w) => (1 + (w % 3)) / 60),
  orders: 1_000_000,
  load: 1.05,
  services: [ECONOMY, { room: 0.2, cents: 760, kmCents: 1, hours: 9, kmPerHour: 60 }, EXPRESS],
  kinds: [{ share: 1, lines: 1, odds: 1 }],
  packs: true,
}

const DAYS = 3
/** Trucks leave at these hours of each day. */
const LEAVES = [12, 17, 21, 24]

/**
 * Orders of one day, by zone and hour; hands for `DAYS` days, half as many by night. Promised is the next day at 22:00 to who orders before 20:00,
 * a day later to the others; late costs 15 and 0.50 an hour.
 */
export function peakMarket(seed: string, size: PeakSize): Market {
  const luck = dice(seed, 0)
  const u = (entity: number, k: number): number => draw(luck, entity, PURPOSE.swarm, k)
  const [W, S, T] = [size.shares.length, size.services.length, 24 * DAYS]
  const at = (entity: number): [number, number] => [size.kmAcross * u(entity, 0), size.kmAcross * u(entity, 1)]
  const places = size.shares.map((_, w) => at(w))
  // Two zones in three lie near one of the first two warehouses: that is what makes some hands scarce and leaves others idle.
  const zones = Array.from({ length: size.zones }, (_, z) => {
    const [x, y] = at(1000 + z)
    const near = u(1000 + z, 2)
    if (near > 0.66) return [x, y]
    const [a, b] = places[near < 0.33 ? 0 : 1]
    return [0.75 * a + 0.25 * x, 0.75 * b + 0.25 * y]
  })
  const km = zones.map(([x, y]) => places.map(([a, b]) => Math.hypot(x - a, y - b)))
  const zoneShare = zones.map((_, z) => 0.5 + u(1000 + z, 3))
  const hourShare = Array.from({ length: 24 }, (_, h) => (h === 10 ? 4.5 : h === 20 ? 5 : h < 7 ? 0.3 : 1))
  const all = zoneShare.reduce((sum, one) => sum + one, 0) * hourShare.reduce((sum, one) => sum + one, 0)
  const groups: { zone: number; hour: number; kind: number; orders: number }[] = []
  for (let zone = 0; zone < size.zones; zone++)
    for (let hour = 0; hour < 24; hour++)
      for (let kind = 0; kind < size.kinds.length; kind++) {
        const mean = (size.orders * size.kinds[kind].share * zoneShare[zone] * hourShare[hour]) / all
        const orders = Math.floor(mean + u(10_000 + zone * 24 + hour, kind))
        if (orders > 0) groups.push({ zone, hour, kind, orders })
      }
  const lines = groups.map(({ kind }) => size.kinds[kind].lines)
  const total = groups.reduce((sum, one) => sum + one.orders, 0)
  const perDay = total / size.load
  const [parcelMs, lineMs] = [90_000, 30_000]
  const meanMs = groups.reduce((sum, one, g) => sum + one.orders * (parcelMs + lines[g] * lineMs), 0) / total
  const capacityMs = new Float64Array(2 * W * T)
  for (let w = 0; w < W; w++)
    for (let t = 0; t < T; t++) {
      const hour = t % 24
      const rate = (hour < 6 || hour >= 22 ? 0.5 : 1) / 20
      const noise = 1 + 0.3 * (u(5000 + w, t) - 0.5)
      capacityMs[2 * w * T + t] = perDay * size.shares[w] * rate * noise * meanMs
      capacityMs[(2 * w + 1) * T + t] = size.packs
        ? perDay * size.shares[w] * rate * (1.9 - noise) * meanMs
        : Number.POSITIVE_INFINITY
    }
  const hours = Array.from({ length: DAYS }, (_, day) => LEAVES.map((hour) => 24 * day + hour)).flat()
  const D = hours.length
  const lanes = Array.from({ length: W * S }, (_, lane) => lane)
  const carried = size.kinds.map((kind, k) => size.shares.map((_, w) => kind.odds === 1 || u(7000 + w, k) < kind.odds || w === k))
  return {
    warehouses: W,
    services: S,
    maxShipments: 2,
    work: {
      slotMs: Float64Array.from({ length: T + 1 }, (_, t) => t * HOUR),
      capacityMs,
      parcelMs: new Float64Array(2 * W).fill(parcelMs),
      lineMs: new Float64Array(2 * W).fill(lineMs),
    },
    departures: {
      first: Int32Array.from({ length: W * S + 1 }, (_, lane) => lane * D),
      leavesMs: Float64Array.from(lanes.flatMap(() => hours.map((hour) => hour * HOUR))),
      bySlot: Int32Array.from(lanes.flatMap(() => hours)),
      room: Float64Array.from(
        lanes.flatMap((lane) =>
          hours.map(() => Math.round(size.services[lane % S].room * perDay * size.shares[Math.floor(lane / S)])),
        ),
      ),
    },
    stock: { goods: 0, units: new Float64Array(0) },
    groups: {
      count: groups.length,
      orders: Float64Array.from(groups, ({ orders }) => orders),
      fromSlot: Int32Array.from(groups, ({ hour }) => hour),
      lineStart: startsOf(lines),
      goods: new Int32Array(lines.reduce((sum, one) => sum + one, 0)).fill(-1),
      units: new Int32Array(lines.reduce((sum, one) => sum + one, 0)).fill(1),
    },
    costs: {
      firstDeparture: (g, w, s) => {
        const { hour, kind } = groups[g]
        return carried[kind][w] ? (w * S + s) * D + hours.findIndex((leaves) => leaves > hour) : -1
      },
      parcelCents: (g, w, s) => size.services[s].cents + size.services[s].kmCents * km[groups[g].zone][w],
      lineCents: () => 20,
      lateCents: (g, w, s, departure) => {
        const { hour, zone } = groups[g]
        const arrives = hours[departure % D] + size.services[s].hours + km[zone][w] / size.services[s].kmPerHour
        const late = arrives - (hour < 20 ? 46 : 70)
        return late > 0 ? 1500 + 50 * late : 0
      },
      unservedCents: () => 10_000,
    },
  }
}

function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1)
  lengths.forEach((length, i) => {
    starts[i + 1] = starts[i] + length
  })
  return starts
}
