import { addOutcome, rememberShipment } from '../apply/experience.ts'
import { makeRoomForExperience } from '../apply/records.ts'
import { FACT } from '../experience.ts'
import type { Sim } from '../sim.ts'
import { nowMs, type Parcel, promisedMs, serviceOf, warehouseOf, zoneOf } from '../world.ts'

/** Keeps what became of shipments where the routing policy learns from it; whoever does not ask pays one comparison a shipment. */

/** A shipment is decided and not yet booked: what its option shows is remembered. The option is aimed at the order. */
export function expectOf(sim: Sim, p: Parcel, warehouse: number, service: number): void {
  const { world, pen, option, network } = sim
  if (world.size.learning === 0) makeRoomForExperience(pen)
  option.standAt(warehouse * network.S + service, warehouse, 0)
  option.lookAhead()
  const perDay = option.parcelsPerDay
  const load = perDay > 0 ? option.parcelsAhead / perDay : option.parcelsAhead
  const spareMs = option.promisedMs - option.etaMsP50
  rememberShipment(pen, p, nowMs(world), option.queueMs, load, option.lateShare, option.expectedLateMs, spareMs)
}

/** A parcel has reached its customer, or is lost. One that was decided before anybody asked says nothing. */
export function learnOf(sim: Sim, p: Parcel, order: Parcel, lost: boolean): void {
  const { world, pen } = sim
  if (world.expected[p * FACT.fields + FACT.routedMs] === 0) return
  const lateMs = nowMs(world) - promisedMs(world, order)
  addOutcome(pen, p, warehouseOf(world, p), serviceOf(world, p), zoneOf(world, p), lateMs, lost)
}
