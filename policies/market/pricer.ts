import { LINES_OF, laneOfDeparture, type Shipments } from './columns.ts'
import type { Market, MarketPrices } from './market.ts'
import { stepsOfLook } from './steps.ts'
import { emptyWork, slotsOf, workCentsOf } from './work.ts'

const MAX_LINES = 8
const ALL = 1 << MAX_LINES

/**
 * Finds a group's cheapest way at any prices: exact over sets of lines × warehouses × services × departures, of at most `maxShipments` shipments.
 *
 * What a group pays without prices is asked of the market once and kept by lane, lanes from cheap to dear: prices are never negative, so that an order
 * of one line is done with when the next lane is dearer than the best found, and with a lane when the next departure is. What a departure asks
 * for hands and room is the same for all groups that come in one slot, and kept for each such slot.
 */
export type Pricer = {
  readonly market: Market
  readonly laneOf: Int32Array
  /** Lanes open to group g: entries entryFirst[g] … entryFirst[g + 1], by `least`. */
  readonly entryFirst: Int32Array
  readonly lane: Int32Array
  /** The least that the whole order pays there without prices. */
  readonly least: Float64Array
  /** Cents of a parcel before its lines, then of each line: parts[partAt[entry] …]. */
  readonly partAt: Int32Array
  readonly parts: Float64Array
  /** Departures of the entry from the first it can catch; of these so many as leave early enough to be worth it: centsAt[entry] … centsAt[entry + 1]. */
  readonly departure: Int32Array
  readonly centsAt: Int32Array
  /** For a single line all that it pays without prices, for more lines its lateness. */
  readonly cents: Float64Array
  readonly unserved: Float64Array
  /** 1 for groups of three lines or more that cannot be told apart: only how many go together matters, not which. */
  readonly alike: Uint8Array
  /** What it takes to look for every group's cheapest way once: see `steps.ts`. */
  readonly lookSteps: number
  /** Prices, once aimed: for a parcel and for a line in it, [fromSlot · departures + departure], and a row more for a group of its own effort. */
  readonly parcelToll: Float64Array
  readonly lineToll: Float64Array
  readonly workCents: Float64Array
  stockCents: Float64Array
  roomCents: Float64Array
  readonly scratch: Scratch
  /** The answer: cents with prices, and the shipments. */
  best: number
  readonly way: { count: number; readonly lines: Int32Array; readonly departure: Int32Array }
}

type Scratch = {
  readonly lineSum: Float64Array
  /** By number of lines: cents of a parcel with its dearest tolls, and its departure, with the lateness of the order and without. */
  readonly late: Float64Array
  readonly lateBy: Int32Array
  readonly free: Float64Array
  readonly freeBy: Int32Array
  /** Best shipment for each set of lines, and best way to ship a set in so many shipments, with the one that holds the lowest line. */
  readonly setCents: Float64Array
  readonly setBy: Int32Array
  readonly coverCents: Float64Array
  readonly coverFirst: Int32Array
}

