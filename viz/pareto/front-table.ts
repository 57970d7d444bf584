import type { Point } from '../../scenarios/pareto/drawing.ts'
import { type Html, html } from '../report/html.ts'
import { mark } from '../report/parts.ts'
import { type Aim, type FrontView, knobsText, measureOf } from './view.ts'

const AIMS: readonly Aim[] = ['costPerOrder', 'onTimeShare', 'co2PerOrder']
const MANY = 6

/** Points to choose from, cheapest first: knobs, figures with their intervals, and the paired difference to the policy as shipped. */
export function frontTable(view: FrontView, points: readonly Point[], caption: string): Html {
  const { drawing, formats, knobs } = view
  const many = drawing.policies.length > 1
  return html`<div class="card scroll"><table class="points"><caption>${caption}</caption>
<thead><tr><th scope="col">point</th>${many ? html`<th scope="col">policy<small>knobs</small></th>` : knobs.map((name) => html`<th scope="col" class="number">${name}</th>`)}${AIMS.map((aim) => html`<th scope="col" class="number">${measureOf(aim).label}<small>${formats[aim].unit}</small></th>`)}<th scope="col">not told apart from</th><th scope="col"></th></tr></thead>
<tbody>${points.map((point) => row(view, point, many))}</tbody></table></div>`
}

function row(view: FrontView, point: Point, many: boolean): Html {
  const { drawing, formats, knobs, toneOf } = view
  const isKnee = point.number === drawing.knee?.point
  const alike =
    point.alike.length > MANY
      ? `${point.alike.slice(0, MANY).join(', ')} and ${point.alike.length - MANY} more`
      : point.alike.join(', ')
  return html`<tr data-point="${point.number}"${isKnee && html` class="is-knee"`}><th scope="row"><i class="tone" style="--tone:${toneOf(point)}"></i>${point.number}</th>${many ? html`<td>${drawing.policies[point.policy].id}<span class="small">${knobsText(point)}</span></td>` : knobs.map((name) => html`<td class="number">${String(point.knobs[name])}</td>`)}${AIMS.map(
    (aim) => {
      const format = formats[aim]
      const range = format.range(point.measures[aim])
      const difference = point.versusShipped[aim]
      return html`<td class="number"><b>${format.value(point.measures[aim].mean)}</b><span class="range">${range ?? 'interval unknown'}</span><span class="small">${
        difference.verdict === 'baseline'
          ? 'baseline'
          : html`${mark(difference, `${measureOf(aim).label} against the policy as shipped`)} ${format.difference(difference.mean)}`
      }</span></td>`
    },
  )}<td>${alike}</td><td class="why">${remarks(view, point, isKnee).join('; ')}</td></tr>`
}

function remarks({ placeOf }: FrontView, point: Point, isKnee: boolean): string[] {
  return [
    ...(isKnee ? ['knee'] : []),
    ...(point.isShipped ? ['as shipped'] : []),
    ...(placeOf(point) === 'undecided' ? ['off the front by its means, which luck could have done'] : []),
    ...(point.isAllowed && point.beatenBy !== null ? [`beaten by ${point.beatenBy} in every measure`] : []),
    ...(point.isAllowed ? [] : ['outside a cap']),
    ...(point.isAllowed && point.kept === 'perhaps' ? ['a cap lies inside its interval'] : []),
  ]
}
