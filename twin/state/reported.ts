import type { Core } from './core.ts'
import { FOLDS } from './folds.ts'
import type { Place } from './live-state.ts'
import { BEFORE_PART, nameOfReport, OUTCOMES } from './outcomes.ts'
import { pageOf, wordOf } from './rows.ts'
import { numberAt, numbersOf, SAMPLE } from './series.ts'
import { findThing, tellingOf } from './things.ts'

/** By metric, what was reported of an order, its parcels together; null where nothing was. */
export function reportedOf(core: Core, order: string): ReadonlyMap<string, number> | null {
  const things = core.things[FOLDS.indexOf(OUTCOMES)]
  const own = things.byName.get(order)
  if (own === undefined) return null
  const sums = new Map<string, number>()
  for (const [name, thing] of own) {
    const sample = tellingOf(things, thing, Number.POSITIVE_INFINITY)
    if (sample === 0) continue
    const metric = name.slice(0, name.indexOf(BEFORE_PART))
    sums.set(metric, (sums.get(metric) ?? 0) + numbersOf(things.series, sample)[numberAt(sample)])
  }
  return sums.size === 0 ? null : sums
}

/** Where the report lies that counts, of a metric and parcel (undefined: the whole order); null where there is none. */
export function placeOfReport(core: Core, order: string, metric: string, part: number | undefined): Place | null {
  const things = core.things[FOLDS.indexOf(OUTCOMES)]
  const sample = tellingOf(things, findThing(things, order, nameOfReport(metric, part)), Number.POSITIVE_INFINITY)
  if (sample === 0) return null
  const page = pageOf(things.series.samples, sample)
  const word = wordOf(things.series.samples, sample)
  return { entry: page[word + SAMPLE.entry], line: page[word + SAMPLE.line] }
}
