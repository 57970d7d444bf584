import type { RolloutPicture } from '../../twin/wire.ts'
import { drawn } from './element.ts'
import type { Said } from './said.ts'

/** A metric of a rollout, drawn and said: harm of the candidate, which is worse the farther right or up it is. */
export type Metric = NonNullable<RolloutPicture['verdict']>['metrics'][number]
type Looks = RolloutPicture['looks']

const WIDE = 240
const HIGH = 44

/** A harm in the metric's own words: points of a share, money, hours. */
export function amount(unit: Metric['unit'], value: number): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : ''
  const size = Math.abs(value)
  const some = (number: number): string => number.toFixed(number >= 100 ? 0 : number >= 10 ? 1 : 2)
  switch (unit) {
    case 'share':
      return `${sign}${some(size * 100)} pp`
    case 'cents':
      return `${sign}${some(size / 100)}`
    case 'hours':
      return `${sign}${some(size)} h`
    case 'number':
      return `${sign}${some(size)}`
  }
}

/** Bounds that say nothing yet lie beyond any picture. */
const isSaid = ({ lower, upper, margin }: Pick<Metric, 'lower' | 'upper' | 'margin'>): boolean =>
  Number.isFinite(lower) && Number.isFinite(upper) && upper - lower < 200 * margin
export const isKnown = isSaid

/** The interval on a line: none is at the thin line, the dashed one is what would still be accepted. */
export function intervalOf(metric: Metric, { words }: Said): SVGElement {
  const { margin, harm, lower, upper, corrected, twin, unit } = metric
  const reach = Math.min(6 * margin, Math.max(1.6 * margin, Math.abs(lower), Math.abs(upper)) * 1.08)
  const x = (value: number): number => ((Math.max(-reach, Math.min(reach, value)) + reach) / (2 * reach)) * WIDE
  const band = (low: number, high: number, y: number, name: string): SVGElement =>
    drawn('rect', { class: name, x: x(low), y, width: Math.max(1.5, x(high) - x(low)), height: 9, rx: 3 })
  const tone = metric.isHarm ? 'is-harm' : metric.isNoWorse ? 'is-fine' : 'is-open'
  const title = `${metric.id}: ${words('harmIs', amount(unit, harm), amount(unit, lower), amount(unit, upper))}`
  return drawn(
    'svg',
    { class: `interval ${tone}`, viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title },
    drawn('title', {}, title),
    drawn('line', { class: 'none', x1: x(0), x2: x(0), y1: 2, y2: HIGH - 2 }),
    drawn('line', { class: 'margin', x1: x(margin), x2: x(margin), y1: 2, y2: HIGH - 2 }),
    band(lower, upper, 10, 'naive'),
    drawn('rect', { class: 'at', x: x(harm) - 1.5, y: 6, width: 3, height: 17 }),
    corrected === null ? null : band(corrected.lower, corrected.upper, 28, 'corrected'),
    corrected === null ? null : drawn('rect', { class: 'at', x: x(corrected.harm) - 1.5, y: 25, width: 3, height: 15 }),
    twin === null ? null : drawn('circle', { class: 'twin', cx: x(twin), cy: corrected === null ? 33 : 32.5, r: 3.5 }),
  )
}

/** How the bounds came together: one look after the other, with the line below which the harm is accepted. */
export function funnelOf(metric: Metric, looks: Looks, said: Said): SVGElement | null {
  const seen = looks.flatMap(({ atMs, bounds }) => {
    const bound = Object.hasOwn(bounds, metric.id) ? bounds[metric.id] : undefined
    return bound === undefined ? [] : [{ atMs, lower: bound[0], harm: bound[1], upper: bound[2] }]
  })
  if (seen.length < 2) return null
  const { margin, unit } = metric
  const last = seen[seen.length - 1]
  const reach = Math.max(2.2 * margin, 3 * Math.abs(last.upper), 3 * Math.abs(last.lower))
  const [fromMs, toMs] = [seen[0].atMs, Math.max(last.atMs, seen[0].atMs + 1)]
  const x = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * WIDE
  const y = (value: number): number => ((reach - Math.max(-reach, Math.min(reach, value))) / (2 * reach)) * 84 + 3
  const path = (pick: (one: (typeof seen)[number]) => number, order = seen): string =>
    order.map((one) => `${x(one.atMs).toFixed(1)} ${y(pick(one)).toFixed(1)}`).join(' L ')
  const { words, format } = said
  return drawn(
    'svg',
    { class: 'funnel', viewBox: `0 0 ${WIDE} 90`, preserveAspectRatio: 'none', role: 'img', 'aria-label': words('harmOverTime') },
    drawn('path', {
      class: 'band',
      d: `M ${path(({ upper }) => upper)} L ${path(({ lower }) => lower, seen.toReversed())} Z`,
    }),
    drawn('line', { class: 'none', x1: 0, x2: WIDE, y1: y(0), y2: y(0) }),
    drawn('line', { class: 'margin', x1: 0, x2: WIDE, y1: y(margin), y2: y(margin) }),
    drawn('path', { class: 'line', d: `M ${path(({ harm }) => harm)}` }),
    seen.map((one, i) => {
      const from = i === 0 ? 0 : (x(seen[i - 1].atMs) + x(one.atMs)) / 2
      const to = i === seen.length - 1 ? WIDE : (x(one.atMs) + x(seen[i + 1].atMs)) / 2
      const bounds = words('harmIs', amount(unit, one.harm), amount(unit, one.lower), amount(unit, one.upper))
      return drawn(
        'rect',
        { class: 'look', x: from, y: 0, width: Math.max(0.5, to - from), height: 90 },
        drawn('title', {}, `${format.moment(one.atMs)}: ${bounds}`),
      )
    }),
  )
}
