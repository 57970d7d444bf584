import { CarbonCap } from './carbon-cap.ts'
import { misbehaved } from './check.ts'
import { FactsOfOrder, SearchLimits } from './limits.ts'
import { LANE, type Network, shipmentCents } from './network.ts'
import type { Option } from './option.ts'
import { cheapestOfAny, cheapestOfFew, cheapestOfMost, MAX_LINES, type Partition, partition, SETS } from './partition.ts'
import { costFloor, type Seams } from './policy.ts'
import { SetSearch } from './set-search.ts'
import type { Sim } from './sim.ts'
import {
  bookedUnits,
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  missedPicks,
  type Parcel,
  serviceOf,
  skuOfLine,
  unitsOfLine,
  type WorldView,
  warehouseOf,
  zoneOf,
} from './world.ts'

/** Where nobody limits it, more than so many only where fewer would not do. */
export const FEW_SHIPMENTS = 3
const PLENTY = 1 << 30
const NOT_LOOKED = -2

type Routing = Seams['routing']

/** Room for one search, used again and again; the answer is left in `part…`. */
export type RouterScratch = {
  readonly lines: Int32Array
  /** Units of each line that would be left at each warehouse; negative where it cannot. [line · W + warehouse] */
  readonly left: Int32Array
  /** The least of `left` over the lines of one set: [warehouse]. */
  readonly leftOfSet: Int32Array
  /** What the units of each line are worth at each warehouse, in cents: [line · W + warehouse]; null where nobody prices stock. */
  lineCents: Float64Array | null
  /** The sum of `lineCents` over the lines of one set: [warehouse]. */
  readonly centsOfSet: Float64Array
  /** A shelf nobody could empty. */
  readonly plenty: Int32Array
  /** The same where a warehouse may ship, −1 where limits forbid it. */
  readonly plentyWithin: Int32Array
  /** Grams of each line, lightest first. */
  readonly grams: Float64Array
  /** The least that a shipment of so many lines could cost. */
  readonly floors: Float64Array
  readonly bestPrice: Float64Array
  readonly bestWarehouse: Int32Array
  readonly bestService: Int32Array
  readonly parts: Partition
  readonly partMask: Int32Array
  readonly partWarehouse: Int32Array
  readonly partService: Int32Array
  readonly partPrice: Float64Array
  /** Whether searches for one shipment also look for the cheapest without its warehouse, for `searchBeside`. */
  looksBeside: boolean
  /** What they found: its rank, −1 for none or `NOT_LOOKED`. */
  besideRank: number
  /** What the shipment asks that `searchBeside` found. */
  besideCents: number
  readonly limits: SearchLimits
  /** The order as the policy's `worth` reads it. */
  readonly facts: FactsOfOrder
  readonly sets: SetSearch
  readonly carbon: CarbonCap
}

export function routerScratch(world: WorldView, network: Network, option: Option): RouterScratch {
  const { W } = network
  const plenty = new Int32Array(W).fill(PLENTY)
  const parts = partition()
  return {
    lines: new Int32Array(MAX_LINES),
    left: new Int32Array(MAX_LINES * W),
    leftOfSet: new Int32Array(W),
    lineCents: null,
    centsOfSet: new Float64Array(W),
    plenty,
    plentyWithin: new Int32Array(W),
    grams: new Float64Array(MAX_LINES),
    floors: new Float64Array(MAX_LINES + 1),
    bestPrice: new Float64Array(SETS),
    bestWarehouse: new Int32Array(SETS),
    bestService: new Int32Array(SETS),
    parts,
    partMask: parts.partMask,
    partWarehouse: new Int32Array(MAX_LINES),
    partService: new Int32Array(MAX_LINES),
    partPrice: new Float64Array(MAX_LINES),
    looksBeside: false,
    besideRank: NOT_LOOKED,
    besideCents: 0.5,
    limits: new SearchLimits(W),
    facts: new FactsOfOrder(),
    sets: new SetSearch(world, network, option, plenty),
    carbon: new CarbonCap(),
  }
}

