import { departureFor, lastVansBefore, nextVans } from './journey.ts'
import { excessAt, lateShareAt } from './lateness.ts'
import type { Network } from './network.ts'
import type { RoutingOption } from './policy.ts'
import type { WorldView } from './world.ts'
import { nowMs, placedMs, promisedMs, type Parcel, zoneOf } from './world.ts'

/** Half the time between two hub waves: what a parcel waits for the next on average. */
const HALF_WAVE_MS = 30 * 60_000

/**
 * The one option object of a run, aimed at an order and then moved over its options. A class because a policy should pay only for what
 * it asks: each column is computed when read, from the network's tables and the live world.
 */
export class Option implements RoutingOption {
  nowMs = 0.5
  placedMs = 0.5
  promisedMs = 0.5
  zone = 0
  warehouse = 0
  service = 0
  weightKg = 0.5
  lines = 1
  unitsLeft = 0
  /** The record aimed at; not part of what a policy sees. */
  order: Parcel = 0
  #lane = 0
  #lastVansMs = 0.5
  readonly #world: WorldView
  readonly #network: Network
  readonly #weekStartMs: number

  constructor(world: WorldView, network: Network, weekStartMs: number) {
    this.#world = world
    this.#network = network
    this.#weekStartMs = weekStartMs
  }

  aim(order: Parcel): void {
    const world = this.#world
    this.order = order
    this.nowMs = nowMs(world)
    this.placedMs = placedMs(world, order)
    this.promisedMs = promisedMs(world, order)
    this.zone = zoneOf(world, order)
    this.#lastVansMs = lastVansBefore(this.#network, this.promisedMs, this.#weekStartMs)
  }

  /** What a shipment would carry. */
  load(weightKg: number, lines: number): void {
    this.weightKg = weightKg
    this.lines = lines
  }

  at(warehouse: number, service: number, unitsLeft: number): void {
    this.warehouse = warehouse
    this.service = service
    this.unitsLeft = unitsLeft
    this.#lane = (this.zone * this.#network.W + warehouse) * this.#network.S + service
  }

  get express(): boolean {
    return this.#network.serviceExpress[this.service] === 1
  }
  get km(): number {
    return this.#network.km[this.zone * this.#network.W + this.warehouse]
  }
  get costCents(): number {
    const network = this.#network
    return Math.round(
      network.handlingParcelCents[this.warehouse] +
        network.handlingLineCents[this.warehouse] * this.lines +
        network.laneParcelCents[this.#lane] +
        network.laneKgCents[this.#lane] * this.weightKg,
    )
  }
  get co2Grams(): number {
    return this.#network.laneParcelCo2Grams[this.#lane] + this.#network.laneKgCo2Grams[this.#lane] * this.weightKg
  }
  get queueMs(): number {
    return Math.max(this.#network.prepareMedianMs[this.warehouse], this.#world.readyMs[this.warehouse] - this.nowMs)
  }
  get departMs(): number {
    const i = this.warehouse * this.#network.S + this.service
    const packed = this.nowMs + this.queueMs
    return packed <= this.#world.departCutMs[i]
      ? this.#world.departMs[i]
      : departureFor(this.#network, this.service, packed, 0, this.#weekStartMs)
  }
  get etaMs(): number {
    const sorted = this.departMs + this.#medianMs() + this.#afterHaulMs()
    return nextVans(this.#network, sorted, this.#weekStartMs) + this.#network.delivery.hoursMs / 2
  }
  get lateShare(): number {
    return lateShareAt(this.#network.lateness, this.#network.laneSigmaRow[this.#lane], this.#budget())
  }
  get expectedLateMs(): number {
    return excessAt(this.#network.lateness, this.#network.laneSigmaRow[this.#lane], this.#budget()) * this.#medianMs()
  }
  get latePerOrderCents(): number {
    return this.#network.latePerOrderCents
  }
  get latePerHourCents(): number {
    return this.#network.latePerHourCents
  }

  /** Line haul at the present weather and carrier state. */
  #medianMs(): number {
    const slow = this.#world.laneSlow[this.zone * this.#network.W + this.warehouse]
    return this.#network.laneMedianMs[this.#lane] * slow * this.#world.transitFactor[this.service]
  }
  #afterHaulMs(): number {
    return HALF_WAVE_MS + this.#world.hubWaitMs[this.#network.zoneHub[this.zone]] + this.#world.stationWaitDays[this.zone] * 86_400_000
  }
  /** Time there is for the line haul if the promise is to be kept, in medians of it. */
  #budget(): number {
    return (this.#lastVansMs - this.departMs - this.#afterHaulMs()) / this.#medianMs()
  }
}
