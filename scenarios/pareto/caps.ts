import { halfWidthOf, type Interval } from '../result.ts'
import { AIMS, type Aim, lossOf } from './front.ts'

/** What a point must keep, in the units of its measure: at least so much on time, at most so much cost or CO2e an order; null for no cap. */
export type Caps = { readonly [A in Aim]: number | null }

/** `kept` or `broken` with its whole interval; `perhaps` where the cap lies inside it. */
export type Kept = 'kept' | 'perhaps' | 'broken'

/** The worst of all caps. Whether `perhaps` counts is told by the mean, see `isAllowed`. */
export function keptBy(caps: Caps, measures: { readonly [A in Aim]: Interval }): Kept {
  let all: Kept = 'kept'
  for (const aim of AIMS) {
    const cap = caps[aim]
    if (cap === null) continue
    const { low, mean, high } = measures[aim]
    const isKnown = halfWidthOf(measures[aim]) !== null
    const losses = (isKnown ? [low, high] : [mean, mean]).map((value) => lossOf(aim, value) - lossOf(aim, cap))
    if (losses.every((loss) => loss > 0)) return 'broken'
    if (!isKnown || losses.some((loss) => loss > 0)) all = 'perhaps'
  }
  return all
}

/** Whether mean losses keep every cap: what a point needs to stand on the front. */
export const isAllowed = (caps: Caps, means: readonly number[]): boolean =>
  AIMS.every((aim, i) => {
    const cap = caps[aim]
    return cap === null || means[i] <= lossOf(aim, cap)
  })
