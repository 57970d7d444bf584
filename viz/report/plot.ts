import { type Html, html, short } from './html.ts'
import { partOf, type Span } from './scale.ts'

/** A label on an axis: `at` is the part of the way, 0 to 1. A minor one gives way on narrow screens. */
export type Tick = { readonly at: number; readonly label: string; readonly minor?: boolean }

/**
 * A chart that fits any width without its text shrinking: the drawing is stretched, strokes are not, and labels are HTML
 * laid over it. Inside `body`, x runs 0…1000 from left to right and y 0…1000 from top to bottom.
 */
export function plot(given: {
  /** Said to those who cannot see the drawing. */
  readonly title: string
  readonly description: string
  readonly heightPx: number
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  readonly body: Html
  /** HTML over the drawing, placed in percent. */
  readonly over?: Html
  readonly attributes?: Html
  readonly className?: string
}): Html {
  const { title, description, heightPx, xTicks, yTicks, body } = given
  return html`<div class="plot ${given.className ?? ''}" style="--height:${short(heightPx)}px"${given.attributes ?? null}>
<div class="area"><svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label="${title}"><title>${title}</title><desc>${description}</desc>
<path class="grid" d="${yTicks.map(({ at }) => `M0 ${short(1000 - at * 1000)}H1000`).join('')}"/>
<path class="grid" d="${xTicks.map(({ at }) => `M${short(at * 1000)} 0V1000`).join('')}"/>
${body}</svg>${given.over ?? null}</div>
<div class="y-ticks" aria-hidden="true">${yTicks.map(({ at, label }) => html`<span style="bottom:${short(at * 100)}%">${label}</span>`)}</div>
<div class="x-ticks" aria-hidden="true">${xTicks.map(
    ({ at, label, minor }) =>
      html`<span${minor === true && html` class="minor"`} style="left:${short(at * 100)}%">${label}</span>`,
  )}</div>
</div>`
}

/** A round dot in a stretched drawing: a line of no length keeps its round ends. */
export function dot(x: number, y: number, className: string): Html {
  return html`<path class="dot ${className}" d="M${short(x)} ${short(y)}h0"/>`
}

/**
 * A line over equal steps, with gaps where a value is missing; a lone point between gaps becomes a dot by its round ends.
 * `levels` is how finely heights are drawn; small panels need few, and a page holds hundreds of lines.
 */
export function line(values: readonly (number | null)[], span: Span, levels: number, attributes: Html): Html {
  const across = values.length > 1 ? 1000 / (values.length - 1) : 1000
  let path = ''
  let at = 0
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) return
    const y = Math.round((1 - partOf(value, span)) * levels)
    const isBegun = i > 0 && isValue(values[i - 1])
    // Steps from point to point, each a few characters; rounding is of places, so steps add up without drift.
    if (isBegun) path += y === at ? 'h1' : y < at ? `l1${y - at}` : `l1 ${y - at}`
    else path += `M${i} ${y}${isValue(values[i + 1]) ? '' : 'h0'}`
    at = y
  })
  return html`<path${attributes} transform="scale(${short(across)} ${short(1000 / levels)})" d="${path}"/>`
}

function isValue(value: number | null | undefined): boolean {
  return value !== null && value !== undefined && Number.isFinite(value)
}
