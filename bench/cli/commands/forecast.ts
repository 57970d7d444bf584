import type { Source } from '../../../scenarios/import/import.ts'
import { count, flag, text, type Values } from '../command.ts'
import { SEED, WORKERS } from '../run-options.ts'
import { print, printJson, say } from '../screen.ts'
import { date, onOrders, SIZE } from '../source-options.ts'

const DETAILS = `For a window of which nothing is recorded, or before it begins: orders like those of the weeks before it, as many more or fewer as the
scenario's \`demand\` says, meet a network fitted on what was known on its first day, with the scenario's troubles; and again without them under
the same luck. Queues come from capacity, so a shock that was never recorded has its consequences. The scenario's days count from --from.`

const OPTIONS = {
  from: date('--from <day>', 'first day of the window'),
  to: date('--to <day>', 'the day after its last; without it four weeks'),
  scenario: text('--scenario <name>', 'what will happen: a scenario or a .yaml file', null),
  network: text('--network <folder>', 'a network `orrery fit` wrote, taken instead of a new fit', null),
  weeks: count('--weeks <n>', 'length of the window', 4, { most: 52 }),
  replications: count('-r, --replications <n>', 'with and without the scenario', 20),
  ...SIZE,
  seed: SEED,
  workers: WORKERS,
  quiet: flag('-q, --quiet', 'no progress'),
  json: flag('--json', 'print one JSON object: {fit, with: {all, weeks}, without: {all, weeks}}'),
}

export const command = onOrders({
  name: 'forecast',
  about: 'Say what a sale, a strike or a shortage would do to weeks of which nothing is recorded.',
  details: DETAILS,
  options: OPTIONS,
  olist: {
    about: "Forecast from Olist's public order tables.",
    examples: [
      { line: 'orrery forecast olist data/olist --from 2017-11-20 --scenario black-friday.yaml', about: 'a sale to come' },
    ],
  },
  orders: {
    about: 'Forecast from any table of orders.',
    examples: [{ line: 'orrery forecast orders sales.csv --map sales-map.yaml --from 2026-12-01', about: 'four weeks' }],
  },
  run: runForecast,
})

type Options = Values<typeof OPTIONS>

async function runForecast(source: Source, { quiet, json, from, ...options }: Options): Promise<number> {
  const { availableParallelism } = await import('node:os')
  const { orInterrupted } = await import('../interrupt.ts')
  const { forecast } = await import('../../../scenarios/backtest/rolling.ts')
  const { formatForecast } = await import('../../../scenarios/backtest/format.ts')
  if (from === null) {
    const { InputError } = await import('../../../scenarios/read/problem.ts')
    throw new InputError([
      { file: 'forecast', line: null, field: '--from', found: 'nothing', fix: 'name the first day as YYYY-MM-DD' },
    ])
  }
  return orInterrupted('Stopping.', async (signal) => {
    const found = await forecast(
      { ...options, from, source, workers: options.workers ?? availableParallelism() },
      { signal, onProgress: quiet ? () => {} : say },
    )
    if (json) printJson(found)
    else print(formatForecast(found))
  })
}
