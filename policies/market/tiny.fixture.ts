import fc from 'fast-check'
import * as loaded from 'highs'
import type { Assignment, Market, MarketPrices } from './market.ts'

/** HiGHS as the tests of this room get it; see scenarios/highs.ts, whose types they may not lean on. */
export const highs: loaded.Highs = await (loaded.default as unknown as typeof loaded.default.default)()

/** How large a market to draw, at most. */
export type Size = {
  readonly warehouses: number
  readonly services: number
  readonly departures: number
  readonly groups: number
  readonly orders: number
  readonly lines: number
  readonly slots: number
}

/** Markets drawn at random: goods, hands and room run short, lanes are closed, and orders may be split. */
export function markets(size: Size): fc.Arbitrary<Market> {
  return fc
    .record({
      seed: fc.integer({ min: 1, max: 2 ** 30 }),
      warehouses: fc.integer({ min: 1, max: size.warehouses }),
      services: fc.integer({ min: 1, max: size.services }),
      departures: fc.integer({ min: 1, max: size.departures }),
      groups: fc.integer({ min: 1, max: size.groups }),
      slots: fc.integer({ min: 2, max: size.slots }),
      maxShipments: fc.integer({ min: 1, max: 3 }),
      goods: fc.integer({ min: 0, max: 2 }),
    })
    .map((drawn) => marketOf({ ...drawn, orders: size.orders, lines: size.lines }))
}

type Drawn = Size & { readonly seed: number; readonly maxShipments: number; readonly goods: number }

function marketOf({
  seed,
  warehouses: W,
  services: S,
  departures,
  groups: G,
  orders,
  lines,
  slots: T,
  maxShipments,
  goods,
}: Drawn): Market {
  // Mulberry32: the whole market from one number, so that a failing one can be named.
  let state = seed
  const u = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const whole = (least: number, most: number): number => least + Math.floor(u() * (most - least + 1))
  const many = <A>(count: number, one: (i: number) => A): A[] => Array.from({ length: count }, (_, i) => one(i))
  const lanes = W * S
  const D = lanes * departures
  const leaves = many(lanes, () => many(departures, () => whole(1, T)).sort((a, b) => a - b)).flat()
  const count = many(G, () => whole(1, lines))
  const lineStart = Int32Array.from([0, ...count.map((_, i) => count.slice(0, i + 1).reduce((sum, one) => sum + one, 0))])
  const total = lineStart[G]
  const fromSlot = Int32Array.from(many(G, () => whole(0, T - 1)))
  const parcel = many(G * lanes, () => whole(100, 900))
  const line = many(G * lanes * lines, () => whole(0, 200))
  const perSlotLate = many(G, () => whole(0, 300))
  const isOpen = many(G * lanes, () => u() < 0.85)
  const unserved = many(G, () => whole(1500, 5000))
  return {
    warehouses: W,
    services: S,
    maxShipments,
    work: {
      slotMs: Float64Array.from(many(T + 1, (t) => 1000 * t)),
      capacityMs: Float64Array.from(many(2 * W * T, () => (u() < 0.2 ? Number.POSITIVE_INFINITY : whole(0, orders * G * 12)))),
      parcelMs: Float64Array.from(many(2 * W, () => whole(0, 20))),
      lineMs: Float64Array.from(many(2 * W, () => whole(0, 8))),
    },
    departures: {
      first: Int32Array.from(many(lanes + 1, (lane) => lane * departures)),
      leavesMs: Float64Array.from(leaves.map((slot) => 1000 * slot)),
      bySlot: Int32Array.from(leaves),
      room: Float64Array.from(many(D, () => (u() < 0.4 ? Number.POSITIVE_INFINITY : whole(0, 1 + orders)))),
    },
    stock: {
      goods,
      units: Float64Array.from(many(goods * W, () => (u() < 0.2 ? Number.POSITIVE_INFINITY : whole(0, 2 * orders)))),
    },
    groups: {
      count: G,
      orders: Float64Array.from(many(G, () => whole(1, orders))),
      fromSlot,
      lineStart,
      goods: Int32Array.from(many(total, () => whole(-1, goods - 1))),
      units: Int32Array.from(many(total, () => whole(1, 2))),
    },
    costs: {
      firstDeparture: (g, w, s) => (isOpen[g * lanes + w * S + s] ? (w * S + s) * departures : -1),
      parcelCents: (g, w, s) => parcel[g * lanes + w * S + s],
      lineCents: (g, w, s, i) => line[(g * lanes + w * S + s) * lines + i],
      lateCents: (g, _w, _s, d) => perSlotLate[g] * Math.max(0, leaves[d] - fromSlot[g] - 1),
      unservedCents: (g) => unserved[g],
    },
  }
}

