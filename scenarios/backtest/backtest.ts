import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { calibrate, type FitReport, type FittedNetwork } from '../fit/fit.ts'
import { knownAt } from '../fit/known.ts'
import { polish } from '../fit/polish.ts'
import { copiesOf } from '../fit/replay.ts'
import { replayAll } from '../fit/run-replay.ts'
import type { OrderHistory } from '../import/history.ts'
import { weekdayOfMs } from '../import/week.ts'
import { overlay } from '../read/scenario.ts'
import { followDemand } from './follow.ts'
import { seasonalNaive } from './naive.ts'
import { scoreWindow, type WindowScore } from './score.ts'
import { STAGES } from './stages.ts'

export type BacktestOptions = {
  readonly warehouses: number
  readonly zones: number
  readonly skus: number
  readonly scale: number | null
  readonly headroom: number | null
  readonly replications: number
  readonly seed: string
  readonly workers: number
  readonly scenario: ScenarioSpec
}

export type Window = { readonly fromMs: number; readonly toMs: number }

export type ScoredWindow = Window & { readonly fit: FitReport; readonly score: WindowScore }

/** So long before a window its orders fill the network: longer than nearly all of them take. */
export const WARMUP_MS = 42 * DAY_MS

/**
 * Fits on what was known when a window began, replays the window's own arrivals and promises through the fitted network, and scores what came
 * of them. `fitted`, where given, is taken instead of a new fit.
 */
export async function backtestWindow(
  history: OrderHistory,
  window: Window,
  options: BacktestOptions,
  watch: { signal: AbortSignal; onDone?: () => void; fitted?: FittedNetwork | undefined; onSpec?: (spec: NetworkSpec) => void },
): Promise<ScoredWindow> {
  const { fromMs, toMs } = window
  const fitted = watch.fitted ?? (await polish(calibrate(history, { ...options, untilMs: fromMs }), options, watch.signal))
  const spec = { ...fitted.spec, startsOn: WEEKDAYS[weekdayOfMs(fromMs)] }
  watch.onSpec?.(spec)
  const picked: number[] = []
  for (let i = 0; i < history.count; i++) {
    const placed = history.placedMs[i]
    if (placed >= fromMs - WARMUP_MS && placed < toMs) picked.push(i)
  }
  const copies = copiesOf(history, { spec, effects: fitted.effects }, { picked, copies: fitted.scale, zeroMs: fromMs })
  const staffing = followDemand(history.placedMs, { ...window, highestPerDay: fitted.report.highestPerDay })
  const scenario = overlay([options.scenario, { name: 'staffing', about: 'Capacity follows demand.', ...staffing }])
  const outcomes = await replayAll({ ...options, scenario, spec, copies }, watch)
  const naive = seasonalNaive(knownAt(history, fromMs), fromMs, STAGES[3])
  const regionOf = (row: number): string => spec.zones[copies.orders.zone[row]].region
  const score = scoreWindow(history, copies, outcomes, { zeroMs: fromMs, regionOf, naive })
  return { ...window, fit: fitted.report, score }
}
