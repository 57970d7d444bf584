import { departureFor, nextVans } from '../journey.ts'
import { LANE } from '../network.ts'
import type { Sim } from '../sim.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { eventMs, nowMs, type Parcel, STATE, serviceOf, stateOf, warehouseOf, zoneOf } from '../world.ts'

/** When a truck that it can still catch leaves: the one expected at routing, or the next after a usual time to be packed. */
export function expectedTruckMs({ world, network, clock }: Sim, p: Parcel, plannedMs: number): number {
  const now = nowMs(world)
  if (plannedMs > now) return plannedMs
  return departureFor(network, serviceOf(world, p), now, 0, clock.weekStartMs)
}

/**
 * When a parcel may be expected at its customer's door, as things stand: the truck it can still catch, the usual time of its road as the
 * weather and the carrier are now (or, once it has left, the time its journey takes), the queues of hub and station, the middle of a
 * van's round.
 */
export function expectedMs(sim: Sim, p: Parcel, plannedTruckMs: number): number {
  const { world, network, clock } = sim
  const state = stateOf(world, p)
  const now = nowMs(world)
  if (state >= STATE.outForDelivery) return state === STATE.outForDelivery ? eventMs(world, p) : now
  const z = zoneOf(world, p)
  const afterVans = network.delivery.hoursMs / 2
  const queuedMs = world.stationWaitDays[z] * DAY_MS
  if (state === STATE.atStation) return nextVans(network, now + queuedMs, clock.weekStartMs) + afterVans
  const hub = network.zoneHub[z]
  const w = warehouseOf(world, p)
  const s = serviceOf(world, p)
  let atHub = now
  if (state === STATE.handedOver) atHub = eventMs(world, p)
  else if (state < STATE.handedOver) {
    const lane = ((z * network.W + w) * network.S + s) * LANE.fields
    const road = network.lanes[lane + LANE.medianMs] * world.laneSlow[z * network.W + w] * world.transitFactor[s]
    atHub = expectedTruckMs(sim, p, plannedTruckMs) + road
  }
  const sorted = Math.floor(atHub / HOUR_MS) * HOUR_MS + HOUR_MS + world.hubWaitMs[hub]
  return nextVans(network, sorted + queuedMs, clock.weekStartMs) + afterVans
}