/** Every way to ship an order of the group, straight from the words of the market; not serving it is the last. */
export function allWays(market: Market, group: number): Assignment[] {
  const { costs, departures, groups, maxShipments, services, stock, warehouses } = market
  const L = groups.lineStart[group + 1] - groups.lineStart[group]
  const found: Assignment[] = []
  const ship = (left: number, shipments: Assignment['shipments'], cents: number): void => {
    if (left === 0) found.push({ group, orders: 1, cents, shipments })
    if (left === 0 || shipments.length === maxShipments) return
    const lowest = left & -left
    for (let lines = left; lines > 0; lines--) {
      if ((lines & ~left) !== 0 || (lines & lowest) === 0) continue
      for (let w = 0; w < warehouses; w++)
        for (let s = 0; s < services; s++) {
          const first = costs.firstDeparture(group, w, s)
          let own = costs.parcelCents(group, w, s)
          let has = first >= 0
          for (let i = 0; i < L; i++) {
            if (((lines >> i) & 1) === 0) continue
            own += costs.lineCents(group, w, s, i)
            const goods = groups.goods[groups.lineStart[group] + i]
            if (goods >= 0 && stock.units[goods * warehouses + w] === 0) has = false
          }
          if (!has) continue
          for (let d = first; d < departures.first[w * services + s + 1]; d++) {
            if (departures.bySlot[d] <= groups.fromSlot[group]) continue
            const late = lines & 1 ? costs.lateCents(group, w, s, d) : 0
            ship(left ^ lines, [...shipments, { lines, warehouse: w, service: s, departure: d }], cents + own + late)
          }
        }
    }
  }
  ship((1 << L) - 1, [], 0)
  found.push({ group, orders: 1, cents: costs.unservedCents(group), shipments: [] })
  return found
}

/** What limits a market: all rows that its words name, each with what one order of a way takes of it. */
export type Limit = { readonly name: string; readonly limit: number; takes(way: Assignment): number }

export function allLimits(market: Market): Limit[] {
  const { departures, groups, stock, warehouses, work } = market
  const T = work.slotMs.length - 1
  const limits: Limit[] = []
  for (let k = 0; k < stock.goods; k++)
    for (let w = 0; w < warehouses; w++)
      limits.push({
        name: `goods ${k} in ${w}`,
        limit: stock.units[k * warehouses + w],
        takes: ({ group, shipments }) => {
          let units = 0
          for (const { lines, warehouse } of shipments)
            for (let i = groups.lineStart[group]; i < groups.lineStart[group + 1]; i++)
              if (warehouse === w && (lines >> (i - groups.lineStart[group])) & 1 && groups.goods[i] === k)
                units += groups.units[i]
          return units
        },
      })
  departures.room.forEach((limit, d) => {
    limits.push({
      name: `departure ${d}`,
      limit,
      takes: ({ shipments }) => shipments.filter(({ departure }) => departure === d).length,
    })
  })
  for (let r = 0; r < 2 * warehouses; r++)
    for (let a = 0; a < T; a++)
      for (let v = a + 1; v <= T; v++)
        limits.push({
          name: `work of ${r} in ${a} to ${v}`,
          limit: work.capacityMs.subarray(r * T + a, r * T + v).reduce((sum, ms) => sum + ms, 0),
          takes: ({ group, shipments }) =>
            shipments
              .filter(
                ({ warehouse, departure }) =>
                  warehouse === r >> 1 && groups.fromSlot[group] >= a && departures.bySlot[departure] <= v,
              )
              .reduce(
                (sum, { lines }) => sum + work.parcelMs[r] + work.lineMs[r] * lines.toString(2).replaceAll('0', '').length,
                0,
              ),
        })
  return limits.filter(({ limit }) => limit < Number.POSITIVE_INFINITY)
}

