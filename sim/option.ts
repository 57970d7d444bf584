import { departureFor, lastVansBefore, nextVans } from './journey.ts'
import { excessAt, lateShareAt } from './lateness.ts'
import type { Network } from './network.ts'
import type { RoutingOption } from './policy.ts'
import { nowMs, type Parcel, placedMs, promisedMs, type WorldView, zoneOf } from './world.ts'

/** Half the time between two hub waves: what a parcel waits for the next on average. */
const HALF_WAVE_MS = 30 * 60_000
const DAY_MS = 86_400_000

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
  /** The record aimed at. */
  order: Parcel = 0
  private lastVansMs = 0.5
  private afterHaulMs = 0.5
  private readonly world: WorldView
  private readonly network: Network
  private readonly weekStartMs: number
  private readonly cents: Float64Array
  private readonly queue: Float64Array
  private readonly depart: Float64Array
  private readonly haul: Float64Array
  /** Time there is for the line haul if the promise is to be kept, in medians of it. */
  private readonly budget: Float64Array
  private readonly left: Int32Array
  /** Warehouse · S + service. */
  private readonly place: Int32Array

  constructor(world: WorldView, network: Network, weekStartMs: number) {
    const most = network.W * network.S
    this.world = world
    this.network = network
    this.weekStartMs = weekStartMs
    this.latePerOrderCents = network.latePerOrderCents
    this.latePerHourCents = network.latePerHourCents
    this.cents = new Float64Array(most)
    this.queue = new Float64Array(most)
    this.depart = new Float64Array(most)
    this.haul = new Float64Array(most)
    this.budget = new Float64Array(most)
    this.left = new Int32Array(most)
    this.place = new Int32Array(most)
  }

  aim(order: Parcel): void {
    const { world, network } = this
    this.order = order
    this.nowMs = nowMs(world)
    this.placedMs = placedMs(world, order)
    this.promisedMs = promisedMs(world, order)
    this.zone = zoneOf(world, order)
    this.lastVansMs = lastVansBefore(network, this.promisedMs, this.weekStartMs)
    this.afterHaulMs = HALF_WAVE_MS + world.hubWaitMs[network.zoneHub[this.zone]] + world.stationWaitDays[this.zone] * DAY_MS
  }

  /**
   * Lists every open lane for a load, from the warehouses `from` … `to` − 1 whose `left` (units that would be left of the scarcest line)
   * is not negative; `left` null asks nothing of the shelves. Returns the number of options.
   */
  list(weightKg: number, lines: number, from: number, to: number, left: Int32Array | null): number {
    const { network, world, cents, queue, depart, haul, budget, place } = this
    const { W, S, laneOpen, laneMedianMs, laneParcelCents, laneKgCents, handlingLineCents, prepareMedianMs } = network
    const { readyMs, laneSlow, siteCapacity, departMs, departCutMs, transitFactor } = world
    const now = this.nowMs
    const arriveBy = this.lastVansMs - this.afterHaulMs
    const row = this.zone * W
    this.weightKg = weightKg
    this.lines = lines
    let n = 0
    for (let w = from; w < to; w++) {
      const spare = left === null ? 0 : left[w]
      if (spare < 0 || siteCapacity[w] === 0) continue
      const prepare = prepareMedianMs[w]
      const ready = readyMs[w] - now
      const wait = ready > prepare ? ready : prepare
      const packed = now + wait
      const slow = laneSlow[row + w]
      const handling = handlingLineCents[w] * lines
      for (let s = 0; s < S; s++) {
        const lane = (row + w) * S + s
        if (laneOpen[lane] === 0) continue
        const at = w * S + s
        const leaves = packed <= departCutMs[at] ? departMs[at] : departureFor(network, s, packed, 0, this.weekStartMs)
        const median = laneMedianMs[lane] * slow * transitFactor[s]
        place[n] = at
        this.left[n] = spare
        queue[n] = wait
        depart[n] = leaves
        haul[n] = median
        budget[n] = (arriveBy - leaves) / median
        cents[n] = Math.round(handling + laneParcelCents[lane] + laneKgCents[lane] * weightKg)
        n++
      }
    }
    return n
  }

  get warehouse(): number {
    return (this.place[this.index] / this.network.S) | 0
  }
  get service(): number {
    return this.place[this.index] % this.network.S
  }
  get express(): boolean {
    return this.network.serviceExpress[this.service] === 1
  }
  get km(): number {
    return this.network.km[this.zone * this.network.W + this.warehouse]
  }
  get unitsLeft(): number {
    return this.left[this.index]
  }
  get costCents(): number {
    return this.cents[this.index]
  }
  get co2Grams(): number {
    const lane = this.zone * this.network.W * this.network.S + this.place[this.index]
    return this.network.laneParcelCo2Grams[lane] + this.network.laneKgCo2Grams[lane] * this.weightKg
  }
  get queueMs(): number {
    return this.queue[this.index]
  }
  get departMs(): number {
    return this.depart[this.index]
  }
  get etaMsP50(): number {
    return this.arrival(this.depart[this.index] + this.haul[this.index] + this.afterHaulMs)
  }
  get etaMsP90(): number {
    const lane = this.zone * this.network.W * this.network.S + this.place[this.index]
    return this.arrival(this.depart[this.index] + this.haul[this.index] * this.network.laneP90[lane] + this.afterHaulMs)
  }
  get calmEtaMsP90(): number {
    const { network, world, weekStartMs } = this
    const at = this.place[this.index]
    const lane = this.zone * network.W * network.S + at
    const packed = this.nowMs + network.prepareMedianMs[this.warehouse]
    const leaves =
      packed <= world.calmCutMs[at] ? world.calmDepartMs[at] : departureFor(network, this.service, packed, 0, weekStartMs)
    return this.arrival(leaves + network.laneMedianMs[lane] * network.laneP90[lane] + HALF_WAVE_MS)
  }
  get lateShare(): number {
    const lane = this.zone * this.network.W * this.network.S + this.place[this.index]
    return lateShareAt(this.network.lateness, this.network.laneSigmaRow[lane], this.budget[this.index])
  }
  get expectedLateMs(): number {
    const lane = this.zone * this.network.W * this.network.S + this.place[this.index]
    return excessAt(this.network.lateness, this.network.laneSigmaRow[lane], this.budget[this.index]) * this.haul[this.index]
  }

  /** Middle of the vans' round that a parcel sorted at this time goes along with. */
  private arrival(sortedMs: number): number {
    return nextVans(this.network, sortedMs, this.weekStartMs) + this.network.delivery.hoursMs / 2
  }
}