export function openPricer(market: Market): Pricer {
  const { departures, groups, services, stock, warehouses } = market
  const lanes = warehouses * services
  const G = groups.count
  const D = departures.leavesMs.length
  const unserved = Float64Array.from({ length: G }, (_, g) => market.costs.unservedCents(g))
  // Read off once, then laid down in order of cost.
  const draft = { first: new Int32Array(lanes), least: new Float64Array(lanes), order: new Int32Array(lanes) }
  let [entryRoom, partRoom, centsRoom] = [0, 0, 0]
  for (let g = 0; g < G; g++)
    for (let lane = 0; lane < lanes; lane++) {
      const first = firstDepartureOf(market, g, lane)
      if (first < 0) continue
      entryRoom++
      partRoom += 1 + groups.lineStart[g + 1] - groups.lineStart[g]
      centsRoom += departures.first[lane + 1] - first
    }
  const entryFirst = new Int32Array(G + 1)
  const lane = new Int32Array(entryRoom)
  const least = new Float64Array(entryRoom)
  const partAt = new Int32Array(entryRoom + 1)
  const parts = new Float64Array(partRoom)
  const departure = new Int32Array(entryRoom)
  const centsAt = new Int32Array(entryRoom + 1)
  const cents = new Float64Array(centsRoom)
  let entry = 0
  for (let g = 0; g < G; g++) {
    entryFirst[g] = entry
    const lineStart = groups.lineStart[g]
    const L = groups.lineStart[g + 1] - lineStart
    let open = 0
    for (let l = 0; l < lanes; l++) {
      const first = firstDepartureOf(market, g, l)
      if (first < 0) continue
      const [w, s] = [Math.floor(l / services), l % services]
      if (L === 1 && lacks(stock, groups.goods[lineStart], w, warehouses)) continue
      draft.first[l] = first
      draft.least[l] = market.costs.parcelCents(g, w, s) + market.costs.lateCents(g, w, s, first)
      if (L === 1) draft.least[l] += market.costs.lineCents(g, w, s, 0)
      if (draft.least[l] < unserved[g] || L > 1) draft.order[open++] = l
    }
    for (const l of draft.order.subarray(0, open).sort((a, b) => draft.least[a] - draft.least[b] || a - b)) {
      const [w, s] = [Math.floor(l / services), l % services]
      lane[entry] = l
      least[entry] = draft.least[l]
      departure[entry] = draft.first[l]
      let at = partAt[entry]
      const parcel = market.costs.parcelCents(g, w, s)
      parts[at++] = parcel
      for (let i = 0; i < L; i++)
        parts[at++] = lacks(stock, groups.goods[lineStart + i], w, warehouses)
          ? Number.POSITIVE_INFINITY
          : market.costs.lineCents(g, w, s, i)
      partAt[entry + 1] = at
      at = centsAt[entry]
      const whole = L === 1 ? parcel + parts[partAt[entry] + 1] : 0
      for (let d = draft.first[l]; d < departures.first[l + 1]; d++) {
        const late = market.costs.lateCents(g, w, s, d)
        if (parcel + late >= unserved[g] || whole + late >= unserved[g]) break
        cents[at++] = whole + late
      }
      centsAt[++entry] = at
    }
  }
  entryFirst[G] = entry
  const alike = alikeGroups(market, entryFirst, partAt, parts)
  return {
    market,
    laneOf: laneOfDeparture(market),
    entryFirst,
    lane,
    least,
    partAt,
    parts,
    departure,
    centsAt,
    cents,
    unserved,
    alike,
    lookSteps: stepsOfLook(market, entryFirst, alike),
    parcelToll: new Float64Array((slotsOf(market) + 1) * D),
    lineToll: new Float64Array((slotsOf(market) + 1) * D),
    workCents: emptyWork(market),
    stockCents: new Float64Array(stock.goods * warehouses),
    roomCents: new Float64Array(D),
    scratch: {
      lineSum: new Float64Array(ALL),
      late: new Float64Array(MAX_LINES + 1),
      lateBy: new Int32Array(MAX_LINES + 1),
      free: new Float64Array(MAX_LINES + 1),
      freeBy: new Int32Array(MAX_LINES + 1),
      setCents: new Float64Array(ALL),
      setBy: new Int32Array(ALL),
      coverCents: new Float64Array((MAX_LINES + 1) * ALL),
      coverFirst: new Int32Array((MAX_LINES + 1) * ALL),
    },
    best: 0,
    way: { count: 0, lines: new Int32Array(MAX_LINES), departure: new Int32Array(MAX_LINES) },
  }
}

/** Groups of lines of the same goods, as many units of them, and the same cents in every lane. */
function alikeGroups({ groups }: Market, entryFirst: Int32Array, partAt: Int32Array, parts: Float64Array): Uint8Array {
  const alike = new Uint8Array(groups.count)
  for (let g = 0; g < groups.count; g++) {
    const [from, to] = [groups.lineStart[g], groups.lineStart[g + 1]]
    let same = to - from >= 3
    for (let i = from + 1; i < to && same; i++)
      same = groups.goods[i] === groups.goods[from] && groups.units[i] === groups.units[from]
    for (let e = entryFirst[g]; e < entryFirst[g + 1] && same; e++)
      for (let at = partAt[e] + 2; at < partAt[e + 1] && same; at++) same = parts[at] === parts[partAt[e] + 1]
    alike[g] = same ? 1 : 0
  }
  return alike
}

