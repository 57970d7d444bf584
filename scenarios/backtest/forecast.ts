import { compileNetwork } from '../../sim/network.ts'
import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'
import { dice } from '../../sim/random.ts'
import type { ReplayOutcome } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { compileScene, demandFactor } from '../../sim/scene.ts'
import { DAY_MS, WEEK_MS } from '../../sim/units.ts'
import { zoneOf } from '../fit/effects.ts'
import { calibrate, type FitReport, type FittedNetwork } from '../fit/fit.ts'
import { knownAt } from '../fit/known.ts'
import { polish } from '../fit/polish.ts'
import { type Copies, copiesOf } from '../fit/replay.ts'
import { replayAll } from '../fit/run-replay.ts'
import { dateOf, dayOf } from '../import/days.ts'
import type { OrderHistory } from '../import/history.ts'
import { quantile } from '../import/statistics.ts'
import { weekdayOfMs } from '../import/week.ts'
import { overlay } from '../read/scenario.ts'
import { type BacktestOptions, WARMUP_MS, type Window } from './backtest.ts'
import { followDemand } from './follow.ts'
import { withOrdersLike } from './orders-like.ts'
import { STAGES, type StageId, tookOf } from './stages.ts'

type Percentiles = { readonly p10: number; readonly p50: number; readonly p90: number }

/** What one week, or all, would be like. */
export type Outlook = {
  readonly from: string
  /** Recorded-size orders placed in it. */
  readonly orders: number
  readonly late: number
  /** Middle 90 % over copies and replications. */
  readonly low: number
  readonly high: number
  readonly stages: Readonly<Record<StageId, Percentiles>>
}

export type Forecast = {
  readonly fit: FitReport
  /** With the scenario, and as it would be without: week by week, and all together. */
  readonly with: { readonly all: Outlook; readonly weeks: readonly Outlook[] }
  readonly without: { readonly all: Outlook; readonly weeks: readonly Outlook[] }
}

const CALM: ScenarioSpec = { name: 'as before', about: 'Nothing but the orders.' }

/**
 * Forecasts a window of which nothing is recorded: orders like those of the weeks before it, as many more or fewer as the scenario's demand says, meet a
 * network fitted on what was known when it begins, with the scenario's troubles; and again without them, under the same luck.
 */
export async function forecastWindow(
  history: OrderHistory,
  window: Window,
  options: BacktestOptions,
  watch: { signal: AbortSignal; fitted?: FittedNetwork | undefined; onSpec?: (spec: NetworkSpec) => void },
): Promise<Forecast> {
  const { fromMs } = window
  const known = knownAt(history, fromMs)
  const fitted = watch.fitted ?? (await polish(calibrate(history, { ...options, untilMs: fromMs }), options, watch.signal))
  const spec = { ...fitted.spec, startsOn: WEEKDAYS[weekdayOfMs(fromMs)] }
  watch.onSpec?.(spec)
  const outlook = async (scenario: ScenarioSpec) => {
    const all = withOrdersLike(known, window, demandOf(scenario, { ...fitted, spec }, known, window))
    const picked: number[] = []
    for (let i = 0; i < all.count; i++) {
      if (all.placedMs[i] >= fromMs - WARMUP_MS && all.placedMs[i] < window.toMs) picked.push(i)
    }
    const copies = copiesOf(all, { spec, effects: fitted.effects }, { picked, copies: fitted.scale, zeroMs: fromMs })
    const staffing = followDemand(all.placedMs, { ...window, highestPerDay: fitted.report.highestPerDay })
    const { demand: _demand, ...troubles } = scenario
    const whole = overlay([troubles, { name: 'staffing', about: 'Capacity follows demand.', ...staffing }])
    const outcomes = await replayAll({ ...options, scenario: whole, spec, copies }, watch)
    return outlooks(copies, outcomes, window)
  }
  return { fit: fitted.report, without: await outlook(CALM), with: await outlook(options.scenario) }
}

/** The scenario's factor on demand for an order placed at a moment of the window, by its zone. */
function demandOf(scenario: ScenarioSpec, { spec }: FittedNetwork, known: OrderHistory, { fromMs, toMs }: Window) {
  const network = compileNetwork(spec)
  const scene = compileScene({ network, spec, scenario, dice: dice('demand', 0), dayZeroMs: 0, endMs: toMs - fromMs + DAY_MS })
  const zones = new Map<number, number>()
  return (order: number, placedMs: number): number => {
    const town = known.town[order]
    const zone = zones.get(town) ?? (town < 0 ? 0 : zoneOf(known.towns[town], spec.zones))
    zones.set(town, zone)
    return scene.demand.reduce((factor, part) => factor * demandFactor(part, zone, placedMs - fromMs), 1)
  }
}

function outlooks({ orders, copies }: Copies, outcomes: readonly ReplayOutcome[], { fromMs, toMs }: Window) {
  const made = outcomes.map((outcome) => ({ placedMs: orders.placedMs, ...outcome }))
  const rows: number[] = []
  for (let row = 0; row < orders.count; row += copies) if (orders.placedMs[row] >= 0) rows.push(row)
  const of = (startMs: number, own: readonly number[]): Outlook => {
    const promised = own.filter((row) => !Number.isNaN(orders.promisedMs[row]))
    const shares: number[] = []
    for (const { deliveredMs } of outcomes) {
      for (let copy = 0; copy < copies; copy++) {
        let late = 0
        for (const row of promised) if (!(deliveredMs[row + copy] <= orders.promisedMs[row])) late++
        shares.push(late / promised.length)
      }
    }
    const sorted = Float64Array.from(shares).sort()
    return {
      from: dateOf(dayOf(startMs)),
      orders: own.length,
      late: shares.reduce((sum, share) => sum + share, 0) / shares.length,
      low: quantile(sorted, 0.05),
      high: quantile(sorted, 0.95),
      stages: Object.fromEntries(
        STAGES.map((stage) => {
          const took: number[] = []
          for (const moments of made) {
            for (const row of own)
              for (let copy = 0; copy < copies; copy++) {
                const value = tookOf(moments, row + copy, stage)
                if (!Number.isNaN(value)) took.push(value)
              }
          }
          const all = Float64Array.from(took).sort()
          return [stage.id, { p10: quantile(all, 0.1), p50: quantile(all, 0.5), p90: quantile(all, 0.9) }]
        }),
      ) as Outlook['stages'],
    }
  }
  const weeks: Outlook[] = []
  for (let startMs = fromMs; startMs < toMs; startMs += WEEK_MS) {
    const own = rows.filter(
      (row) => orders.placedMs[row] >= startMs - fromMs && orders.placedMs[row] < startMs - fromMs + WEEK_MS,
    )
    if (own.length > 0) weeks.push(of(startMs, own))
  }
  return { all: of(fromMs, rows), weeks }
}
