import type { DecidedBy, DecisionTable } from '../../scenarios/rules/decision-table.ts'
import { grouped } from './progress.ts'
import { colour, folded } from './screen.ts'

/** Filters that are named for a rule. */
const MOST_REFUSALS = 3
const MOST_TRANSFERS = 10

const LEGEND =
  'Takes: orders whose `when` fits, when they were routed. Decides: orders it shipped; of an order split between rules the one furthest down. Late: not delivered in time, of those not cancelled. Refused: of the ways to ship whole orders from stock that it looked at, those each filter kept out, the first that did.'

export function decisionText(table: DecisionTable, currency: string, columns = Number.POSITIVE_INFINITY): string {
  const head = ['rule', 'takes', 'decides', 'share %', 'split %', `${currency}/order`, 'late %', 'refused']
  const rows = [head, ...table.rules.map(rowOf)]
  const widths = head.map((_, c) => Math.max(...rows.map((row) => row[c].length)))
  const [first, ...body] = rows.map((row) =>
    row.map((cell, c) => (c === 0 || c === head.length - 1 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '),
  )
  const { orders, unrouted, uncovered, split, lateShare, cost } = table
  const sums = [
    `${grouped(orders)} measured orders: ${percent(split, orders)} % split, ${(100 * lateShare).toFixed(1)} % late,`,
    `${orders === 0 ? '–' : (cost / orders).toFixed(2)} ${currency} an order.`,
    uncovered === 0 ? 'Every order was taken by a rule.' : `${grouped(uncovered)} were taken by no rule.`,
    unrouted === 0 ? '' : `${grouped(unrouted)} were never routed: they waited for goods, or for a rule to let them go.`,
  ]
  const lines = [colour.bold(first.trimEnd()), ...body.map((line) => line.trimEnd())]
  const wide = Math.min(columns, 120)
  return [...lines, '', folded(sums.join(' ').trim(), wide), ...transfers(table), '', folded(LEGEND, wide)].join('\n')
}

function rowOf({ rule, taken, decided, share, relaxed, split, costPerOrder, lateShare, looked, refused }: DecidedBy): string[] {
  const reasons = refused.slice(0, MOST_REFUSALS).map(({ by, ways }) => `${by} ${percent(ways, looked)} %`)
  if (relaxed > 0) reasons.push(`relaxed for ${grouped(relaxed)}`)
  return [
    rule,
    grouped(taken),
    grouped(decided),
    (100 * share).toFixed(1),
    decided === 0 ? '–' : percent(split, decided),
    costPerOrder === null ? '–' : costPerOrder.toFixed(2),
    lateShare === null ? '–' : (100 * lateShare).toFixed(1),
    reasons.join(', '),
  ]
}

function transfers({ transfers: all }: DecisionTable): string[] {
  if (all.length === 0) return []
  const units = all.reduce((sum, one) => sum + one.units, 0)
  return [
    '',
    colour.bold(`${grouped(all.length)} transfers proposed, ${grouped(units)} units; none is carried out`),
    ...all.slice(0, MOST_TRANSFERS).map(({ rule, sku, from, to, days, units: most }) => {
      return `  ${grouped(most)} of ${sku} from ${from} to ${to}, on ${days} ${days === 1 ? 'day' : 'days'}, by \`${rule}\``
    }),
    ...(all.length > MOST_TRANSFERS ? [`  … and ${grouped(all.length - MOST_TRANSFERS)} more; --json has them all`] : []),
  ]
}

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : ((100 * part) / whole).toFixed(1))
