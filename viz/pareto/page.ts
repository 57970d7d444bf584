import type { Drawing, Point } from '../../scenarios/pareto/drawing.ts'
import { numberText, percentText } from '../report/format.ts'
import { type Html, html, jsonFor, trusted } from '../report/html.ts'
import { logo, section } from '../report/parts.ts'
import { style as reportStyle } from '../report/style.ts'
import { behaviour } from './behaviour.ts'
import { frontTable } from './front-table.ts'
import { panel } from './panel.ts'
import { style } from './style.ts'
import { type Aim, type FrontView, frontView, measureOf } from './view.ts'

const AIMS: readonly Aim[] = ['costPerOrder', 'onTimeShare', 'co2PerOrder']

/** A front as one HTML file that needs nothing else: no network, no fonts, readable without scripts and on paper. */
export function renderPareto(drawing: Drawing, { command = null }: { command?: string | null } = {}): string {
  const view = frontView(drawing)
  const { network, scenario, points, stopped } = drawing
  const title = `${network.name}, ${scenario.id} · Orrery front`
  const out = points.filter((point) => view.placeOf(point) === 'out')
  const shown = points.filter((point) => view.placeOf(point) !== 'out')
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${trusted(reportStyle)}${trusted(style)}</style>
<script>document.documentElement.classList.add('live')</script></head>
<body><a class="skip" href="#points">Skip to the points</a>
<header>${masthead(drawing)}</header>
<main>${stopped !== null && html`<p class="banner" role="note"><b>Stopped early.</b> ${stopped} What follows is what was finished.</p>`}
<p class="headline">${headline(view)}</p>
<div class="front-grid">${panel(view, 'costPerOrder', 'onTimeShare', { widthPx: 420, heightPx: 520, isWide: true })}${panel(view, 'costPerOrder', 'co2PerOrder', { widthPx: 220, heightPx: 200, isWide: false })}${panel(view, 'co2PerOrder', 'onTimeShare', { widthPx: 220, heightPx: 200, isWide: false })}</div>
${key(view)}
<div id="points">${section('front', 'points', 'Points to choose from', html`Mean with its 95 % interval; below it the paired difference to <b>${drawing.policies[0].id}</b> as shipped, all points together at 95 %: ✓ better, ✕ worse, ? not enough evidence. To keep one under a name: <code>orrery pin NAME --from FILE --point N</code>, FILE being what <code>--json</code> wrote.`, shown.length > 0 ? frontTable(view, shown, `${shown.length} of ${points.length} points, cheapest first`) : html`<p class="empty">No point keeps the caps.</p>`)}</div>
${out.length > 0 && html`<details><summary>${numberText(out.length)} points that are beaten by more than noise, or outside a cap</summary>${frontTable(view, out, 'cheapest first')}</details>`}
${notes(view, command)}</main>
<footer><p>Made by orrery ${drawing.version}. Digest <code>${drawing.digest}</code>.</p></footer>
<div id="tip" hidden></div>
<script type="application/json" id="data">${jsonFor(readouts(view))}</script><script>${trusted(behaviour)}</script></body></html>
`.markup
}

function masthead({ network, scenario, points, replications, policies, orders }: Drawing): Html {
  return html`${logo}<div><p class="eyebrow">Orrery front</p><h1>${network.name}: ${scenario.id}</h1>
<p>${numberText(points.length)} points of ${policies.map(({ id }) => id).join(' and of ')}, ${numberText(replications)} replications each under the same luck; ${numberText(orders)} orders simulated. ${scenario.about.trim()} ${numberText(scenario.days)} measured ${scenario.days === 1 ? 'day' : 'days'}.</p></div>`
}

function headline(view: FrontView): Html {
  const { drawing, formats } = view
  const { points, knee } = drawing
  const front = points.filter(view.isFront)
  if (front.length === 0) return html`No point keeps the caps.`
  const ends = (aim: Aim): string => {
    const means = front.map(({ measures }) => measures[aim].mean)
    return `${formats[aim].value(Math.min(...means))} to ${formats[aim].value(Math.max(...means))}`
  }
  const reach = html`The front reaches from ${ends('costPerOrder')} an order, ${ends('onTimeShare')} on time, and ${ends('co2PerOrder')} CO2e.`
  if (knee === null) return html`${reach} It has no knee: it bends nowhere, or has fewer than three points.`
  const point = points[knee.point - 1]
  const at = AIMS.map((aim) => formats[aim].value(point.measures[aim].mean))
  return html`${reach} Its knee is point <b>${knee.point}</b> (${knobs(point)}): ${at[0]} an order, ${at[1]} on time, ${at[2]} CO2e. It stays the knee in ${percentText(knee.share, 0)} of resampled experiments.`
}

const knobs = ({ knobs }: Point): string =>
  Object.entries(knobs)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

function key({ drawing: { policies }, formats, drawing, placeOf }: FrontView): Html {
  const means = drawing.points.filter((point) => placeOf(point) !== 'out').map(({ measures }) => measures.co2PerOrder.mean)
  const [low, high] = [Math.min(...means), Math.max(...means)].map((value) => formats.co2PerOrder.value(value))
  const shapes =
    policies.length > 1 ? policies.map(({ id }, i) => html`<span><i class="mark-at shape-${i % 4}"></i>${id}</span>`) : []
  return html`<p class="how">${means.length > 0 && html`<span>CO2e an order ${low}<i class="scale"></i>${high}</span>`}${shapes}<span><i class="mark-at"></i>on the front</span><span><i class="mark-at undecided"></i>perhaps</span><span><i class="mark-at beaten"></i>beaten, or outside a cap</span><span><i class="mark-at knee"></i>knee</span>
<label><input type="checkbox" id="own"> crosses: each point's own 95 % interval, instead of that of its paired difference to the policy as shipped</label></p>`
}

