/** Places on the globe. */

export type Place = { readonly lat: number; readonly lon: number }

const EARTH_KM = 6371
const RADIANS = Math.PI / 180

/** Great-circle distance. */
export function kmBetween(a: Place, b: Place): number {
  const dLat = (b.lat - a.lat) * RADIANS
  const dLon = (b.lon - a.lon) * RADIANS
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

export function isPlace({ lat, lon }: Place): boolean {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180
}
