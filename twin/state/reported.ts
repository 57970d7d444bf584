import type { Core } from './core.ts'
import { FOLDS } from './folds.ts'
import { BEFORE_PART, OUTCOMES } from './outcomes.ts'
import { numberAt, numbersOf } from './series.ts'
import { tellingOf } from './things.ts'

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
