import { firstDepartureOf } from '../../policies/market/pricer.ts'
import { capacitiesOf, slotsOf, workCorners, workOf } from '../../policies/market/work.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS, MINUTE_MS } from '../../sim/units.ts'
import type { Day } from './day.ts'
import type { RealisedMarket } from './realised-market.ts'

/** A whole integer program in names: minimise cost · x, x binary, subject to rows. Cents, units, parcels and hand-minutes. */
export type Program = {
  readonly columns: readonly { readonly name: string; readonly cost: number }[]
  readonly rows: readonly ProgramRow[]
}
export type ProgramRow = {
  readonly name: string
  readonly sense: '=' | '<='
  readonly limit: number
  /** Places of columns, and what one of each takes. */
  readonly entries: readonly { readonly column: number; readonly takes: number }[]
}

/** One shipment that an order could go by, or for an order of several lines the part of it that one line is. */
type Leg = {
  readonly group: number
  readonly lane: number
  readonly departure: number
  /** The column of the shipment, and of each of its lines; for an order of one line they are the same. */
  readonly parcel: number
  readonly lines: readonly number[]
}

/**
 * A day's market written out for solvers that know nothing of it. Names say what they mean:
 *
 * - `x_o12_NORTH_express_d0_1800`: order 12 goes from NORTH by express, on the departure of day 0 at 18:00 (`later`: after all that are listed).
 * - `z_…` and `y_…_l2`: the same of an order of several lines, for a shipment and for line 2 in it. `u_o12`: order 12 is not served.
 * - `serve_…`: each line goes somewhere. `room_…`: places on a truck. `stock_…`: units on a shelf. `pick_NORTH_a_v`, `pack_…`: work of orders
 *   that come in slot a or later and leave before slot v, in minutes. Rows that could not bind are left out.
 *
 * Its optimum lies between the bound and the plan of whole orders: for days of some hundred orders.
 */
export function programOf(market: RealisedMarket, day: Day, spec: NetworkSpec): Program {
  const { costs, departures, groups, services, maxShipments } = market
  const columns: { name: string; cost: number }[] = []
  const rows: ProgramRow[] = []
  const legs: Leg[] = []
  const column = (name: string, cost: number): number => columns.push({ name, cost }) - 1
  const names = namesOf(market, day, spec)
  for (let g = 0; g < groups.count; g++) {
    const order = `o${day.number[market.order[g]]}`
    const L = groups.lineStart[g + 1] - groups.lineStart[g]
    const mine = legs.length
    const unserved = column(`u_${order}`, costs.unservedCents(g))
    for (let lane = 0; lane < names.lanes.length; lane++) {
      const [w, s] = [Math.floor(lane / services), lane % services]
      const first = firstDepartureOf(market, g, lane)
      for (let d = first; first >= 0 && d < departures.first[lane + 1]; d++) {
        const late = costs.lateCents(g, w, s, d)
        const parcel = costs.parcelCents(g, w, s)
        if (parcel + late >= costs.unservedCents(g) && L === 1) break
        const at = `${order}_${names.lanes[lane]}_${names.departures[d]}`
        if (L === 1) {
          const x = column(`x_${at}`, parcel + costs.lineCents(g, w, s, 0) + late)
          legs.push({ group: g, lane, departure: d, parcel: x, lines: [x] })
          continue
        }
        const z = column(`z_${at}`, parcel)
        const lines = Array.from({ length: L }, (_, line) =>
          column(`y_${at}_l${line}`, costs.lineCents(g, w, s, line) + (line === 0 ? late : 0)),
        )
        lines.forEach((y, line) => {
          rows.push({
            name: `part_${at}_l${line}`,
            sense: '<=',
            limit: 0,
            entries: [
              { column: y, takes: 1 },
              { column: z, takes: -1 },
            ],
          })
        })
        legs.push({ group: g, lane, departure: d, parcel: z, lines })
      }
    }
    const own = legs.slice(mine)
    for (let line = 0; line < L; line++)
      rows.push({
        name: `serve_${order}_l${line}`,
        sense: '=',
        limit: 1,
        entries: [{ column: unserved, takes: 1 }, ...own.map(({ lines }) => ({ column: lines[line], takes: 1 }))],
      })
    if (maxShipments < L) {
      const entries = own.map(({ parcel }) => ({ column: parcel, takes: 1 }))
      rows.push({ name: `shipments_${order}`, sense: '<=', limit: maxShipments, entries })
    }
  }
  rows.push(...roomRows(market, legs, names), ...stockRows(market, legs, names), ...workRows(market, legs, names))
  return { columns, rows }
}

type Names = {
  readonly lanes: readonly string[]
  readonly warehouses: readonly string[]
  readonly skus: readonly string[]
  readonly departures: readonly string[]
}