/** The first departure of a lane that the group can catch and that leaves it a slot to be worked in; −1 for none. */
export function firstDepartureOf({ costs, departures, groups, services }: Market, g: number, lane: number): number {
  let d = costs.firstDeparture(g, Math.floor(lane / services), lane % services)
  if (d < 0) return -1
  while (d < departures.first[lane + 1] && departures.bySlot[d] <= groups.fromSlot[g]) d++
  return d < departures.first[lane + 1] ? d : -1
}

const lacks = (stock: Market['stock'], goods: number, warehouse: number, warehouses: number): boolean =>
  goods >= 0 && stock.units[goods * warehouses + warehouse] <= 0

/** Sets the prices that the next questions are asked at. */
export function aimPrices(pricer: Pricer, prices: MarketPrices): void {
  const { market, parcelToll, lineToll, workCents } = pricer
  const { departures, groups, services, warehouses, work } = market
  const [T, D] = [slotsOf(market), departures.leavesMs.length]
  pricer.stockCents = prices.stockCents
  pricer.roomCents = prices.roomCents
  workCentsOf(market, prices, workCents)
  const isUsed = new Uint8Array(T)
  for (let g = 0; g < groups.count; g++) isUsed[groups.fromSlot[g]] = 1
  for (let a = 0; a < T; a++) {
    if (isUsed[a] === 0) continue
    for (let w = 0; w < warehouses; w++) {
      const [pick, pack] = [2 * w, 2 * w + 1]
      for (let d = departures.first[w * services]; d < departures.first[(w + 1) * services]; d++) {
        const by = departures.bySlot[d]
        const pickCents = workCents[(pick * T + a) * (T + 1) + by]
        const packCents = workCents[(pack * T + a) * (T + 1) + by]
        parcelToll[a * D + d] = prices.roomCents[d] + work.parcelMs[pick] * pickCents + work.parcelMs[pack] * packCents
        lineToll[a * D + d] = work.lineMs[pick] * pickCents + work.lineMs[pack] * packCents
      }
    }
  }
}

/** Where the tolls of a group's departures begin. Those of a group with an effort of its own are laid down first, where it has a lane. */
export function tollsOf(pricer: Pricer, group: number): number {
  const { market, workCents, roomCents, parcelToll, lineToll, entryFirst, lane, departure } = pricer
  const { departures, groups, services, work } = market
  const [T, D] = [slotsOf(market), departures.leavesMs.length]
  const a = groups.fromSlot[group]
  const { effort } = groups
  if (effort === undefined) return a * D
  for (let e = entryFirst[group]; e < entryFirst[group + 1]; e++) {
    const pick = 2 * Math.floor(lane[e] / services)
    const pack = pick + 1
    for (let d = departure[e]; d < departures.first[lane[e] + 1]; d++) {
      const pickCents = effort[2 * group] * workCents[(pick * T + a) * (T + 1) + departures.bySlot[d]]
      const packCents = effort[2 * group + 1] * workCents[(pack * T + a) * (T + 1) + departures.bySlot[d]]
      parcelToll[T * D + d] = roomCents[d] + work.parcelMs[pick] * pickCents + work.parcelMs[pack] * packCents
      lineToll[T * D + d] = work.lineMs[pick] * pickCents + work.lineMs[pack] * packCents
    }
  }
  return T * D
}

/** Leaves the group's cheapest way at the prices aimed at in `best` and `way`; none of its shipments where not serving it is no dearer. */
export function findCheapest(pricer: Pricer, group: number): void {
  const { lineStart } = pricer.market.groups
  const lines = lineStart[group + 1] - lineStart[group]
  if (lines === 1) cheapestOfOne(pricer, group)
  else if (pricer.alike[group] === 1) cheapestOfAlike(pricer, group, lines)
  else cheapestOfSets(pricer, group, lines)
}

function cheapestOfOne(pricer: Pricer, group: number): void {
  const { market, entryFirst, lane, least, departure, centsAt, cents, parcelToll, lineToll, stockCents, way } = pricer
  const { groups, services, warehouses } = market
  const line = groups.lineStart[group]
  const [goods, units] = [groups.goods[line], groups.units[line]]
  const tolls = tollsOf(pricer, group)
  let best = pricer.unserved[group]
  let by = -1
  for (let e = entryFirst[group]; e < entryFirst[group + 1] && least[e] < best; e++) {
    const stock = goods < 0 ? 0 : units * stockCents[goods * warehouses + Math.floor(lane[e] / services)]
    const [start, end] = [centsAt[e], centsAt[e + 1]]
    for (let i = start; i < end; i++) {
      const bare = cents[i] + stock
      if (bare >= best) break
      const d = departure[e] + i - start
      const all = bare + parcelToll[tolls + d] + lineToll[tolls + d]
      if (all < best) {
        best = all
        by = d
      }
    }
  }
  pricer.best = best
  way.count = by < 0 ? 0 : 1
  way.lines[0] = 1
  way.departure[0] = by
}

