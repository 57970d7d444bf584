import type { Program } from './program.ts'

/** Terms to a line: readers of LP files have short lines. */
const TERMS = 4

/** The program in CPLEX LP format. */
export function lpText({ columns, rows }: Program): string {
  const out = ['\\ cents; every column is 0 or 1', 'Minimize', ' cost:']
  out.push(...terms(columns.map(({ name, cost }) => ({ name, takes: cost }))))
  out.push('Subject To')
  for (const { name, sense, limit, entries } of rows) {
    out.push(` ${name}:`)
    out.push(...terms(entries.map(({ column, takes }) => ({ name: columns[column].name, takes }))))
    out.push(`  ${sense} ${limit}`)
  }
  out.push('Binary', ...columns.map(({ name }) => ` ${name}`), 'End')
  return `${out.join('\n')}\n`
}

function terms(entries: readonly { readonly name: string; readonly takes: number }[]): string[] {
  const lines: string[] = []
  for (let i = 0; i < entries.length; i += TERMS)
    lines.push(
      `  ${entries
        .slice(i, i + TERMS)
        .map(({ name, takes }) => `${takes < 0 ? '-' : '+'} ${Math.abs(takes)} ${name}`)
        .join(' ')}`,
    )
  return lines
}

/** The program in free MPS format. */
export function mpsText({ columns, rows }: Program): string {
  const inColumn: string[][] = columns.map(({ name, cost }) => [` ${name} cost ${cost}`])
  for (const { name, entries } of rows)
    for (const { column, takes } of entries) inColumn[column].push(` ${columns[column].name} ${name} ${takes}`)
  return [
    '* cents; every column is 0 or 1',
    'NAME day',
    'ROWS',
    ' N cost',
    ...rows.map(({ name, sense }) => ` ${sense === '=' ? 'E' : 'L'} ${name}`),
    'COLUMNS',
    " MARKER MARKER 'MARKER' 'INTORG'",
    ...inColumn.flat(),
    " MARKER MARKER 'MARKER' 'INTEND'",
    'RHS',
    ...rows.filter(({ limit }) => limit !== 0).map(({ name, limit }) => ` RHS ${name} ${limit}`),
    'BOUNDS',
    ...columns.map(({ name }) => ` BV BOUND ${name}`),
    'ENDATA',
    '',
  ].join('\n')
}
