import { departureFor, lastVansBefore, nextVans } from './journey.ts'
import { excessAt, type LatenessTable, lateShareAt } from './lateness.ts'
import { CLOSED, LANE, type Network } from './network.ts'
import type { RoutingOption } from './policy.ts'
import { DAY_MS } from './units.ts'
import { nowMs, type Parcel, placedMs, promisedMs, type WorldView, zoneOf } from './world.ts'

/** Half the time between two hub waves: what a parcel waits for the next on average. */
const HALF_WAVE_MS = 30 * 60_000

const MISSED = -1
const TABLE_DAYS = 400

// Columns of an option. One array for all of them: every further array in the loop costs as much as the arithmetic.
const CENTS = 0
const QUEUE = 1
const DEPART = 2
const HAUL = 3
/** Time there is for the line haul if the promise is to be kept, in medians of it. */
const BUDGET = 4
const COLUMNS = 5
const INTS = 3

/**
 * The options of a decision, as columns, and the one object through which a policy reads them. It is aimed at an order, lists what is
 * possible for a load in one tight loop over warehouses and services, and then stands for one option after the other (`index`).
 * What every policy may want is worked out in the loop; what few ask for, when they ask.
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
  readonly latePerOrderCents: number
  readonly latePerHourCents: number
  /** Units of the shipment's scarcest line that each warehouse would have left; set by the router. */
  left: Int32Array
  private lastVansMs = 0.5
  private afterHaulMs = 0.5
  private readonly world: WorldView
  private readonly network: Network
  private readonly lateness: LatenessTable
  /** When vans next leave, at or after their hour of day 0, 1, …: asked for many times an order. */
  private readonly vans: Float64Array
  private readonly vansAtMs: number
  private readonly halfRoundMs: number
  private readonly weekStartMs: number
  /** A row for each option. */
  private readonly columns: Float64Array
  /** For each option: warehouse · S + service, warehouse, row of the lateness table. */
  private readonly ints: Int32Array
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
    this.columns = new Float64Array(most * COLUMNS)
    this.ints = new Int32Array(most * INTS)
  }

  aim(order: Parcel): void {
    const { world, network } = this
    this.nowMs = nowMs(world)
    this.placedMs = placedMs(world, order)
    this.promisedMs = promisedMs(world, order)
    this.zone = zoneOf(world, order)
    this.lastVansMs = lastVansBefore(network, this.promisedMs, this.weekStartMs)
    this.afterHaulMs = HALF_WAVE_MS + world.hubWaitMs[network.zoneHub[this.zone]] + world.stationWaitDays[this.zone] * DAY_MS
  }

  /**
   * Lists every open lane from the warehouses `from` … `to` − 1 that work, whether they have the goods or not, for a load.
   * Returns the number of options.
   */
  list(weightKg: number, lines: number, from: number, to: number): number {
    const { network, world, columns, ints } = this
    const { W, S, lanes, handlingLineCents, prepareMedianMs } = network
    const { readyMs, laneSlow, siteCapacity, departMs, departCutMs, transitFactor } = world
    const now = this.nowMs
    const arriveBy = this.lastVansMs - this.afterHaulMs
    const row = this.zone * W
    this.weightKg = weightKg
    this.lines = lines
    let n = 0
    let missed = 0
    for (let w = from; w < to; w++) {
      if (siteCapacity[w] === 0) continue
      const prepare = prepareMedianMs[w]
      const ready = readyMs[w] - now
      const wait = ready > prepare ? ready : prepare
      const packed = now + wait
      const slow = laneSlow[row + w]
      const handling = handlingLineCents[w] * lines
      for (let s = 0; s < S; s++) {
        const lane = ((row + w) * S + s) * LANE.fields
        const calmMedian = lanes[lane + LANE.medianMs]
        if (calmMedian === CLOSED) continue
        const at = w * S + s
        const leaves = packed <= departCutMs[at] ? departMs[at] : MISSED
        const median = calmMedian * slow * transitFactor[s]
        if (leaves === MISSED) missed++
        const i = n * COLUMNS
        columns[i + CENTS] = handling + lanes[lane + LANE.parcelCents] + lanes[lane + LANE.kgCents] * weightKg
        columns[i + QUEUE] = wait
        columns[i + DEPART] = leaves
        columns[i + HAUL] = median
        columns[i + BUDGET] = (arriveBy - leaves) / median
        ints[INTS * n] = at
        ints[INTS * n + 1] = w
        ints[INTS * n + 2] = lanes[lane + LANE.latenessRow]
        n++
      }
    }
    this.count = n
    if (missed > 0) this.correct(n, arriveBy)
    return n
  }

  /** The same options for another load: only what they cost changes. */
  load(weightKg: number, lines: number): void {
    const { columns, ints, network } = this
    const { lanes, handlingLineCents, W, S } = network
    const row = this.zone * W * S
    this.weightKg = weightKg
    this.lines = lines
    for (let n = 0; n < this.count; n++) {
      const lane = (row + ints[INTS * n]) * LANE.fields
      columns[n * COLUMNS + CENTS] =
        handlingLineCents[ints[INTS * n + 1]] * lines + lanes[lane + LANE.parcelCents] + lanes[lane + LANE.kgCents] * weightKg
    }
  }

  /** Options whose estimated departure is missed since it was estimated: looked up in the timetable. Apart, since a call would slow the loop. */
  private correct(options: number, arriveBy: number): void {
    const { network, columns, ints } = this
    for (let n = 0; n < options; n++) {
      const i = n * COLUMNS
      if (columns[i + DEPART] !== MISSED) continue
      const leaves = departureFor(network, ints[INTS * n] % network.S, this.nowMs + columns[i + QUEUE], 0, this.weekStartMs)
      columns[i + DEPART] = leaves
      columns[i + BUDGET] = (arriveBy - leaves) / columns[i + HAUL]
    }
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
  get costCents(): number {
    return this.columns[this.index * COLUMNS + CENTS]
  }
  get co2Grams(): number {
    return this.lane(LANE.parcelCo2Grams) + this.lane(LANE.kgCo2Grams) * this.weightKg
  }
  get queueMs(): number {
    return this.columns[this.index * COLUMNS + QUEUE]
  }
  get departMs(): number {
    return this.columns[this.index * COLUMNS + DEPART]
  }
  get etaMsP50(): number {
    const i = this.index * COLUMNS
    return this.arrival(this.columns[i + DEPART] + this.columns[i + HAUL] + this.afterHaulMs)
  }
  get etaMsP90(): number {
    const i = this.index * COLUMNS
    return this.arrival(this.columns[i + DEPART] + this.columns[i + HAUL] * this.lane(LANE.p90) + this.afterHaulMs)
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
    return lateShareAt(this.lateness, this.ints[INTS * this.index + 2], this.columns[this.index * COLUMNS + BUDGET])
  }
  get expectedLateMs(): number {
    const i = this.index * COLUMNS
    return excessAt(this.lateness, this.ints[INTS * this.index + 2], this.columns[i + BUDGET]) * this.columns[i + HAUL]
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
