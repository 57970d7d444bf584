import type { ServiceSpec } from '../../sim/network-spec.ts'
import { ASSUMED } from './assumed.ts'
import type { Freight } from './freight.ts'
import type { Handover } from './handover.ts'
import { digits } from './statistics.ts'
import type { Transit } from './transit.ts'

/** Where a table has no delivery times or no freight: a road carrier in a large country. */
const UNSEEN_TRANSIT: ServiceSpec['transit'] = { intercept: 1.6, slope: 0.4, sigmaNear: 0.6, sigmaFar: 0.4 }
const UNSEEN_FREIGHT: ServiceSpec['freight'] = { base: 8, perKm: 0.005, perKg: 1.2, perKgKm: 0.0005 }

/** The measured service, and an express that is assumed from it. */
export function carriers(from: {
  readonly handover: Handover
  readonly transit: Transit | null
  readonly freight: Freight | null
  readonly lostShare: number
  readonly busiestPerDay: number
}): ServiceSpec[] {
  const transit = from.transit?.law ?? UNSEEN_TRANSIT
  const freight = from.freight?.law ?? UNSEEN_FREIGHT
  // No truck in the data is known to have been full: six days of the busiest warehouse fit into each.
  const capacity = Math.max(20, Math.ceil(from.busiestPerDay * 6))
  const departures = from.handover.departures.map((departure) => ({ ...departure, capacity }))
  const { speed, price } = ASSUMED.express
  const times = (value: number): number => digits(value * price, 3)
  return [
    {
      id: 'standard',
      name: 'Standard parcel',
      carrier: 'Parcel carrier',
      express: false,
      departures,
      transit,
      freight,
      co2: ASSUMED.co2,
      lostShare: from.lostShare,
    },
    {
      id: 'express',
      name: 'Express parcel',
      carrier: 'Express carrier',
      express: true,
      departures,
      transit: { ...transit, intercept: digits(transit.intercept + Math.log(speed), 4) },
      freight: {
        base: times(freight.base),
        perKm: times(freight.perKm),
        perKg: times(freight.perKg),
        perKgKm: times(freight.perKgKm),
      },
      co2: ASSUMED.expressCo2,
      lostShare: from.lostShare,
    },
  ]
}
