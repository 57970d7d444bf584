/** The one door to cli-table3: what an experiment found, one table for each scenario. */
import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import { type Cell, MEASURES, type Measure, type Result, type Verdict } from '../../scenarios/result.ts'
import { formatDifference, formatInterval, headOf, MARK } from './figures.ts'
import { colour } from './screen.ts'

/**
 * Each policy has its values with their 95 % intervals, and below them its paired difference to the baseline with a verdict. Measures that
 * do not fit beside each other within `columns` characters go into further tables.
 */
export function comparisonTable(result: Result, scenario: string, columns = Number.POSITIVE_INFINITY): string {
  const tables: string[] = []
  for (let from = 0; from < MEASURES.length; ) {
    let to = MEASURES.length
    let text = tableOf(result, scenario, MEASURES.slice(from, to))
    while (to > from + 1 && widthOf(text) > columns) text = tableOf(result, scenario, MEASURES.slice(from, --to))
    tables.push(text)
    from = to
  }
  return tables.join('\n')
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length))
}

function tableOf(result: Result, scenario: string, measures: readonly Measure[]): string {
  const table = new Table({
    head: ['policy', ...measures.map((measure) => headOf(measure, result))],
    colAligns: ['left', ...measures.map(() => 'right' as const)],
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
  })
  for (const cell of result.cells.filter((one) => one.scenario === scenario)) table.push(rowOf(cell, measures, result.baseline))
  return table.toString()
}

/** Said once under all tables. */
export function legend({ baseline, comparisons }: Result): string {
  const family = comparisons > 1 ? `, simultaneous over ${comparisons} comparisons of each measure` : ''
  return `Value ± half of its 95 % interval; below it the paired difference to ${baseline}${family}: ${colour.green('▲')} better  ${colour.red('▼')} worse  · not enough evidence`
}

function rowOf(cell: Cell, measures: readonly Measure[], baseline: string): string[] {
  const isBaseline = cell.contestant === baseline
  const name = `${colour.bold(cell.contestant)}\n${colour.dim(isBaseline ? 'baseline' : `${cell.replications} replication${cell.replications === 1 ? '' : 's'}`)}`
  return [
    name,
    ...measures.map((measure) => {
      const value = formatInterval(cell.measures[measure.id], measure)
      const difference = cell.versusBaseline[measure.id]
      if (isBaseline || difference.verdict === 'baseline') return value
      return `${value}\n${tint(difference.verdict)(`${MARK[difference.verdict]} ${formatDifference(difference, measure)}`)}`
    }),
  ]
}

function tint(verdict: Verdict): (text: string) => string {
  if (verdict === 'better') return colour.green
  if (verdict === 'worse') return colour.red
  return colour.dim
}
