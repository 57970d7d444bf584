import type { CarbonCap } from './carbon-cap.ts'
import { CHEAP } from './cheap-lanes.ts'
import { misbehaved } from './check.ts'
import { type Network, shipmentCents } from './network.ts'
import type { Option } from './option.ts'
import { SETS } from './partition.ts'
import { costFloor, type Seams } from './policy.ts'
import type { WorldView } from './world.ts'

type Routing = Seams['routing']
/** What lies where, and what it is worth: see `RouterScratch`. */
type Shelves = { readonly left: Int32Array; readonly lineCents: Float64Array | null }

/** Numbers for each lane in `nearLanes` and `nearCents`. */
const PAIR = 2
/** A bound is a sum in another order than the cost it bounds, so that its last digits may lie above: it is taken a little lower. */
const SURE = 1 - 1e-12

/**
 * The best option for one set of lines after the other, for orders that may be split. The lanes that could carry anything of the order are
 * gathered once; then each set goes through them and prices what could still be the cheapest. What spares prices: a lane never asks less
 * for a set than for the lightest line of the order by itself with plenty left (the policy contract: a price does not fall with lines,
 * weight or scarcity), so that is asked at most once of a lane and remembered; and a price that is never below its cost lets the lanes
 * be gone through from cheap to dear, until all that follow cost more than the best found.
 */
export class SetSearch {
  /** Lines of the order that a warehouse could ship, as bits: [warehouse]. */
  private readonly has: Uint8Array
  /** How many warehouses have all of a set. */
  private readonly holders = new Int32Array(SETS)
  /** The lanes: warehouse · S + service, warehouse, rank from near to far, and the lines its warehouse has. */
  private readonly place: Int32Array
  private readonly warehouse: Int32Array
  private readonly rank: Int32Array
  private readonly lines: Uint8Array
  private readonly parcelCents: Float64Array
  private readonly kgCents: Float64Array
  private readonly lineCents: Float64Array
  /** The least of parcel and first line, and for a kg, among this lane and all that follow. */
  private readonly restFirst: Float64Array
  private readonly restKg: Float64Array
  private leastLineCents = 0.5
  /** Where the floor is another than the cost: the least floor among this lane and all that follow. */
  private readonly restFloor: Float64Array
  /** What the lane asks at least, whatever the set; and whether that is its price for the lightest line, or only a floor of it. */
  private readonly atLeast: Float64Array
  private readonly isAsked: Uint8Array
  private count = 0
  private isCheapFirst = false
  private lightKg = 0.5
  /** Units left of each line: [line · W + warehouse]; and of the set, where a warehouse is asked about. */
  private left: Int32Array
  private readonly leftOfSet: Int32Array
  /** What the units of each line are worth, in cents, or null; and those of the set. */
  private worth: Float64Array | null = null
  private readonly centsOfSet: Float64Array
  private readonly plenty: Int32Array
  /** What the last set found: its price, Infinity where nothing can carry it, and by what. */
  least = 0.5
  bestWarehouse = 0
  bestPlace = 0
  private readonly world: WorldView
  private readonly network: Network
  private readonly option: Option

  constructor(world: WorldView, network: Network, option: Option, plenty: Int32Array) {
    const { W, S } = network
    const lanes = W * S
    this.has = new Uint8Array(W)
    this.place = new Int32Array(lanes)
    this.warehouse = new Int32Array(lanes)
    this.rank = new Int32Array(lanes)
    this.lines = new Uint8Array(lanes)
    this.parcelCents = new Float64Array(lanes)
    this.kgCents = new Float64Array(lanes)
    this.lineCents = new Float64Array(lanes)
    this.restFirst = new Float64Array(lanes)
    this.restKg = new Float64Array(lanes)
    this.restFloor = new Float64Array(lanes)
    this.atLeast = new Float64Array(lanes)
    this.isAsked = new Uint8Array(lanes)
    this.left = plenty
    this.leftOfSet = new Int32Array(W)
    this.centsOfSet = new Float64Array(W)
    this.plenty = plenty
    this.world = world
    this.network = network
    this.option = option
  }

  /** The lanes that could carry some of `count` lines; the option is aimed at the order. `lightKg` is the least a line of it weighs. */
  gather({ floor, params }: Routing, { left, lineCents }: Shelves, count: number, only: number, lightKg: number): void {
    const { network, option, has, place, warehouse, rank, restFirst, restKg } = this
    const { W, S, nearLanes, nearCents, handlingLineCents } = network
    const { cheapLanes } = network.cheap
    const { siteCapacity } = this.world
    this.left = left
    this.worth = lineCents
    this.lightKg = lightKg
    this.isCheapFirst = floor === costFloor
    for (let w = 0; w < W; w++) {
      let lines = 0
      if (siteCapacity[w] > 0 && (only < 0 || only === w))
        for (let i = 0; i < count; i++) if (left[i * W + w] >= 0) lines |= 1 << i
      has[w] = lines
    }
    this.countHolders(count)
    const first = option.zone * W * S
    let n = 0
    for (let i = 0; i < option.options; i++) {
      const near = this.isCheapFirst ? cheapLanes[(first + i) * CHEAP.fields + CHEAP.rank] : i
      const at = (first + near) * PAIR
      const w = nearLanes[at + 1]
      if (has[w] === 0) continue
      place[n] = nearLanes[at]
      warehouse[n] = w
      rank[n] = near
      this.lines[n] = has[w]
      this.parcelCents[n] = nearCents[at]
      this.kgCents[n] = nearCents[at + 1]
      this.lineCents[n] = handlingLineCents[w]
      this.atLeast[n] = 0
      this.isAsked[n] = 0
      n++
    }
    this.count = n
    if (this.isCheapFirst) {
      let parcel = Number.POSITIVE_INFINITY
      let kg = Number.POSITIVE_INFINITY
      let line = Number.POSITIVE_INFINITY
      for (let c = n - 1; c >= 0; c--) {
        parcel = Math.min(parcel, this.parcelCents[c] + this.lineCents[c])
        kg = Math.min(kg, this.kgCents[c])
        line = Math.min(line, this.lineCents[c])
        restFirst[c] = parcel
        restKg[c] = kg
      }
      this.leastLineCents = line
    } else if (floor === undefined) this.restFloor.fill(0, 0, n)
    else {
      option.load(lightKg, 1)
      option.left = this.plenty
      option.charges = null
      for (let c = 0; c < n; c++) {
        option.standAt(place[c], warehouse[c], this.costOf(c, lightKg, 1))
        this.atLeast[c] = floor(option, params)
      }
      let rest = Number.POSITIVE_INFINITY
      for (let c = n - 1; c >= 0; c--) {
        rest = Math.min(rest, this.atLeast[c])
        this.restFloor[c] = rest
      }
    }
  }

