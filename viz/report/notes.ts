import { MEASURES, type Result } from '../../scenarios/result.ts'
import { countText, numberText } from './format.ts'
import { type Html, html } from './html.ts'
import { nameOf } from './parts.ts'
import type { View } from './view.ts'

/** What was asked, what the words mean, how sure the figures are, and how to get the same ones again. */
export function notes(view: View, command: string | null): Html {
  const { result, policies } = view
  return html`<section aria-labelledby="notes"><h2 id="notes">How to read this report</h2><div class="notes">
<article class="card"><h3>The five measures</h3><dl>${MEASURES.map(
    ({ label, unit, better, about }) =>
      html`<dt>${label} <small>${unit === 'money' ? result.network.currency : unit}, ${better} is better</small></dt><dd>${about}</dd>`,
  )}</dl></article>
<article class="card"><h3>How sure the figures are</h3>${howSure(result)}</article>
<article class="card"><h3>The policies</h3><dl>${policies.map((policy) => html`<dt>${nameOf(policy)}</dt><dd>${policy.about} <small>${seams(result, policy.index)}</small></dd>`)}</dl></article>
<article class="card"><h3>The question, and asking it again</h3>${facts(result, command ?? commandOf(result))}</article></div></section>`
}

function howSure({ replications, comparisons, baseline }: Result): Html {
  return html`<p><b>Replications.</b> Every policy meets the same ${numberText(replications)} ${replications === 1 ? 'run' : 'runs'} of luck: the same customers, breakdowns and weather. Each measure is a mean over them with a 95 % Student t interval.</p>
<p><b>Paired differences.</b> A policy is compared with <b>${baseline}</b> run by run, so luck that hits both cancels out.</p>
<p><b>Verdicts.</b> ${
    comparisons > 1
      ? html`${numberText(comparisons)} comparisons are looked at together for each measure, so each interval is made wider (Bonferroni, ${numberText((1 - 0.05 / comparisons) * 100, 2)} %): all of them hold at once with 95 % confidence.`
      : html`One comparison is made for each measure, at 95 %.`
  } “Better” and “worse” are said only when that interval leaves 0 out. “Not enough evidence” is an answer: the difference, if there is one, is too small for this many replications.</p>
<p><b>Noise.</b> The grey band is half the width a difference would have if the baseline were compared with itself under other luck: what counts as nothing without pairing. Intervals much narrower than the band show what the shared luck saved.</p>
<p><b>Which policy is best</b> is read from on-time share. “Not told apart” compares every pair of policies, again by paired differences, with all pairs of all scenarios counted.</p>`
}

function facts(result: Result, command: string): Html {
  const { network } = result
  const rows: readonly (readonly [string, Html | string])[] = [
    ['Network', html`${network.name}: ${network.about}`],
    [
      'Size',
      `${countText(network.ordersPerDay)} orders a day, ${numberText(network.skus)} SKUs, ${network.warehouses.length} warehouses, ${network.zones.length} zones, ${network.services.length} carrier services (${network.services.map(({ name }) => name).join(', ')})`,
    ],
    ['Scenarios', result.scenarios.map(({ id, days }) => `${id} (${days} ${days === 1 ? 'day' : 'days'})`).join(', ')],
    ['Baseline', result.baseline],
    ['Replications', numberText(result.replications)],
    ['Seed', html`<code>${result.seed}</code>`],
    [
      'Effort',
      `${numberText(result.orders)} orders and ${numberText(result.events)} events in ${numberText(result.tookSeconds, 1)} s, ${numberText(result.cpuSeconds, 1)} s of CPU, ${result.workers} ${result.workers === 1 ? 'worker' : 'workers'}`,
    ],
    ['Digest', html`<code>${result.digest}</code>`],
    ['Version', `orrery ${result.version}, ${result.format}`],
  ]
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p>To run it again:</p><pre><code>${command}</code></pre><p class="note">The same seed gives the same digest, with any number of workers.</p>`
}

/** The card of a network does not say where it lies, so the reader fills that in. */
function commandOf({ scenarios, contestants, replications, seed }: Result): string {
  const names = scenarios.map(({ id }) => id).join(' ')
  return `npx orrery run ${names} --network NETWORK --policies ${contestants.map(({ id }) => id).join(',')} --replications ${replications} --seed ${seed}`
}

function seams({ contestants }: Result, index: number): string {
  return Object.entries(contestants[index].policies)
    .map(([seam, id]) => `${seam}: ${id}`)
    .join(' · ')
}
