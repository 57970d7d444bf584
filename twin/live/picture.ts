import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Picture, PictureSite } from '../wire.ts'

/** A network as the page draws it, and how to find a road in it. */
export type Drawn = {
  readonly picture: Picture
  /** Lane from a warehouse to a hub, or from a hub to a zone; −1 where the network has no such road. */
  readonly lane: (from: string, to: string) => number
  /** The hub that serves a zone: the nearest. */
  readonly hubOf: (zone: string) => string | null
}

/** All warehouses to all hubs, and each zone's hub to it. Sites of different kinds may have the same id, so a road is named by both ends. */
export function drawnNetwork(spec: NetworkSpec, outline: Picture['outline']): Drawn {
  const site =
    (kind: PictureSite['kind'], share = 0) =>
    ({ id, name, lon, lat }: { id: string; name: string; lon: number; lat: number }) => ({ id, name, kind, lon, lat, share })
  const whole = spec.zones.reduce((sum, { share }) => sum + share, 0)
  const sites: PictureSite[] = [
    ...spec.warehouses.map(site('warehouse')),
    ...spec.hubs.map(site('hub')),
    ...spec.zones.map((zone) => site('zone', zone.share / whole)(zone)),
  ]
  const hubsFrom = spec.warehouses.length
  const zonesFrom = hubsFrom + spec.hubs.length
  const lanes: { from: number; to: number }[] = []
  const places = new Map<string, number>()
  const add = (from: number, to: number): void => {
    places.set(`${sites[from].id}\n${sites[to].id}`, lanes.length)
    lanes.push({ from, to })
  }
  for (let w = 0; w < hubsFrom; w++) for (let h = hubsFrom; h < zonesFrom; h++) add(w, h)
  const hubs = new Map<string, string>()
  for (let z = zonesFrom; z < sites.length; z++) {
    const near = nearest(sites, hubsFrom, zonesFrom, sites[z])
    if (near < 0) continue
    hubs.set(sites[z].id, sites[near].id)
    add(near, z)
  }
  return {
    picture: { name: spec.name, sites, outline, lanes },
    lane: (from, to) => places.get(`${from}\n${to}`) ?? -1,
    hubOf: (zone) => hubs.get(zone) ?? null,
  }
}

function nearest(sites: readonly PictureSite[], from: number, until: number, { lat, lon }: PictureSite): number {
  let best = -1
  let bestKm = Number.POSITIVE_INFINITY
  for (let h = from; h < until; h++) {
    const km = distanceKm(lat, lon, sites[h].lat, sites[h].lon)
    if (km < bestKm) [best, bestKm] = [h, km]
  }
  return best
}
