import { MEASURES, type Measure } from '../../scenarios/result.ts'
import { type Html, html } from './html.ts'
import { badge, nameOf, section } from './parts.ts'
import type { Entry, Scene, View } from './view.ts'

/** Every measure of every policy with its interval, its paired difference and the verdict. */
export function comparisonTable({ id, key, entries }: Scene, view: View): Html {
  const caption = `${id}: five measures of each policy. The second line is the 95 % interval of the mean; below it the paired difference from the baseline and its simultaneous 95 % interval.`
  return section(
    key,
    'table',
    'Comparison',
    'Mean over the replications with its 95 % interval; below it the difference from the baseline under the same luck, and what it proves.',
    html`<div class="card scroll" tabindex="0" role="region" aria-label="Comparison table"><table class="comparison stacks"><caption class="unseen">${caption}</caption>
<thead><tr><th scope="col">Policy</th>${MEASURES.map(
      ({ label, better, about }) =>
        html`<th scope="col" title="${about}">${label}<small>${better === 'higher' ? 'higher is better' : 'lower is better'}</small></th>`,
    )}</tr></thead>
<tbody>${entries.map((entry) => row(entry, view))}</tbody></table></div>`,
  )
}

function row({ policy, cell }: Entry, view: View): Html {
  const few = cell.replications < view.result.replications
  return html`<tr class="${policy.isBaseline ? 'baseline-row' : ''}"><th scope="row">${nameOf(policy)}<small class="about">${policy.about}</small>${
    few && html`<small class="about">${cell.replications} of ${view.result.replications} replications</small>`
  }</th>${MEASURES.map((measure) => measureCell(measure, cell, view))}</tr>`
}

function measureCell({ id, label }: Measure, { measures, versusBaseline }: Entry['cell'], { formats }: View): Html {
  const format = formats[id]
  const difference = versusBaseline[id]
  const gap =
    difference.verdict === 'baseline'
      ? null
      : html`<span class="pair gap"><b>${format.difference(difference.mean)}</b> <span class="range">${format.signedRange(difference) ?? 'interval unknown'}</span></span>${badge(difference)}`
  return html`<td data-label="${label}"><span class="pair"><span class="big">${format.value(measures[id].mean)}</span>
<span class="range">${format.range(measures[id]) ?? 'interval unknown'}</span></span>${gap}</td>`
}
