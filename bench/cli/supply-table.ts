import { halfWidthOf, type Interval } from '../../scenarios/result.ts'
import type { SupplyIntervals, SupplyResult } from '../../scenarios/supply/run-supply.ts'
import { grouped } from './progress.ts'
import { colour, folded } from './screen.ts'

type Column = { readonly head: string; readonly figure: keyof SupplyIntervals; readonly times?: number }

const COLUMNS: readonly Column[] = [
  { head: 'stock', figure: 'stock' },
  { head: 'on the way', figure: 'transit' },
  { head: 'backlog', figure: 'backlog' },
  { head: 'fill rate %', figure: 'fillRate', times: 100 },
  { head: 'lost %', figure: 'lostShare', times: 100 },
  { head: 'wait d', figure: 'waitDays' },
  { head: 'orders/d', figure: 'ordersPerDay' },
  { head: 'bullwhip', figure: 'bullwhip' },
  { head: 'cost/d', figure: 'costPerDay' },
]

const LEGEND =
  "Values ± half of their 95 % intervals. Stock, on the way, backlog: mean units. Fill rate: units given out at once, of those asked for by customers and by sites. Wait: days from being asked to leaving the shelf. Bullwhip: variance of a day's orders beside that of a day's demand."

/** One line for each echelon and one for all. */
export function supplyTable(result: SupplyResult, columns = Number.POSITIVE_INFINITY): string {
  const { echelons, total, days, warmupDays, replications, currency } = result
  const rows = [
    ['', ...COLUMNS.map(({ head }) => head)],
    ...Object.entries(echelons).map(([name, figures]) => [name, ...COLUMNS.map((column) => cell(figures, column))]),
    ['all', ...COLUMNS.map((column) => cell(total, column))],
  ]
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)))
  const lines = rows.map((row) => row.map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join('   '))
  const [head, ...body] = lines
  const of = `${grouped(replications)} ${replications === 1 ? 'replication' : 'replications'} of ${grouped(days)} days`
  const warm = warmupDays > 0 ? ` after ${grouped(warmupDays)} that are not measured` : ''
  return [
    colour.bold(head),
    ...body,
    '',
    folded(`${of}${warm}. ${LEGEND} Cost: ${currency} a day.`, Math.min(columns, 120)),
  ].join('\n')
}

function cell(figures: SupplyIntervals, { figure, times = 1 }: Column): string {
  const interval = figures[figure]
  return interval === null ? '–' : written(interval, times)
}

/** As many decimals as half the interval's width can carry. */
function written(interval: Interval, times: number): string {
  const half = halfWidthOf(interval)
  const known = half === null ? Math.abs(interval.mean) / 100 : half
  const digits = known > 0 ? Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(known * times)))) : 2
  const fixed = (value: number): string =>
    (value * times).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${fixed(interval.mean)} ±${half === null ? '?' : fixed(half)}`
}