function namesOf({ departures }: RealisedMarket, { clock }: Day, spec: NetworkSpec): Names {
  const warehouses = plain(spec.warehouses.map(({ id }) => id))
  const serviceNames = plain(spec.services.map(({ id }) => id))
  const lanes = warehouses.flatMap((warehouse) => serviceNames.map((service) => `${warehouse}_${service}`))
  const named = Array.from(departures.leavesMs, (ms) => {
    const day = Math.floor((ms - clock.dayZeroMs) / DAY_MS)
    const minutes = Math.floor((ms - clock.dayZeroMs - day * DAY_MS) / MINUTE_MS)
    return `d${String(day).replace('-', 'm')}_${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
  })
  for (let lane = 0; lane < lanes.length; lane++) {
    const [from, end] = [departures.first[lane], departures.first[lane + 1]]
    // Two trucks of one minute are told apart by their turn.
    for (let d = end - 2; d > from; d--) if (named[d - 1] === named[d]) named[d] += `_${d - from}`
    if (end > from) named[end - 1] = 'later'
  }
  return { lanes, warehouses, skus: plain(spec.skus.map(({ id }) => id)), departures: named }
}

/** Letters and digits only; numbered where that makes two ids one. */
function plain(ids: readonly string[]): string[] {
  const made = ids.map((id) => id.replace(/[^A-Za-z0-9]+/g, '-').replaceAll('-', '.'))
  return made.map((name, i) => (made.indexOf(name) === i && made.lastIndexOf(name) === i ? name : `${name}.${i}`))
}

function roomRows({ departures }: RealisedMarket, legs: readonly Leg[], names: Names): ProgramRow[] {
  return [...byKey(legs, ({ departure }) => departure)].flatMap(([d, some]) =>
    some.length <= departures.room[d]
      ? []
      : [
          {
            name: `room_${names.lanes[some[0].lane]}_${names.departures[d]}`,
            sense: '<=' as const,
            limit: departures.room[d],
            entries: some.map(({ parcel }) => ({ column: parcel, takes: 1 })),
          },
        ],
  )
}

function stockRows({ groups, stock, services, warehouses }: RealisedMarket, legs: readonly Leg[], names: Names): ProgramRow[] {
  const takes = new Map<number, { column: number; takes: number }[]>()
  for (const { group, lane, lines } of legs)
    lines.forEach((column, line) => {
      const at = groups.lineStart[group] + line
      const shelf = groups.goods[at] * warehouses + Math.floor(lane / services)
      if (stock.units[shelf] === Number.POSITIVE_INFINITY) return
      const entries = takes.get(shelf) ?? []
      entries.push({ column, takes: groups.units[at] })
      takes.set(shelf, entries)
    })
  return [...takes].map(([shelf, entries]) => ({
    name: `stock_${names.warehouses[shelf % warehouses]}_${names.skus[Math.floor(shelf / warehouses)]}`,
    sense: '<=',
    limit: stock.units[shelf],
    entries,
  }))
}

function workRows(market: RealisedMarket, legs: readonly Leg[], names: Names): ProgramRow[] {
  const { departures, groups, services, warehouses } = market
  const T = slotsOf(market)
  const capacity = capacitiesOf(market)
  const corners = workCorners(market)
  const rows: ProgramRow[] = []
  for (let station = 0; station < 2 * warehouses; station++) {
    const w = station >> 1
    const here = legs.filter(({ lane }) => Math.floor(lane / services) === w)
    for (const from of corners.from)
      for (const to of corners.to[w]) {
        if (to <= from) continue
        const limit = capacity[(station * T + from) * (T + 1) + to]
        const some = here.filter((leg) => groups.fromSlot[leg.group] >= from && departures.bySlot[leg.departure] <= to)
        // However its lines go, an order takes no more than one shipment for each.
        let most = 0
        for (const [group] of byKey(some, (leg) => leg.group)) {
          const L = groups.lineStart[group + 1] - groups.lineStart[group]
          most += L * workOf(market, group, station, 1)
        }
        if (most <= limit) continue
        const entries = some.flatMap(({ group, parcel, lines }) => {
          const usual = workOf(market, group, station, 0)
          const each = workOf(market, group, station, 1) - usual
          if (lines.length === 1) return [{ column: parcel, takes: (usual + each) / MINUTE_MS }]
          return [{ column: parcel, takes: usual / MINUTE_MS }, ...lines.map((column) => ({ column, takes: each / MINUTE_MS }))]
        })
        const stage = station % 2 === 0 ? 'pick' : 'pack'
        rows.push({ name: `${stage}_${names.warehouses[w]}_${from}_${to}`, sense: '<=', limit: limit / MINUTE_MS, entries })
      }
  }
  return rows
}

function byKey(legs: readonly Leg[], key: (leg: Leg) => number): Map<number, Leg[]> {
  const found = new Map<number, Leg[]>()
  for (const leg of legs) {
    const list = found.get(key(leg)) ?? []
    list.push(leg)
    found.set(key(leg), list)
  }
  return found
}