function cheapestOfSets(pricer: Pricer, group: number, L: number): void {
  const { entryFirst, scratch } = pricer
  const { lineSum, late, lateBy, free, freeBy, setCents, setBy } = scratch
  const full = (1 << L) - 1
  const tolls = tollsOf(pricer, group)
  setCents.fill(Number.POSITIVE_INFINITY, 0, full + 1)
  for (let e = entryFirst[group]; e < entryFirst[group + 1]; e++) {
    bestDepartures(pricer, e, L, tolls)
    lineSum[0] = 0
    for (let mask = 1; mask <= full; mask++) {
      const lowest = 31 - Math.clz32(mask & -mask)
      const rest = mask & (mask - 1)
      if (rest === 0) lineSum[mask] = lineCentsOf(pricer, group, e, lowest)
      else lineSum[mask] = lineSum[rest] + lineSum[mask ^ rest]
      const n = LINES_OF[mask]
      const isFirst = (mask & 1) === 1
      const all = lineSum[mask] + (isFirst ? late[n] : free[n])
      if (all < setCents[mask]) {
        setCents[mask] = all
        setBy[mask] = isFirst ? lateBy[n] : freeBy[n]
      }
    }
  }
  cheapestPartition(pricer, group, full, Math.min(pricer.market.maxShipments, L))
}

/** By number of lines the departure of an entry that is cheapest for a parcel of so many, with the order's lateness and without. */
function bestDepartures(pricer: Pricer, e: number, L: number, tolls: number): void {
  const { market, lane, departure, centsAt, cents, parts, partAt, parcelToll, lineToll, scratch } = pricer
  const { late, lateBy, free, freeBy } = scratch
  const end = market.departures.first[lane[e] + 1]
  const parcel = parts[partAt[e]]
  for (let n = 1; n <= L; n++) {
    late[n] = Number.POSITIVE_INFINITY
    free[n] = Number.POSITIVE_INFINITY
    for (let d = departure[e], i = centsAt[e]; d < end; d++, i++) {
      const toll = parcel + parcelToll[tolls + d] + n * lineToll[tolls + d]
      if (toll < free[n]) {
        free[n] = toll
        freeBy[n] = d
      }
      if (i < centsAt[e + 1] && toll + cents[i] < late[n]) {
        late[n] = toll + cents[i]
        lateBy[n] = d
      }
    }
  }
}

/**
 * The same for lines that cannot be told apart: the shipment that holds the first line has so many of them, and each further one so many of those left;
 * `setCents` is then the cheapest parcel of n lines with the first [n] and without [MAX_LINES + n]. Which lines go together is settled from the
 * lowest on, so that ways that differ in nothing are one.
 */
