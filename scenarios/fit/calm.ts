import { DAY_MS } from '../../sim/units.ts'
import { quantile, sortedNumbers } from '../import/statistics.ts'

/**
 * How much a row of the past counts for the next weeks. Carriers get faster and slower over months, so what is recent counts more; and weeks in
 * which everybody was slower than usual are put back, because trouble passes, and because what trouble does is for the queues to make.
 */
export const RECENCY = {
  /** The law of luck and level: weeks until a row counts half. */
  levelWeeks: 6,
  /** What changes slowly (regions, distance, the promise's word): likewise. */
  shapeWeeks: 12,
  /** A week slower by this much (in ln) than a calm one counts 1/e of it. */
  troubleLn: 0.6,
} as const

const WEEK_DAYS = 7
/** Share of the recent past that is at least as quick as what is called calm. */
const CALM_AT = 0.6
const WEEK_ROWS_MIN = 15

export function recency(sinceMs: Float64Array, untilMs: number, halfWeeks: number): Float64Array {
  return sinceMs.map((ms) => 0.5 ** ((untilMs - ms) / DAY_MS / WEEK_DAYS / halfWeeks))
}

/** Weights by recency, less where the week as a whole was slow: `residual` is ln(time) less what was expected of the row. */
export function calmWeights(sinceMs: Float64Array, untilMs: number, residual: Float64Array): Float64Array {
  const weight = recency(sinceMs, untilMs, RECENCY.levelWeeks)
  const week = Int32Array.from(sinceMs, (ms) => Math.floor((untilMs - ms) / DAY_MS / WEEK_DAYS))
  const sums = new Map<number, { rows: number; sum: number; weight: number }>()
  for (let i = 0; i < week.length; i++) {
    const own = sums.get(week[i]) ?? { rows: 0, sum: 0, weight: 0 }
    own.rows++
    own.sum += residual[i]
    own.weight += weight[i]
    sums.set(week[i], own)
  }
  const solid = [...sums.values()].filter(({ rows }) => rows >= WEEK_ROWS_MIN).sort((a, b) => a.sum / a.rows - b.sum / b.rows)
  if (solid.length === 0) return weight
  const total = solid.reduce((sum, one) => sum + one.weight, 0)
  let reached = 0
  let calm = solid[0]
  for (const one of solid) {
    calm = one
    reached += one.weight
    if (reached >= CALM_AT * total) break
  }
  const level = calm.sum / calm.rows
  return weight.map((w, i) => {
    const own = sums.get(week[i])
    const slower = own !== undefined && own.rows >= WEEK_ROWS_MIN ? Math.max(0, own.sum / own.rows - level) : 0
    return w * Math.exp(-slower / RECENCY.troubleLn)
  })
}

/**
 * How far the level of a coming week is from what recency makes of the weeks up to two before it: the standard deviation, in ln, of that forecast's
 * error over the weeks of the past, sampling noise taken off. What a forecast does not know of its own level.
 */
export function levelDrift(sinceMs: Float64Array, untilMs: number, residual: Float64Array): number {
  const sums: { rows: number; sum: number; square: number }[] = []
  for (let i = 0; i < residual.length; i++) {
    const week = Math.floor((untilMs - sinceMs[i]) / DAY_MS / WEEK_DAYS)
    sums[week] ??= { rows: 0, sum: 0, square: 0 }
    sums[week].rows++
    sums[week].sum += residual[i]
    sums[week].square += residual[i] ** 2
  }
  const errors: number[] = []
  const noises: number[] = []
  for (let w = DRIFT_SKIP; w < Math.min(DRIFT_WEEKS, sums.length); w++) {
    const own = sums[w]
    if (own === undefined || own.rows < WEEK_ROWS_MIN) continue
    let level = 0
    let total = 0
    for (let before = w + 2; before < sums.length; before++) {
      if (sums[before] === undefined) continue
      const weight = 0.5 ** ((before - w) / RECENCY.levelWeeks)
      level += weight * sums[before].sum
      total += weight * sums[before].rows
    }
    if (total < WEEK_ROWS_MIN) continue
    const mean = own.sum / own.rows
    errors.push(Math.abs(mean - level / total))
    noises.push(Math.max(0, own.square / own.rows - mean ** 2) / own.rows)
  }
  if (errors.length < 6) return DRIFT_UNSEEN
  // By medians: one strike in the year is not what an ordinary month is unsure of.
  const typical = quantile(sortedNumbers(errors), 0.5) / 0.6745
  return Math.sqrt(Math.max(DRIFT_LEAST ** 2, typical ** 2 - quantile(sortedNumbers(noises), 0.5)))
}

/** The last weeks hold hardly anything but what was quick. */
const DRIFT_SKIP = 3
const DRIFT_WEEKS = 40
const DRIFT_UNSEEN = 0.1
const DRIFT_LEAST = 0.03
