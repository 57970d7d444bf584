import { countText } from './format.ts'
import { hourName, hourTicks } from './hours.ts'
import { type Html, html } from './html.ts'
import { baselineFirst, foldedNote } from './on-time.ts'
import { section, stillLegend } from './parts.ts'
import { line, plot } from './plot.ts'
import { atLeastTwoSteps, partOf, type Span } from './scale.ts'
import type { Scene, View } from './view.ts'

const MAX_POINTS = 240
const PANELS_SHOWN = 12

/** What one panel draws and its tooltip reads: [entry][bin], in the order of the scene's entries. */
type Panel = { readonly warehouse: string; readonly values: readonly (readonly number[])[]; readonly peak: Peak }
type Peak = { readonly value: number; readonly policy: string; readonly bin: number }
export type Backlog = {
  readonly binHours: number
  readonly hours: number
  readonly panels: readonly Panel[]
  readonly idle: number
}

/** Panels from the highest peak to the lowest, the whole network first; long runs are averaged into bins, so that a page stays light. */
export function backlogOf({ entries }: Scene, { result }: View): Backlog {
  const hours = Math.max(0, ...entries.flatMap(({ cell }) => cell.backlogByHour.map((series) => series.length)))
  const binHours = Math.max(1, Math.ceil(hours / MAX_POINTS))
  const bins = Math.ceil(hours / binHours)
  const panel = (warehouse: string, seriesOf: (byWarehouse: readonly (readonly number[])[]) => readonly number[]): Panel => {
    const values = entries.map(({ cell }) => binned(seriesOf(cell.backlogByHour), binHours, bins))
    const peaks = values.map((series, i) => {
      const value = series.reduce((a, b) => Math.max(a, b), 0)
      return { value, policy: entries[i]?.policy.id ?? '', bin: series.indexOf(value) }
    })
    return { warehouse, values, peak: peaks.reduce((a, b) => (b.value > a.value ? b : a), { value: 0, policy: '', bin: 0 }) }
  }
  const each = result.network.warehouses.map(({ name }, w) => panel(name, (byWarehouse) => byWarehouse[w] ?? []))
  const busy = each.filter(({ peak }) => peak.value > 0).toSorted((a, b) => b.peak.value - a.peak.value)
  const whole = panel('Whole network', (byWarehouse) =>
    Array.from({ length: hours }, (_, h) => byWarehouse.reduce((sum, series) => sum + (series[h] ?? 0), 0)),
  )
  return { binHours, hours, panels: busy.length > 0 ? [whole, ...busy] : [], idle: each.length - busy.length }
}

export function backlogThroughTheDay(scene: Scene, view: View, { panels, binHours, hours, idle }: Backlog): Html {
  const lead = html`Parcels released to a warehouse and not yet gone, mean over the replications${binHours > 1 && html`, averaged over ${binHours} hours`}.
Every panel has its own scale; the figure beside the name is its highest point.${foldedNote(scene)}`
  const [whole, ...each] = panels
  if (!whole)
    return section(
      scene.key,
      'backlog',
      'Backlog through the day',
      lead,
      html`<p class="empty">No warehouse ever had a parcel waiting.</p>`,
    )
  const drawn = each.map((panel, i) => panelOf(panel, i + 1, scene, view, hours, binHours))
  return section(
    scene.key,
    'backlog',
    'Backlog through the day',
    lead,
    html`<div class="card">${stillLegend(scene.entries)}${panelOf(whole, 0, scene, view, hours, binHours)}<div class="panels">${drawn.slice(0, PANELS_SHOWN)}</div>
${drawn.length > PANELS_SHOWN && html`<details><summary>${drawn.length - PANELS_SHOWN} more warehouses</summary><div class="panels">${drawn.slice(PANELS_SHOWN)}</div></details>`}
${idle > 0 && html`<p class="note">${idle} of ${idle + each.length} warehouses never had a parcel waiting.</p>`}</div>`,
  )
}

function panelOf(
  { warehouse, values, peak }: Panel,
  index: number,
  scene: Scene,
  { result }: View,
  hours: number,
  binHours: number,
): Html {
  const span: Span = [0, Math.max(peak.value * 1.06, 1e-9)]
  const isWhole = index === 0
  const order = baselineFirst(scene).map((entry) => scene.entries.indexOf(entry))
  // The line ends at the start of its last bin.
  const ticks = hourTicks(Math.max(0, Math.ceil(hours / binHours) - 1) * binHours + 1, result.network.startsOn, isWhole ? 14 : 4)
  return html`<figure class="panel"><figcaption><b>${warehouse}</b><span>peak ${countText(peak.value)}<small> ${peak.policy}</small></span></figcaption>
${plot({
  title: `Backlog of ${warehouse}, ${scene.id}`,
  description: `Highest: ${countText(peak.value)} parcels, ${peak.policy}, ${hourName(peak.bin * binHours, result.network.startsOn)}`,
  heightPx: isWhole ? 200 : 74,
  xTicks: ticks,
  yTicks: atLeastTwoSteps(span, isWhole ? 4 : 2).map((step) => ({ at: partOf(step, span), label: countText(step) })),
  body: html`${order.map((i) => line(values[i] ?? [], span, isWhole ? 1000 : 150, html` class="series ${scene.entries[i].policy.tone}" data-policy="${scene.entries[i].policy.index}"`))}`,
  attributes: html` data-read="${scene.key}:${index}" tabindex="0"`,
  className: 'with-y',
})}</figure>`
}

function binned(series: readonly number[], binHours: number, bins: number): number[] {
  return Array.from({ length: bins }, (_, b) => {
    const part = series.slice(b * binHours, (b + 1) * binHours).filter(Number.isFinite)
    const mean = part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length)
    // Two digits are as fine as a panel can show; a small network's fractions of a parcel keep them too.
    return mean < 1 ? Math.round(mean * 100) / 100 : mean < 10 ? Math.round(mean * 10) / 10 : Math.round(mean)
  })
}
