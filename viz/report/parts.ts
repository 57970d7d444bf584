import type { Difference, Verdict } from '../../scenarios/result.ts'
import { type Html, html } from './html.ts'
import type { Policy } from './view.ts'

/** Small pieces that several parts of the page share. */

const SIGN: Readonly<Record<Verdict, string>> = { baseline: '', better: '✓', worse: '✕', 'not enough evidence': '?' }

export function verdictClass(verdict: Verdict): string {
  return { baseline: 'is-baseline', better: 'is-better', worse: 'is-worse', 'not enough evidence': 'is-open' }[verdict]
}

/** Never colour alone: sign and words say the same. */
export function badge({ verdict }: Difference): Html {
  return html`<span class="badge ${verdictClass(verdict)}"><span aria-hidden="true">${SIGN[verdict]}</span> ${verdict}</span>`
}

/** The sign without its words, for a tight table; the words stay for screen readers and as a tooltip. */
export function mark({ verdict }: Difference, about: string): Html {
  return html`<span class="mark ${verdictClass(verdict)}" title="${about}: ${verdict}"><span aria-hidden="true">${SIGN[verdict]}</span><span class="unseen"> ${verdict}</span></span>`
}

/** A policy's name behind its colour. */
export function nameOf({ id, tone, isBaseline }: Policy): Html {
  return html`<span class="policy ${tone}"><svg class="swatch" viewBox="0 0 24 8" aria-hidden="true"><path d="M2 4H22"/></svg>${id}${isBaseline && html` <small>baseline</small>`}</span>`
}

export function section(key: string, name: string, title: string, lead: Html | string, body: Html): Html {
  return html`<section class="block" aria-labelledby="${key}-${name}"><h3 id="${key}-${name}">${title}</h3><p class="lead">${lead}</p>${body}</section>`
}

/** Colours of the lines for paper and for pages without scripts; else the bar at the top of the screen shows them. */
export function stillLegend(entries: readonly { readonly policy: Policy }[]): Html {
  return html`<p class="only-still">${entries.map(({ policy }) => nameOf(policy))}</p>`
}

/** "a", "a and b", "a, b and c" */
export function listed(words: readonly string[]): Html {
  const strong = words.map((word) => html`<b>${word}</b>`)
  return html`${strong.map((word, i) => html`${i === 0 ? '' : i === words.length - 1 ? ' and ' : ', '}${word}`)}`
}

/** Sun and planets, in front of a page's name. */
export const logo: Html = html`<svg class="logo" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="28"/><circle cx="32" cy="32" r="17"/><circle class="sun" cx="32" cy="32" r="6"/><circle class="planet" cx="49" cy="32" r="3"/><circle class="planet" cx="12.2" cy="12.2" r="4"/></svg>`
