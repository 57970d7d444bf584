import { halfWidthOf } from '../../scenarios/result.ts'
import { type Html, html, short } from './html.ts'
import { dot, plot } from './plot.ts'
import { atLeastTwoSteps, decimalsFor, fittingSteps, partOf, spanOf } from './scale.ts'
import type { Policy, Scene, View } from './view.ts'

const HEIGHT_PX = 190
const PLOT_PX = 260
const LABEL_PX = 15
const LETTER_PX = 7
/** Longer names are cut short on the chart; they stand in full in the table. */
const LONGEST_TAG = 23

type Point = { readonly policy: Policy; readonly x: number; readonly y: number; readonly drawn: Html }

/** Promise against price: each policy as a cross of its two intervals. Up and to the left is better on both. */
export function tradeOff({ entries }: Scene, { formats }: View): Html {
  const ends = (id: 'onTimeShare' | 'costPerOrder') =>
    entries.flatMap(({ cell }) => {
      const interval = cell.measures[id]
      return halfWidthOf(interval) === null ? [interval.mean] : [interval.low, interval.high]
    })
  const xSpan = spanOf(ends('costPerOrder'), 0.12)
  const ySpan = spanOf(ends('onTimeShare'), 0.1)
  const { steps: xSteps, decimals } = fittingSteps(xSpan, PLOT_PX)
  const ySteps = atLeastTwoSteps([ySpan[0] * 100, ySpan[1] * 100], 4)
  const points = entries.map(({ policy, cell }) => {
    const { costPerOrder: cost, onTimeShare: onTime } = cell.measures
    const x = partOf(cost.mean, xSpan)
    const y = 1 - partOf(onTime.mean, ySpan)
    const isKnown = halfWidthOf(cost) !== null && halfWidthOf(onTime) !== null
    const cross = isKnown
      ? `M${short(partOf(cost.low, xSpan) * 1000)} ${short(y * 1000)}H${short(partOf(cost.high, xSpan) * 1000)}M${short(x * 1000)} ${short((1 - partOf(onTime.low, ySpan)) * 1000)}V${short((1 - partOf(onTime.high, ySpan)) * 1000)}`
      : ''
    return {
      policy,
      x,
      y,
      drawn: html`<g class="${policy.tone}" data-policy="${policy.index}"><path class="cross" d="${cross}"/>${dot(x * 1000, y * 1000, '')}</g>`,
    }
  })
  const labels = apart(points).map(
    ({ policy, x, y }) =>
      html`<span class="tag ${policy.tone}${isLeft(x) ? ' left' : ''}" data-policy="${policy.index}" style="left:${short(x * 100)}%;top:${short(y * 100)}%">${policy.id}</span>`,
  )
  return html`<figure class="card facet"><figcaption><b>promise against price</b><span>↖ better on both</span></figcaption>
${plot({
  title: 'On-time share against cost per order',
  description: entries
    .map(
      ({ policy, cell }) =>
        `${policy.id}: ${formats.onTimeShare.value(cell.measures.onTimeShare.mean)} on time at ${formats.costPerOrder.value(cell.measures.costPerOrder.mean)}`,
    )
    .join('; '),
  heightPx: HEIGHT_PX,
  xTicks: xSteps.map((step) => ({ at: partOf(step, xSpan), label: formats.costPerOrder.tick(step, decimals) })),
  yTicks: ySteps.map((step) => ({
    at: partOf(step / 100, ySpan),
    label: `${formats.onTimeShare.tick(step / 100, decimalsFor(ySteps))}%`,
  })),
  body: html`${points.map(({ drawn }) => drawn)}`,
  over: html`<div aria-hidden="true">${labels}</div>`,
  className: 'with-y',
})}<p class="note">cost per order, ${formats.costPerOrder.unit}; crosses are 95 % intervals</p></figure>`
}

/** Moves labels down, one after the other from the top, until none lies on another. */
function apart(points: readonly Point[]): Point[] {
  const gap = LABEL_PX / HEIGHT_PX
  const placed: Point[] = []
  for (const point of points.toSorted((a, b) => a.y - b.y)) {
    const [left, right] = endsOf(point)
    const inTheWay = placed.filter((other) => endsOf(other)[0] < right && left < endsOf(other)[1])
    const lowest = Math.max(...inTheWay.map(({ y }) => y + gap), 0)
    placed.push({ ...point, y: Math.max(point.y, lowest) })
  }
  return placed
}

/** From where to where a label reaches, as parts of the plot's width. */
function endsOf({ x, policy }: Point): readonly [left: number, right: number] {
  const width = (Math.min(policy.id.length, LONGEST_TAG) * LETTER_PX + 14) / PLOT_PX
  return isLeft(x) ? [x - width, x] : [x, x + width]
}

/** A label near the right edge stands on the left of its point. */
function isLeft(x: number): boolean {
  return x > 0.6
}
