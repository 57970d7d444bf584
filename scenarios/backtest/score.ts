import type { ReplayOutcome } from '../../sim/replay.ts'
import { WEEK_MS } from '../../sim/units.ts'
import type { Copies } from '../fit/replay.ts'
import { dateOf, dayOf } from '../import/days.ts'
import type { OrderHistory } from '../import/history.ts'
import { quantile } from '../import/statistics.ts'
import { WEEK_START_MS, weekdayOfMs } from '../import/week.ts'
import { crps, finite } from './measures.ts'
import { isWhole, STAGES, type StageId, tookOf } from './stages.ts'

/** What one window's forecast is judged by, kept order by order so that windows can be put together. */
export type WindowScore = {
  readonly orders: number
  /** Sorted: what was recorded of each order, and what was simulated of each in every copy and replication. */
  readonly recorded: Readonly<Record<StageId, Float64Array>>
  readonly simulated: Readonly<Record<StageId, Float64Array>>
  /** Part of the orders whose recorded time lies in the middle 90 % of their own simulated ones. */
  readonly covered: Readonly<Record<StageId, number>>
  /** Mean over orders, days, of placed-to-delivered. */
  readonly crps: number
  readonly naiveCrps: number
  readonly late: LateShare
  readonly lateByWeek: readonly LateShare[]
  readonly lateByRegion: readonly LateShare[]
  /** Simulated orders that had not arrived when the run ended, or were lost. */
  readonly neverArrived: number
}

export type LateShare = {
  readonly where: string
  readonly orders: number
  readonly recorded: number
  readonly simulated: number
  /** Middle 90 % of what single copies of the orders made of it: parameters held, luck drawn anew. */
  readonly low: number
  readonly high: number
}

type Naive = readonly Float64Array[]

/** Scores one window: `first` is where it begins; rows before it were the warm-up. */
export function scoreWindow(
  history: OrderHistory,
  { orders, orderOf, copies }: Copies,
  outcomes: readonly ReplayOutcome[],
  { zeroMs, regionOf, naive }: { zeroMs: number; regionOf: (row: number) => string; naive: Naive },
): WindowScore {
  const rows: number[] = []
  for (let row = 0; row < orders.count; row += copies) {
    if (orders.placedMs[row] >= 0 && isWhole(history, orderOf[row])) rows.push(row)
  }
  const draws = outcomes.length * copies
  const recorded = columns(rows.length)
  const simulated = columns(rows.length * draws)
  const covered = { approval: 0, handover: 0, transit: 0, total: 0 }
  const sample = new Float64Array(draws)
  const made = outcomes.map((outcome) => ({ placedMs: orders.placedMs, ...outcome }))
  let score = 0
  let naiveScore = 0
  let never = 0
  const [, , , total] = STAGES
  rows.forEach((row, n) => {
    const order = orderOf[row]
    for (const stage of STAGES) {
      const y = tookOf(history, order, stage)
      recorded[stage.id][n] = y
      let k = 0
      for (const moments of made) {
        for (let copy = 0; copy < copies; copy++) {
          const value = tookOf(moments, row + copy, stage)
          sample[k++] = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
        }
      }
      sample.sort()
      simulated[stage.id].set(sample, n * draws)
      // What is scored did arrive; copies that were lost have no say in how long it took.
      const arrived = finite(sample)
      if (y >= quantile(arrived, 0.05) && y <= quantile(arrived, 0.95)) covered[stage.id]++
      if (stage !== total) continue
      never += draws - arrived.length
      score += crps(arrived, y)
      naiveScore += crps(naive[weekdayOfMs(history.placedMs[order])], y)
    }
  })
  for (const { id } of STAGES) {
    recorded[id].sort()
    simulated[id].sort()
  }
  const late = (where: string, own: readonly number[]): LateShare =>
    lateShare(where, own, history, { orders, orderOf, copies }, outcomes)
  const monday = (row: number): number =>
    Math.floor((orders.placedMs[row] + zeroMs - WEEK_START_MS) / WEEK_MS) * WEEK_MS + WEEK_START_MS
  return {
    orders: rows.length,
    recorded,
    simulated,
    covered: mapValues(covered, (count) => count / rows.length),
    crps: score / rows.length,
    naiveCrps: naiveScore / rows.length,
    late: late('all', rows),
    lateByWeek: grouped(rows, (row) => dateOf(dayOf(monday(row)))).map(([week, own]) => late(week, own)),
    lateByRegion: grouped(
      rows.filter((row) => history.town[orderOf[row]] >= 0),
      regionOf,
    ).map(([region, own]) => late(region, own)),
    neverArrived: never / (rows.length * draws),
  }
}

function lateShare(
  where: string,
  rows: readonly number[],
  history: OrderHistory,
  { orders, orderOf, copies }: Copies,
  outcomes: readonly ReplayOutcome[],
): LateShare {
  const promised = rows.filter((row) => !Number.isNaN(orders.promisedMs[row]))
  const recorded = promised.filter((row) => history.deliveredMs[orderOf[row]] > history.promisedMs[orderOf[row]]).length
  const shares: number[] = []
  for (const { deliveredMs } of outcomes) {
    for (let copy = 0; copy < copies; copy++) {
      let late = 0
      // A copy that never arrives counts as one that was not late: the records it is held against are all of parcels that did arrive.
      for (const row of promised) if (deliveredMs[row + copy] > orders.promisedMs[row]) late++
      shares.push(late / promised.length)
    }
  }
  const sorted = Float64Array.from(shares).sort()
  return {
    where,
    orders: promised.length,
    recorded: recorded / promised.length,
    simulated: shares.reduce((sum, share) => sum + share, 0) / shares.length,
    low: quantile(sorted, 0.05),
    high: quantile(sorted, 0.95),
  }
}

function grouped(rows: readonly number[], keyOf: (row: number) => string): [string, number[]][] {
  const groups = new Map<string, number[]>()
  for (const row of rows) {
    const own = groups.get(keyOf(row)) ?? []
    own.push(row)
    groups.set(keyOf(row), own)
  }
  return [...groups].sort((a, b) => (a[0] < b[0] ? -1 : 1))
}

const columns = (length: number): Record<StageId, Float64Array> => ({
  approval: new Float64Array(length),
  handover: new Float64Array(length),
  transit: new Float64Array(length),
  total: new Float64Array(length),
})

const mapValues = (record: Record<StageId, number>, of: (value: number) => number): Record<StageId, number> => ({
  approval: of(record.approval),
  handover: of(record.handover),
  transit: of(record.transit),
  total: of(record.total),
})
