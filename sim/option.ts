import { misbehaved } from './check.ts'
import { departureFor, lastVansBefore, nextVans } from './journey.ts'
import { excessAt, type LatenessTable, lateShareAt } from './lateness.ts'
import { CLOSED, LANE, type Network } from './network.ts'
import type { RoutingOption, Seams } from './policy.ts'
import { DAY_MS } from './units.ts'
import { nowMs, type Parcel, placedMs, promisedMs, type WorldView, zoneOf } from './world.ts'

/** Half the time between two hub waves: what a parcel waits for the next on average. */
const HALF_WAVE_MS = 30 * 60_000

const TABLE_DAYS = 400
/** Whole numbers kept for each option: warehouse · S + service, warehouse. */
const INTS = 2

/**
 * The options of a decision, and the one object through which a policy reads them. It is aimed at an order, lists what is possible for a
 * load, and then stands for one option after the other. Only what an option costs is worked out for all of them; the rest for those
 * that could still be the cheapest, or when it is asked for.
 */
export class Option implements RoutingOption {
  /** Which option it stands for. */
  index = 0
  // Started with halves so that the engine keeps them as doubles from the first order on.
  nowMs = 0.5
  placedMs = 0.5
  promisedMs = 0.5
  zone = 0
  weightKg = 0.5
  lines = 1
  latePerOrderCents = 0.5
  latePerHourCents = 0.5
  costCents = 0.5
  departMs = 0.5
  /** Units of the shipment's scarcest line that each warehouse would have left; set by the router. */
  left: Int32Array
  /** The price of what `cheapest` found. */
  least = 0.5
  private afterHaulMs = 0.5
  private readonly world: WorldView
  private readonly network: Network
  private readonly lateness: LatenessTable
  /** When vans next leave, at or after their hour of day 0, 1, …: asked for many times an order. */
  private readonly vans: Float64Array
  private readonly vansAtMs: number
  private readonly halfRoundMs: number
  private readonly weekStartMs: number
  /** Median line haul, and the time there is for it if the promise is to be kept, in medians. */
  private haulMs = 0.5
  private slack = 0.5
  private arriveByMs = 0.5
  /** What each option costs. */
  private readonly cents: Float64Array
  /** For each option: warehouse · S + service, warehouse. */
  private readonly ints: Int32Array
  /** Time until new work would be packed: [warehouse]. */
  private readonly waitMs: Float64Array
  private count = 0

  constructor(world: WorldView, network: Network, weekStartMs: number) {
    const most = network.W * network.S
    this.world = world
    this.network = network
    this.weekStartMs = weekStartMs
    this.latePerOrderCents = network.latePerOrderCents
    this.latePerHourCents = network.latePerHourCents
    this.left = new Int32Array(network.W)
    this.lateness = network.lateness
    this.vansAtMs = network.delivery.atMs
    this.halfRoundMs = network.delivery.hoursMs / 2
    this.vans = Float64Array.from({ length: TABLE_DAYS }, (_, day) =>
      nextVans(network, day * DAY_MS + this.vansAtMs, weekStartMs),
    )
    this.cents = new Float64Array(most)
    this.waitMs = new Float64Array(network.W)
    this.ints = new Int32Array(most * INTS)
  }

  aim(order: Parcel): void {
    const { world, network } = this
    this.nowMs = nowMs(world)
    this.placedMs = placedMs(world, order)
    this.promisedMs = promisedMs(world, order)
    this.zone = zoneOf(world, order)
    this.afterHaulMs = HALF_WAVE_MS + world.hubWaitMs[network.zoneHub[this.zone]] + world.stationWaitDays[this.zone] * DAY_MS
    this.arriveByMs = lastVansBefore(network, this.promisedMs, this.weekStartMs) - this.afterHaulMs
  }

  /**
   * Lists every open lane from the warehouses that work, whether they have the goods or not, for a load; nearest first, since what is near
   * is mostly cheap, and the sooner a cheap one is known the fewer are priced. `only` ≥ 0 lists one warehouse. Returns the number of options.
   */
  list(weightKg: number, lines: number, only: number): number {
    const { network, world, cents, ints, waitMs } = this
    const { W, S, lanes, handlingLineCents, prepareMedianMs, byDistance } = network
    const { readyMs, siteCapacity } = world
    const now = this.nowMs
    const row = this.zone * W
    this.weightKg = weightKg
    this.lines = lines
    let n = 0
    for (let i = 0; i < W; i++) {
      const w = byDistance[row + i]
      if (siteCapacity[w] === 0 || (only >= 0 && only !== w)) continue
      const prepare = prepareMedianMs[w]
      const ready = readyMs[w] - now
      waitMs[w] = ready > prepare ? ready : prepare
      const handling = handlingLineCents[w] * lines
      for (let s = 0; s < S; s++) {
        const at = ((row + w) * S + s) * LANE.fields
        if (lanes[at + LANE.medianMs] === CLOSED) continue
        cents[n] = handling + lanes[at + LANE.parcelCents] + lanes[at + LANE.kgCents] * weightKg
        ints[INTS * n] = w * S + s
        ints[INTS * n + 1] = w
        n++
      }
    }
    this.count = n
    return n
  }

