import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import type { Future } from './future-file.ts'
import { predictive } from './interval.ts'
import { measureNames, measuresOfView, measureView } from './measures.ts'
import type { ViewSource } from './view-source.ts'

/** One number at one hour: what was foreseen, and what it then was. */
export type Met = {
  readonly measure: string
  readonly hour: number
  readonly low: number
  readonly median: number
  readonly high: number
  readonly was: number
  readonly isInside: boolean
}

export type FutureDiff = {
  readonly name: string
  /** Hours that have passed since, as far as the future goes. */
  readonly hoursPassed: number
  readonly met: readonly Met[]
  /** Part of all numbers that lay within their 90 % interval. */
  readonly coverage: number
}

/** Holds a kept future against what then happened, at hours 1, 3, 6, 12 and every 12 after, as far as they have come. */
export async function diffFuture(future: Future, spec: NetworkSpec, views: ViewSource): Promise<FutureDiff> {
  const startMs = Date.parse(future.asOf)
  const newest = (await views.at(null)).asOfMs
  const hoursPassed = Math.min(future.hours, Math.floor((newest - startMs) / HOUR_MS))
  const hours = [1, 3, 6, 12, ...Array.from({ length: future.hours }, (_, i) => 24 + 12 * i)].filter((h) => h <= hoursPassed)
  const names = measureNames(spec).slice(0, measuresOfView(spec))
  const met: Met[] = []
  for (const hour of hours) {
    const was = measureView(await views.at(startMs + hour * HOUR_MS), spec)
    names.forEach((measure, at) => {
      const sorted = future.measures[measure]?.values[hour]
      if (sorted === undefined) return
      const low = predictive(sorted, 0.05)
      const high = predictive(sorted, 0.95)
      met.push({
        measure,
        hour,
        low,
        median: predictive(sorted, 0.5),
        high,
        was: was[at],
        isInside: was[at] >= low && was[at] <= high,
      })
    })
  }
  const coverage = met.length === 0 ? Number.NaN : met.filter(({ isInside }) => isInside).length / met.length
  return { name: future.name, hoursPassed, met, coverage }
}
