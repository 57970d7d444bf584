import { compileNetwork, type Network, type Roster } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { leavesFrom } from '../../sim/reach.ts'
import { WEEK_MS } from '../../sim/units.ts'
import { figure, inNetwork, inZones, type Note, type Place } from './note.ts'

/**
 * Capacity below mean demand, where a queue can only grow. Each warehouse is measured by the demand it is nearest to; where others hold
 * the same articles they may take over, so one short warehouse is a warning and a short network an error. Hubs and vans have no
 * stand-in. Asks for a network whose names and numbers are sound.
 */
export function examineCapacity(spec: NetworkSpec): Note[] {
  const network = compileNetwork(spec)
  // Those without a share of their own take it by demand, and may be nearest to nobody.
  if (network.warehouseShare.some(Number.isNaN)) {
    const first = spec.warehouses.findIndex(({ stockShare }) => stockShare !== undefined)
    const fix = 'give at least one of them a share above 0, or leave all out'
    return [
      { severity: 'error', at: inNetwork('warehouses', first, 'stockShare'), found: 'shares of stock that sum to zero', fix },
    ]
  }
  return [
    ...stations(spec, network, 'pick'),
    ...stations(spec, network, 'pack'),
    ...departures(spec, network),
    ...hubs(spec, network),
    ...lastMile(spec, network),
  ]
}

/** Parcels a day. */
type Load = { readonly name: string; readonly at: Place; readonly capacity: number; readonly demand: number }

function stations(spec: NetworkSpec, network: Network, job: 'pick' | 'pack'): Note[] {
  const [parcelMs, lineMs] =
    job === 'pick' ? [network.pickParcelMs, network.pickLineMs] : [network.packParcelMs, network.packLineMs]
  const loads = spec.warehouses.map((warehouse, w): Load => {
    const workMs = personMsPerWeek(network.rosters[w], job === 'pick' ? 'pickers' : 'packers')
    const parcelWorkMs = parcelMs[w] + network.meanLines * lineMs[w]
    return {
      name: warehouse.name,
      at: inNetwork('warehouses', w, 'shifts'),
      capacity: parcelWorkMs === 0 ? Number.POSITIVE_INFINITY : workMs / parcelWorkMs / 7,
      demand: network.ordersPerDay * network.warehouseShare[w],
    }
  })
  return short(loads, job, `add ${job}ers or hours to its shifts`)
}

function departures(spec: NetworkSpec, network: Network): Note[] {
  const serves = spec.services.map((service) => new Set(leavesFrom(service, spec)))
  const loads = spec.warehouses.map((warehouse, w): Load => {
    const perWeek = network.timetables.reduce((sum, { atMs, capacity: rooms }, s) => {
      if (!serves[s].has(warehouse.id)) return sum
      return atMs.reduce((total, _, i) => total + rooms[i * network.W + w], sum)
    }, 0)
    return {
      name: warehouse.name,
      at: inNetwork('services'),
      capacity: perWeek / 7,
      demand: network.ordersPerDay * network.warehouseShare[w],
    }
  })
  return short(loads, 'send by all its departures', 'raise `capacity` of departures (or write "auto"), or add departures')
}

function short(loads: readonly Load[], what: string, fix: string): Note[] {
  const capacity = loads.reduce((sum, load) => sum + load.capacity, 0)
  const demand = loads.reduce((sum, load) => sum + load.demand, 0)
  const severity = capacity < demand ? 'error' : 'warning'
  return loads
    .filter((load) => load.capacity < load.demand)
    .map((load) => ({
      severity,
      at: load.at,
      found: sentence(load, what),
      fix: `${fix}, or let other warehouses hold its articles`,
    }))
}

function sentence({ name, capacity, demand }: Load, what: string): string {
  return `capacity below mean demand: ${name} can ${what} ${figure(capacity)} parcels a day, mean demand is ${figure(demand)}`
}

function hubs(spec: NetworkSpec, network: Network): Note[] {
  const share = new Float64Array(network.H)
  network.zoneShare.forEach((part, z) => {
    share[network.zoneHub[z]] += part
  })
  return spec.hubs.flatMap(({ name }, h): Note[] => {
    const capacity = network.hubPerHour[h] * 24
    const demand = network.ordersPerDay * share[h]
    if (capacity >= demand) return []
    const at = inNetwork('hubs', h, 'parcelsPerHour')
    const fix = `raise parcelsPerHour to ${Math.ceil((spec.headroom * demand) / 24)}, or write "auto"`
    return [{ severity: 'error', at, found: sentence({ name, at, capacity, demand }, 'sort'), fix }]
  })
}

function lastMile(spec: NetworkSpec, network: Network): Note[] {
  const vanDays = spec.delivery.days.length
  return spec.zones.flatMap(({ id, name }, z): Note[] => {
    // An attempt that finds nobody at home comes back the next day.
    const attempts = (network.ordersPerDay * 7 * network.zoneShare[z]) / (1 - spec.delivery.failedShare) / vanDays
    const capacity = network.deliveriesPerDay[z]
    if (capacity >= attempts) return []
    const found = `capacity below mean demand: ${figure(capacity)} deliveries on a working day in ${name}, mean demand takes ${figure(attempts)} attempts`
    const fix = `raise deliveriesPerDay to ${Math.ceil(2 * attempts)}, or leave it empty`
    return [{ severity: 'error', at: inZones(id, 'deliveriesPerDay'), found, fix }]
  })
}

function personMsPerWeek({ fromMs, pickers, packers }: Roster, job: 'pickers' | 'packers'): number {
  const people = job === 'pickers' ? pickers : packers
  return fromMs.reduce((sum, from, i) => sum + people[i] * ((i + 1 < fromMs.length ? fromMs[i + 1] : WEEK_MS) - from), 0)
}
