import type { Source } from '../../../scenarios/import/import.ts'
import { flag, text, type Values } from '../command.ts'
import { print, printJson, say } from '../screen.ts'
import { above, onOrders, PLACES, SKUS } from '../source-options.ts'

const OPTIONS = {
  out: text('--out <folder>', 'folder of the network to be made', 'my-network'),
  ...PLACES,
  skus: SKUS,
  scale: above('--scale <factor>', 'times the volume of the table, where it is a sample', 1),
  quiet: flag('-q, --quiet', 'no progress'),
  json: flag('--json', 'print what was done as one JSON object'),
}

export const command = onOrders({
  name: 'import',
  about: 'Make a network of your own order history, and say what was done with every row.',
  options: OPTIONS,
  olist: {
    about: "Make a network of Olist's public order tables.",
    examples: [
      { line: 'orrery import olist data/olist --out brazil-olist', about: 'then: orrery run --network brazil-olist' },
      { line: 'orrery import olist data/olist --out small --warehouses 6 --zones 40', about: 'a coarser one, faster to run' },
    ],
  },
  orders: {
    about: 'Make a network of any table of orders, with a map that says which column is which.',
    examples: [
      {
        line: 'orrery import orders sales.csv --map sales-map.yaml --out acme',
        about: 'then: orrery run --network acme --replay',
      },
    ],
  },
  run: runImport,
})

async function runImport(source: Source, { quiet, json, ...options }: Values<typeof OPTIONS>): Promise<number> {
  const { orInterrupted } = await import('../interrupt.ts')
  const { importOrders } = await import('../../../scenarios/import/import.ts')
  const { formatImportReport } = await import('../../../scenarios/import/report.ts')
  return orInterrupted('Stopping; no network is written.', async (signal) => {
    const report = await importOrders(source, { ...options, onProgress: quiet ? () => {} : say, signal })
    if (json) printJson(report)
    else print(formatImportReport(report))
    if (!quiet) say(`\nNext: orrery run --network ${options.out}`)
  })
}
