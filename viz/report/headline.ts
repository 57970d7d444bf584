import type { Cell } from '../../scenarios/result.ts'
import { winsOf } from './answer.ts'
import type { Format } from './format.ts'
import { type Html, html } from './html.ts'
import { listed } from './parts.ts'
import type { View } from './view.ts'

/** All scenarios in one or two sentences: who keeps the promise best how often, and what that gains and costs. */
export function headline({ scenes, result, formats }: View): Html {
  const compared = scenes.filter(({ answer }) => answer.is !== 'alone' && answer.is !== 'unfinished')
  if (compared.length === 0)
    return scenes.some(({ answer }) => answer.is === 'alone')
      ? html`One policy was run, so this report describes it; it compares nothing.`
      : html`Nothing was finished that could be compared.`
  const total = compared.length
  const where = total === 1 ? 'the one scenario asked about' : `${total} scenarios`
  const [first, ...rest] = winsOf(compared.map(({ answer }) => answer))
  if (!first)
    return html`<b>Not enough evidence</b> in ${where} that any policy keeps the promise better than <b>${result.baseline}</b>.`

  const count = total === 1 ? 'in' : first.wins === total ? 'in all' : `in ${first.wins} of`
  const open = compared.filter(({ answer }) => answer.is === 'open').map(({ id }) => id)
  const won = compared.flatMap(({ answer }) =>
    answer.is === 'shown' && answer.best.contestant === first.id ? [answer.best] : [],
  )
  const near = compared.filter(({ answer }) => answer.is === 'shown' && answer.rivals.length > 0).map(({ id }) => id)
  return html`<b>${first.id}</b> ${near.length === 0 ? 'keeps the promise best' : 'leads on time'} ${count} ${where}${rest.map(({ id, wins }) => html`, <b>${id}</b> in ${wins}`)}.
${won.length > 0 && html` Against ${result.baseline} it gains ${sizes(won, 'onTimeShare', formats.onTimeShare)} on time and ${price(won, formats.costPerOrder)}.`}
${near.length > 0 && html` In ${listed(near)} ${total === 1 ? 'it' : 'the leader'} and another policy are not told apart.`}
${open.length > 0 && html` In ${listed(open)} nothing is shown to beat <b>${result.baseline}</b>.`}`
}

function price(won: readonly Cell[], cost: Format): string {
  const gaps = won.map(({ versusBaseline }) => versusBaseline.costPerOrder)
  if (gaps.every(({ verdict }) => verdict === 'worse')) return `costs ${sizes(won, 'costPerOrder', cost)} more an order`
  if (gaps.every(({ verdict }) => verdict === 'better')) return `saves ${sizes(won, 'costPerOrder', cost)} an order`
  if (gaps.every(({ verdict }) => verdict === 'not enough evidence')) return 'is not shown to cost more or less'
  const means = gaps.map(({ mean }) => mean).toSorted((a, b) => a - b)
  return `changes the cost of an order by ${cost.difference(means[0] ?? 0)} to ${cost.difference(means.at(-1) ?? 0)}`
}

/** "1.2 points" or "0.5 to 5.0 points": the means of the scenarios from smallest to largest. */
function sizes(won: readonly Cell[], id: 'onTimeShare' | 'costPerOrder', format: Format): string {
  const means = won.map(({ versusBaseline }) => Math.abs(versusBaseline[id].mean)).toSorted((a, b) => a - b)
  const [low, high] = [format.size(means[0] ?? 0), format.size(means.at(-1) ?? 0)]
  if (low === high) return high
  return `${id === 'onTimeShare' ? low.replace(' points', '') : low} to ${high}`
}
