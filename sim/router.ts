import type { Sim } from './sim.ts'
import { lineAt, lineCount, type Parcel, skuOfLine, unitsOfLine } from './world.ts'

/** More than so many only where fewer would not do. */
const FEW_SHIPMENTS = 3
const MAX_LINES = 8
const PLENTY = 1 << 30

/** Room for one search, used again and again; the answer is left in `part…`. */
export type RouterScratch = {
  readonly lines: Int32Array
  /** Units of each line that would be left at each warehouse; negative where it cannot. [line · W + warehouse] */
  readonly left: Int32Array
  /** The least of `left` over the lines of one set: [warehouse]. */
  readonly leftOfSet: Int32Array
  /** A shelf nobody could empty. */
  readonly plenty: Int32Array
  /** Grams of each line, lightest first. */
  readonly grams: Float64Array
  /** The least that a shipment of so many lines could cost. */
  readonly floors: Float64Array
  readonly bestPrice: Float64Array
  readonly bestWarehouse: Int32Array
  readonly bestService: Int32Array
  /** The cheapest way to cover a set of lines by any number of shipments, and the one of them that holds its lowest line. */
  readonly coverPrice: Float64Array
  readonly coverFirst: Int32Array
  readonly partMask: Int32Array
  readonly partWarehouse: Int32Array
  readonly partService: Int32Array
}

export const routerScratch = (W: number): RouterScratch => ({
  lines: new Int32Array(MAX_LINES),
  left: new Int32Array(MAX_LINES * W),
  leftOfSet: new Int32Array(W),
  plenty: new Int32Array(W).fill(PLENTY),
  grams: new Float64Array(MAX_LINES),
  floors: new Float64Array(MAX_LINES + 1),
  bestPrice: new Float64Array(1 << MAX_LINES),
  bestWarehouse: new Int32Array(1 << MAX_LINES),
  bestService: new Int32Array(1 << MAX_LINES),
  coverPrice: new Float64Array(1 << MAX_LINES),
  coverFirst: new Int32Array(1 << MAX_LINES),
  partMask: new Int32Array(MAX_LINES),
  partWarehouse: new Int32Array(MAX_LINES),
  partService: new Int32Array(MAX_LINES),
})

/**
 * Buys the cheapest set of at most three shipments for an order, at the prices of the routing policy; exact. Each non-empty set of
 * lines is priced at its best warehouse and service, then the cheapest partition into at most three sets is taken (3^lines steps);
 * most orders need none of it, since one shipment is already cheaper than any two could be. Where its goods lie in more than three places,
 * the cheapest set of any number.
 * Returns the number of shipments, 0 where no such set covers the order; `only` ≥ 0 allows one warehouse.
 */
export function chooseShipments(sim: Sim, order: Parcel, only: number): number {
  const { router, option } = sim
  const count = lineCount(sim.world, order)
  const full = (1 << count) - 1
  // An order that waits for stock is tried at each delivery: most often in vain, so that is found out first.
  if (!readLines(sim, order, count, only)) return 0
  option.aim(order, only)
  const kg = gramsOf(sim, full, count) / 1000
  option.load(kg, count)
  priceSet(sim, full, count)
  if (count === 1 || isSplitFutile(sim, count)) return take(router, router.bestPrice[full], full, 0, 0)
  for (let mask = 1; mask < full; mask++) {
    option.load(gramsOf(sim, mask, count) / 1000, linesOf(mask))
    priceSet(sim, mask, count)
  }
  const parts = cheapestPartition(router, full)
  return parts > 0 || count <= FEW_SHIPMENTS ? parts : cheapestCover(router, full, count)
}

/**
 * True where one shipment is already no dearer than any split could be. A price does not fall when lines or weight are added (the policy
 * contract checks that), so a shipment of m lines costs no less than the m lightest would from anywhere, in stock or not: a floor for
 * each m, and no split is cheaper than the floors of its sizes together. Tried from the cheapest test to the dearest.
 */
function isSplitFutile(sim: Sim, count: number): boolean {
  const { router } = sim
  const { floors } = router
  const price = router.bestPrice[(1 << count) - 1]
  sortByWeight(sim, count)
  floors[1] = floorPrice(sim, router.grams[0], 1)
  if (price <= 2 * floors[1]) return true
  if (price <= floors[1] + floorPrice(sim, router.grams[count - 1], 1)) return true
  if (count === 2 || price === Number.POSITIVE_INFINITY) return false
  let grams = router.grams[0]
  for (let m = 2; m < count; m++) {
    grams += router.grams[m - 1]
    floors[m] = floorPrice(sim, grams, m)
  }
  for (let a = 1; a < count; a++) {
    if (price > floors[a] + floors[count - a]) return false
    for (let b = 1; a + b < count; b++) if (price > floors[a] + floors[b] + floors[count - a - b]) return false
  }
  return true
}

/** Grams of each line, lightest first. */
function sortByWeight(sim: Sim, count: number): void {
  const { grams } = sim.router
  for (let i = 0; i < count; i++) {
    const line = gramsOf(sim, 1 << i, count)
    let at = i
    for (; at > 0 && grams[at - 1] > line; at--) grams[at] = grams[at - 1]
    grams[at] = line
  }
}

