import type { LawSpec } from '../../sim/network-spec.ts'
import { digits, evenly, quantile, sortedNumbers } from './statistics.ts'

const AT = [0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 0.999, 1] as const
const ROUNDS = 25

export type Stage = {
  /** Total time of the stage as recorded, hours, for each order. */
  readonly recordedHours: readonly number[]
  /** What the simulator would make of order i if its draw came out at `drawHours`: calendars, shifts and departures added. Never falls as the draw rises. */
  readonly simulate: (order: number, drawHours: number) => number
}

/**
 * The law whose draws, once the simulator has added its calendars to them, give the recorded totals. Starts from the recorded quantiles,
 * sends evenly spread draws for every recorded order through the same calendar rules the simulator uses, and moves each quantile of the law by
 * what is left between simulated and recorded, until both agree.
 */
export function matchLaw({ recordedHours, simulate }: Stage): LawSpec & { law: 'quantiles' } {
  const recorded = AT.map((p) => quantile(sortedNumbers(recordedHours), p))
  let value = [...recorded]
  let best = value
  let bestMiss = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const law = { at: AT, value }
    const totals = sortedNumbers(recordedHours.map((_, i) => simulate(i, drawn(law, evenly(i)))))
    const miss = AT.map((p, k) => recorded[k] - quantile(totals, p))
    const size = miss.reduce((sum, off, k) => sum + Math.abs(off) / (1 + recorded[k]), 0)
    if (size < bestMiss) {
      bestMiss = size
      best = value
    }
    const moved = value.map((v, k) => Math.max(0, v + 0.6 * miss[k]))
    // A law never falls; what overtakes its neighbour is held back.
    value = moved.map((_, k) => Math.max(...moved.slice(0, k + 1)))
  }
  return { law: 'quantiles', at: AT, value: best.map((hours) => digits(hours, 4)) }
}

/** Value of a quantile law at probability `u`. */
export function drawn({ at, value }: { readonly at: readonly number[]; readonly value: readonly number[] }, u: number): number {
  let k = 1
  while (k < at.length - 1 && at[k] < u) k++
  const width = at[k] - at[k - 1]
  return value[k - 1] + (width > 0 ? (u - at[k - 1]) / width : 0) * (value[k] - value[k - 1])
}
