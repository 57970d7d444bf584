import { halfWidthOf, type Interval } from '../../../scenarios/result.ts'
import type { BrunelRow, BrunelTable } from './brunel.ts'

/** A table for a terminal, and the words for what is in it. */
export function brunelText(table: BrunelTable): string {
  const cells = [COLUMNS.map(({ head }) => head), ...table.rows.map((row) => COLUMNS.map(({ cell }) => cell(row)))]
  const widths = COLUMNS.map((_, i) => Math.max(...cells.map((line) => line[i].length)))
  const lines = cells.map((line) =>
    line
      .map((cell, i) => (i === 0 || i === COLUMNS.length - 1 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  )
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
  return [
    `brunel, ${table.label}: ${whole(table.orders)} orders, ${whole(table.places)} places, ${table.seeds} sequences; no routing within the places below ${whole(table.bound)} dollars`,
    ...lines,
  ].join('\n')
}

const percent = (value: number): string => (100 * value).toFixed(2)
const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`)
/** A routing that depends on no sequence has no width. */
const within = (interval: Interval, show: (value: number) => string): string => {
  const half = halfWidthOf(interval)
  return half === null || half === 0 ? show(interval.mean) : `${show(interval.mean)} ± ${show(half)}`
}
/** The bound holds for routings that keep to the places; the others may lie below it. */
const isWithin = ({ served, withinPlaces }: BrunelRow): boolean => withinPlaces > served.mean - 1e-9
const thousands = (dollars: number): string =>
  (dollars / 1000).toLocaleString('en-US', { maximumFractionDigits: 1, minimumFractionDigits: 1 })

const COLUMNS: readonly { readonly head: string; readonly cell: (row: BrunelRow) => string }[] = [
  { head: 'routing', cell: ({ routing }) => routing },
  { head: 'cost, 1000 $', cell: ({ cost }) => within(cost, thousands) },
  { head: 'of it freight', cell: ({ freight }) => thousands(freight) },
  { head: 'not done', cell: ({ unserved }) => thousands(unserved) },
  { head: 'vs record %', cell: ({ versusRecord }) => signed(within(versusRecord, percent)) },
  { head: 'gap to bound %', cell: (row) => (isWithin(row) ? within(row.gap, percent) : '') },
  { head: 'done %', cell: ({ served }) => within(served, percent) },
  { head: 'within places %', cell: ({ withinPlaces }) => percent(withinPlaces) },
  { head: 'what it does', cell: ({ about }) => about },
]