  /** The same options for another load: only what they cost changes. */
  load(weightKg: number, lines: number): void {
    const { cents, ints, network } = this
    const { lanes, handlingLineCents, W, S } = network
    const row = this.zone * W * S
    this.weightKg = weightKg
    this.lines = lines
    for (let n = 0; n < this.count; n++) {
      const lane = (row + ints[INTS * n]) * LANE.fields
      cents[n] =
        handlingLineCents[ints[INTS * n + 1]] * lines + lanes[lane + LANE.parcelCents] + lanes[lane + LANE.kgCents] * weightKg
    }
  }

  /** From now on the object is option `i`. */
  standFor(i: number): void {
    this.index = i
    this.costCents = this.cents[i]
    this.lookAhead()
  }

  /** When it would leave, and what that leaves for the road. */
  private lookAhead(): void {
    const { world, network } = this
    const at = this.ints[INTS * this.index]
    const w = this.ints[INTS * this.index + 1]
    const s = at - w * network.S
    const packed = this.nowMs + this.waitMs[w]
    this.departMs = packed <= world.departCutMs[at] ? world.departMs[at] : departureFor(network, s, packed, 0, this.weekStartMs)
    this.haulMs = this.lane(LANE.medianMs) * world.laneSlow[this.zone * network.W + w] * world.transitFactor[s]
    this.slack = (this.arriveByMs - this.departMs) / this.haulMs
  }

  /**
   * The cheapest option by a policy's price, of those whose warehouse has what it takes, by `left`; −1 where there is none. What it asks
   * is left in `least`. An option whose floor is no less than what another one asks is not looked at any further.
   */
  cheapest({ price, floor, params }: Seams['routing'], left: Int32Array): number {
    const { ints, cents, count } = this
    this.left = left
    let least = Number.POSITIVE_INFINITY
    let at = -1
    for (let i = 0; i < count; i++) {
      if (left[ints[i * INTS + 1]] < 0) continue
      this.index = i
      this.costCents = cents[i]
      if (floor !== undefined && floor(this, params) >= least) continue
      this.lookAhead()
      const asked = price(this, params)
      if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
      if (asked < least) {
        least = asked
        at = i
      }
    }
    this.least = least
    this.index = at
    return at
  }

  get warehouse(): number {
    return this.ints[INTS * this.index + 1]
  }
  get service(): number {
    return this.ints[INTS * this.index] % this.network.S
  }
  get express(): boolean {
    return this.network.serviceExpress[this.service] === 1
  }
  get km(): number {
    return this.network.km[this.zone * this.network.W + this.warehouse]
  }
  get unitsLeft(): number {
    return this.left[this.ints[INTS * this.index + 1]]
  }
  get co2Grams(): number {
    return this.lane(LANE.parcelCo2Grams) + this.lane(LANE.kgCo2Grams) * this.weightKg
  }
  get queueMs(): number {
    return this.waitMs[this.ints[INTS * this.index + 1]]
  }
  get etaMsP50(): number {
    return this.arrival(this.departMs + this.haulMs + this.afterHaulMs)
  }
  get etaMsP90(): number {
    return this.arrival(this.departMs + this.haulMs * this.lane(LANE.p90) + this.afterHaulMs)
  }
  get calmEtaMsP90(): number {
    const { network, world, weekStartMs } = this
    const at = this.ints[INTS * this.index]
    const packed = this.nowMs + network.prepareMedianMs[this.warehouse]
    const leaves =
      packed <= world.calmCutMs[at] ? world.calmDepartMs[at] : departureFor(network, this.service, packed, 0, weekStartMs)
    return this.arrival(leaves + this.lane(LANE.medianMs) * this.lane(LANE.p90) + HALF_WAVE_MS)
  }
  get lateShare(): number {
    return lateShareAt(this.lateness, this.lane(LANE.latenessRow) | 0, this.slack)
  }
  get expectedLateMs(): number {
    return excessAt(this.lateness, this.lane(LANE.latenessRow) | 0, this.slack) * this.haulMs
  }

  private lane(field: number): number {
    const { W, S, lanes } = this.network
    return lanes[(this.zone * W * S + this.ints[INTS * this.index]) * LANE.fields + field]
  }
  /** Middle of the vans' round that a parcel sorted at this time goes along with. */
  private arrival(sortedMs: number): number {
    const day = Math.ceil((sortedMs - this.vansAtMs) / DAY_MS)
    const vans = day < this.vans.length ? this.vans[day] : nextVans(this.network, sortedMs, this.weekStartMs)
    return vans + this.halfRoundMs
  }
}
