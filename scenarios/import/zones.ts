import type { ZoneSpec } from '../../sim/network-spec.ts'
import { centroid, cluster } from './cluster.ts'
import { folded } from './gazetteer.ts'
import type { Place } from './sphere.ts'

/** A customer town and the orders it placed. */
export type DemandTown = Place & { readonly name: string; readonly region: string; readonly weight: number }

export type DemandZones = {
  readonly zones: readonly ZoneSpec[]
  /** Index of the zone of each town, in the order the towns were given. */
  readonly zoneOfTown: readonly number[]
}

/**
 * Clusters the towns of each region on their own, about `count` zones in all: every region has at least one, the rest is dealt out by
 * orders to the power 0.7, so that a capital region is cut finer than its neighbours but does not take everything.
 */
export function demandZones(towns: readonly DemandTown[], count: number): DemandZones {
  const regions = [...new Set(towns.map((town) => town.region))].sort()
  const zones: ZoneSpec[] = []
  const zoneOfTown: number[] = new Array(towns.length).fill(-1)
  const taken = new Set<string>()
  const allowance = zonesPerRegion(
    regions.map((region) => towns.filter((town) => town.region === region)),
    count,
  )
  regions.forEach((region, r) => {
    const own = towns.map((town, index) => ({ ...town, index })).filter((town) => town.region === region)
    const member = cluster(own, allowance[r])
    for (let c = 0; c <= Math.max(...member); c++) {
      const members = own.filter((_, i) => member[i] === c)
      const first = members.reduce((a, b) => (b.weight > a.weight ? b : a))
      const { lat, lon } = centroid(members)
      for (const town of members) zoneOfTown[town.index] = zones.length
      const share = members.reduce((sum, town) => sum + town.weight, 0)
      zones.push({
        id: uniqueId(`${region} ${first.name}`, taken),
        name: first.name,
        region,
        lat: round4(lat),
        lon: round4(lon),
        share,
      })
    }
  })
  return { zones, zoneOfTown }
}

/** Letters, digits and dashes, never twice the same. */
export function uniqueId(name: string, taken: Set<string>): string {
  const plain = folded(name).replaceAll(' ', '-') || 'unnamed'
  let id = plain
  for (let n = 2; taken.has(id); n++) id = `${plain}-${n}`
  taken.add(id)
  return id
}

export function round4(degrees: number): number {
  return Math.round(degrees * 10_000) / 10_000
}

function zonesPerRegion(regions: readonly (readonly DemandTown[])[], count: number): number[] {
  const size = regions.map((towns) => towns.reduce((sum, town) => sum + town.weight, 0) ** 0.7)
  const total = size.reduce((sum, part) => sum + part, 0)
  const spare = Math.max(0, count - regions.length)
  return regions.map((towns, r) => Math.min(towns.length, 1 + Math.round((spare * size[r]) / total)))
}
