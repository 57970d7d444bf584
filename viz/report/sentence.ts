import type { Cell, Interval } from '../../scenarios/result.ts'
import type { Answer } from './answer.ts'
import type { Format } from './format.ts'
import { type Html, html } from './html.ts'
import { listed } from './parts.ts'
import type { View } from './view.ts'

/** The answer of one scenario as two or three plain sentences, each figure with its interval. */
export function sentencesOf(answer: Answer, { formats, result }: View): Html {
  const { onTimeShare: onTime, costPerOrder: cost } = formats
  const share = ({ measures }: Cell) => html`<b>${onTime.value(measures.onTimeShare.mean)}</b>`

  if (answer.is === 'unfinished')
    return html`<p>Not finished: the baseline or every other policy is missing, so nothing can be compared.</p>`
  if (answer.is === 'alone') {
    const { contestant, measures } = answer.only
    return html`<p><b>${contestant}</b> keeps ${share(answer.only)} of its promises${bracket(onTime.range(measures.onTimeShare))}
at <b>${cost.value(measures.costPerOrder.mean)}</b> an order${bracket(cost.range(measures.costPerOrder))}.
With one policy there is nothing to compare it with.</p>`
  }
  const { baseline } = answer
  if (answer.is === 'baseline') {
    return html`<p><b>${baseline.contestant}</b>, the baseline, keeps the promise best: ${share(baseline)} on time.
Every other policy is shown to be worse.</p>${saving(answer.saver, cost, onTime)}`
  }
  const { best } = answer
  const gap = best.versusBaseline.onTimeShare
  if (answer.is === 'open') {
    return html`<p><b>Not enough evidence</b> that any policy keeps the promise better than ${baseline.contestant} (${share(baseline)} on time).
${
  baseline.replications < 2
    ? html`One replication says nothing about luck: run at least two, better twenty.`
    : html`Closest is <b>${best.contestant}</b>: ${onTime.difference(gap.mean)}${bracket(onTime.signedRange(gap))}.`
}${answer.worse.length > 0 && html` Shown to be worse: ${listed(answer.worse)}.`}</p>${saving(answer.saver, cost, onTime)}`
  }
  const { rivals } = answer
  const others = result.contestants.length - 2
  const claim = rivals.length === 0 ? 'keeps the promise best' : `is shown to keep the promise better than ${baseline.contestant}`
  return html`<p><b>${best.contestant}</b> ${claim}: ${share(best)} on time,
${onTime.size(gap.mean)} more${rivals.length === 0 && ` than ${baseline.contestant}`}${bracket(unsigned(onTime, gap))}. ${costOf(best, cost)}</p>
${rivals.length > 0 && html`<p>Not told apart from it on time: ${listed(rivals)}.</p>`}
${rivals.length === 0 && others > 0 && html`<p>It is also ahead of ${others === 1 ? 'the other policy' : `each of the other ${others} policies`}.</p>`}
${saving(answer.saver, cost, onTime)}`
}

function costOf({ versusBaseline }: Cell, cost: Format): Html {
  const { costPerOrder: gap } = versusBaseline
  if (gap.verdict === 'not enough evidence')
    return html`Its cost per order is not shown to differ${bracket(cost.signedRange(gap), cost.difference(gap.mean))}.`
  return html`It costs <b>${cost.size(gap.mean)} ${gap.mean > 0 ? 'more' : 'less'}</b> an order${bracket(unsigned(cost, gap))}.`
}

function saving(saver: Cell | null, cost: Format, onTime: Format): Html | null {
  if (!saver) return null
  const { costPerOrder: money, onTimeShare: promise } = saver.versusBaseline
  const price =
    promise.verdict === 'worse'
      ? html`, at ${onTime.size(promise.mean)} less on time`
      : promise.verdict === 'better'
        ? html`, and is better on time too`
        : html`; on time it is not shown to differ`
  return html`<p class="aside">Saves most: <b>${saver.contestant}</b>, ${cost.size(money.mean)} less an order than the baseline${bracket(unsigned(cost, money))}${price}.</p>`
}

/** Bounds of the size of a difference, small to large; only for one that leaves 0 out. */
function unsigned(format: Format, { low, mean, high }: Interval): string | null {
  return format.range(mean < 0 ? { low: -high, mean: -mean, high: -low } : { low, mean, high })
}

function bracket(range: string | null, before?: string): Html | null {
  return range === null ? null : html` <span class="range">(${before === undefined ? '' : `${before}; `}${range})</span>`
}