/**
 * Buys the cheapest set of shipments for an order, at the prices of the routing policy and within the limits of network and policy; exact.
 * Each non-empty set of lines is priced at its best warehouse and service, then the cheapest partition into sets is taken (3^lines
 * steps); most orders need none of it, since one shipment is already cheaper than any two could be. Where nobody limits their number there
 * are at most three shipments, or where the goods lie in more than three places, the cheapest set of any number. Where the cheapest emits
 * more than a cap allows, the cheapest that does not (`carbon-cap.ts`).
 * Returns the number of shipments, 0 where no such set covers the order; `only` ≥ 0 allows one warehouse.
 */
export function chooseShipments(sim: Sim, order: Parcel, only: number): number {
  const { router, option } = sim
  const { routing } = sim.policies
  if (sim.network.limits !== null || routing.limit !== undefined || router.limits.isNarrowed)
    return chooseWithin(sim, order, only)
  if (hasFlag(sim.world, order, FLAG.split)) return chooseForPart(sim, routing, order, only)
  const count = lineCount(sim.world, order)
  const full = (1 << count) - 1
  // An order that waits for stock is tried at each delivery: most often in vain, so that is found out first.
  if (!readLines(sim, order, count, only)) return 0
  if (sim.world.size.priced === 1) readWorth(sim, order, count)
  option.aim(order, only)
  option.load(gramsOf(sim, full, count) / 1000, count)
  priceSet(sim, routing, full, count)
  if (count === 1 || isSplitFutile(sim, routing, count, router.plenty)) return take(router, full)
  priceSets(sim, routing, full, count, only)
  return name(router, partsOf(router, full, count, Number.POSITIVE_INFINITY))
}

/**
 * The same answer for an order that has just been paid, where nobody asks afterwards what each warehouse has left: most orders go in one shipment from
 * one of the cheapest few, and then the shelves of the others need not be read. Whatever is not as simple is searched as always.
 */
export function chooseFresh(sim: Sim, order: Parcel, only: number): number {
  const { router, option, world } = sim
  const { routing } = sim.policies
  const isPlain =
    routing.floor === costFloor && world.size.erring === 0 && world.size.priced === 0 && !hasFlag(world, order, FLAG.split)
  const isLimited = sim.network.limits !== null || routing.limit !== undefined || router.limits.isNarrowed
  if (!isPlain || isLimited) return chooseShipments(sim, order, only)
  const count = lineCount(world, order)
  const full = (1 << count) - 1
  for (let i = 0; i < count; i++) router.lines[i] = lineAt(world, order, i)
  option.aim(order, only)
  option.load(gramsOf(sim, full, count) / 1000, count)
  option.charges = null
  if (!option.cheapestInStock(routing, router.lines, count, router.leftOfSet)) return chooseShipments(sim, order, only)
  router.bestPrice[full] = option.least
  router.bestWarehouse[full] = option.warehouse
  router.bestService[full] = option.service
  if (count === 1 || isSplitFutile(sim, routing, count, router.plenty)) return take(router, full)
  return chooseShipments(sim, order, only)
}

/** The same within limits. */
function chooseWithin(sim: Sim, order: Parcel, only: number): number {
  const { router, option } = sim
  const { limits } = router
  const count = lineCount(sim.world, order)
  const full = (1 << count) - 1
  limits.read(sim, order)
  if (!readLines(sim, order, count, only) || (only < 0 && !barWarehouses(sim, count))) return 0
  if (sim.world.size.priced === 1) readWorth(sim, order, count)
  const routing = limits.pricesOf(sim.policies.routing)
  if (hasFlag(sim.world, order, FLAG.split)) return takeWhole(sim, routing, order, count, only)
  option.aim(order, only)
  option.load(gramsOf(sim, full, count) / 1000, count)
  priceSet(sim, routing, full, count)
  if (count === 1 || limits.maxShipments === 1) return take(router, full)
  if (isSplitFutile(sim, routing, count, only < 0 ? router.plentyWithin : router.plenty)) return take(router, full)
  priceSets(sim, routing, full, count, only)
  const parts = name(router, partsOf(router, full, count, limits.maxShipments))
  if (parts === 0 || limits.co2Grams === Number.POSITIVE_INFINITY || co2Of(sim, parts, count) <= limits.co2Grams) return parts
  return chooseLeaner(sim, routing, full, count)
}

