import type { NetworkCard } from '../../scenarios/result.ts'
import { type Html, html, short, trusted } from './html.ts'
import type { Projection } from './projection.ts'

/** One lane of the map: mean parcels a replication from a warehouse to a zone, or their change. */
export type Lane = { readonly warehouse: number; readonly zone: number; readonly parcels: number }

const LANES_SHOWN = 90

/** The largest lanes by size of flow or of change, largest first, and the part of everything that they carry. */
export function largestLanes(
  flows: readonly (readonly number[])[],
  minus: readonly (readonly number[])[] = [],
): { lanes: Lane[]; part: number; count: number } {
  const all = flows
    .flatMap((row, warehouse) =>
      row.map((parcels, zone) => ({ warehouse, zone, parcels: parcels - (minus[warehouse]?.[zone] ?? 0) })),
    )
    .filter(({ parcels }) => Number.isFinite(parcels) && Math.abs(parcels) > 0)
    .toSorted((a, b) => Math.abs(b.parcels) - Math.abs(a.parcels))
  const sum = (lanes: readonly Lane[]) => lanes.reduce((total, { parcels }) => total + Math.abs(parcels), 0)
  const lanes = all.slice(0, LANES_SHOWN)
  return { lanes, part: sum(lanes) / sum(all), count: all.length }
}

/** Curved lines from warehouse to zone, thicker for more parcels; small ones are drawn last and lie on top of the wide. */
export function arcs(lanes: readonly Lane[], most: number, { warehouses, zones }: NetworkCard, { place }: Projection): Html {
  return html`${lanes.map(({ warehouse, zone, parcels }) => {
    const from = warehouses[warehouse]
    const to = zones[zone]
    if (!from || !to) return null
    const [x0, y0] = place(from.lon, from.lat)
    const [x1, y1] = place(to.lon, to.lat)
    const bend = 0.14
    const [cx, cy] = [(x0 + x1) / 2 + (y1 - y0) * bend, (y0 + y1) / 2 - (x1 - x0) * bend]
    const part = Math.sqrt(Math.abs(parcels) / Math.max(most, 1e-9))
    const points = `M${Math.round(x0)} ${Math.round(y0)}Q${Math.round(cx)} ${Math.round(cy)} ${Math.round(x1)} ${Math.round(y1)}`
    return html`<path d="${trusted(points)}" class="${parcels < 0 ? 'less' : 'more'}" stroke-width="${short(0.6 + 4 * part)}" opacity="${short(0.28 + 0.5 * part)}" data-lane="${warehouse},${zone},${short(parcels)}"/>`
  })}`
}
