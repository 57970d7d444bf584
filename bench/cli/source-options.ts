import type { Source } from '../../scenarios/import/import.ts'
import { count, type Option, OptionError, text } from './command.ts'

/** What `fit` and `backtest` ask alike of a table of orders. */

/** "2018-07-23", taken as 00:00 of the table's own wall clock. */
export function date<const F extends string | null>(flags: string, about: string, fallback: F): Option<number | F> {
  const read = (value: string) => {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
    if (Number.isNaN(ms)) throw new OptionError('write a day as YYYY-MM-DD')
    return ms
  }
  return { flags, about, fallback, read }
}

function above<const F extends number | null>(flags: string, about: string, fallback: F): Option<number | F> {
  const read = (value: string) => {
    const number = Number(value)
    if (!(number > 0 && Number.isFinite(number))) throw new OptionError('write a number above 0')
    return number
  }
  return { flags, about, fallback, read }
}

export const SIZE = {
  warehouses: count('--warehouses <n>', 'where goods come from is gathered into this many', 12),
  zones: count('--zones <n>', 'where orders go to is gathered into this many', 120),
  scale: count('--scale <n>', 'orders each recorded one stands for; without it so many that there are some 300 a day', null, {
    most: 100,
  }),
  headroom: above('--headroom <factor>', 'capacity beside the best four weeks; without it what each stage has shown', null),
} as const

export const OLIST = {
  args: [{ form: '<folder>', about: "folder with Olist's tables" }],
  options: {
    places: text(
      '--places <folder>',
      'folder with municipios.csv and estados.csv, where towns lie; without it one is looked for beside the tables',
      null,
    ),
  },
  source: (folder: string, { places }: { places: string | null }): Source => ({
    kind: 'olist',
    dir: folder,
    municipalities: places ?? undefined,
  }),
} as const

export const TABLE = {
  args: [{ form: '<file>', about: 'CSV file, one row for each order or order line' }],
  options: { map: text('--map <file>', 'what the columns mean; editors complete it from scenarios/schema', 'map.yaml') },
  source: (file: string, { map }: { map: string }): Source => ({ kind: 'orders', file, map }),
} as const
