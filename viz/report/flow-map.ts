import type { NetworkCard } from '../../scenarios/result.ts'
import { arcs, type Lane, largestLanes } from './arcs.ts'
import { countText, numberText, percentText } from './format.ts'
import { type Html, html, short } from './html.ts'
import { warehouseNames } from './map-labels.ts'
import { section } from './parts.ts'
import { type Projection, projectionOf } from './projection.ts'
import type { Entry, Scene, View } from './view.ts'
import { barsOf } from './warehouse-bars.ts'

/** Who sends how much where, for every policy, and how that differs from the baseline. */
export function flowMap(scene: Scene, view: View): Html {
  const { network, baseline } = view.result
  const lead = html`Mean parcels a replication from each warehouse (ring) to each zone (disc, sized by its share of demand). Switch between policies, or see what each changes against <b>${baseline}</b>.`
  const sent = scene.entries.map(({ cell }) => sentOf(cell.flows))
  const most = Math.max(0, ...scene.entries.map(({ cell }) => Math.abs(largestLanes(cell.flows).lanes[0]?.parcels ?? 0)))
  if (most === 0) return section(scene.key, 'map', 'Map of flows', lead, html`<p class="empty">No parcel was sent.</p>`)

  const projection = projectionOf(network)
  const base = scene.entries.find(({ policy }) => policy.isBaseline)
  const shown = shownFirst(scene)
  const busiest = network.warehouses.map((_, w) => Math.max(0, ...sent.map((each) => each[w] ?? 0)))
  const mostSent = Math.max(...busiest)
  const layers = scene.entries.flatMap((entry, i) => {
    const flow = layerOf(
      entry,
      'flow',
      entry === shown,
      largestLanes(entry.cell.flows),
      most,
      sent[i],
      mostSent,
      network,
      projection,
    )
    if (!base || entry === base) return [flow]
    const changes = largestLanes(entry.cell.flows, base.cell.flows)
    return [flow, layerOf(entry, 'change', false, changes, most, sent[i], mostSent, network, projection)]
  })
  const bars = scene.entries.map((entry, i) =>
    barsOf(entry, entry === shown, sent[i], base ? sent[scene.entries.indexOf(base)] : null, mostSent, view),
  )
  const title = `Map of the flows from warehouses to zones, ${scene.id}`
  return section(
    scene.key,
    'map',
    'Map of flows',
    lead,
    html`<div class="card map" data-map>${controls(scene, shown, baseline, base !== undefined && scene.entries.length > 1)}
<div class="map-body"><figure class="ground" style="--aspect:${short(1000 / projection.height)}"><svg viewBox="0 0 1000 ${projection.height}" role="img" aria-label="${title}"><title>${title}</title><desc>${scene.entries.map(({ policy, cell }) => `${policy.id}: ${largestLanes(cell.flows).count} lanes used`).join('; ')}</desc>
<use href="#ground"/>${layers.map(({ drawn }) => drawn)}</svg>${warehouseNames(network, busiest, projection)}</figure>
<div class="bars">${bars}${layers.map(({ note }) => note)}</div></div></div>`,
  )
}

/** The answer's policy if there is one, else the baseline: what a reader without scripts, or on paper, sees. */
function shownFirst({ entries, answer }: Scene): Entry | undefined {
  const best = answer.is === 'shown' ? answer.best : null
  return entries.find(({ cell }) => cell === best) ?? entries.find(({ policy }) => policy.isBaseline) ?? entries[0]
}

function controls({ entries }: Scene, shown: Entry | undefined, baseline: string, canCompare: boolean): Html {
  return html`<div class="controls"><div role="group" aria-label="Policy on the map">${entries.map(
    (entry) =>
      html`<button type="button" class="chip" data-show="${entry.policy.index}" aria-pressed="${String(entry === shown)}">${entry.policy.id}</button>`,
  )}</div>${canCompare && html`<label><input type="checkbox" data-change> change from ${baseline}</label>`}</div><p class="only-still">Shown: ${shown?.policy.id ?? ''}</p>`
}

function layerOf(
  { policy }: Entry,
  mode: 'flow' | 'change',
  isOn: boolean,
  { lanes, part, count }: { lanes: readonly Lane[]; part: number; count: number },
  most: number,
  sent: readonly number[],
  mostSent: number,
  network: NetworkCard,
  projection: Projection,
): { drawn: Html; note: Html } {
  const key = `${policy.index}-${mode}`
  const on = isOn ? ' on' : ''
  const rings = network.warehouses.map(({ name, lon, lat }, w) => {
    const [x, y] = projection.place(lon, lat)
    const radius = 4 + 15 * Math.sqrt((sent[w] ?? 0) / Math.max(mostSent, 1e-9))
    return html`<circle class="warehouse" cx="${Math.round(x)}" cy="${Math.round(y)}" r="${short(radius)}"><title>${name}: ${countText(sent[w] ?? 0)} parcels</title></circle>`
  })
  // Changes are drawn on a scale of their own, or a shift of a few percent would be hairlines.
  const scale = mode === 'flow' ? most : Math.abs(lanes[0]?.parcels ?? 0)
  const drawn = html`<g class="layer ${mode}${on}" data-layer="${key}"><g class="arcs">${arcs(lanes, scale, network, projection)}</g>${rings}</g>`
  const what = mode === 'flow' ? 'parcels' : 'changed parcels'
  const note = html`<p class="note layer${on}" data-layer="${key}">${mode === 'change' && html`<span class="key more">more</span> <span class="key less">fewer</span> `}The ${numberText(lanes.length)} largest of ${numberText(count)} lanes${lanes.length < count && html`, ${percentText(part, 0)} of all ${what}`}.</p>`
  return { drawn, note }
}

function sentOf(flows: readonly (readonly number[])[]): number[] {
  return flows.map((row) => row.reduce((sum, parcels) => sum + (Number.isFinite(parcels) ? parcels : 0), 0))
}