  /** The cheapest way to ship a set of lines, left in `least` and `best…`. Of equals the nearest is taken. */
  search(routing: Routing, mask: number, kg: number, lines: number): void {
    const { option, place, warehouse, rank, atLeast, isAsked, leftOfSet, isCheapFirst } = this
    const { price, params } = routing
    const moreLines = (lines - 1) * this.leastLineCents
    let least = Number.POSITIVE_INFINITY
    let found = -1
    this.least = least
    if (this.holders[mask] === 0) return
    this.load(kg, lines)
    for (let c = 0; c < this.count; c++) {
      if (isCheapFirst ? (moreLines + this.restFirst[c] + kg * this.restKg[c]) * SURE > least : this.restFloor[c] > least) break
      if ((this.lines[c] & mask) !== mask || atLeast[c] > least) continue
      const cost = this.costOf(c, kg, lines)
      if (isCheapFirst && cost > least) continue
      if (isAsked[c] === 0 && least < Number.POSITIVE_INFINITY) {
        this.askForLightest(routing, c)
        this.load(kg, lines)
        if (atLeast[c] > least) continue
      }
      const w = warehouse[c]
      leftOfSet[w] = this.leftAt(mask, w)
      if (this.worth !== null) this.centsOfSet[w] = this.worthAt(this.worth, mask, w)
      option.standAt(place[c], w, cost)
      option.lookAhead()
      const asked = price(option, params)
      if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
      if (asked < least || (asked === least && found >= 0 && rank[c] < rank[found])) {
        least = asked
        found = c
      }
    }
    this.least = least
    if (found < 0) return
    this.bestWarehouse = warehouse[found]
    this.bestPlace = place[found]
  }

  /** Hands on all ways to ship a set of lines. */
  each({ price, params }: Routing, mask: number, kg: number, lines: number, to: CarbonCap): void {
    const { option, warehouse, leftOfSet } = this
    this.load(kg, lines)
    for (let c = 0; c < this.count; c++) {
      if ((this.lines[c] & mask) !== mask) continue
      const w = warehouse[c]
      leftOfSet[w] = this.leftAt(mask, w)
      if (this.worth !== null) this.centsOfSet[w] = this.worthAt(this.worth, mask, w)
      option.standAt(this.place[c], w, this.costOf(c, kg, lines))
      option.lookAhead()
      const asked = price(option, params)
      if (asked < Number.POSITIVE_INFINITY) to.add(mask, asked, option.co2Grams, this.place[c])
    }
  }

  /** Each warehouse is counted under what it has, and then, line by line, under every part of that. */
  private countHolders(count: number): void {
    const { has, holders } = this
    const sets = 1 << count
    holders.fill(0, 0, sets)
    for (let w = 0; w < has.length; w++) holders[has[w]]++
    for (let line = 1; line < sets; line <<= 1)
      for (let mask = 0; mask < sets; mask++) if ((mask & line) === 0) holders[mask] += holders[mask | line]
  }

  private askForLightest({ price, params }: Routing, c: number): void {
    const { option, lightKg } = this
    option.left = this.plenty
    option.charges = null
    option.load(lightKg, 1)
    option.standAt(this.place[c], this.warehouse[c], this.costOf(c, lightKg, 1))
    option.lookAhead()
    this.atLeast[c] = price(option, params)
    this.isAsked[c] = 1
  }

  /** The option carries the set again. */
  private load(kg: number, lines: number): void {
    const { option } = this
    option.left = this.leftOfSet
    option.charges = this.worth === null ? null : this.centsOfSet
    option.load(kg, lines)
  }

  private costOf(c: number, kg: number, lines: number): number {
    return shipmentCents(lines, this.lineCents[c], this.parcelCents[c], kg, this.kgCents[c])
  }

  private leftAt(mask: number, w: number): number {
    const { W } = this.network
    let least = Number.POSITIVE_INFINITY
    for (let i = 0, rest = mask; rest > 0; i++, rest >>= 1)
      if ((rest & 1) === 1 && this.left[i * W + w] < least) least = this.left[i * W + w]
    return least
  }

  private worthAt(worth: Float64Array, mask: number, w: number): number {
    const { W } = this.network
    let cents = 0
    for (let i = 0, rest = mask; rest > 0; i++, rest >>= 1) if ((rest & 1) === 1) cents += worth[i * W + w]
    return cents
  }
}
