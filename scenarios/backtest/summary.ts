import { dateOf, dayOf } from '../import/days.ts'
import { quantile } from '../import/statistics.ts'
import type { ScoredWindow } from './backtest.ts'
import { finite, kolmogorov, wasserstein } from './measures.ts'
import type { LateShare } from './score.ts'
import { STAGES, type StageId } from './stages.ts'

type Percentiles = { readonly p10: number; readonly p50: number; readonly p90: number }

/** One stage over all windows put together. */
export type StageSummary = {
  readonly stage: string
  readonly unit: string
  readonly recorded: Percentiles
  readonly simulated: Percentiles
  /** Simulated beside recorded, less 1. */
  readonly medianOff: number
  readonly p90Off: number
  /** Unit of the stage. */
  readonly wasserstein: number
  readonly kolmogorov: number
  /** Part of the orders inside the middle 90 % of their own forecasts. */
  readonly covered: number
}

export type WindowSummary = {
  readonly from: string
  readonly to: string
  readonly orders: number
  readonly scale: number
  readonly headroom: { readonly handedOver: number; readonly delivered: number }
  readonly late: LateShare
  readonly lateByWeek: readonly LateShare[]
  readonly totalMedianOff: number
  readonly totalP90Off: number
  readonly covered: Readonly<Record<StageId, number>>
  readonly crps: number
  readonly naiveCrps: number
  readonly neverArrived: number
}

export type BacktestSummary = {
  readonly windows: readonly WindowSummary[]
  readonly orders: number
  readonly stages: readonly StageSummary[]
  /** Mean over windows of the distance between simulated and recorded late share, and of their difference. */
  readonly lateOff: number
  readonly lateBias: number
  /** Weeks with at least 50 orders: mean distance, and part of them inside the middle 90 % of what was forecast. */
  readonly weeks: { readonly count: number; readonly off: number; readonly covered: number }
  readonly regions: readonly LateShare[]
  readonly crps: number
  readonly naiveCrps: number
  /** 1 − CRPS / CRPS of the seasonal naive forecast; above 0 is better than it. */
  readonly skill: number
}

const ORDERS_MIN = 50
/** Values taken of each order's forecast where windows are put together. */
const DRAWS = 40

export function summarise(windows: readonly ScoredWindow[]): BacktestSummary {
  const orders = sum(windows.map(({ score }) => score.orders))
  const byOrders = (of: (window: ScoredWindow) => number): number =>
    sum(windows.map((window) => of(window) * window.score.orders)) / orders
  const weeks = windows.flatMap(({ score }) => score.lateByWeek).filter((week) => week.orders >= ORDERS_MIN)
  const crps = byOrders(({ score }) => score.crps)
  const naiveCrps = byOrders(({ score }) => score.naiveCrps)
  return {
    windows: windows.map(summaryOf),
    orders,
    stages: STAGES.map(({ id, name, unit }): StageSummary => {
      const recorded = joined(windows.map(({ score }) => score.recorded[id]))
      const all = joined(windows.map(({ score }) => evenly(score.simulated[id], score.orders * DRAWS)))
      const simulated = finite(all)
      return {
        stage: name,
        unit,
        recorded: percentiles(recorded),
        simulated: percentiles(simulated),
        medianOff: quantile(simulated, 0.5) / quantile(recorded, 0.5) - 1,
        p90Off: quantile(simulated, 0.9) / quantile(recorded, 0.9) - 1,
        wasserstein: wasserstein(recorded, simulated),
        kolmogorov: kolmogorov(recorded, simulated),
        covered: byOrders(({ score }) => score.covered[id]),
      }
    }),
    lateOff: mean(windows.map(({ score: { late } }) => Math.abs(late.simulated - late.recorded))),
    lateBias: mean(windows.map(({ score: { late } }) => late.simulated - late.recorded)),
    weeks: {
      count: weeks.length,
      off: mean(weeks.map((week) => Math.abs(week.simulated - week.recorded))),
      covered: mean(weeks.map((week) => (week.recorded >= week.low && week.recorded <= week.high ? 1 : 0))),
    },
    regions: regionsOf(windows),
    crps,
    naiveCrps,
    skill: 1 - crps / naiveCrps,
  }
}

function summaryOf({ fromMs, toMs, fit, score }: ScoredWindow): WindowSummary {
  const { recorded, simulated, late, lateByWeek, covered, crps, naiveCrps, neverArrived, orders } = score
  const arrived = finite(simulated.total)
  return {
    from: dateOf(dayOf(fromMs)),
    to: dateOf(dayOf(toMs - 1)),
    orders,
    scale: fit.scale,
    headroom: { handedOver: fit.handedOver.headroom, delivered: fit.delivered.headroom },
    late,
    lateByWeek,
    totalMedianOff: quantile(arrived, 0.5) / quantile(recorded.total, 0.5) - 1,
    totalP90Off: quantile(arrived, 0.9) / quantile(recorded.total, 0.9) - 1,
    covered,
    crps,
    naiveCrps,
    neverArrived,
  }
}

/** Late shares by region over all windows; those with most orders first. */
function regionsOf(windows: readonly ScoredWindow[]): LateShare[] {
  const groups = new Map<string, LateShare[]>()
  for (const { score } of windows)
    for (const share of score.lateByRegion) groups.set(share.where, [...(groups.get(share.where) ?? []), share])
  return [...groups]
    .map(([where, shares]): LateShare => {
      const orders = sum(shares.map((share) => share.orders))
      const over = (of: (share: LateShare) => number): number => sum(shares.map((share) => of(share) * share.orders)) / orders
      return {
        where,
        orders,
        recorded: over((share) => share.recorded),
        simulated: over((share) => share.simulated),
        low: over((share) => share.low),
        high: over((share) => share.high),
      }
    })
    .filter(({ orders }) => orders >= ORDERS_MIN)
    .sort((a, b) => b.orders - a.orders)
}

/** So many of the values, evenly over their order: a window whose orders were drawn more often has no more say than another. */
function evenly(sorted: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) / count) * sorted.length)])
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(sum(parts.map(({ length }) => length)))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all.sort()
}

const percentiles = (sorted: Float64Array): Percentiles => ({
  p10: quantile(sorted, 0.1),
  p50: quantile(sorted, 0.5),
  p90: quantile(sorted, 0.9),
})
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