/** Names of the limits that a plan breaks by more than the share, and of the groups of which it ships more or fewer orders than there are. */
export function brokenBy(market: Market, plan: readonly Assignment[], share: number): string[] {
  const broken = allLimits(market).filter(
    ({ limit, takes }) => plan.reduce((sum, way) => sum + way.orders * takes(way), 0) > limit + share * (1 + limit),
  )
  const shipped = new Float64Array(market.groups.count)
  for (const { group, orders } of plan) shipped[group] += orders
  const wrong = [...shipped.keys()].filter((g) => Math.abs(shipped[g] - market.groups.orders[g]) > share * (1 + shipped[g]))
  return [...broken.map(({ name }) => name), ...wrong.map((g) => `orders of group ${g}`)]
}

/** The market with all ways and all rows in one program; whole numbers of orders where asked. */
export function solveDense(market: Market, isWhole: boolean): number {
  const ways = Array.from({ length: market.groups.count }, (_, g) => allWays(market, g)).flat()
  const limits = allLimits(market)
  const G = market.groups.count
  const starts = [0]
  const [indices, values]: [number[], number[]] = [[], []]
  for (const way of ways) {
    indices.push(way.group)
    values.push(1)
    limits.forEach(({ takes }, i) => {
      const much = takes(way)
      if (much === 0) return
      indices.push(G + i)
      values.push(much)
    })
    starts.push(indices.length)
  }
  const model = highs.createModel({
    numCols: ways.length,
    numRows: G + limits.length,
    colCost: ways.map(({ cents }) => cents),
    colLower: ways.map(() => 0),
    colUpper: ways.map(() => highs.infinity),
    rowLower: [...market.groups.orders, ...limits.map(() => -highs.infinity)],
    rowUpper: [...market.groups.orders, ...limits.map(({ limit }) => limit)],
    matrix: { format: 'csc', numRows: G + limits.length, numCols: ways.length, starts, indices, values },
    ...(isWhole ? { integrality: Int32Array.from(ways, () => 1) } : {}),
  })
  try {
    model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 1e-6 })
    model.run()
    if (model.getModelStatus() !== highs.constants.modelStatus.optimal) throw new Error('the dense program has no solution')
    return model.getObjectiveValue()
  } finally {
    model.dispose()
  }
}

/** The cheapest plan of whole orders, order by order through all ways; for a handful of orders. */
export function bestWholePlan(market: Market): number {
  const limits = allLimits(market)
  const left = limits.map(({ limit }) => limit)
  const ways = Array.from({ length: market.groups.count }, (_, g) => allWays(market, g).sort((a, b) => a.cents - b.cents))
  const takes = ways.map((of) => of.map((way) => limits.map((limit) => limit.takes(way))))
  const orders = [...market.groups.orders].flatMap((count, g) => Array.from({ length: count }, () => g))
  // What the orders from here on cost at the least, each by its cheapest way.
  const floor = orders.map((_, i) => orders.slice(i).reduce((sum, g) => sum + ways[g][0].cents, 0))
  let best = Number.POSITIVE_INFINITY
  const next = (i: number, from: number, cents: number): void => {
    if (i === orders.length) best = Math.min(best, cents)
    if (i === orders.length || cents + floor[i] >= best) return
    const g = orders[i]
    // Like orders take their ways in turn: which of them goes which way is all one.
    for (let m = from; m < ways[g].length; m++) {
      const use = takes[g][m]
      if (use.some((much, row) => much > left[row] + 1e-9)) continue
      use.forEach((much, row) => {
        left[row] -= much
      })
      next(i + 1, orders[i + 1] === g ? m : 0, cents + ways[g][m].cents)
      use.forEach((much, row) => {
        left[row] += much
      })
    }
  }
  next(0, 0, 0)
  return best
}

/** Prices at random, none for what there is plenty of. */
export function pricesOf(market: Market, luck: readonly number[]): MarketPrices {
  let i = 0
  const next = (most: number): number => most * luck[i++ % luck.length]
  const T = market.work.slotMs.length - 1
  const work = []
  for (let station = 0; station < 2 * market.warehouses; station++)
    for (let from = 0; from < T; from++)
      for (let to = from + 1; to <= T; to++) {
        const capacity = market.work.capacityMs.subarray(station * T + from, station * T + to)
        const centsPerMs = next(8) - 5
        if (centsPerMs > 0 && capacity.every((ms) => ms < Number.POSITIVE_INFINITY)) work.push({ station, from, to, centsPerMs })
      }
  const priced = (limits: Float64Array): Float64Array =>
    limits.map((limit) => (limit < Number.POSITIVE_INFINITY ? Math.max(0, next(400) - 150) : 0))
  return { stockCents: priced(market.stock.units), roomCents: priced(market.departures.room), work }
}
