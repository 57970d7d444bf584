import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import { nearestIndex } from '../import/cluster.ts'
import { digits } from '../import/statistics.ts'

/** Demonstrated capacities, as multiples of a demand (orders a day). */
export type Shown = { readonly perDay: number; readonly handedOver: number; readonly delivered: number }

/** A small place needs more room beside its mean than a large one: so many square roots of it (square-root staffing, Halfin & Whitt 1981); a hub shares its sorters with its neighbours. */
const ROOTS = { hands: 1, hubs: 0.4 } as const
/** A seller of a parcel a day is never short of hands. */
const HANDS_LEAST = 30
/** Work of one person for one parcel, about. */
const SECONDS = 900
/** Vans have this much more room than hubs can send them: the record cannot tell the two apart, and a hub serves many zones. */
const VAN_SPARE = 1.5
/** Trucks have this much more room than hands can fill on average: they come at hours, and hands work all day. */
const TRUCK_SPARE = 1.25

const room = (perDay: number, headroom: number, roots: number): number => headroom * perDay + roots * Math.sqrt(perDay)

/** Sizes hands, trucks, hubs and vans by what was shown: queues then come from these, and not from the laws. */
export function sizeStages(spec: NetworkSpec, { perDay, handedOver, delivered }: Shown): NetworkSpec {
  const zoneShares = shares(spec.zones.map(({ share }) => share))
  const warehouseShares = shares(spec.warehouses.map(({ stockShare }) => stockShare ?? 1))
  const hubPerDay = spec.hubs.map(() => 0)
  spec.zones.forEach((zone, z) => {
    hubPerDay[nearestIndex(zone, spec.hubs)] += perDay * zoneShares[z]
  })
  const vanDays = spec.delivery.days.length / 7
  const trucksPerWeek = spec.services[0].departures.reduce((sum, { days }) => sum + days.length, 0)
  const perTruck = (TRUCK_SPARE * handedOver * perDay * 7) / trucksPerWeek
  return {
    ...spec,
    zones: spec.zones.map((zone, z) => ({
      ...zone,
      deliveriesPerDay: digits(VAN_SPARE * room((perDay * zoneShares[z]) / vanDays, delivered, ROOTS.hands), 4),
    })),
    hubs: spec.hubs.map((hub, h) => ({ ...hub, parcelsPerHour: digits(room(hubPerDay[h], delivered, ROOTS.hubs) / 24, 4) })),
    services: spec.services.map((service) => ({
      ...service,
      departures: service.departures.map((departure) => ({ ...departure, capacity: digits(perTruck, 4) })),
    })),
    warehouses: spec.warehouses.map((warehouse, w) => {
      const mean = perDay * warehouseShares[w]
      return {
        ...warehouse,
        ...hands(warehouse, room(mean, handedOver, ROOTS.hands)),
        truckRoom: digits(room(mean, handedOver, ROOTS.hands) / (handedOver * perDay), 4),
      }
    }),
  }
}

function hands(warehouse: NetworkSpec['warehouses'][number], perDay: number) {
  const [shift] = warehouse.shifts
  const hours = (parseClock(shift.to) - parseClock(shift.from)) / HOUR_MS
  const perShift = (Math.max(HANDS_LEAST, perDay) * 7) / shift.days.length
  const pickers = Math.max(2, Math.round((perShift * SECONDS) / (hours * 3600)))
  const seconds = digits((hours * 3600 * pickers) / perShift, 4)
  const work = { perParcel: seconds, perLine: 0, sigma: 0.4 }
  // Packers are never the ones who are waited for: the record cannot tell the two apart.
  return {
    shifts: warehouse.shifts.map((one) => ({ ...one, pickers, packers: 2 * pickers })),
    pickSeconds: work,
    packSeconds: { ...work, perParcel: digits(seconds / 2, 4) },
  }
}

function shares(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part) => part / total)
}
