import { distanceKm } from '../../sim/geo.ts'

export type Place = { readonly lat: number; readonly lon: number }

export function kmBetween(a: Place, b: Place): number {
  return distanceKm(a.lat, a.lon, b.lat, b.lon)
}

/** On the globe, and not 0/0, which is what a table writes for "unknown". */
export function isPlace({ lat, lon }: Place): boolean {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && !(lat === 0 && lon === 0)
}
