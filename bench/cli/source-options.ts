import type { Source } from '../../scenarios/import/import.ts'
import { type Command, count, type Option, OptionError, text, type Values } from './command.ts'
import { EXIT } from './failure.ts'

/** What commands that begin with a table of orders have alike. */

/** "2018-07-23", taken as 00:00 of the table's own wall clock; null where nothing is said. */
export function date(flags: string, about: string): Option<number | null> {
  const read = (value: string) => {
    const ms = Date.parse(`${value}T00:00:00Z`)
    // 31 February would be read as 2 or 3 March.
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value) throw new OptionError('write a day as YYYY-MM-DD')
    return ms
  }
  return { flags, about, fallback: null, read }
}

export function above<const F extends number | null>(flags: string, about: string, fallback: F): Option<number | F> {
  const read = (value: string) => {
    const number = Number(value)
    if (!(number > 0 && Number.isFinite(number))) throw new OptionError('write a number above 0')
    return number
  }
  return { flags, about, fallback, read }
}

/** How fine a network becomes. */
export const PLACES = {
  warehouses: count('--warehouses <n>', 'where goods come from is gathered into this many', 12),
  zones: count('--zones <n>', 'where orders go to is gathered into this many', 120),
} as const
export const SKUS = count('--skus <n>', 'articles are gathered into this many', 250)

/** And how large, for a fit. */
export const SIZE = {
  ...PLACES,
  scale: count('--scale <n>', 'orders each recorded one stands for; without it so many that there are some 300 a day', null, {
    most: 100,
  }),
  headroom: above('--headroom <factor>', 'capacity beside the best four weeks; without it what each stage has shown', null),
} as const

type Options = Readonly<Record<string, Option<unknown>>>
type Told = Pick<Command, 'about' | 'examples'>
type Parts<O> = Pick<Command, 'name' | 'about'> & {
  readonly details?: string
  readonly options: O
  /** What is said of `orrery NAME olist FOLDER` and of `orrery NAME orders FILE`. */
  readonly olist: Told
  readonly orders: Told
  readonly run: (source: Source, options: Values<O>) => Promise<number>
}

/** A command that takes Olist's tables or any other, each by an inner command: where a table lies is asked in other words. */
export function onOrders<const O extends Options>({ options, olist, orders, run, ...told }: Parts<O>): Command {
  const inner = <P extends Options>(
    command: Pick<Command, 'name' | 'about' | 'examples' | 'args'>,
    own: P,
    sourceOf: (path: string, own: Values<P>) => Source,
  ): Command => ({
    ...command,
    options: { ...options, ...own },
    run: ({ args: [path], options: given }) => run(sourceOf(path, given as Values<P>), given as Values<O>),
  })
  return {
    ...told,
    examples: [
      { line: `orrery ${told.name} olist --help`, about: "Olist's tables" },
      { line: `orrery ${told.name} orders --help`, about: 'any other table' },
    ],
    options: {},
    inner: [
      inner({ name: 'olist', ...olist, args: FOLDER }, OF_FOLDER, (dir, { places }) => ({
        kind: 'olist',
        dir,
        municipalities: places ?? undefined,
      })),
      inner({ name: 'orders', ...orders, args: FILE }, OF_FILE, (file, { map }) => ({ kind: 'orders', file, map })),
    ],
    // Commander prints the help of a command that has inner ones and is given none.
    run: async () => EXIT.ok,
  }
}

const FOLDER = [{ form: '<folder>', about: "folder with Olist's tables" }]
const OF_FOLDER = {
  places: text(
    '--places <folder>',
    'folder with municipios.csv and estados.csv, where towns lie; without it one is looked for beside the tables',
    null,
  ),
} as const
const FILE = [{ form: '<file>', about: 'CSV file, one row for each order or order line' }]
const OF_FILE = {
  map: text('--map <file>', 'what the columns mean; editors complete it from scenarios/schema', 'map.yaml'),
} as const
