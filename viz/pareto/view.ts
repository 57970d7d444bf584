import type { Drawing, Point } from '../../scenarios/pareto/drawing.ts'
import { MEASURES, type Measure } from '../../scenarios/result.ts'
import { type Formats, formatsOf } from '../report/format.ts'
import { partOf, spanOf } from '../report/scale.ts'

/** What the page is drawn from: the plain data, how its figures are written, and each point's colour. */
export type FrontView = {
  readonly drawing: Drawing
  readonly formats: Formats
  readonly knobs: readonly string[]
  /** A colour for its CO2: clean to dirty over the front. */
  readonly toneOf: (point: Point) => string
  readonly isFront: (point: Point) => boolean
  readonly placeOf: (point: Point) => Place
}

/** `out`: beaten by more than noise, or outside a cap. */
export type Place = 'front' | 'undecided' | 'out'

export function frontView(drawing: Drawing): FrontView {
  const { points, policies, network } = drawing
  const placeOf = ({ isAllowed, standing }: Point): Place => (!isAllowed || standing === 'beaten' ? 'out' : standing)
  const isFront = (point: Point): boolean => placeOf(point) === 'front'
  const rivals = points.filter((point) => placeOf(point) !== 'out')
  const span = spanOf((rivals.length > 0 ? rivals : points).map(({ measures }) => measures.co2PerOrder.mean))
  return {
    drawing,
    formats: formatsOf({
      cells: points.map(({ measures, versusShipped }) => ({ measures, versusBaseline: versusShipped })),
      network,
    }),
    knobs: [...new Set(policies.flatMap(({ knobs }) => knobs.map(({ name }) => name)))],
    toneOf: ({ measures }) => toneAt(Math.min(1, Math.max(0, partOf(measures.co2PerOrder.mean, span)))),
    isFront,
    placeOf,
  }
}

/** Half of the way from clean to middle, the rest from there to dirty. */
function toneAt(part: number): string {
  const percent = Math.round((part < 0.5 ? part : part - 0.5) * 200)
  const [from, to] = part < 0.5 ? ['clean', 'middle'] : ['middle', 'dirty']
  return `color-mix(in oklab,var(--${to}) ${percent}%,var(--${from}))`
}

export type Aim = 'costPerOrder' | 'onTimeShare' | 'co2PerOrder'

export const measureOf = (aim: Aim): Measure => MEASURES.find(({ id }) => id === aim) as Measure

export const isHigherBetter = (aim: Aim): boolean => measureOf(aim).better === 'higher'

/** "lateWeight 2.4 · carbonCentsPerKg 35" */
export const knobsText = ({ knobs }: Point): string =>
  Object.entries(knobs)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')
