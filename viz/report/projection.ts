import type { NetworkCard } from '../../scenarios/result.ts'
import { spanOf } from './scale.ts'

/** From longitude and latitude to a drawing 1000 wide; equirectangular, with degrees of longitude shortened by cos(middle latitude). */
export type Projection = {
  readonly height: number
  readonly place: (lon: number, lat: number) => readonly [x: number, y: number]
}

const MARGIN = 40

export function projectionOf({ outline, zones, warehouses }: NetworkCard): Projection {
  const places = [...zones, ...warehouses]
  const lons = spanOf([...outline.flat().map(([lon]) => lon), ...places.map(({ lon }) => lon)])
  const lats = spanOf([...outline.flat().map(([, lat]) => lat), ...places.map(({ lat }) => lat)])
  const narrow = Math.max(0.05, Math.cos((((lats[0] + lats[1]) / 2) * Math.PI) / 180))
  // A single place has no extent; a hundredth of a degree keeps the division alive.
  const width = Math.max((lons[1] - lons[0]) * narrow, 0.01)
  const tall = Math.max(lats[1] - lats[0], 0.01)
  const perDegree = Math.min((1000 - 2 * MARGIN) / width, (1600 - 2 * MARGIN) / tall)
  const left = (1000 - width * perDegree) / 2
  return {
    height: Math.round(tall * perDegree + 2 * MARGIN),
    place: (lon, lat) => [left + (lon - lons[0]) * narrow * perDegree, MARGIN + (lats[1] - lat) * perDegree],
  }
}