/** The least a shipment of so many lines and such a weight could be priced at, by an option listed. */
function floorPrice(sim: Sim, grams: number, lines: number): number {
  const { option, router } = sim
  option.load(grams / 1000, lines)
  option.cheapest(sim.policies.routing, router.plenty)
  return option.least
}

function gramsOf({ network, router }: Sim, mask: number, count: number): number {
  let grams = 0
  for (let i = 0; i < count; i++) {
    if ((mask >> i) & 1) grams += network.skuGrams[skuOfLine(router.lines[i])] * unitsOfLine(router.lines[i])
  }
  return grams
}

function linesOf(mask: number): number {
  let lines = 0
  for (let rest = mask; rest > 0; rest &= rest - 1) lines++
  return lines
}

/** What each warehouse would have left of each line; false where some line is nowhere to be had. */
function readLines(sim: Sim, order: Parcel, count: number, only: number): boolean {
  const { world, router } = sim
  const { onHand, reserved } = world
  const { W } = sim.network
  const lefts = router.left
  for (let i = 0; i < count; i++) {
    const line = lineAt(world, order, i)
    router.lines[i] = line
    const units = unitsOfLine(line)
    const shelf = skuOfLine(line) * W
    let somewhere = false
    for (let w = 0; w < W; w++) {
      const left = onHand[shelf + w] - reserved[shelf + w] - units
      lefts[i * W + w] = left
      if (left >= 0 && (only < 0 || only === w)) somewhere = true
    }
    if (!somewhere) return false
  }
  return true
}

/** The best option for a set of lines, among the warehouses that have them all. */
function priceSet(sim: Sim, mask: number, count: number): void {
  const { network, router, option } = sim
  const { W } = network
  // Of a single line, the first and only row of `left` is what is left of the set.
  const leftOfSet = count === 1 ? router.left : router.leftOfSet
  if (count > 1) leftOfSet.fill(PLENTY)
  for (let i = 0; i < count && count > 1; i++) {
    if (((mask >> i) & 1) === 0) continue
    for (let w = 0; w < W; w++) {
      const left = router.left[i * W + w]
      if (left < leftOfSet[w]) leftOfSet[w] = left
    }
  }
  const found = option.cheapest(sim.policies.routing, leftOfSet)
  router.bestPrice[mask] = option.least
  if (!found) return
  router.bestWarehouse[mask] = option.warehouse
  router.bestService[mask] = option.service
}

/** The first set always holds the lowest line not yet covered, so that no partition is looked at twice. */
function cheapestPartition(router: RouterScratch, full: number): number {
  let best = router.bestPrice[full]
  let first = full
  let second = 0
  let third = 0
  for (let a = (full - 1) & full; a > 0; a = (a - 1) & full) {
    if ((a & 1) === 0 || router.bestPrice[a] >= best) continue
    const rest = full ^ a
    const low = rest & -rest
    for (let b = rest; b > 0; b = (b - 1) & rest) {
      if ((b & low) === 0) continue
      const c = rest ^ b
      const price = router.bestPrice[a] + router.bestPrice[b] + (c === 0 ? 0 : router.bestPrice[c])
      if (price < best) {
        best = price
        first = a
        second = b
        third = c
      }
    }
  }
  return take(router, best, first, second, third)
}

function take(router: RouterScratch, best: number, first: number, second: number, third: number): number {
  if (best === Number.POSITIVE_INFINITY || router.bestPrice[first] === Number.POSITIVE_INFINITY) return 0
  router.partMask[0] = first
  router.partMask[1] = second
  router.partMask[2] = third
  return name(router, third !== 0 ? 3 : second !== 0 ? 2 : 1)
}

/** Warehouse and service of each part. */
function name(router: RouterScratch, parts: number): number {
  for (let i = 0; i < parts; i++) {
    router.partWarehouse[i] = router.bestWarehouse[router.partMask[i]]
    router.partService[i] = router.bestService[router.partMask[i]]
  }
  return parts
}

/** The cheapest partition into any number of sets, by what is cheapest for each set of lines; the first always holds the lowest line. */
function cheapestCover(router: RouterScratch, full: number, count: number): number {
  const { bestPrice, coverPrice, coverFirst } = router
  // Each line by itself is a cover, so there is one where every line can be had.
  for (let i = 0; i < count; i++) if (bestPrice[1 << i] === Number.POSITIVE_INFINITY) return 0
  coverPrice[0] = 0
  for (let mask = 1; mask <= full; mask++) {
    const low = mask & -mask
    coverPrice[mask] = Number.POSITIVE_INFINITY
    for (let first = mask; first > 0; first = (first - 1) & mask) {
      if ((first & low) === 0) continue
      const price = bestPrice[first] + coverPrice[mask ^ first]
      if (price >= coverPrice[mask]) continue
      coverPrice[mask] = price
      coverFirst[mask] = first
    }
  }
  let parts = 0
  for (let rest = full; rest > 0; rest ^= coverFirst[rest]) router.partMask[parts++] = coverFirst[rest]
  return name(router, parts)
}
