import type { ImportReport } from '../../../scenarios/import/report.ts'
import { count, defineCommand, flag, type Option, OptionError, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson, say } from '../screen.ts'

const shared = {
  out: text('--out <folder>', 'folder of the network to be made', 'my-network'),
  warehouses: count('--warehouses <n>', 'where goods come from is gathered into this many', 12),
  zones: count('--zones <n>', 'where orders go to is gathered into this many', 120),
  skus: count('--skus <n>', 'articles are gathered into this many', 250),
  scale: {
    flags: '--scale <factor>',
    about: 'times the volume of the table, where it is a sample',
    fallback: 1,
    read: (value: string) => {
      if (!(Number(value) > 0)) throw new OptionError('write a number above 0')
      return Number(value)
    },
  } satisfies Option<number>,
  quiet: flag('-q, --quiet', 'no progress'),
  json: flag('--json', 'print what was done as one JSON object'),
}

const olist = defineCommand({
  name: 'olist',
  about: "Make a network of Olist's public order tables.",
  args: [{ form: '<folder>', about: 'folder with the olist_*.csv files' }],
  examples: [
    { line: 'orrery import olist data/olist --out brazil-olist', about: 'then: orrery run --network brazil-olist' },
    { line: 'orrery import olist data/olist --out small --warehouses 6 --zones 40', about: 'a coarser one, faster to run' },
  ],
  options: {
    ...shared,
    places: text(
      '--places <folder>',
      'folder with municipios.csv and estados.csv, where towns lie; without it one is looked for beside the tables',
      null,
    ),
  },
  run: ({ args, options }) =>
    runImport(options, async (how) => {
      const { importOlist } = await import('../../../scenarios/import/import.ts')
      return importOlist({ ...how, dir: args[0], municipalities: options.places ?? undefined })
    }),
})

const orders = defineCommand({
  name: 'orders',
  about: 'Make a network of any table of orders, with a map that says which column is which.',
  args: [{ form: '<file>', about: 'CSV file, one row for each order or order line' }],
  examples: [
    { line: 'orrery import orders sales.csv --map sales-map.yaml --out acme', about: 'then: orrery run --network acme --replay' },
  ],
  options: {
    ...shared,
    map: text('--map <file>', 'what the columns mean; editors complete it from scenarios/schema', 'map.yaml'),
  },
  run: ({ args, options }) =>
    runImport(options, async (how) => {
      const { importOrdersFile } = await import('../../../scenarios/import/import.ts')
      return importOrdersFile({ ...how, file: args[0], map: options.map })
    }),
})

export const command = defineCommand({
  name: 'import',
  about: 'Make a network of your own order history, and say what was done with every row.',
  examples: [
    { line: 'orrery import olist --help', about: "Olist's tables" },
    { line: 'orrery import orders --help', about: 'any other table' },
  ],
  options: {},
  inner: [olist, orders],
  run: async () => EXIT.ok,
})

type How = {
  readonly out: string
  readonly warehouses: number
  readonly zones: number
  readonly skus: number
  readonly scale: number
  readonly onProgress: (sentence: string) => void
  readonly signal: AbortSignal
}

async function runImport(
  options: Omit<How, 'onProgress' | 'signal'> & { quiet: boolean; json: boolean },
  importWith: (how: How) => Promise<ImportReport>,
): Promise<number> {
  const { onInterrupt } = await import('../interrupt.ts')
  const { formatImportReport } = await import('../../../scenarios/import/report.ts')
  const interrupt = onInterrupt('Stopping; no network is written.')
  const { out, warehouses, zones, skus, scale } = options
  try {
    const onProgress = options.quiet ? () => {} : say
    const report = await importWith({ out, warehouses, zones, skus, scale, onProgress, signal: interrupt.signal })
    if (options.json) printJson(report)
    else print(formatImportReport(report))
    if (!options.quiet) say(`\nNext: orrery run --network ${out}`)
    return EXIT.ok
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    interrupt.release()
  }
}
