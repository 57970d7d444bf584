import type { Point } from '../../scenarios/pareto/drawing.ts'
import { halfWidthOf, type Interval } from '../../scenarios/result.ts'
import { type Html, html, short } from '../report/html.ts'
import { plot } from '../report/plot.ts'
import { atLeastTwoSteps, decimalsFor, fittingSteps, partOf, type Span, spanOf } from '../report/scale.ts'
import { type Aim, type FrontView, isHigherBetter, knobsText, measureOf } from './view.ts'

/** Names on a panel nearer than this, in parts of its height, would lie on each other. */
const NAME_GAP = 0.045

type Size = { readonly widthPx: number; readonly heightPx: number; readonly isWide: boolean }

/**
 * All points over two of the three measures. Dots: front filled, undecided as rings, the others small and grey. Line: the best of these two alone, so
 * what lies off it pays for the third. Crosses, two kinds of which a switch shows one: the paired interval of the difference to the policy as
 * shipped, and the interval of the point by itself.
 */
export function panel(view: FrontView, x: Aim, y: Aim, { widthPx, heightPx, isWide }: Size): Html {
  const { drawing, formats } = view
  const { points } = drawing
  const spanFor = (aim: Aim): Span =>
    spanOf(
      points.map(({ measures }) => measures[aim].mean),
      0.08,
    )
  const [xSpan, ySpan] = [spanFor(x), spanFor(y)]
  const across = (value: number): number => partOf(value, xSpan)
  const down = (value: number): number => 1 - partOf(value, ySpan)
  const steps = (aim: Aim, span: Span): Span => [span[0] * formats[aim].factor, span[1] * formats[aim].factor]
  const { steps: xSteps, decimals } = fittingSteps(steps(x, xSpan), widthPx)
  const ySteps = atLeastTwoSteps(steps(y, ySpan), isWide ? 6 : 4)
  const shipped = points.find(({ isShipped, policy }) => isShipped && policy === 0)
  const shown = points.filter((point) => view.placeOf(point) !== 'out')

  const cross = (point: Point, kind: 'paired' | 'alone'): Html | null => {
    const [wide, high] = [x, y].map((aim) => (kind === 'alone' ? point.measures[aim] : movedBy(shipped, point, aim)))
    if (halfWidthOf(wide) === null || halfWidthOf(high) === null) return null
    const [atX, atY] = [across(point.measures[x].mean), down(point.measures[y].mean)]
    const clip = (part: number): string => short(1000 * Math.min(1, Math.max(0, part)))
    const d = `M${clip(across(wide.low))} ${short(atY * 1000)}H${clip(across(wide.high))}M${short(atX * 1000)} ${clip(down(high.low))}V${clip(down(high.high))}`
    return html`<path class="reach ${kind}" data-point="${point.number}" style="--tone:${view.toneOf(point)}" d="${d}"/>`
  }
  const best = shown.filter((point) => !shown.some((other) => beats(other, point, x, y)))
  const edge = best
    .toSorted((a, b) => a.measures[x].mean - b.measures[x].mean)
    .map(
      ({ measures }, i) =>
        `${i === 0 ? 'M' : 'L'}${short(across(measures[x].mean) * 1000)} ${short(down(measures[y].mean) * 1000)}`,
    )
    .join('')

  const marks = points
    .toSorted((a, b) => rank(view, a) - rank(view, b))
    .map((point) => {
      const place = view.placeOf(point)
      const isKnee = point.number === drawing.knee?.point
      const kind = `shape-${point.policy % 4}${place === 'out' ? ' beaten' : place === 'undecided' ? ' undecided' : ''}${isKnee ? ' knee' : ''}`
      return html`<i class="mark-at ${kind}" data-point="${point.number}" style="left:${short(across(point.measures[x].mean) * 100)}%;top:${short(down(point.measures[y].mean) * 100)}%;--tone:${view.toneOf(point)}"></i>`
    })
  const names = isWide
    ? namesOn(view, shipped).map(({ point, name }) =>
        nameAt(name, view.isFront(point), across(point.measures[x].mean), down(point.measures[y].mean)),
      )
    : []

  const corner = `${isHigherBetter(y) ? '↖' : '↙'} better on both`
  return html`<figure class="card${isWide && ' wide'}"><figcaption><b>${measureOf(y).label} against ${measureOf(x).label}</b><span>${corner}</span></figcaption>
${plot({
  title: `${measureOf(y).label} against ${measureOf(x).label} of ${points.length} points`,
  description: shown
    .map(
      (point) =>
        `${point.number}, ${knobsText(point)}: ${formats[x].value(point.measures[x].mean)}, ${formats[y].value(point.measures[y].mean)}`,
    )
    .join('; '),
  heightPx,
  xTicks: xSteps.map((step) => ({
    at: partOf(step / formats[x].factor, xSpan),
    label: formats[x].tick(step / formats[x].factor, decimals),
  })),
  yTicks: ySteps.map((step) => ({
    at: partOf(step / formats[y].factor, ySpan),
    label: formats[y].tick(step / formats[y].factor, decimalsFor(ySteps)),
  })),
  body: html`<path class="edge" d="${edge}"/>${shown.filter(view.isFront).map((point) => [cross(point, 'paired'), cross(point, 'alone')])}`,
  over: html`<div aria-hidden="true">${marks}${apart(names).map(
    ({ name, left, top, isLeft }) =>
      html`<span class="name-at${isLeft && ' left'}" style="left:${short(left * 100)}%;top:${short(top * 100)}%">${name}</span>`,
  )}</div>`,
  attributes: html` data-panel`,
  className: 'with-y',
})}<p class="note">across: ${measureOf(x).label}, ${formats[x].unit} · up: ${measureOf(y).label}, ${formats[y].unit}</p></figure>`
}

