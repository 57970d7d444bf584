import type { NetworkSpec } from '../../sim/network-spec.ts'
import { corrector, type Errata } from '../fidelity/errata.ts'
import { coarseBy } from '../fidelity/told-stages.ts'
import { measureNames, measuresOfView } from './measures.ts'

export type Amended = {
  readonly spec: NetworkSpec
  readonly errata: Errata
  readonly offsetMinutes: number
  /** The present they begin with, ms since 1970. */
  readonly asOfMs: number
  readonly hours: number
}

/**
 * Takes off the futures what such futures are usually off by. Where errors are only known of several stages together, each of them takes its part, and what
 * rounding leaves goes to the stage they were counted in. What a run alone can count (orders placed, delivered …) and sites field by field stay as run.
 */
export function amendRuns(runs: readonly Float64Array[], { spec, errata, offsetMinutes, asOfMs, hours }: Amended): void {
  if (Object.keys(errata.sums).length === 0) return
  const { correct } = corrector(errata, offsetMinutes)
  const coarse = coarseBy(spec, errata.untold)
  const all = measureNames(spec)
  const members = coarse.names.map((_, place) =>
    Array.from(coarse.into.keys()).filter((at) => at < measuresOfView(spec) && coarse.into[at] === place),
  )
  for (let hour = 1; hour <= hours; hour++) {
    const own = runs.map((run) => run.subarray(hour * all.length, (hour + 1) * all.length))
    const before = own.map((numbers) => coarse.of(numbers))
    coarse.names.forEach((measure, place) => {
      const raw = before.map((numbers) => numbers[place])
      const after = correct(measure, hour, asOfMs, raw)
      // The stage that gave the others its name comes first.
      const [head, ...others] = members[place]
      own.forEach((numbers, run) => {
        let rest = after[run]
        for (const at of others) {
          numbers[at] = raw[run] > 0 ? Math.min(rest, Math.round((numbers[at] * after[run]) / raw[run])) : 0
          rest -= numbers[at]
        }
        numbers[head] = rest
      })
    })
  }
}
