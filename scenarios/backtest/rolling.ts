import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { WEEK_MS } from '../../sim/units.ts'
import type { FittedNetwork } from '../fit/fit.ts'
import { loadFitted } from '../fit/fit-file.ts'
import { demandEnough } from '../fit/fit-network.ts'
import { dateOf, dayOf } from '../import/days.ts'
import type { OrderHistory } from '../import/history.ts'
import { readHistory, type Source } from '../import/import.ts'
import { ledger } from '../import/ledger.ts'
import { WEEK_START_MS } from '../import/week.ts'
import { InputError } from '../read/problem.ts'
import { loadScenario } from '../read/scenario.ts'
import { type BacktestOptions, backtestWindow, type ScoredWindow, type Window } from './backtest.ts'
import { isWhole } from './stages.ts'
import { type BacktestSummary, summarise } from './summary.ts'

export type BacktestRequest = Omit<BacktestOptions, 'scenario' | 'skus'> & {
  readonly source: Source
  readonly from: number | null
  readonly to: number | null
  readonly network: string | null
  readonly scenario: string | null
  readonly weeks: number
  readonly least: number
}

const CALM: ScenarioSpec = { name: 'as recorded', about: 'Nothing but the orders.' }
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
  const { source, network, replications } = request
  const file = source.kind === 'olist' ? source.dir : source.file
  const scenario = request.scenario === null ? CALM : loadScenario(request.scenario).spec
  const fitted = network === null ? undefined : await loadFitted(network)
  onProgress(`reading ${file}`)
  const history = await readHistory(source, ledger(), signal)
  const windows = windowsOf(file, history, request, fitted)
  const scored: ScoredWindow[] = []
  for (const [n, window] of windows.entries()) {
    if (signal.aborted) break
    onProgress(`window ${n + 1} of ${windows.length}, from ${dateOf(dayOf(window.fromMs))}: ${replications} replications`)
    try {
      scored.push(await backtestWindow(history, window, { ...request, skus: SKUS, scenario }, { signal, fitted }))
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  return scored.length === 0 ? null : summarise(scored)
}

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
