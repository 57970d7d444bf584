export const EARTH_RADIUS_KM = 6371.0088
const RADIANS = Math.PI / 180

/** Great-circle distance in km (haversine; mean Earth radius of the IUGG). */
export function distanceKm(latA: number, lonA: number, latB: number, lonB: number): number {
  const dLat = (latB - latA) * RADIANS
  const dLon = (lonB - lonA) * RADIANS
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** A place as a point of the unit sphere, written to three cells. */
export function writeUnitVector(lat: number, lon: number, target: Float64Array, at: number): void {
  const ring = Math.cos(lat * RADIANS)
  target[at] = ring * Math.cos(lon * RADIANS)
  target[at + 1] = ring * Math.sin(lon * RADIANS)
  target[at + 2] = Math.sin(lat * RADIANS)
}
