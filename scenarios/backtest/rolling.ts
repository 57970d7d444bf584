import { DAY_MS, WEEK_MS } from '../../sim/units.ts'
import type { FittedNetwork } from '../fit/fit.ts'
import { demandEnough } from '../fit/fit-network.ts'
import { dateOf, dayOf } from '../import/days.ts'
import type { OrderHistory } from '../import/history.ts'
import { WEEK_START_MS } from '../import/week.ts'
import { InputError } from '../read/problem.ts'
import { type BacktestOptions, backtestWindow, type ScoredWindow, type Window } from './backtest.ts'
import { type Forecast, forecastWindow } from './forecast.ts'
import { lastWeeks, ORDERS_MIN } from './orders-like.ts'
import { demandSound, type Question, readQuestion } from './question.ts'
import { isWhole } from './stages.ts'
import { type BacktestSummary, summarise } from './summary.ts'

export type BacktestRequest = Omit<BacktestOptions, 'scenario' | 'skus'> &
  Question & {
    readonly from: number | null
    readonly to: number | null
    readonly weeks: number
    readonly least: number
  }

/** A first window needs something to have been learnt from: so much of the table, and so many orders. */
const LEARN_MS = 16 * WEEK_MS
const LEARN_ORDERS = 1000
/** What is in an order plays no part here. */
const SKUS = 50

/** Backtests one window, or all that follow each other; null where it was stopped before the first was done. */
export async function backtest(
  request: BacktestRequest,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sentence: string) => void },
): Promise<BacktestSummary | null> {
  const { replications } = request
  const { file, history, scenario, fitted } = await readQuestion(request, { signal, onProgress })
  if ((scenario.spec.demand ?? []).length > 0) {
    onProgress(
      "The scenario's demand changes nothing here: the window's own orders are replayed. `orrery forecast` takes it into account.",
    )
  }
  const windows = windowsOf(file, history, request, fitted)
  const scored: ScoredWindow[] = []
  for (const [n, window] of windows.entries()) {
    if (signal.aborted) break
    onProgress(`window ${n + 1} of ${windows.length}, from ${dateOf(dayOf(window.fromMs))}: ${replications} replications`)
    try {
      scored.push(
        await backtestWindow(
          history,
          window,
          { ...request, skus: SKUS, scenario: scenario.spec },
          { signal, fitted, onSpec: (spec) => demandSound(spec, scenario, days(window)) },
        ),
      )
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  return scored.length === 0 ? null : summarise(scored)
}

const days = ({ fromMs, toMs }: Window): number => Math.ceil((toMs - fromMs) / DAY_MS)

function windowsOf(
  file: string,
  history: OrderHistory,
  { from, to, weeks, least }: BacktestRequest,
  fitted: FittedNetwork | undefined,
): Window[] {
  const refuse = (field: string, found: string, fix: string): never => {
    throw new InputError([{ file, line: null, field, found, fix }])
  }
  const lengthMs = weeks * WEEK_MS
  const whole = (fromMs: number, toMs: number): number => {
    let count = 0
    for (let i = 0; i < history.count; i++) {
      if (history.placedMs[i] >= fromMs && history.placedMs[i] < toMs && isWhole(history, i)) count++
    }
    return count
  }
  const span = `orders are from ${dateOf(dayOf(history.placedMs[0]))} to ${dateOf(dayOf(history.placedMs[history.count - 1]))}`
  if (from !== null) {
    const toMs = to ?? from + lengthMs
    if (toMs <= from) refuse('--to', `${dateOf(dayOf(toMs))}, not after ${dateOf(dayOf(from))}`, 'name a later day')
    if (whole(from, toMs) === 0) refuse('--from', 'a window without an order that was recorded whole', span)
    if (fitted === undefined) demandEnough(file, history, from)
    return [{ fromMs: from, toMs }]
  }
  if (to !== null) refuse('--to', 'a last day without --from', 'name the first day too, or leave both out')
  const windows: Window[] = []
  const last = history.placedMs[history.count - 1]
  const learnt = Math.max(history.placedMs[0] + LEARN_MS, history.placedMs[Math.min(history.count - 1, LEARN_ORDERS)])
  const monday = Math.ceil((learnt - WEEK_START_MS) / WEEK_MS) * WEEK_MS + WEEK_START_MS
  for (let fromMs = monday; fromMs <= last - lengthMs / 2; fromMs += lengthMs) {
    if (whole(fromMs, fromMs + lengthMs) >= least) windows.push({ fromMs, toMs: fromMs + lengthMs })
  }
  if (windows.length === 0)
    refuse('orders', `no window with ${least} orders after what a first fit needs`, `${span}; lower --least, or name --from`)
  return windows
}

export type ForecastRequest = Omit<BacktestOptions, 'scenario' | 'skus'> &
  Question & { readonly from: number; readonly to: number | null; readonly weeks: number }

/** Forecasts a window of which nothing need be recorded. */
export async function forecast(
  request: ForecastRequest,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sentence: string) => void },
): Promise<Forecast> {
  const { file, history, scenario, fitted } = await readQuestion(request, { signal, onProgress })
  const { from, to, weeks } = request
  const window = { fromMs: from, toMs: to ?? from + weeks * WEEK_MS }
  if (window.toMs <= from) {
    const found = `${dateOf(dayOf(window.toMs))}, not after ${dateOf(dayOf(from))}`
    throw new InputError([{ file, line: null, field: '--to', found, fix: 'name a later day' }])
  }
  demandEnough(file, history, from)
  const weeksLike = lastWeeks(history, from)
  if (weeksLike.length === 0) {
    const found = `no week with ${ORDERS_MIN} orders before ${dateOf(dayOf(from))}`
    const fix = 'orders to come are made like those of such weeks: name a later day, or give a larger table'
    throw new InputError([{ file, line: null, field: 'orders', found, fix }])
  }
  const lastEndMs = weeksLike[weeksLike.length - 1].startMs + WEEK_MS
  if (lastEndMs < from) {
    onProgress(
      `The last week with ${ORDERS_MIN} orders ends on ${dateOf(dayOf(lastEndMs))}: the window's orders are like those of then, ${Math.round((from - lastEndMs) / DAY_MS)} days before it.`,
    )
  }
  onProgress(
    `fitting on what was known on ${dateOf(dayOf(from))}, then ${request.replications} replications with and without the scenario`,
  )
  const options = { ...request, skus: SKUS, scenario: scenario.spec }
  return forecastWindow(history, window, options, { signal, fitted, onSpec: (spec) => demandSound(spec, scenario, days(window)) })
}
