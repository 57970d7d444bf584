import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { measureNames, measureView } from '../futures/measures.ts'
import type { ViewSource } from '../futures/view-source.ts'
import type { LiveView } from '../state/live-state.ts'
import { corrector, type Errata, type Foretold } from './errata.ts'
import type { Verified } from './score.ts'
import type { Coarse } from './told-stages.ts'

/** Futures of a view: numbers of each, hour · names + name. */
export type Forecast = (view: LiveView, hours: number) => Promise<readonly Float64Array[]>

export type RollOptions = {
  readonly views: ViewSource
  readonly spec: NetworkSpec
  /** Presents of the past to forecast from, ms since 1970, and how far ahead to look. */
  readonly cuts: readonly number[]
  readonly hoursAhead: readonly number[]
  /** Since when the twin is told anything: before it nothing is known that a naive forecast could go by. */
  readonly knownFromMs: number
  readonly forecast: Forecast
  /** What is compared: stages that nobody tells count with those before them. */
  readonly coarse: Coarse
  /** What such futures are known to be usually off by: it is taken off them. */
  readonly errata: Errata
  readonly offsetMinutes: number
  readonly onProgress?: (done: number) => void
}

/** A number with its futures as they are told, and as they were before what is usually wrong was taken off. */
export type Rolled = Verified & Foretold

/** A naive forecast goes by so many days before. */
const NAIVE_DAYS = 7

/**
 * The twin's forecasts of its own past: from each cut, with what was known of that instant, against what then was. What came late of the time before a cut
 * is known to it here, which a forecast made on the day did not know.
 */
export async function roll(options: RollOptions): Promise<Rolled[]> {
  const { views, spec, cuts, hoursAhead, knownFromMs, forecast, coarse } = options
  const { correct } = corrector(options.errata, options.offsetMinutes)
  const all = measureNames(spec).length
  const known = new Map<number, Float64Array>()
  const knownAt = async (ms: number): Promise<Float64Array> => {
    const before = known.get(ms)
    if (before !== undefined) return before
    const measured = coarse.of(measureView(await views.at(ms), spec))
    known.set(ms, measured)
    return measured
  }
  const verified: Rolled[] = []
  const hours = Math.max(...hoursAhead)
  for (const [done, cut] of cuts.entries()) {
    const runs = await forecast(await views.at(cut), hours)
    for (const hour of hoursAhead) {
      const foreseen = runs.map((run) => coarse.of(run.subarray(hour * all, (hour + 1) * all)))
      const atMs = cut + hour * HOUR_MS
      const was = await knownAt(atMs)
      const past: Float64Array[] = []
      for (let day = Math.ceil(hour / 24); day <= NAIVE_DAYS; day++)
        if (atMs - day * DAY_MS >= knownFromMs) past.push(await knownAt(atMs - day * DAY_MS))
      coarse.names.forEach((measure, at) => {
        const raw = foreseen.map((numbers) => numbers[at])
        verified.push({
          measure,
          issuedMs: cut,
          atMs,
          raw,
          values: correct(measure, hour, cut, raw).toSorted((a, b) => a - b),
          naive: past.map((numbers) => numbers[at]).sort((a, b) => a - b),
          was: was[at],
        })
      })
    }
    options.onProgress?.(done + 1)
  }
  return verified
}