/** A parcel of an order that is split already, which goes as it is. */
function chooseForPart(sim: Sim, routing: Routing, order: Parcel, only: number): number {
  const count = lineCount(sim.world, order)
  if (!readLines(sim, order, count, only)) return 0
  if (sim.world.size.priced === 1) readWorth(sim, order, count)
  return takeWhole(sim, routing, order, count, only)
}

function takeWhole(sim: Sim, routing: Routing, order: Parcel, count: number, only: number): number {
  const full = (1 << count) - 1
  sim.option.aim(order, only)
  sim.option.load(gramsOf(sim, full, count) / 1000, count)
  priceSet(sim, routing, full, count)
  return take(sim.router, full)
}

/** Warehouses that may not ship are as good as empty; false where some line is nowhere else to be had. */
function barWarehouses({ network, router }: Sim, count: number): boolean {
  const { W } = network
  const { allowed, pinnedLine, pinnedWarehouse } = router.limits
  for (let w = 0; w < W; w++) router.plentyWithin[w] = allowed[w] === 0 ? -1 : PLENTY
  for (let i = 0; i < count; i++) {
    let somewhere = false
    for (let w = 0; w < W; w++) {
      if (allowed[w] === 0 || (i === pinnedLine && w !== pinnedWarehouse)) router.left[i * W + w] = -1
      else if (router.left[i * W + w] >= 0) somewhere = true
    }
    if (!somewhere) return false
  }
  return true
}

/**
 * What an order that lies in a warehouse already, `heldMs` from being packed there, would save in cents by going another way in one shipment: the
 * cheapest, which is left as the only part. The order's goods are free while it is asked. 0 where nothing is cheaper.
 */
export function savingOf(sim: Sim, order: Parcel, heldMs: number): number {
  const { router, option, network, world } = sim
  const { limits } = router
  const count = lineCount(world, order)
  const full = (1 << count) - 1
  const isLimited = network.limits !== null || sim.policies.routing.limit !== undefined
  if (isLimited) limits.read(sim, order)
  if (!readLines(sim, order, count, -1) || (isLimited && !barWarehouses(sim, count))) return 0
  if (world.size.priced === 1) readWorth(sim, order, count)
  const routing = isLimited ? limits.pricesOf(sim.policies.routing) : sim.policies.routing
  const w = warehouseOf(world, order)
  const kg = gramsOf(sim, full, count) / 1000
  option.aim(order, -1)
  option.hold(w, heldMs)
  option.load(kg, count)
  priceSet(sim, routing, full, count)
  if (take(router, full) === 0) return 0
  const { lanes, handlingLineCents } = network
  const place = w * network.S + serviceOf(world, order)
  const lane = (zoneOf(world, order) * network.W * network.S + place) * LANE.fields
  option.standAt(
    place,
    w,
    shipmentCents(count, handlingLineCents[w], lanes[lane + LANE.parcelCents], kg, lanes[lane + LANE.kgCents]),
  )
  option.lookAhead()
  return Math.max(0, routing.price(option, routing.params) - router.bestPrice[full])
}

/** Of a single shipment that does without a warehouse: there is none, there is one, or a split might be cheaper. */
export const BESIDE = { none: 0, found: 1, split: 2 } as const

/**
 * Right after a search that bought one shipment, within no limits: the cheapest that does without its warehouse, by what that search has read
 * and reckoned. The option is left loaded with the order and standing for it; what it asks is in `besideCents`. What the search found stays
 * as it is. Where one of several lines might be cheaper by itself, or none has all, it is for another search to say.
 */
