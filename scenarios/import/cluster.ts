import { kmBetween, type Place } from './sphere.ts'

/** A town and how many orders it stands for. */
export type WeightedPlace = Place & { readonly weight: number }

const ROUNDS_MAX = 60

/**
 * Weighted k-means on the globe without dice: the first centre is the heaviest town, each further one the town whose weight × squared
 * distance to the nearest centre is largest, then the usual rounds. Returns for each town the number of its cluster; clusters are
 * numbered by falling weight. Fewer than `count` clusters come back when there are fewer towns.
 */
export function cluster(towns: readonly WeightedPlace[], count: number): number[] {
  const centres = firstCentres(towns, count)
  let member: number[] = []
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = towns.map((town) => nearestIndex(town, centres))
    if (round > 0 && next.every((cluster, town) => cluster === member[town])) break
    member = next
    for (let c = 0; c < centres.length; c++) {
      const own = towns.filter((_, town) => member[town] === c)
      if (own.length > 0) centres[c] = centroid(own)
    }
  }
  return renumbered(towns, member)
}

/** Mean position by weight; near enough on the scale of a country that does not cross the date line. */
export function centroid(towns: readonly WeightedPlace[]): Place {
  const weight = towns.reduce((sum, town) => sum + town.weight, 0)
  const mean = (of: (town: WeightedPlace) => number): number =>
    towns.reduce((sum, town) => sum + of(town) * town.weight, 0) / weight
  return { lat: mean((town) => town.lat), lon: mean((town) => town.lon) }
}

/** Index of the place that is least far. */
export function nearestIndex(from: Place, places: readonly Place[]): number {
  let best = -1
  let bestKm = Number.POSITIVE_INFINITY
  for (let i = 0; i < places.length; i++) {
    const km = kmBetween(from, places[i])
    if (km < bestKm) {
      best = i
      bestKm = km
    }
  }
  return best
}

function firstCentres(towns: readonly WeightedPlace[], count: number): Place[] {
  const centres: Place[] = []
  const km2 = towns.map(() => 1)
  while (centres.length < Math.min(count, towns.length)) {
    let best = 0
    for (let i = 1; i < towns.length; i++) if (towns[i].weight * km2[i] > towns[best].weight * km2[best]) best = i
    if (km2[best] === 0) break
    const centre = { lat: towns[best].lat, lon: towns[best].lon }
    for (let i = 0; i < towns.length; i++) {
      const far = kmBetween(towns[i], centre) ** 2
      km2[i] = centres.length === 0 ? far : Math.min(km2[i], far)
    }
    centres.push(centre)
  }
  return centres
}

function renumbered(towns: readonly WeightedPlace[], member: readonly number[]): number[] {
  const weight = new Map<number, number>()
  member.forEach((c, town) => {
    weight.set(c, (weight.get(c) ?? 0) + towns[town].weight)
  })
  const order = [...weight.keys()].sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a - b)
  const rank = new Map(order.map((c, i) => [c, i]))
  return member.map((c) => rank.get(c) ?? 0)
}
