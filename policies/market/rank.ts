import { LINES_OF } from './columns.ts'
import { lineCentsOf, type Pricer, tollsOf } from './pricer.ts'

/** A group's way with what it costs at the prices aimed at: shipments as bit masks of lines with their departures; none where the order stays unserved. */
export type RankedWay = {
  readonly cents: number
  readonly count: number
  readonly lines: Int32Array
  readonly departure: Int32Array
}

/** A shipment, and what else is shipped beside it. */
type Node = { readonly cents: number; readonly lines: number; readonly by: number; readonly beside: Node | null }

/**
 * A group's k cheapest ways at the prices aimed at, cheapest first, not being served among them; exact. `allows` leaves shipments out. For a closer
 * look, as it allocates; `findCheapest` is what is asked often.
 */
export function rankWays(
  pricer: Pricer,
  group: number,
  k: number,
  allows: (lines: number, departure: number) => boolean = () => true,
): RankedWay[] {
  const { lineStart } = pricer.market.groups
  const L = lineStart[group + 1] - lineStart[group]
  const sets = bestOfSets(pricer, group, L, k, allows)
  const full = (1 << L) - 1
  const found: Node[] = [...sets[full]]
  let fewer = sets
  for (let n = 2; n <= Math.min(pricer.market.maxShipments, L); n++) {
    fewer = besides(sets, fewer, full, k)
    for (const node of fewer[full]) insert(found, node, k)
  }
  const unserved = pricer.unserved[group]
  const ways = found.filter(({ cents }) => cents < unserved).map(wayOf)
  const none = { cents: unserved, count: 0, lines: new Int32Array(0), departure: new Int32Array(0) }
  return ways.length < k ? [...ways, none] : ways
}

/** The k cheapest single shipments of each set of lines. */
function bestOfSets(
  pricer: Pricer,
  group: number,
  L: number,
  k: number,
  allows: (lines: number, departure: number) => boolean,
): Node[][] {
  const { market, entryFirst, lane, departure, centsAt, cents, least, parts, partAt, parcelToll, lineToll } = pricer
  const { departures } = market
  const full = (1 << L) - 1
  const tolls = tollsOf(pricer, group)
  const sets: Node[][] = Array.from({ length: full + 1 }, () => [])
  const lineSum = new Float64Array(full + 1)
  for (let e = entryFirst[group]; e < entryFirst[group + 1]; e++) {
    // Lanes come from cheap to dear; of orders of one line all is in `least` and in `cents`.
    if (L === 1 && sets[1].length === k && least[e] >= sets[1][k - 1].cents) break
    for (let mask = 1; mask <= full; mask++) {
      const lowest = 31 - Math.clz32(mask & -mask)
      lineSum[mask] = lineSum[mask & (mask - 1)] + lineCentsOf(pricer, group, e, lowest)
      const list = sets[mask]
      const n = LINES_OF[mask]
      const isFirst = (mask & 1) === 1
      const end = isFirst ? departure[e] + centsAt[e + 1] - centsAt[e] : departures.first[lane[e] + 1]
      // For a single line `cents` holds the parcel and the line themselves.
      const bare = L === 1 ? lineSum[1] - parts[partAt[e] + 1] : parts[partAt[e]] + lineSum[mask]
      for (let d = departure[e]; d < end; d++) {
        const late = isFirst ? cents[centsAt[e] + d - departure[e]] : 0
        const all = bare + late + parcelToll[tolls + d] + n * lineToll[tolls + d]
        if (list.length === k && all >= list[k - 1].cents) continue
        if (all < Number.POSITIVE_INFINITY && allows(mask, d)) insert(list, { cents: all, lines: mask, by: d, beside: null }, k)
      }
    }
  }
  return sets
}

/** The k cheapest ways to ship each set of lines in one shipment more than `fewer` has; the first holds the lowest line. */
function besides(sets: readonly Node[][], fewer: readonly Node[][], full: number, k: number): Node[][] {
  return sets.map((_, mask) => {
    const list: Node[] = []
    const rest = mask & (mask - 1)
    if (mask > full || rest === 0) return list
    for (let more = (rest - 1) & rest; ; more = (more - 1) & rest) {
      for (const one of sets[mask ^ rest ^ more]) {
        for (const beside of fewer[rest ^ more]) {
          const all = one.cents + beside.cents
          if (list.length === k && all >= list[k - 1].cents) break
          insert(list, { cents: all, lines: one.lines, by: one.by, beside }, k)
        }
      }
      if (more === 0) break
    }
    return list
  })
}

function insert(list: Node[], node: Node, k: number): void {
  if (list.length === k && node.cents >= list[k - 1].cents) return
  let at = list.length
  while (at > 0 && list[at - 1].cents > node.cents) at--
  list.splice(at, 0, node)
  if (list.length > k) list.pop()
}

function wayOf(node: Node): RankedWay {
  const lines: number[] = []
  const departure: number[] = []
  for (let at: Node | null = node; at !== null; at = at.beside) {
    lines.push(at.lines)
    departure.push(at.by)
  }
  return { cents: node.cents, count: lines.length, lines: Int32Array.from(lines), departure: Int32Array.from(departure) }
}
