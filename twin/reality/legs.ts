import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS, SECOND_MS } from '../../sim/units.ts'
import { eventMs, nowMs, type Parcel } from '../../sim/world.ts'
import { carrierSource } from './sources.ts'
import type { Telling } from './telling.ts'

/** One parcel in so many carries a tracker of its own. */
const TRACKED = 64

type Place = { readonly lat: number; readonly lon: number }
type Trip = {
  readonly vehicle: string
  readonly service: string
  readonly from: Place
  readonly to: Place
  readonly leftMs: number
  untilMs: number
}
type Tracked = {
  readonly order: number
  readonly part: number | null
  readonly service: string
  readonly from: Place
  readonly to: Place
  readonly leftMs: number
  readonly untilMs: number
}

/**
 * Positions along the legs from warehouse to hub, told every hour: of trucks, one for each warehouse, service, departure and hub, and of some parcels. The
 * simulator has only the ends of a leg; what lies between is a straight line at even speed.
 */
export class Legs {
  private readonly sim: Sim
  private readonly spec: NetworkSpec
  private readonly telling: Telling
  private readonly trips = new Map<string, Trip>()
  private readonly tracked: Tracked[] = []

  constructor(sim: Sim, spec: NetworkSpec, telling: Telling) {
    this.sim = sim
    this.spec = spec
    this.telling = telling
  }

  /** A parcel was handed over; its own event is when it comes to its hub. */
  left(p: Parcel, order: number, part: number | null, w: number, s: number, hub: number): void {
    const { world } = this.sim
    const leftMs = nowMs(world)
    const untilMs = eventMs(world, p)
    const from = this.spec.warehouses[w]
    const to = this.spec.hubs[hub]
    const service = this.spec.services[s].id
    const vehicle = `${service}:${from.id}:${to.id}:${Math.floor(leftMs / SECOND_MS)}`
    const trip = this.trips.get(vehicle)
    if (trip === undefined) this.trips.set(vehicle, { vehicle, service, from, to, leftMs, untilMs })
    else trip.untilMs = Math.max(trip.untilMs, untilMs)
    if (order % TRACKED === 0) this.tracked.push({ order, part, service, from, to, leftMs, untilMs })
  }

  /** Every hour. */
  tell(): void {
    const now = nowMs(this.sim.world)
    for (const trip of this.trips.values()) {
      if (trip.untilMs <= now) {
        this.trips.delete(trip.vehicle)
        continue
      }
      const km = distanceKm(trip.from.lat, trip.from.lon, trip.to.lat, trip.to.lon)
      this.telling.tell(carrierSource(trip.service), 'positions', 'vehicle', now, {
        vehicle: trip.vehicle,
        service: trip.service,
        ...along(trip, now),
        speed: { value: Math.round((10 * km * HOUR_MS) / (trip.untilMs - trip.leftMs)) / 10, unit: 'km/h' },
        accuracy: { value: 50, unit: 'm' },
        why: { rule: 'hourly position' },
      })
    }
    let kept = 0
    for (const one of this.tracked) {
      if (one.untilMs <= now) continue
      this.tracked[kept++] = one
      this.telling.tell(carrierSource(one.service), 'positions', 'parcel', now, {
        order: this.telling.order(one.order),
        ...(one.part === null ? {} : { part: one.part }),
        ...along(one, now),
        accuracy: { value: 200, unit: 'm' },
        why: { rule: 'hourly position' },
      })
    }
    this.tracked.length = kept
  }
}

function along({ from, to, leftMs, untilMs }: Pick<Trip, 'from' | 'to' | 'leftMs' | 'untilMs'>, now: number) {
  const done = Math.min(1, Math.max(0, (now - leftMs) / (untilMs - leftMs)))
  const on = (a: number, b: number): number => Math.round((a + (b - a) * done) * 1e5) / 1e5
  return { latitude: on(from.lat, to.lat), longitude: on(from.lon, to.lon) }
}
