import type { Network } from '../../sim/network.ts'
import type { Situation } from '../../sim/plan.ts'
import { DAY_MS } from '../../sim/units.ts'
import { bookedUnits, type WorldView } from '../../sim/world.ts'

/** Kinds of orders to be expected: what is in one, and how many of them there are among all. */
export type Baskets = {
  readonly count: number
  /** Part of all orders; where a kind is a single line of an order, lines to an order. */
  readonly share: Float64Array
  /** Lines of kind b: start[b] … start[b + 1]. `goods` counts the goods of the market. */
  readonly start: Int32Array
  readonly goods: Int32Array
  readonly units: Int32Array
  readonly lineKg: Float64Array
  /** What can be had of the market's goods: [goods · W + warehouse]; and the SKU each stands for, −1 where it is many. */
  readonly stock: Float64Array
  readonly skuOf: Int32Array
  /** The kind of order that a single line of a SKU is, or −1: [sku]. */
  readonly kindOf: Int32Array
}

/** Kinds of orders times zones that a plan for goods looks at. */
const GROUPS_MOST = 6000
/** Goods of which those at home ask for more than this part of what lies there could run short. */
const SCARCE = 0.5

const freeUnits = (world: WorldView, shelf: number): number => Math.max(0, bookedUnits(world, shelf) - world.reserved[shelf])

/**
 * Single lines by where they can be had, the commonest of such patterns: for plans of hands and trucks, to which the rest of the goods is the same.
 */
export function linesByPlace(
  { W, K, skuShare, skuGrams, meanUnits, meanLines }: Network,
  world: WorldView,
  patternsMost: number,
): Baskets {
  const patterns = new Map<string, { key: string; share: number; grams: number; has: number[] }>()
  const keyOf: string[] = []
  for (let k = 0; k < K; k++) {
    const has: number[] = []
    for (let w = 0; w < W; w++) if (freeUnits(world, k * W + w) > 0) has.push(w)
    const key = has.join(' ')
    const found = patterns.get(key) ?? { key, share: 0, grams: 0, has }
    keyOf.push(key)
    found.share += skuShare[k]
    found.grams += skuShare[k] * skuGrams[k]
    patterns.set(key, found)
  }
  const commonest = [...patterns.values()].filter(({ has }) => has.length > 0).sort((a, b) => b.share - a.share)
  const kinds = commonest.slice(0, patternsMost)
  const told = kinds.reduce((sum, { share }) => sum + share, 0)
  const lines = Math.max(1, Math.round(meanLines))
  const stock = new Float64Array(kinds.length * W)
  for (const [b, { has }] of kinds.entries()) for (const w of has) stock[b * W + w] = Number.POSITIVE_INFINITY
  const each = <T>(of: (kind: (typeof kinds)[number], b: number) => T): T[] =>
    kinds.flatMap((kind, b) => new Array<T>(lines).fill(of(kind, b)))
  return {
    count: kinds.length,
    share: Float64Array.from(kinds, ({ share }) => share / told),
    start: Int32Array.from({ length: kinds.length + 1 }, (_, b) => b * lines),
    goods: Int32Array.from(each((_, b) => b)),
    units: new Int32Array(kinds.length * lines).fill(1),
    lineKg: Float64Array.from(each(({ grams, share }) => ((grams / share) * meanUnits) / 1000)),
    stock,
    skuOf: new Int32Array(kinds.length).fill(-1),
    kindOf: Int32Array.from(keyOf, (key) => kinds.findIndex((kind) => kind.key === key)),
  }
}

/**
 * Orders by what is in them: for plans of goods. Where the network knows its kinds of orders, those; else single lines of what could run
 * short before more of it comes, the scarcest first. Null where nothing could.
 */
