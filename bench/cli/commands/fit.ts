import type { Source } from '../../../scenarios/import/import.ts'
import { flag, text, type Values } from '../command.ts'
import { print, printJson, say } from '../screen.ts'
import { date, onOrders, SIZE, SKUS } from '../source-options.ts'

const DETAILS = `Laws are chosen by a test of fit; what was still under way counts with what it had taken; weeks that are recent and calm count more.
Queues come from hands, trucks, hubs and vans, which are sized by what each stage has shown it can do: its best week beside the best
four weeks before it. So more demand or less capacity than was ever recorded has consequences: try it with \`orrery run --network\`.`

const OPTIONS = {
  out: text('--out <folder>', 'folder of the network to be made', 'my-fit'),
  until: date('--until <day>', 'look at nothing that happened from this day on; without it the whole table'),
  ...SIZE,
  skus: SKUS,
  quiet: flag('-q, --quiet', 'no progress'),
  json: flag('--json', 'print what was found as one JSON object'),
}

export const command = onOrders({
  name: 'fit',
  about: 'Calibrate a network on your own order history: laws, calendars, demand, and the capacity of each stage.',
  details: DETAILS,
  options: OPTIONS,
  olist: {
    about: "Calibrate a network on Olist's public order tables.",
    examples: [
      { line: 'orrery fit olist data/olist --out brazil-fit', about: 'then: orrery run --network brazil-fit' },
      { line: 'orrery fit olist data/olist --until 2017-11-20 --out before', about: 'as it was known that day' },
    ],
  },
  orders: {
    about: 'Calibrate a network on any table of orders, with a map that says which column is which.',
    examples: [{ line: 'orrery fit orders sales.csv --map sales-map.yaml --out acme', about: 'then: orrery run --network acme' }],
  },
  run: runFit,
})

type Options = Values<typeof OPTIONS>

async function runFit(source: Source, { out, until, quiet, json, ...size }: Options): Promise<number> {
  const { orInterrupted } = await import('../interrupt.ts')
  const { fitNetwork } = await import('../../../scenarios/fit/fit-network.ts')
  const { formatFit } = await import('../../../scenarios/fit/format.ts')
  return orInterrupted('Stopping; no network is written.', async (signal) => {
    const onProgress = quiet ? () => {} : say
    const answer = await fitNetwork({ ...size, source, out, untilMs: until, onProgress, signal })
    if (json) printJson({ out: answer.out, rowsRead: answer.rowsRead, ...answer.report })
    else print(formatFit(answer))
    if (!quiet) say(`\nNext: orrery run --network ${out}, or orrery backtest --help`)
  })
}
