import type { Result } from '../../scenarios/result.ts'
import { type Backlog, backlogOf, backlogThroughTheDay } from './backlog.ts'
import { behaviour } from './behaviour.ts'
import { differences } from './differences.ts'
import { flowMap } from './flow-map.ts'
import { countText, numberText } from './format.ts'
import { ground } from './ground.ts'
import { hourName } from './hours.ts'
import { type Html, html, jsonFor, trusted } from './html.ts'
import { notes } from './notes.ts'
import { onTimeByHour } from './on-time.ts'
import { outcomeTable } from './outcome.ts'
import { overview } from './overview.ts'
import { logo, nameOf } from './parts.ts'
import { style } from './style.ts'
import { comparisonTable } from './table.ts'
import { type Scene, type View, viewOf } from './view.ts'

/**
 * The whole result of an experiment as one HTML file that needs nothing else: no network, no fonts, readable without scripts
 * and on paper.
 *
 * - `command`: what was typed to get this result, shown so that it can be run again; null composes one from the result.
 */
export function renderReport(result: Result, { command = null }: { command?: string | null } = {}): string {
  const view = viewOf(result)
  const backlogs = view.scenes.map((scene) => backlogOf(scene, view))
  const title = `${result.network.name} · Orrery report`
  // The policy below forbids every request, so a name that slipped through as markup could still fetch nothing.
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${trusted(style)}</style>
<script>document.documentElement.classList.add('live')</script></head>
<body><a class="skip" href="#answer">Skip to the answer</a>
<header>${masthead(view)}</header>
<main>${result.stopped !== null && stopped(result)}${overview(view)}
${
  view.scenes.length > 0 &&
  html`<nav class="rail" aria-label="Scenario and policies"><div class="tabs">${view.scenes.map(({ id, key }) => html`<a href="#${key}" data-scene="${key}">${id}</a>`)}</div>
<div class="legend">${view.policies.map((policy) => html`<button type="button" data-focus="${policy.index}" aria-pressed="false" title="${policy.about}">${nameOf(policy)}</button>`)}</div></nav>`
}
${view.scenes.map((scene, i) => detail(scene, view, backlogs[i]))}
${notes(view, command)}</main>
<footer><p>Made by orrery ${result.version}. Digest <code>${result.digest}</code>.</p></footer>
${ground(result.network)}<div id="tip" hidden></div>
<script type="application/json" id="data">${jsonFor(readouts(view, backlogs))}</script><script>${trusted(behaviour)}</script></body></html>
`.markup
}

function masthead({ result, policies, scenes }: View): Html {
  const { network } = result
  const count = (many: number, one: string, more: string) => `${numberText(many)} ${many === 1 ? one : more}`
  return html`${logo}
<div><p class="eyebrow">Orrery report</p><h1>${network.name}</h1>
<p>${count(policies.length, 'policy', 'policies')} in ${count(scenes.length, 'scenario', 'scenarios')}, ${count(result.replications, 'replication', 'replications')} each under the same luck; baseline <b>${result.baseline}</b>.
${countText(network.ordersPerDay)} orders a day from ${count(network.warehouses.length, 'warehouse', 'warehouses')} to ${count(network.zones.length, 'zone', 'zones')}; ${numberText(result.orders)} orders simulated.</p></div>`
}

function stopped({ stopped: why }: Result): Html {
  return html`<p class="banner" role="note"><b>Stopped early.</b> ${why ?? ''} What follows is what was finished.</p>`
}

function detail(scene: Scene, view: View, backlog: Backlog): Html {
  const { id, key, about, days, entries } = scene
  return html`<section class="scene" id="${key}" aria-labelledby="${key}-title"><h2 id="${key}-title"><small>Scenario</small>${id}</h2>
<p class="lead">${about} ${days} measured ${days === 1 ? 'day' : 'days'}.</p>
${
  entries.length === 0
    ? html`<p class="empty">Nothing of this scenario was finished.</p>`
    : [
        comparisonTable(scene, view),
        differences(scene, view),
        onTimeByHour(scene, view),
        backlogThroughTheDay(scene, view, backlog),
        flowMap(scene, view),
        outcomeTable(scene),
      ]
}</section>`
}

/** What tooltips read, embedded once: names, hour labels, and the lines as drawn. */
function readouts({ result, policies, scenes }: View, backlogs: readonly Backlog[]): unknown {
  const { startsOn, warehouses, zones } = result.network
  return {
    policies: policies.map(({ id, tone }) => [id, tone]),
    warehouses: warehouses.map(({ name }) => name),
    zones: zones.map(({ name }) => name),
    scenes: Object.fromEntries(
      scenes.map(({ key, entries }, i) => {
        const { binHours, hours, panels } = backlogs[i]
        const longest = Math.max(hours, ...entries.map(({ cell }) => cell.onTimeByHour.length))
        return [
          key,
          {
            entries: entries.map(({ policy }) => policy.index),
            hours: Array.from({ length: longest }, (_, hour) => hourName(hour, startsOn)),
            binHours,
            onTime: entries.map(({ cell }) =>
              cell.onTimeByHour.map((share) => (share === null ? null : Math.round(share * 1000) / 10)),
            ),
            panels: panels.map(({ values }) => values),
          },
        ]
      }),
    ),
  }
}