export function ordersByGoods(
  { network, world, nowMs }: Situation,
  ordersUntil: (untilMs: number) => number,
): { baskets: Baskets; untilMs: number } | null {
  const { W, K, Z, baskets, byDistance, zoneShare, skuShare, skuSupplier, skuGrams, meanLeadDays, meanUnits, meanLines } = network
  const comesMs = (k: number): number => nowMs + (meanLeadDays[skuSupplier[k]] + 1) * DAY_MS
  // Demand goes to the nearest warehouse that has it: where that is much of what lies there, others would have to help.
  const scarcity = new Float64Array(K)
  const atHome = new Float64Array(W)
  const free = new Float64Array(W)
  // Goods of one supplier come at the same time.
  const ordersBy = new Map<number, number>()
  for (let k = 0; k < K; k++) {
    atHome.fill(0)
    for (let w = 0; w < W; w++) free[w] = freeUnits(world, k * W + w)
    for (let z = 0; z < Z; z++) {
      for (let i = 0; i < W; i++) {
        const w = byDistance[z * W + i]
        if (free[w] === 0) continue
        atHome[w] += zoneShare[z]
        break
      }
    }
    const untilMs = comesMs(k)
    const orders = ordersBy.get(untilMs) ?? ordersUntil(untilMs)
    ordersBy.set(untilMs, orders)
    const asked = orders * meanLines * meanUnits * skuShare[k]
    for (let w = 0; w < W; w++) if (atHome[w] > 0) scarcity[k] = Math.max(scarcity[k], (asked * atHome[w]) / free[w])
  }
  const stockOf = (skus: readonly number[]): Float64Array =>
    Float64Array.from(skus.flatMap((k) => Array.from({ length: W }, (_, w) => freeUnits(world, k * W + w))))
  if (baskets !== null) {
    if (!scarcity.some((one) => one > SCARCE)) return null
    const all = Array.from({ length: K }, (_, k) => k)
    const kept = commonestOf(baskets.share, Math.max(1, Math.floor(GROUPS_MOST / Z)))
    const isAll = kept.length === baskets.share.length
    const told = isAll ? 1 : kept.reduce((sum, b) => sum + baskets.share[b], 0)
    const start = new Int32Array(kept.length + 1)
    const lines = kept.flatMap((b, i) => {
      const own = Array.from({ length: baskets.start[b + 1] - baskets.start[b] }, (_, line) => baskets.start[b] + line)
      start[i + 1] = start[i] + own.length
      return own
    })
    return {
      untilMs: Math.max(...all.map(comesMs)),
      baskets: {
        count: kept.length,
        // What is left out asks for goods as well: those that are told stand for all.
        share: Float64Array.from(kept, (b) => baskets.share[b] / told),
        start,
        goods: Int32Array.from(lines, (i) => baskets.sku[i]),
        units: Int32Array.from(lines, (i) => baskets.units[i]),
        lineKg: Float64Array.from(lines, (i) => (skuGrams[baskets.sku[i]] * baskets.units[i]) / 1000),
        stock: stockOf(all),
        skuOf: Int32Array.from(all),
        kindOf: new Int32Array(K).fill(-1),
      },
    }
  }
  const scarce = [...scarcity.keys()]
    .filter((k) => scarcity[k] > SCARCE)
    .sort((a, b) => scarcity[b] - scarcity[a] || a - b)
    .slice(0, Math.max(1, Math.floor(GROUPS_MOST / Z)))
  if (scarce.length === 0) return null
  const units = Math.max(1, Math.round(meanUnits))
  return {
    untilMs: Math.max(...scarce.map(comesMs)),
    baskets: {
      count: scarce.length,
      share: Float64Array.from(scarce, (k) => (skuShare[k] * meanLines * meanUnits) / units),
      start: Int32Array.from({ length: scarce.length + 1 }, (_, b) => b),
      goods: Int32Array.from(scarce, (_, b) => b),
      units: new Int32Array(scarce.length).fill(units),
      lineKg: Float64Array.from(scarce, (k) => (skuGrams[k] * units) / 1000),
      stock: stockOf(scarce),
      skuOf: Int32Array.from(scarce),
      kindOf: new Int32Array(K).fill(-1),
    },
  }
}

/** The numbers of the largest shares, so many at most, in their own order. */
function commonestOf(share: Float64Array, most: number): number[] {
  const all = [...share.keys()]
  if (all.length <= most) return all
  return all
    .sort((a, b) => share[b] - share[a] || a - b)
    .slice(0, most)
    .sort((a, b) => a - b)
}