export function searchBeside(sim: Sim, order: Parcel, without: number): (typeof BESIDE)[keyof typeof BESIDE] {
  const { router, option, network } = sim
  const { routing } = sim.policies
  const count = lineCount(sim.world, order)
  const full = (1 << count) - 1
  const left = standForWhole(sim, count)
  let found = router.besideRank >= 0
  if (router.besideRank === NOT_LOOKED) {
    const had = left[without]
    left[without] = -1
    found = option.cheapest(routing, left)
    left[without] = had
    router.besideCents = option.least
  } else if (found) option.standForRank(router.besideRank)
  const asked = router.besideCents
  if (count === 1) return found ? BESIDE.found : BESIDE.none
  if (hasFlag(sim.world, order, FLAG.split)) return found ? BESIDE.found : BESIDE.none
  if (!found) return BESIDE.split
  // No split is cheaper than twice the floor of its lightest line, which the search has reckoned with this warehouse and so is no higher without.
  if (asked <= 2 * router.floors[1]) return BESIDE.found
  const { warehouse, service } = option
  router.plentyWithin.fill(PLENTY)
  router.plentyWithin[without] = -1
  const bought = router.bestPrice[full]
  router.bestPrice[full] = asked
  const isFutile = isSplitFutile(sim, routing, count, router.plentyWithin)
  router.bestPrice[full] = bought
  if (!isFutile) return BESIDE.split
  standForWhole(sim, count)
  option.standAt(warehouse * network.S + service, warehouse, 0)
  return BESIDE.found
}

/** The option carries the whole order again, as it did when it was priced as one shipment; returned is what each warehouse would have left. */
export function standForWhole(sim: Sim, count: number): Int32Array {
  const { router, option } = sim
  const full = (1 << count) - 1
  const left = count === 1 ? router.left : router.leftOfSet
  option.left = left
  option.charges = router.lineCents === null ? null : router.centsOfSet
  option.load(gramsOf(sim, full, count) / 1000, count)
  return left
}

/** The best option for each set of lines but the whole, which is priced already. */
function priceSets(sim: Sim, routing: Routing, full: number, count: number, only: number): void {
  const { router, network } = sim
  const { sets, bestPrice } = router
  let light = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) light = Math.min(light, gramsOf(sim, 1 << i, count))
  sets.gather(routing, router, count, only, light / 1000)
  for (let mask = 1; mask < full; mask++) {
    bestPrice[mask] = Number.POSITIVE_INFINITY
    if (!couldBeHad(bestPrice, mask)) continue
    sets.search(routing, mask, gramsOf(sim, mask, count) / 1000, linesOf(mask))
    bestPrice[mask] = sets.least
    router.bestWarehouse[mask] = sets.bestWarehouse
    router.bestService[mask] = sets.bestPlace - sets.bestWarehouse * network.S
  }
}

/** False where a part of the set cannot be shipped: then neither can the set. */
function couldBeHad(bestPrice: Float64Array, mask: number): boolean {
  if ((mask & (mask - 1)) === 0) return true
  for (let rest = mask; rest > 0; rest &= rest - 1)
    if (bestPrice[mask ^ (rest & -rest)] === Number.POSITIVE_INFINITY) return false
  return true
}

/** The cheapest partition; `most` Infinity is three, or more where three will not do. */
function partsOf({ parts, bestPrice }: RouterScratch, full: number, count: number, most: number): number {
  if (most === Number.POSITIVE_INFINITY) {
    const few = cheapestOfFew(parts, bestPrice, full, FEW_SHIPMENTS)
    return few > 0 || count <= FEW_SHIPMENTS ? few : cheapestOfAny(parts, bestPrice, full, count)
  }
  if (most <= FEW_SHIPMENTS) return cheapestOfFew(parts, bestPrice, full, most)
  return most < count ? cheapestOfMost(parts, bestPrice, full, most) : cheapestOfAny(parts, bestPrice, full, count)
}

/** The whole order in one shipment, or 0 where there is none. */
function take(router: RouterScratch, full: number): number {
  router.partMask[0] = full
  return name(router, router.bestPrice[full] === Number.POSITIVE_INFINITY ? 0 : 1)
}

/** Warehouse, service and price of each part. */
function name(router: RouterScratch, parts: number): number {
  for (let i = 0; i < parts; i++) {
    const mask = router.partMask[i]
    router.partWarehouse[i] = router.bestWarehouse[mask]
    router.partService[i] = router.bestService[mask]
    router.partPrice[i] = router.bestPrice[mask]
  }
  return parts
}

