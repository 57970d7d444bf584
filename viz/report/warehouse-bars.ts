import { countText, percentText } from './format.ts'
import { type Html, html, short } from './html.ts'
import type { Entry, View } from './view.ts'

const BARS_SHOWN = 12

/** Parcels sent by each warehouse under one policy, beside what it sent under the baseline. */
export function barsOf(
  { policy }: Entry,
  isOn: boolean,
  sent: readonly number[],
  base: readonly number[] | null,
  mostSent: number,
  { result }: View,
): Html {
  const total = sent.reduce((sum, each) => sum + each, 0)
  const order = result.network.warehouses.map((_, w) => w).toSorted((a, b) => (sent[b] ?? 0) - (sent[a] ?? 0))
  const compare = base !== null && !policy.isBaseline
  const row = (w: number) =>
    html`<tr><th scope="row">${result.network.warehouses[w].name}</th><td class="meter"><span style="width:${short(((sent[w] ?? 0) / Math.max(mostSent, 1e-9)) * 100)}%"></span></td><td>${countText(sent[w] ?? 0)}</td><td>${percentText((sent[w] ?? 0) / total)}</td>${
      compare && html`<td>${changeText((sent[w] ?? 0) - (base[w] ?? 0))}</td>`
    }</tr>`
  const rest = order.slice(BARS_SHOWN).reduce((sum, w) => sum + (sent[w] ?? 0), 0)
  return html`<table class="layer${isOn ? ' on' : ''}" data-bars="${policy.index}"><caption>Parcels sent under <b>${policy.id}</b></caption>
<thead><tr><th scope="col">Warehouse</th><td></td><th scope="col">parcels</th><th scope="col">share</th>${compare && html`<th scope="col">change</th>`}</tr></thead>
<tbody>${order.slice(0, BARS_SHOWN).map(row)}${order.length > BARS_SHOWN && html`<tr><th scope="row">${order.length - BARS_SHOWN} others</th><td></td><td>${countText(rest)}</td><td>${percentText(rest / total)}</td>${compare && html`<td></td>`}</tr>`}</tbody></table>`
}

function changeText(change: number): string {
  const text = countText(Math.abs(change))
  return /[1-9]/.test(text) ? `${change > 0 ? '+' : '−'}${text}` : '±0'
}