/** Where the point would lie for either end of its paired difference to the policy as shipped: what luck that both share cannot move. */
function movedBy(shipped: Point | undefined, point: Point, aim: Aim): Interval {
  if (shipped === undefined || point === shipped)
    return { low: point.measures[aim].mean, mean: point.measures[aim].mean, high: point.measures[aim].mean }
  const { low, mean, high } = point.versusShipped[aim]
  const from = shipped.measures[aim].mean
  return halfWidthOf(point.versusShipped[aim]) === null
    ? point.versusShipped[aim]
    : { low: from + low, mean: from + mean, high: from + high }
}

function beats(a: Point, b: Point, x: Aim, y: Aim): boolean {
  const gains = [x, y].map((aim) => (isHigherBetter(aim) ? 1 : -1) * (a.measures[aim].mean - b.measures[aim].mean))
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0)
}

const rank = (view: FrontView, point: Point): number => ({ out: 0, undecided: 1, front: 2 })[view.placeOf(point)]

/** Points worth a name: the knee, what is shipped, and the best in each measure. */
function namesOn({ drawing: { points, knee, policies }, isFront }: FrontView, shipped: Point | undefined) {
  const front = points.filter(isFront)
  const bestIn = (aim: Aim): Point | undefined =>
    front.toSorted((a, b) => (isHigherBetter(aim) ? -1 : 1) * (a.measures[aim].mean - b.measures[aim].mean))[0]
  const said = new Map<Point, string[]>()
  const say = (point: Point | undefined, word: string): void => {
    if (point !== undefined) said.set(point, [...(said.get(point) ?? []), word])
  }
  say(
    points.find(({ number }) => number === knee?.point),
    'knee',
  )
  say(shipped, policies.length > 1 ? `${policies[0].id} as shipped` : 'as shipped')
  say(bestIn('costPerOrder'), 'cheapest')
  say(bestIn('onTimeShare'), 'most on time')
  say(bestIn('co2PerOrder'), 'cleanest')
  return [...said].map(([point, words]) => ({ point, name: `${point.number} ${words.join(', ')}` }))
}

type Name = { readonly name: string; readonly left: number; readonly top: number; readonly isLeft: boolean }

/** On the side where no points are: a front bends away from the better corner, and what is off it lies behind. */
const nameAt = (name: string, isFront: boolean, left: number, top: number): Name => ({
  name,
  left,
  top,
  isLeft: left > (isFront ? 0.25 : 0.7),
})

/** Moves names down, one after the other from the top, until none lies on another of its side. */
function apart(names: readonly Name[]): Name[] {
  const placed: Name[] = []
  for (const name of names.toSorted((a, b) => a.top - b.top)) {
    const inTheWay = placed.filter(({ left, isLeft }) => isLeft === name.isLeft && Math.abs(left - name.left) < 0.4)
    placed.push({ ...name, top: Math.max(name.top, ...inTheWay.map(({ top }) => top + NAME_GAP)) })
  }
  return placed
}