function cheapestOfAlike(pricer: Pricer, group: number, L: number): void {
  const { entryFirst, scratch, way } = pricer
  const { late, lateBy, free, freeBy, setCents, setBy, coverCents, coverFirst } = scratch
  const tolls = tollsOf(pricer, group)
  setCents.fill(Number.POSITIVE_INFINITY, 0, 2 * MAX_LINES + 1)
  for (let e = entryFirst[group]; e < entryFirst[group + 1]; e++) {
    bestDepartures(pricer, e, L, tolls)
    const each = lineCentsOf(pricer, group, e, 0)
    for (let n = 1; n <= L; n++) {
      if (n * each + late[n] < setCents[n]) {
        setCents[n] = n * each + late[n]
        setBy[n] = lateBy[n]
      }
      if (n * each + free[n] < setCents[MAX_LINES + n]) {
        setCents[MAX_LINES + n] = n * each + free[n]
        setBy[MAX_LINES + n] = freeBy[n]
      }
    }
  }
  // Lines without the first, in so many shipments at most: the cheapest, and how many of them the first of these holds.
  const most = Math.min(pricer.market.maxShipments, L)
  coverCents[0] = 0
  coverCents.fill(Number.POSITIVE_INFINITY, 1, L)
  for (let j = 1; j < most; j++) {
    coverCents[j * ALL] = 0
    for (let n = 1; n < L; n++) {
      let best = coverCents[(j - 1) * ALL + n]
      let held = 0
      for (let b = 1; b <= n; b++) {
        const all = setCents[MAX_LINES + b] + coverCents[(j - 1) * ALL + n - b]
        if (all >= best) continue
        best = all
        held = b
      }
      coverCents[j * ALL + n] = best
      coverFirst[j * ALL + n] = held
    }
  }
  way.count = 0
  pricer.best = pricer.unserved[group]
  let first = 0
  for (let n = 1; n <= L; n++) {
    const all = setCents[n] + coverCents[(most - 1) * ALL + L - n]
    if (all >= pricer.best) continue
    pricer.best = all
    first = n
  }
  if (first === 0) return
  way.lines[0] = (1 << first) - 1
  way.departure[way.count++] = setBy[first]
  let at = first
  for (let j = most - 1; at < L; j--) {
    const held = coverFirst[j * ALL + L - at]
    if (held === 0) continue
    way.lines[way.count] = ((1 << held) - 1) << at
    way.departure[way.count++] = setBy[MAX_LINES + held]
    at += held
  }
}

/** What line i pays in an entry's warehouse before tolls: cents of its own and the price of its goods. */
export function lineCentsOf(pricer: Pricer, group: number, entry: number, i: number): number {
  const { groups, services, warehouses } = pricer.market
  const at = groups.lineStart[group] + i
  const goods = groups.goods[at]
  const own = pricer.parts[pricer.partAt[entry] + 1 + i]
  if (goods < 0) return own
  return own + groups.units[at] * pricer.stockCents[goods * warehouses + Math.floor(pricer.lane[entry] / services)]
}

/** Sets of lines put together: the first of them holds the lowest line, so that no partition is tried twice. */
function cheapestPartition(pricer: Pricer, group: number, full: number, most: number): void {
  const { coverCents, coverFirst, setCents, setBy } = pricer.scratch
  for (let mask = 1; mask <= full; mask++) {
    coverCents[ALL + mask] = setCents[mask]
    coverFirst[ALL + mask] = mask
  }
  for (let n = 2; n <= most; n++) {
    const [here, fewer] = [n * ALL, (n - 1) * ALL]
    for (let mask = n === most ? full : 1; mask <= full; mask++) {
      let best = coverCents[fewer + mask]
      let first = 0
      const lowest = mask & -mask
      const rest = mask ^ lowest
      // Without the whole set itself, which is one shipment.
      for (let more = (rest - 1) & rest; rest > 0; more = (more - 1) & rest) {
        const all = setCents[more | lowest] + coverCents[fewer + (rest ^ more)]
        if (all < best) {
          best = all
          first = more | lowest
        }
        if (more === 0) break
      }
      coverCents[here + mask] = best
      // 0: not better than with fewer.
      coverFirst[here + mask] = first
    }
  }
  const { way } = pricer
  way.count = 0
  pricer.best = coverCents[most * ALL + full]
  if (!(pricer.best < pricer.unserved[group])) {
    pricer.best = pricer.unserved[group]
    return
  }
  let mask = full
  for (let n = most; mask > 0; n--) {
    const first = coverFirst[n * ALL + mask]
    if (first === 0) continue
    way.lines[way.count] = first
    way.departure[way.count++] = setBy[first]
    mask ^= first
  }
}

/** Cents without prices of a way of the group. */
export function centsOfWay(market: Market, laneOf: Int32Array, group: number, way: Shipments): number {
  const { costs, groups, services } = market
  if (way.count === 0) return costs.unservedCents(group)
  const L = groups.lineStart[group + 1] - groups.lineStart[group]
  let cents = 0
  for (let i = 0; i < way.count; i++) {
    const lane = laneOf[way.departure[i]]
    const [w, s] = [Math.floor(lane / services), lane % services]
    cents += costs.parcelCents(group, w, s)
    for (let line = 0; line < L; line++) if ((way.lines[i] >> line) & 1) cents += costs.lineCents(group, w, s, line)
    if (way.lines[i] & 1) cents += costs.lateCents(group, w, s, way.departure[i])
  }
  return cents
}
