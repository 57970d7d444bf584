import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { nowMs } from '../../sim/world.ts'
import { READINGS, type ReadingName } from './probe.ts'

const BATCH = 5

/**
 * How many of a series' first entries say more about its beginning than about its steady state: MSER-5. In batches of five, the cut is where the
 * standard error of what is left is least, looked for in the first half. White, Cobb & Spratt, "A comparison of five steady-state truncation
 * heuristics", Winter Simulation Conference 2000; Law, Simulation Modeling and Analysis, 5th ed., 9.5.1.
 *
 * Null where the least lies at the end of the half looked at: the series is too short to tell.
 */
export function mser5(series: ArrayLike<number>): number | null {
  const n = Math.floor(series.length / BATCH)
  const batch = (j: number): number => {
    let sum = 0
    for (let i = 0; i < BATCH; i++) sum += series[j * BATCH + i]
    return sum / BATCH
  }
  const half = Math.floor(n / 2)
  let sum = 0
  let squares = 0
  let best = 0
  let least = Number.POSITIVE_INFINITY
  // From the end to the front, so that each cut adds one batch to what is left.
  for (let j = n - 1; j >= 0; j--) {
    const value = batch(j)
    sum += value
    squares += value * value
    const left = n - j
    if (j > half) continue
    const error = (squares - (sum * sum) / left) / (left * left)
    if (error <= least) {
      least = error
      best = j
    }
  }
  return best >= half && half > 0 ? null : best * BATCH
}

/** A reading's mean over each hour of a run, from its very beginning. */
export class HourSeries {
  readonly hours: number[] = []
  private readonly reading: ReadingName
  private readonly at: number
  private readonly sku: number
  private value = 0
  private area = 0
  private lastMs = 0

  constructor(reading: ReadingName, at: number, sku = 0) {
    this.reading = reading
    this.at = at
    this.sku = sku
  }

  /** To be called after every event. */
  watch(sim: Sim): void {
    const now = nowMs(sim.world)
    while ((this.hours.length + 1) * HOUR_MS <= now) {
      const hourEnds = (this.hours.length + 1) * HOUR_MS
      this.area += this.value * (hourEnds - this.lastMs)
      this.hours.push(this.area / HOUR_MS)
      this.area = 0
      this.lastMs = hourEnds
    }
    this.area += this.value * (now - this.lastMs)
    this.lastMs = now
    this.value = READINGS[this.reading].read(sim, this.at, this.sku)
  }
}
