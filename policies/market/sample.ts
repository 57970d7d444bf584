import type { Market } from './market.ts'

/** Every `one in`-th group of a market, each slot's orders put on those kept: cheap to solve, and its prices are near the whole market's. */
export function sampleOf(market: Market, oneIn: number): Market {
  const { costs, groups, work } = market
  const slots = work.slotMs.length - 1
  const [all, some] = [new Float64Array(slots), new Float64Array(slots)]
  // Of each slot its own groups in turn, so that none that has any is left without.
  const seen = new Int32Array(slots)
  const kept: number[] = []
  for (let g = 0; g < groups.count; g++) {
    const slot = groups.fromSlot[g]
    all[slot] += groups.orders[g]
    if (seen[slot]++ % oneIn !== 0) continue
    some[slot] += groups.orders[g]
    kept.push(g)
  }
  const lineStart = new Int32Array(kept.length + 1)
  kept.forEach((g, i) => {
    lineStart[i + 1] = lineStart[i] + groups.lineStart[g + 1] - groups.lineStart[g]
  })
  const linesOf = (column: Int32Array): Int32Array =>
    Int32Array.from(kept.flatMap((g) => [...column.subarray(groups.lineStart[g], groups.lineStart[g + 1])]))
  const { effort } = groups
  return {
    ...market,
    groups: {
      count: kept.length,
      orders: Float64Array.from(kept, (g) => (groups.orders[g] * all[groups.fromSlot[g]]) / some[groups.fromSlot[g]]),
      fromSlot: Int32Array.from(kept, (g) => groups.fromSlot[g]),
      lineStart,
      goods: linesOf(groups.goods),
      units: linesOf(groups.units),
      ...(effort === undefined
        ? {}
        : { effort: Float64Array.from({ length: 2 * kept.length }, (_, i) => effort[2 * kept[i >> 1] + (i & 1)]) }),
    },
    costs: {
      firstDeparture: (group, warehouse, service) => costs.firstDeparture(kept[group], warehouse, service),
      parcelCents: (group, warehouse, service) => costs.parcelCents(kept[group], warehouse, service),
      lineCents: (group, warehouse, service, line) => costs.lineCents(kept[group], warehouse, service, line),
      lateCents: (group, warehouse, service, departure) => costs.lateCents(kept[group], warehouse, service, departure),
      unservedCents: (group) => costs.unservedCents(kept[group]),
    },
  }
}
