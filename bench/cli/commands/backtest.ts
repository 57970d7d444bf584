import type { Source } from '../../../scenarios/import/import.ts'
import { count, flag, text, type Values } from '../command.ts'
import { SEED, WORKERS } from '../run-options.ts'
import { print, printJson, say } from '../screen.ts'
import { date, onOrders, SIZE } from '../source-options.ts'

const DETAILS = `A window's own orders, with the promises they were given, are replayed through a network fitted on what was known when it began,
and what comes of them is held against what was recorded: quantiles of each stage, distances (W1: Wasserstein; KS: Kolmogorov–Smirnov),
late share by week and region, how often the middle 90 % of an order's forecast held what happened, and the score (CRPS) beside
a forecaster who says that next Monday will be like the last eight.

Without --from, windows of four weeks follow each other through the whole table. With a scenario, its days count from the first day of
the window: what if a carrier had stopped there for a week?`

const OPTIONS = {
  from: date('--from <day>', 'first day of one window; without it windows roll through the table'),
  to: date('--to <day>', 'the day after its last; without it four weeks'),
  network: text('--network <folder>', 'a network `orrery fit` wrote, taken instead of a new fit for each window', null),
  scenario: text('--scenario <name>', 'what happened beside the orders: a scenario or a .yaml file', null),
  weeks: count('--weeks <n>', 'length of a window', 4, { most: 52 }),
  least: count('--least <n>', 'rolling windows with fewer orders are left out', 150),
  replications: count('-r, --replications <n>', 'of each window', 20),
  ...SIZE,
  seed: SEED,
  workers: WORKERS,
  weekly: flag('--weekly', 'late share of every week and region too'),
  quiet: flag('-q, --quiet', 'no progress'),
  json: flag('--json', 'print one JSON object: {targets: [{name, value, unit, target, met}], …}'),
}

export const command = onOrders({
  name: 'backtest',
  about: 'Replay a period a fit has not seen, and score the forecast against what was recorded.',
  details: DETAILS,
  options: OPTIONS,
  olist: {
    about: "Score forecasts against Olist's public order tables.",
    examples: [
      { line: 'orrery backtest olist data/olist', about: 'four weeks at a time' },
      { line: 'orrery backtest olist data/olist --from 2017-10-16 --scenario strike.yaml', about: 'one window, and what if' },
    ],
  },
  orders: {
    about: 'Score forecasts against any table of orders, with a map that says which column is which.',
    examples: [{ line: 'orrery backtest orders sales.csv --map sales-map.yaml', about: 'four weeks at a time' }],
  },
  run: runBacktest,
})

type Options = Values<typeof OPTIONS>

async function runBacktest(source: Source, { quiet, json, weekly, ...options }: Options): Promise<number> {
  const { availableParallelism } = await import('node:os')
  const { orInterrupted } = await import('../interrupt.ts')
  const { backtest } = await import('../../../scenarios/backtest/rolling.ts')
  const { formatBacktest } = await import('../../../scenarios/backtest/format.ts')
  const { targetsOf } = await import('../../../scenarios/backtest/targets.ts')
  return orInterrupted('Stopping; windows that are done are scored.', async (signal) => {
    const summary = await backtest(
      { ...options, source, workers: options.workers ?? availableParallelism() },
      { signal, onProgress: quiet ? () => {} : say },
    )
    // Interrupted before a window was done.
    if (summary === null) return
    if (json) printJson({ targets: targetsOf(summary), ...summary })
    else print(formatBacktest(summary, { weekly }))
  })
}