/** Grams CO2e of the shipments named. */
function co2Of(sim: Sim, parts: number, count: number): number {
  const { network, router, option } = sim
  let grams = 0
  for (let i = 0; i < parts; i++) {
    const kg = gramsOf(sim, router.partMask[i], count) / 1000
    const at = ((option.zone * network.W + router.partWarehouse[i]) * network.S + router.partService[i]) * LANE.fields
    grams += network.lanes[at + LANE.parcelCo2Grams] + network.lanes[at + LANE.kgCo2Grams] * kg
  }
  return grams
}

/** The cheapest set breaks the order's cap: the cheapest that does not. */
function chooseLeaner(sim: Sim, routing: Routing, full: number, count: number): number {
  const { network, router } = sim
  const { carbon, limits, sets } = router
  carbon.begin()
  for (let mask = 1; mask <= full; mask++) {
    carbon.open(mask)
    if (router.bestPrice[mask] === Number.POSITIVE_INFINITY) continue
    sets.each(routing, mask, gramsOf(sim, mask, count) / 1000, linesOf(mask), carbon)
  }
  const { maxShipments, co2Grams } = limits
  const most = Math.min(count, maxShipments === Number.POSITIVE_INFINITY ? FEW_SHIPMENTS : maxShipments)
  let parts = carbon.search(full, most, co2Grams)
  if (parts === 0 && maxShipments === Number.POSITIVE_INFINITY && most < count) parts = carbon.search(full, count, co2Grams)
  for (let i = 0; i < parts; i++) {
    const place = carbon.placeOf(i)
    router.partMask[i] = carbon.answerMask[i]
    router.partService[i] = place % network.S
    router.partWarehouse[i] = (place - router.partService[i]) / network.S
    router.partPrice[i] = carbon.priceOf(i)
  }
  return parts
}

/**
 * True where one shipment is already no dearer than any split could be. A price does not fall when lines or weight are added (the policy
 * contract checks that), so a shipment of m lines costs no less than the m lightest would from anywhere that may ship, in stock or not: a floor for
 * each m, and no split is cheaper than the floors of its sizes together. Tried from the cheapest test to the dearest.
 */
