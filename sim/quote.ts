import { afterWorkingTime, nextWorkingMoment } from './calendar.ts'
import { sample } from './distribution.ts'
import { cutOffOf, departureFor, doneBy, nextVans } from './journey.ts'
import { LANE, type Network } from './network.ts'
import { normalQuantile } from './normal.ts'
import type { Quote } from './policy.ts'
import { DAY_MS, HOUR_MS } from './units.ts'

const SPEED = { fast: 0, middle: 1, slow: 2 } as const
const SPEEDS = 3

/** When an order placed then would be paid on a calm day, by the median of its payment. */
export const calmPaidMs = (network: Network, payment: number, placedMs: number, weekStartMs: number): number =>
  nextWorkingMoment(
    placedMs + sample(network.payments.approval[payment], 0.5),
    network.payments.days[payment],
    9 * HOUR_MS,
    weekStartMs,
  )

/** When a warehouse would have prepared it, and when it would have packed it: nobody before it, and an hour's work. */
export const calmPreparedMs = (network: Network, warehouse: number, paidMs: number, weekStartMs: number): number =>
  afterWorkingTime(paidMs, network.prepareMedianMs[warehouse], network.prepareDays[warehouse], weekStartMs)
export function calmPackedMs({ rosters }: Network, warehouse: number, preparedMs: number, weekStartMs: number): number {
  const roster = rosters[warehouse]
  return doneBy(roster, roster.packers, preparedMs, 0, 1, weekStartMs) + HOUR_MS
}

/** The journey of an order on a calm day, from the nearest warehouse with a lane there: by calendars and laws alone, so that every routing policy faces the same promises. */
export class PromiseQuote implements Quote {
  placedMs = 0.5
  packedMs = 0.5
  private zone = 0
  private warehouse = 0
  private readonly askedQuantile: Float64Array
  /** By service: who is packed from … until … leaves at this time. */
  private readonly packedFromMs: Float64Array
  private readonly packedUntilMs: Float64Array
  private readonly departMs: Float64Array
  private readonly haulMs: Float64Array
  private readonly network: Network
  private readonly weekStartMs: number
  /** The nearest warehouse that something can be sent from: [zone]. */
  private readonly nearest: Int32Array

  constructor(network: Network, weekStartMs: number) {
    this.network = network
    this.weekStartMs = weekStartMs
    this.askedQuantile = new Float64Array(network.Z * SPEEDS)
    this.packedFromMs = new Float64Array(network.S)
    this.packedUntilMs = new Float64Array(network.S).fill(Number.NEGATIVE_INFINITY)
    this.departMs = new Float64Array(network.S)
    this.haulMs = new Float64Array(network.Z * SPEEDS)
    this.nearest = Int32Array.from({ length: network.Z }, (_, z) => {
      const { W, byDistance, serviceBySpeed } = network
      for (let i = 0; i < W; i++) if (serviceBySpeed[(z * W + byDistance[z * W + i]) * SPEEDS] >= 0) return byDistance[z * W + i]
      return byDistance[z * W]
    })
  }

  aim(placedMs: number, zone: number, payment: number): void {
    const network = this.network
    const warehouse = this.nearest[zone]
    const week = this.weekStartMs
    const prepared = calmPreparedMs(network, warehouse, calmPaidMs(network, payment, placedMs, week), week)
    this.placedMs = placedMs
    this.packedMs = calmPackedMs(network, warehouse, prepared, week)
    this.zone = zone
    this.warehouse = warehouse
  }

  deliveredMs(quantile: number, speed: 'fast' | 'middle' | 'slow'): number {
    const { network, zone, warehouse } = this
    const service = network.serviceBySpeed[(zone * network.W + warehouse) * SPEEDS + SPEED[speed]]
    if (service < 0) return Number.POSITIVE_INFINITY
    const hauled = this.departOf(service) + this.haulOf(zone * SPEEDS + SPEED[speed], service, quantile)
    return nextVans(network, hauled + HOUR_MS, this.weekStartMs) + network.delivery.hoursMs
  }

  /** The first departure it catches, which is that of all who are packed between the first that was asked about and the cut-off. */
  private departOf(service: number): number {
    const { network, packedMs, weekStartMs } = this
    if (packedMs >= this.packedFromMs[service] && packedMs <= this.packedUntilMs[service]) return this.departMs[service]
    const depart = departureFor(network, service, packedMs, 0, weekStartMs)
    this.departMs[service] = depart
    this.packedFromMs[service] = packedMs
    this.packedUntilMs[service] = depart < Number.POSITIVE_INFINITY ? cutOffOf(network, service, depart, weekStartMs) : packedMs
    return depart
  }

  /** The line haul that a share of journeys stay within; kept, since policies ask for one quantile again and again. `at` is zone · SPEEDS + speed. */
  private haulOf(at: number, service: number, quantile: number): number {
    if (this.askedQuantile[at] !== quantile) {
      const { lanes, W, S } = this.network
      const lane = ((this.zone * W + this.warehouse) * S + service) * LANE.fields
      this.askedQuantile[at] = quantile
      this.haulMs[at] = lanes[lane + LANE.medianMs] * Math.exp(lanes[lane + LANE.sigma] * normalQuantile(quantile))
    }
    return this.haulMs[at]
  }

  endOfDayMs(timeMs: number): number {
    // Counted in days, since a remainder of parts of a millisecond would not be exact.
    return (Math.floor((timeMs - this.weekStartMs) / DAY_MS) + 1) * DAY_MS + this.weekStartMs
  }
}
