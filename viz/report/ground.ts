import type { NetworkCard } from '../../scenarios/result.ts'
import { percentText } from './format.ts'
import { type Html, html, short, trusted } from './html.ts'
import { projectionOf } from './projection.ts'

/** Outline and zones, drawn once for the page, hidden, and used by every map by reference. */
export function ground(network: NetworkCard): Html {
  const { height, place } = projectionOf(network)
  const rings = network.outline
    .map((ring) => `M${ring.map(([lon, lat]) => place(lon, lat).map(Math.round).join(' ')).join('L')}Z`)
    .join('')
  const largest = Math.max(1e-9, ...network.zones.map(({ share }) => share))
  const whole = network.zones.reduce((sum, { share }) => sum + share, 0)
  const discs = network.zones.map(({ name, region, lon, lat, share }) => {
    const [x, y] = place(lon, lat)
    return html`<circle cx="${Math.round(x)}" cy="${Math.round(y)}" r="${short(2 + 20 * Math.sqrt(Math.max(0, share) / largest))}"><title>${name}, ${region}: ${percentText(share / whole)} of demand</title></circle>`
  })
  return html`<svg width="0" height="0" class="unseen" aria-hidden="true" viewBox="0 0 1000 ${height}"><defs><g id="ground"><path class="land" d="${trusted(rings)}"/><g class="zones">${discs}</g></g></defs></svg>`
}
