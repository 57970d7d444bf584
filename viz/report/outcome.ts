import type { Cell } from '../../scenarios/result.ts'
import { countText, percentText } from './format.ts'
import { type Html, html, short } from './html.ts'
import { nameOf, section } from './parts.ts'
import type { Scene } from './view.ts'

const ENDS: readonly { readonly id: keyof Cell['outcome']; readonly label: string; readonly about: string }[] = [
  { id: 'delivered', label: 'delivered', about: 'Reached the customer, in time or late.' },
  { id: 'open', label: 'still open', about: 'Neither delivered nor given up when the run ended.' },
  { id: 'cancelled', label: 'cancelled', about: 'By the customer, before the parcel left.' },
  { id: 'lost', label: 'lost', about: 'Handed to a carrier and never arrived.' },
  { id: 'returned', label: 'returned', about: 'Sent back by the customer after delivery.' },
  { id: 'split', label: 'split', about: 'Sent in more than one parcel.' },
]

/** What became of the orders placed in the measured days. */
export function outcomeTable({ key, id, entries }: Scene): Html {
  // Bars of one column share a scale, or a loss of one in a thousand would be no bar at all.
  const most = (end: keyof Cell['outcome']) =>
    Math.max(1e-9, ...entries.map(({ cell }) => share(cell, end)).filter(Number.isFinite))
  return section(
    key,
    'outcome',
    'What became of the orders',
    'Orders placed in the measured days, mean over the replications, and the part of them that ended each way. Bars compare policies within a column.',
    html`<div class="card scroll" tabindex="0" role="region" aria-label="What became of the orders"><table class="outcome stacks"><caption class="unseen">${id}: what became of the orders</caption>
<thead><tr><th scope="col">Policy</th><th scope="col">placed</th>${ENDS.map(({ label, about }) => html`<th scope="col" title="${about}">${label}</th>`)}</tr></thead>
<tbody>${entries.map(
      ({ policy, cell }) =>
        html`<tr><th scope="row">${nameOf(policy)}</th><td data-label="placed"><span class="big">${countText(cell.outcome.placed)}</span></td>${ENDS.map(
          (end) =>
            html`<td data-label="${end.label}"><span class="big">${percentText(share(cell, end.id))}</span><span class="fill" style="width:${short((share(cell, end.id) / most(end.id)) * 100)}%"></span><small>${countText(cell.outcome[end.id])}</small></td>`,
        )}</tr>`,
    )}</tbody></table></div>`,
  )
}

/** NaN where nothing was placed; written as a dash. */
function share({ outcome }: Cell, end: keyof Cell['outcome']): number {
  return outcome.placed > 0 ? outcome[end] / outcome.placed : Number.NaN
}
