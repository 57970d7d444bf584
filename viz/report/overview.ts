import { headline } from './headline.ts'
import { type Html, html } from './html.ts'
import { mark, nameOf } from './parts.ts'
import { sentencesOf } from './sentence.ts'
import type { Policy, Scene, View } from './view.ts'

/** The answer first: one sentence over all scenarios, one card for each, and one table to take in at a glance. */
export function overview(view: View): Html {
  const many = view.scenes.length
  const columns = many === 4 ? 2 : Math.min(3, Math.max(1, many))
  return html`<section aria-labelledby="answer"><h2 id="answer">The answer</h2>
<p class="headline">${headline(view)}</p>
<div class="cards" style="--columns:${columns}">${view.scenes.map((scene) => card(scene, view))}</div>
${view.policies.length > 1 && view.scenes.length > 0 && atAGlance(view)}</section>`
}

function card({ id, key, about, answer }: Scene, view: View): Html {
  return html`<article class="card answer ${`answer-${answer.is}`}"><h3><a href="#${key}" data-scene="${key}">${id}</a></h3>
<p class="about">${about}</p>${sentencesOf(answer, view)}</article>`
}

function atAGlance(view: View): Html {
  const { policies, scenes } = view
  return html`<div class="card"><p class="caption">At a glance: share of orders on time, and cost of an order below it.
<span class="mark is-better" aria-hidden="true">✓</span> better and <span class="mark is-worse" aria-hidden="true">✕</span> worse than the baseline,
<span class="mark is-open" aria-hidden="true">?</span> not enough evidence.</p>
<div class="scroll" tabindex="0" role="region" aria-label="At a glance"><table class="glance"><caption class="unseen">On-time share and cost per order of each policy in each scenario</caption>
<thead><tr><th scope="col">Policy</th>${scenes.map(({ id, key }) => html`<th scope="col"><a href="#${key}" data-scene="${key}">${id}</a></th>`)}</tr></thead>
<tbody>${policies.map((policy) => html`<tr><th scope="row">${nameOf(policy)}</th>${scenes.map((scene) => glance(scene, policy, view))}</tr>`)}</tbody></table></div></div>`
}

function glance({ entries, answer }: Scene, { index }: Policy, { formats }: View): Html {
  const cell = entries.find(({ policy }) => policy.index === index)?.cell
  if (!cell) return html`<td class="none">not finished</td>`
  const isBest = (answer.is === 'shown' && answer.best === cell) || (answer.is === 'baseline' && answer.baseline === cell)
  const { measures, versusBaseline } = cell
  return html`<td${isBest && html` class="best"`}><span class="big">${formats.onTimeShare.value(measures.onTimeShare.mean)} ${mark(versusBaseline.onTimeShare, 'on time')}</span>
<span class="small">${formats.costPerOrder.value(measures.costPerOrder.mean)} ${mark(versusBaseline.costPerOrder, 'cost')}</span></td>`
}
