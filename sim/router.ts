import { misbehaved } from './check.ts'
import type { Sim } from './sim.ts'
import { availableUnits, lineAt, lineCount, type Parcel, skuOfLine, unitsOfLine } from './world.ts'

const MAX_SHIPMENTS = 3
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
  readonly bestPrice: Float64Array
  readonly bestWarehouse: Int32Array
  readonly bestService: Int32Array
  readonly partMask: Int32Array
  readonly partWarehouse: Int32Array
  readonly partService: Int32Array
}

export const routerScratch = (W: number): RouterScratch => ({
  lines: new Int32Array(MAX_LINES),
  left: new Int32Array(MAX_LINES * W),
  leftOfSet: new Int32Array(W),
  plenty: new Int32Array(W).fill(PLENTY),
  bestPrice: new Float64Array(1 << MAX_LINES),
  bestWarehouse: new Int32Array(1 << MAX_LINES),
  bestService: new Int32Array(1 << MAX_LINES),
  partMask: new Int32Array(MAX_SHIPMENTS),
  partWarehouse: new Int32Array(MAX_SHIPMENTS),
  partService: new Int32Array(MAX_SHIPMENTS),
})

/**
 * Buys the cheapest set of at most three shipments for an order, at the prices of the routing policy; exact. Each non-empty set of
 * lines is priced at its best warehouse and service, then the cheapest partition into at most three sets is taken (3^lines steps);
 * most orders need none of it, since one shipment is already cheaper than any two could be.
 * Returns the number of shipments, 0 where no such set covers the order; `only` ≥ 0 allows one warehouse.
 */
export function chooseShipments(sim: Sim, order: Parcel, only: number): number {
  const { network, router, option } = sim
  const count = lineCount(sim.world, order)
  const full = (1 << count) - 1
  // An order that waits for stock is tried at each delivery: most often in vain, so that is found out first.
  if (!readLines(sim, order, count, only)) return 0
  option.aim(order)
  const kg = gramsOf(sim, full, count) / 1000
  const options = option.list(kg, count, only >= 0 ? only : 0, only >= 0 ? only + 1 : network.W)
  priceSet(sim, full, count, options)
  if (count === 1 || isSplitFutile(sim, count, options)) return take(router, router.bestPrice[full], full, 0, 0)
  for (let mask = 1; mask < full; mask++) {
    option.load(gramsOf(sim, mask, count) / 1000, linesOf(mask))
    priceSet(sim, mask, count, options)
  }
  return cheapestPartition(router, full)
}

/**
 * True where one shipment is already no dearer than any two could be. Of two shipments one carries the heaviest line and the other at
 * least the lightest; neither can cost less than that line alone from anywhere, in stock or not, since a price does not fall when lines
 * are added (the policy contract checks that).
 */
function isSplitFutile(sim: Sim, count: number, options: number): boolean {
  const { router } = sim
  const price = router.bestPrice[(1 << count) - 1]
  let lightest = Number.POSITIVE_INFINITY
  let heaviest = 0
  for (let i = 0; i < count; i++) {
    const grams = gramsOf(sim, 1 << i, count)
    if (grams < lightest) lightest = grams
    if (grams > heaviest) heaviest = grams
  }
  const floor = floorPrice(sim, lightest, options)
  return price <= 2 * floor || price <= floor + floorPrice(sim, heaviest, options)
}

/** The least a shipment of one line of this weight could be priced at, by an option listed. */
function floorPrice(sim: Sim, grams: number, options: number): number {
  const { option, router } = sim
  const { price, params } = sim.policies.routing
  option.load(grams / 1000, 1)
  option.left = router.plenty
  let floor = Number.POSITIVE_INFINITY
  for (let i = 0; i < options; i++) {
    option.index = i
    const asked = price(option, params)
    if (asked < floor) floor = asked
  }
  return floor
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
  const { world, network, router } = sim
  for (let i = 0; i < count; i++) {
    const line = lineAt(world, order, i)
    router.lines[i] = line
    const sku = skuOfLine(line)
    const units = unitsOfLine(line)
    let somewhere = false
    for (let w = 0; w < network.W; w++) {
      const left = availableUnits(world, sku, w) - units
      router.left[i * network.W + w] = left
      if (left >= 0 && (only < 0 || only === w)) somewhere = true
    }
    if (!somewhere) return false
  }
  return true
}

/** The best option for a set of lines, among the warehouses that have them all. */
function priceSet(sim: Sim, mask: number, count: number, options: number): void {
  const { network, router, option } = sim
  const { price, params } = sim.policies.routing
  const { W } = network
  const { leftOfSet } = router
  leftOfSet.fill(PLENTY)
  for (let i = 0; i < count; i++) {
    if (((mask >> i) & 1) === 0) continue
    for (let w = 0; w < W; w++) {
      const left = router.left[i * W + w]
      if (left < leftOfSet[w]) leftOfSet[w] = left
    }
  }
  option.left = leftOfSet
  let best = Number.POSITIVE_INFINITY
  let at = -1
  for (let i = 0; i < options; i++) {
    option.index = i
    if (option.unitsLeft < 0) continue
    const asked = price(option, params)
    if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
    if (asked < best) {
      best = asked
      at = i
    }
  }
  router.bestPrice[mask] = best
  if (at < 0) return
  option.index = at
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
  const parts = third !== 0 ? 3 : second !== 0 ? 2 : 1
  for (let i = 0; i < parts; i++) {
    router.partWarehouse[i] = router.bestWarehouse[router.partMask[i]]
    router.partService[i] = router.bestService[router.partMask[i]]
  }
  return parts
}
