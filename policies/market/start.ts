import { countBelow } from '../../sim/rising.ts'
import { addColumn, type Columns } from './columns.ts'
import type { Market, MarketPrices } from './market.ts'
import type { Row } from './master.ts'
import { centsOfWay, firstDepartureOf } from './pricer.ts'
import { slotsOf } from './work.ts'

/** What is kept of a market that was solved, so that one that is much like it need not begin at nothing. */
export type Pool = {
  readonly market: Market
  readonly prices: MarketPrices
  /** Ways that its solution uses, or nearly would. */
  readonly columns: Columns
  /** 1 for ways in the basis of its solution: [column]. */
  readonly basic: Uint8Array
  /** Rows that bind. */
  readonly rows: readonly Row[]
}

/** What of a pool is of use. */
export type Carried = { readonly prices: MarketPrices; readonly rows: readonly Row[]; readonly basic: ReadonlySet<number> }

export type Start = {
  readonly pool: Pool
  /** The number that each group of the earlier market has in this one, −1 where it has gone: [earlier group]. Left out where the groups are the same. */
  readonly groupOf?: Int32Array
}

/**
 * An earlier market's prices, rows and ways in the numbers of a market of the same warehouses, services and goods: departures are known by lane and
 * time, slots by the time they begin. What has gone is dropped, and cents are asked anew.
 */
export function carryOver(start: Start, market: Market, columns: Columns, laneOf: Int32Array): Carried {
  const { market: earlier, prices, columns: ways, rows } = start.pool
  if (
    earlier.warehouses !== market.warehouses ||
    earlier.services !== market.services ||
    earlier.stock.goods !== market.stock.goods
  )
    throw new Error('a market can only start from one of the same warehouses, services and goods')
  if (start.groupOf === undefined && earlier.groups.count !== market.groups.count)
    throw new Error('the earlier market has another number of groups: say in groupOf which is which')
  const departureOf = departuresOf(earlier, market)
  const slotOf = (slot: number): number => Math.min(countBelow(market.work.slotMs, earlier.work.slotMs[slot]), slotsOf(market))
  const way = { count: 0, lines: new Int32Array(8), departure: new Int32Array(8) }
  const basic = new Set<number>()
  for (let c = 0; c < ways.count; c++) {
    const g = start.groupOf === undefined ? ways.group[c] : start.groupOf[ways.group[c]]
    if (g < 0 || linesOf(market, g) !== linesOf(earlier, ways.group[c])) continue
    way.count = 0
    for (let i = ways.first[c]; i < ways.first[c + 1]; i++) {
      const d = departureOf[ways.departure[i]]
      if (d < 0 || !catches(market, laneOf, g, d)) break
      way.lines[way.count] = ways.lines[i]
      way.departure[way.count++] = d
    }
    if (way.count === 0 || way.count < ways.first[c + 1] - ways.first[c]) continue
    if (addColumn(columns, g, centsOfWay(market, laneOf, g, way), way) && start.pool.basic[c] === 1) basic.add(columns.last[g])
  }
  const roomCents = new Float64Array(market.departures.leavesMs.length)
  departureOf.forEach((d, old) => {
    if (d >= 0) roomCents[d] = market.departures.room[d] < Number.POSITIVE_INFINITY ? prices.roomCents[old] : 0
  })
  const stockCents = prices.stockCents.map((cents, i) => (market.stock.units[i] < Number.POSITIVE_INFINITY ? cents : 0))
  const moved = rows.flatMap((row): Row[] => {
    if (row.kind === 'stock') return [row]
    if (row.kind === 'room') return departureOf[row.a] < 0 ? [] : [{ ...row, a: departureOf[row.a] }]
    const [from, to] = [slotOf(row.from), slotOf(row.to)]
    return from < to ? [{ ...row, from, to }] : []
  })
  const work = prices.work.flatMap((row) => {
    const [from, to] = [slotOf(row.from), slotOf(row.to)]
    return from < to ? [{ ...row, from, to }] : []
  })
  const limited = moved.filter((row) => isLimited(market, row))
  const seen = new Set<string>()
  const once = limited.filter(({ kind, a, from, to }) => {
    const key = `${kind} ${a} ${from} ${to}`
    return !seen.has(key) && seen.add(key)
  })
  return {
    prices: { roomCents, stockCents, work: work.filter((row) => isLimited(market, { kind: 'work', a: row.station, ...row })) },
    rows: once,
    basic,
  }
}

const linesOf = ({ groups }: Market, g: number): number => groups.lineStart[g + 1] - groups.lineStart[g]

function catches(market: Market, laneOf: Int32Array, g: number, d: number): boolean {
  const first = firstDepartureOf(market, g, laneOf[d])
  return first >= 0 && first <= d
}

/** False for what the new market has plenty of. */
function isLimited({ departures, stock, work }: Market, { kind, a, from, to }: Row): boolean {
  if (kind === 'stock') return stock.units[a] < Number.POSITIVE_INFINITY
  if (kind === 'room') return departures.room[a] < Number.POSITIVE_INFINITY
  const slots = work.slotMs.length - 1
  return work.capacityMs.subarray(a * slots + from, a * slots + to).every((ms) => ms < Number.POSITIVE_INFINITY)
}

/** The new number of each departure, −1 where it has gone. */
function departuresOf(earlier: Market, market: Market): Int32Array {
  const found = new Int32Array(earlier.departures.leavesMs.length).fill(-1)
  const [old, now] = [earlier.departures, market.departures]
  for (let lane = 0; lane < market.warehouses * market.services; lane++) {
    let d = now.first[lane]
    for (let i = old.first[lane]; i < old.first[lane + 1]; i++) {
      while (d < now.first[lane + 1] && now.leavesMs[d] < old.leavesMs[i]) d++
      if (d < now.first[lane + 1] && now.leavesMs[d] === old.leavesMs[i]) found[i] = d++
    }
  }
  return found
}