function isSplitFutile(sim: Sim, routing: Routing, count: number, plenty: Int32Array): boolean {
  const { router, option } = sim
  const { floors } = router
  const price = router.bestPrice[(1 << count) - 1]
  if (price === Number.POSITIVE_INFINITY) return false
  sortByWeight(sim, count)
  if (routing.floor === costFloor) {
    // No search: what is never below its cost is first held against costs alone, which for nearly all orders will do.
    const light = option.leastCost(router.grams[0] / 1000, 1)
    // Whoever asks for a runner-up goes by it.
    floors[1] = light
    if (price <= 2 * light || price <= light + option.leastCost(router.grams[count - 1] / 1000, 1)) return true
  }
  floors[1] = floorPrice(sim, routing, router.grams[0], 1, plenty)
  if (price <= 2 * floors[1]) return true
  if (price <= floors[1] + floorPrice(sim, routing, router.grams[count - 1], 1, plenty)) return true
  if (count === 2) return false
  let grams = router.grams[0]
  for (let m = 2; m < count; m++) {
    grams += router.grams[m - 1]
    floors[m] = floorPrice(sim, routing, grams, m, plenty)
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
function floorPrice(sim: Sim, routing: Routing, grams: number, lines: number, plenty: Int32Array): number {
  const { option } = sim
  option.load(grams / 1000, lines)
  // At worthless stock, which it never is less than.
  option.charges = null
  option.cheapest(routing, plenty)
  return option.least
}

/** Grams of some lines of the order that was asked for last: bit i of `mask` is its line i of `count`. */
export function gramsOf({ network, router }: Sim, mask: number, count: number): number {
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
  if (world.size.erring === 1) return readBooks(sim, order, count, only)
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

/** The same where books err: what they say is what is known. */
function readBooks({ world, router, network }: Sim, order: Parcel, count: number, only: number): boolean {
  const { W } = network
  const barred = barredFor(world, order)
  for (let i = 0; i < count; i++) {
    const line = lineAt(world, order, i)
    router.lines[i] = line
    const shelf = skuOfLine(line) * W
    let somewhere = false
    for (let w = 0; w < W; w++) {
      const left = w === barred ? -1 : bookedUnits(world, shelf + w) - world.reserved[shelf + w] - unitsOfLine(line)
      router.left[i * W + w] = left
      if (left >= 0 && (only < 0 || only === w)) somewhere = true
    }
    if (!somewhere) return false
  }
  return true
}

/** The warehouse where a pick for it has found nothing, as long as the books have not heard of it; −1 where there is none. */
export function barredFor(world: WorldView, order: Parcel): number {
  if (world.size.erring === 0 || missedPicks(world, order) === 0) return -1
  const w = warehouseOf(world, order)
  for (let i = 0; i < lineCount(world, order); i++) {
    const sku = skuOfLine(lineAt(world, order, i))
    if (world.unseen[sku * world.d.W + w] > 0) return w
  }
  return -1
}

/** What the plan of the day, and the policy itself, say each line is worth at each warehouse. */
export function readWorth(sim: Sim, order: Parcel, count: number): void {
  const { world, network, router, policies } = sim
  const { W } = network
  router.lineCents ??= new Float64Array(MAX_LINES * W)
  const { lineCents } = router
  const { worth, params } = policies.routing
  lineCents.fill(0, 0, count * W)
  if (worth !== undefined) {
    router.facts.aim(sim, order)
    worth(router.facts, world.notes, params, lineCents)
    for (let i = 0; i < count * W; i++)
      if (!(lineCents[i] >= 0)) misbehaved('routing', lineCents[i], 'what a line is worth is a number from 0')
  }
  for (let i = 0; i < count; i++) {
    const line = lineAt(world, order, i)
    const shelf = skuOfLine(line) * W
    const units = unitsOfLine(line)
    for (let w = 0; w < W; w++) lineCents[i * W + w] += units * world.priceStock[shelf + w]
  }
}

/** The best option for a set of lines, among the warehouses that have them all. */
function priceSet(sim: Sim, routing: Routing, mask: number, count: number): void {
  const { router, option } = sim
  // Of a single line, the first and only row of `left` is what is left of the set.
  const leftOfSet = count === 1 ? router.left : router.leftOfSet
  if (count > 1) leaveOfSet(sim, mask, count)
  option.charges = router.lineCents === null ? null : chargeOfSet(sim, router.lineCents, mask)
  const found = router.looksBeside ? option.cheapestTwo(routing, leftOfSet) : option.cheapest(routing, leftOfSet)
  router.bestPrice[mask] = option.least
  router.besideRank = router.looksBeside ? option.nextRank : NOT_LOOKED
  if (router.looksBeside) router.besideCents = option.nextLeast
  if (!found) return
  router.bestWarehouse[mask] = option.warehouse
  router.bestService[mask] = option.service
}

/** What the units of a set are worth at each warehouse. */
function chargeOfSet({ network, router }: Sim, lineCents: Float64Array, mask: number): Float64Array {
  const { W } = network
  const { centsOfSet } = router
  centsOfSet.fill(0)
  for (let i = 0, rest = mask; rest > 0; i++, rest >>= 1)
    if ((rest & 1) === 1) for (let w = 0; w < W; w++) centsOfSet[w] += lineCents[i * W + w]
  return centsOfSet
}

/** What each warehouse would have left of the scarcest line of a set. */
function leaveOfSet(sim: Sim, mask: number, count: number): void {
  const { left, leftOfSet } = sim.router
  const { W } = sim.network
  leftOfSet.fill(PLENTY)
  for (let i = 0; i < count; i++) {
    if (((mask >> i) & 1) === 0) continue
    for (let w = 0; w < W; w++) {
      const here = left[i * W + w]
      if (here < leftOfSet[w]) leftOfSet[w] = here
    }
  }
}
