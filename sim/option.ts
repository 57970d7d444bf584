import { departureFor, lastVansBefore, nextVans } from './journey.ts'
import { excessAt, lateShareAt } from './lateness.ts'
import type { Network } from './network.ts'
import type { RoutingOption } from './policy.ts'
import { nowMs, type Parcel, placedMs, promisedMs, type WorldView, zoneOf } from './world.ts'

/** Half the time between two hub waves: what a parcel waits for the next on average. */
const HALF_WAVE_MS = 30 * 60_000
const DAY_MS = 86_400_000
/** Not worked out yet. */
const UNKNOWN = -1e300

/**
 * The one option object of a run: aimed at an order, loaded with a shipment, moved from warehouse to warehouse and service to service.
 * A class, and written step by step, because each decision looks at dozens of options: what is shared by an order, a warehouse or a
 * lane is worked out once, and the rest only when a policy asks.
 */
export class Option implements RoutingOption {
  // Started with halves so that the engine keeps them as doubles from the first order on.
  nowMs = 0.5
  placedMs = 0.5
  promisedMs = 0.5
  zone = 0
  warehouse = 0
  service = 0
  weightKg = 0.5
  lines = 1
  unitsLeft = 0
  km = 0.5
  queueMs = 0.5
  departMs = 0.5
  latePerOrderCents = 0.5
  latePerHourCents = 0.5
  /** The record aimed at. */
  order: Parcel = 0
  private lane = 0
  private pair = 0
  private lastVansMs = 0.5
  private afterHaulMs = 0.5
  private handlingCents = 0.5
  private slow = 0.5
  private haul = 0.5
  private ratio = 0.5
  private readonly world: WorldView
  private readonly network: Network
  private readonly weekStartMs: number

  constructor(world: WorldView, network: Network, weekStartMs: number) {
    this.world = world
    this.network = network
    this.weekStartMs = weekStartMs
    this.latePerOrderCents = network.latePerOrderCents
    this.latePerHourCents = network.latePerHourCents
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

  /** What the shipment would carry. */
  load(weightKg: number, lines: number): void {
    this.weightKg = weightKg
    this.lines = lines
  }

  from(warehouse: number, unitsLeft: number): void {
    const { world, network } = this
    this.warehouse = warehouse
    this.unitsLeft = unitsLeft
    this.pair = this.zone * network.W + warehouse
    this.km = network.km[this.pair]
    this.queueMs = Math.max(network.prepareMedianMs[warehouse], world.readyMs[warehouse] - this.nowMs)
    this.handlingCents = network.handlingParcelCents[warehouse] + network.handlingLineCents[warehouse] * this.lines
    this.slow = world.laneSlow[this.pair]
  }

  by(service: number): void {
    const { world, network } = this
    this.service = service
    this.lane = this.pair * network.S + service
    const at = this.warehouse * network.S + service
    const packed = this.nowMs + this.queueMs
    this.ratio = UNKNOWN
    this.departMs =
      packed <= world.departCutMs[at] ? world.departMs[at] : departureFor(network, service, packed, 0, this.weekStartMs)
  }

  get express(): boolean {
    return this.network.serviceExpress[this.service] === 1
  }
  get costCents(): number {
    const { network, lane } = this
    return Math.round(this.handlingCents + network.laneParcelCents[lane] + network.laneKgCents[lane] * this.weightKg)
  }
  get co2Grams(): number {
    return this.network.laneParcelCo2Grams[this.lane] + this.network.laneKgCo2Grams[this.lane] * this.weightKg
  }
  get etaMs(): number {
    const sorted = this.departMs + this.haulMs() + this.afterHaulMs
    return nextVans(this.network, sorted, this.weekStartMs) + this.network.delivery.hoursMs / 2
  }
  get calmEtaMs(): number {
    const { network, weekStartMs } = this
    const packed = this.nowMs + network.prepareMedianMs[this.warehouse]
    const sorted = departureFor(network, this.service, packed, 0, weekStartMs) + network.laneMedianMs[this.lane] + HALF_WAVE_MS
    return nextVans(network, sorted, weekStartMs) + network.delivery.hoursMs / 2
  }
  get lateShare(): number {
    return lateShareAt(this.network.lateness, this.network.laneSigmaRow[this.lane], this.budget())
  }
  get expectedLateMs(): number {
    return excessAt(this.network.lateness, this.network.laneSigmaRow[this.lane], this.budget()) * this.haul
  }

  /** Time there is for the line haul if the promise is to be kept, in medians of it. */
  private budget(): number {
    if (this.ratio === UNKNOWN) {
      this.haul = this.haulMs()
      this.ratio = (this.lastVansMs - this.afterHaulMs - this.departMs) / this.haul
    }
    return this.ratio
  }

  /** Median line haul at the present weather and carrier state. */
  private haulMs(): number {
    return this.network.laneMedianMs[this.lane] * this.slow * this.world.transitFactor[this.service]
  }
}
