import { halfWidthOf, MEASURES, type Measure } from '../../scenarios/result.ts'
import { type Html, html, short } from './html.ts'
import { section, verdictClass } from './parts.ts'
import { dot, plot } from './plot.ts'
import { fittingSteps, partOf, spanOf } from './scale.ts'
import { tradeOff } from './trade-off.ts'
import type { Entry, Scene, View } from './view.ts'

const ROW_PX = { least: 30, most: 44, all: 184 }
/** The narrowest a plot gets, which its labels must fit. */
const PLOT_PX = 120

/** Dot and interval of each policy and measure against the zero line, with the noise of the baseline shaded behind. */
export function differences(scene: Scene, view: View): Html {
  const rivals = scene.entries.filter(
    ({ policy, cell }) => !policy.isBaseline && cell.versusBaseline.onTimeShare.verdict !== 'baseline',
  )
  if (rivals.length === 0) return html``
  const lead = html`Dot: candidate minus <b>${view.result.baseline}</b>, replication by replication. Line: its simultaneous 95 % interval; where it stays clear of 0,
the difference is proven. Grey band: <b>noise</b>, what the baseline would differ from itself with other luck.`
  return section(
    scene.key,
    'differences',
    'Paired differences from the baseline',
    lead,
    html`<div class="facets">${MEASURES.map((measure) => facet(measure, rivals, view))}${tradeOff(scene, view)}</div>`,
  )
}

function facet(measure: Measure, rivals: readonly Entry[], { formats, result }: View): Html {
  const format = formats[measure.id]
  const gaps = rivals.map(({ cell }) => cell.versusBaseline[measure.id])
  const noise = gaps[0]?.noise ?? 0
  const known = gaps.flatMap((gap) => (halfWidthOf(gap) === null ? [gap.mean] : [gap.low, gap.high]))
  const reach = Math.max(...known.map(Math.abs), 0)
  // Noise far beyond every difference would press them all onto the zero line; then the band runs off both sides.
  const band = noise < Number.MAX_VALUE ? noise : 0
  const shown = reach > 0 ? Math.min(band, reach * 1.6) : band
  const span = spanOf([0, ...known, -shown, shown], 0.06)
  const { steps, decimals } = fittingSteps([span[0] * format.factor, span[1] * format.factor], PLOT_PX)
  const xTicks = steps.map((step) => ({
    at: partOf(step / format.factor, span),
    label: format.tick(step / format.factor, decimals),
  }))
  const clip = (value: number) => Math.min(1000, Math.max(0, partOf(value, span) * 1000))
  const zero = short(clip(0))
  const body = html`<rect class="noise" x="${short(clip(-band))}" y="0" width="${short(clip(band) - clip(-band))}" height="1000"/><path class="zero" d="M${zero} 0V1000"/>${gaps.map(
    (gap, i) => {
      const y = ((i + 0.5) / gaps.length) * 1000
      const isKnown = halfWidthOf(gap) !== null
      return html`<g class="${verdictClass(gap.verdict)}">${isKnown && html`<path class="whisker" d="M${short(clip(gap.low))} ${short(y)}H${short(clip(gap.high))}"/>`}${dot(clip(gap.mean), y, '')}</g>`
    },
  )}`
  const rowPx = Math.min(ROW_PX.most, Math.max(ROW_PX.least, ROW_PX.all / rivals.length))
  const side = measure.better === 'higher' ? 'better →' : '← better'
  const description = rivals
    .map(
      ({ policy }, i) =>
        `${policy.id} ${format.difference(gaps[i].mean)}, ${format.signedRange(gaps[i]) ?? 'interval unknown'}: ${gaps[i].verdict}`,
    )
    .join('; ')
  return html`<figure class="card facet"><figcaption><b>${measure.label}</b><span>${format.differenceUnit} · ${side}</span></figcaption>
<div class="rows" style="--row:${short(rowPx)}px"><div class="names">${rivals.map(({ policy }) => html`<span data-policy="${policy.index}">${policy.id}</span>`)}</div>
${plot({
  title: `Difference in ${measure.label} from ${result.baseline}`,
  description,
  heightPx: rivals.length * rowPx,
  xTicks,
  yTicks: [],
  body,
})}
<div class="values">${gaps.map((gap) => html`<span class="${verdictClass(gap.verdict)}">${format.difference(gap.mean)}</span>`)}</div></div>
<p class="note">${noise < Number.MAX_VALUE ? html`noise ± ${format.size(noise)}` : 'noise unknown'}</p></figure>`
}