function notes({ drawing, formats }: FrontView, command: string | null): Html {
  const { policies, knee, again, caps, comparisons, seed, replications } = drawing
  const capsSaid = AIMS.flatMap((aim) => {
    const cap = caps[aim]
    return cap === null
      ? []
      : [`${measureOf(aim).label} ${aim === 'onTimeShare' ? 'at least' : 'at most'} ${formats[aim].value(cap)}`]
  })
  const others = knee === null ? [] : knee.others.slice(0, 5).map(({ point, share }) => `${point} (${percentText(share, 0)})`)
  return html`<section class="block" aria-labelledby="how-title"><h3 id="how-title">How to read this</h3><div class="notes"><div class="card">
<dl><dt>Front</dt><dd>A point is off the front only where another is shown to be at least as good in all three measures and better in one: its paired interval, simultaneous over ${numberText(comparisons)} pairs, ends at 0 or on the better side in each. The dashed line joins the best of the two measures of its panel; a point of the front off that line pays for the third.</dd>
<dt>Knee</dt><dd>With all three measures of the front scaled from 0 to 1, the point furthest from the line (or plane) through the points that are best in one, towards the best of all (Das, Structural Optimization 18, 1999).${knee !== null && html` Depth ${numberText(knee.depth, 3)}.`}${others.length > 0 && html` Where replications were drawn again, the knee was also: ${others.join(', ')}.`}</dd>
<dt>Crosses</dt><dd>Most luck is shared by all points. The crosses show how surely a point differs from the policy as shipped; the switch shows each point's own interval.</dd></dl></div>
<div class="card"><dl><dt>Hypervolume</dt><dd>The part of the box from the best to a tenth beyond the worst of all points that a policy's points reach (Zitzler & Thiele 1999): ${policies.map(({ id, hypervolume: { low, mean, high } }, i) => html`${i > 0 && '; '}<b>${id}</b> ${numberText(mean, 3)} <span class="range">(${numberText(low, 3)} to ${numberText(high, 3)})</span>`)}. It compares policies in one drawing, not two drawings.</dd>
<dt>Knobs</dt><dd>${policies.map(({ id, knobs }) => html`<small><b>${id}</b>: ${knobs.map(({ name, from, to }) => `${name} from ${from} to ${to}`).join(', ')}</small>`)}</dd>
${capsSaid.length > 0 && html`<dt>Caps</dt><dd>${capsSaid.join('; ')}, by the mean; where the interval says otherwise, the table does.</dd>`}
<dt>Run</dt><dd>Seed ${seed}, ${numberText(replications)} replications. Points were looked for and judged on the same replications, so that the best of many is a little too good: run what you pick under another seed.${again !== null && html` The knee was, beside ${policies[0].id} as shipped: ${AIMS.map((aim) => `${measureOf(aim).label} ${formats[aim].difference(again.versusShipped[aim].mean)} (${formats[aim].signedRange(again.versusShipped[aim]) ?? 'interval unknown'})`).join(', ')}.`}${command !== null && html`<pre>${command}</pre>`}</dd></dl></div></div></section>`
}

/** What tooltips read: by number, all of a point in words. */
function readouts({ drawing, formats, placeOf }: FrontView): unknown {
  const word = { front: 'on the front', undecided: 'perhaps on the front', out: 'beaten' }
  return Object.fromEntries(
    drawing.points.map((point) => [
      point.number,
      {
        title: `${drawing.policies.length > 1 ? `${drawing.policies[point.policy].id}, ` : ''}${point.isAllowed ? word[placeOf(point)] : 'outside a cap'}${point.isShipped ? ', as shipped' : ''}`,
        knobs: Object.entries(point.knobs).map(([name, value]) => [name, String(value)]),
        figures: AIMS.map((aim) => {
          const range = formats[aim].range(point.measures[aim])
          return [measureOf(aim).label, `${formats[aim].value(point.measures[aim].mean)}${range === null ? '' : ` (${range})`}`]
        }),
      },
    ]),
  )
}
