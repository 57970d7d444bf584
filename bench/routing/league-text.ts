import { halfWidthOf, type Interval } from '../../scenarios/result.ts'
import type { League, LeagueRow } from './league.ts'

/** A league table for a terminal. Columns that say nothing about a case (splits of orders of one line, a bound nobody knows) are left out. */
export function leagueText(league: League): string {
  const { rows } = league
  const columns = COLUMNS.filter(({ isWorthIt }) => isWorthIt(rows))
  const cells = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)))
  const lines = cells.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  )
  const orders = Math.round(league.orders).toLocaleString('en-US')
  return [
    `${league.instance}, ${league.label}: ${league.seeds} seeds, ${orders} orders a day`,
    ...lines,
    ...foresightLines(league),
  ].join('\n')
}

/** What of a gap is for want of foresight: nobody has it, so no policy can be asked to close that part. */
function foresightLines({ unforeseen }: League): string[] {
  if (unforeseen === null) return []
  const { seeds, gap, onTime } = unforeseen
  const above = `${within(gap, (value) => percent(value, 2))} % above the bound`
  return [
    `without foresight, over ${seeds} seed${seeds === 1 ? '' : 's'}: ${above}, ${within(onTime, percent)} % on time. So the bound's own program ends that is solved hour by hour and knows only what can be known`,
  ]
}

type Column = {
  readonly head: string
  readonly cell: (row: LeagueRow) => string
  readonly isWorthIt: (rows: readonly LeagueRow[]) => boolean
}

const always = (): boolean => true
const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}`
const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`)

function within(interval: Interval, show: (value: number) => string): string {
  const half = halfWidthOf(interval)
  return `${show(interval.mean)} ± ${half === null ? '∞' : show(half)}`
}

const COLUMNS: readonly Column[] = [
  { head: 'policy', cell: ({ policy }) => policy, isWorthIt: always },
  { head: 'cost/order', cell: ({ cost }) => within(cost, (value) => value.toFixed(2)), isWorthIt: always },
  {
    head: 'of it late',
    cell: ({ late }) => late.toFixed(2),
    isWorthIt: (rows) => rows.some(({ late }) => late > 0),
  },
  {
    head: 'vs baseline %',
    cell: ({ versus }) => (versus === null ? 'baseline' : signed(within(versus, (value) => percent(value, 2)))),
    isWorthIt: always,
  },
  {
    head: 'gap to bound %',
    cell: ({ gap }) => (gap === null ? '' : within(gap, (value) => percent(value, 2))),
    isWorthIt: (rows) => rows.some(({ gap }) => gap !== null),
  },
  {
    head: 'right within 10 %',
    cell: ({ right }) => (right === null ? '' : percent(right, 2)),
    isWorthIt: (rows) => rows.some(({ right }) => right !== null),
  },
  {
    head: 'contested',
    cell: ({ rightContested }) => (rightContested === null ? '' : percent(rightContested)),
    isWorthIt: (rows) => rows.some(({ rightContested }) => rightContested !== null),
  },
  {
    head: 'avoidable %',
    cell: ({ avoidable }) => (avoidable === null ? '' : percent(avoidable, 2)),
    isWorthIt: (rows) => rows.some(({ avoidable }) => avoidable !== null && avoidable > 0),
  },
  {
    head: 'on time %',
    cell: ({ onTime }) => within(onTime, percent),
    isWorthIt: (rows) => rows.some(({ onTime }) => onTime.mean < 1),
  },
  { head: 'split %', cell: ({ split }) => percent(split), isWorthIt: (rows) => rows.some(({ split }) => split > 0) },
  {
    head: 'unfilled %',
    cell: ({ unfilled }) => percent(unfilled, 2),
    isWorthIt: (rows) => rows.some(({ unfilled }) => unfilled > 0),
  },
  {
    head: 'not there %',
    cell: ({ missed }) => within(missed, (share) => percent(share, 2)),
    isWorthIt: (rows) => rows.some(({ missed }) => missed.mean > 0),
  },
  {
    head: 're-routes/order',
    cell: ({ reroutes }) => reroutes.toFixed(3),
    isWorthIt: (rows) => rows.some(({ reroutes }) => reroutes > 0),
  },
  {
    head: 'µs/decision',
    cell: ({ decisionUs }) => (decisionUs === null ? '' : decisionUs.toFixed(1)),
    isWorthIt: (rows) => rows.some(({ decisionUs }) => decisionUs !== null),
  },
]
