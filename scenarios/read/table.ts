import type { Static, TSchema } from '../schema/type.ts'
import { check, formatPath } from './check.ts'
import { type CsvRow, isGarbled, readCsv } from './csv.ts'
import type { SchemaNode } from './flaw.ts'
import type { Problem } from './problem.ts'
import { didYouMean } from './suggest.ts'

/** Columns for people, which no table needs and every table may have. */
const REMARK_COLUMNS = ['source', 'note']

/** A CSV file as rows that keep the schema; every cell that does not is a problem on its line. */
export async function readTable<S extends TSchema>(file: string, schema: S): Promise<{ rows: Static<S>[]; problems: Problem[] }> {
  const kinds = (schema as SchemaNode).properties ?? {}
  const needs = (schema as { required?: readonly string[] }).required
  const table = await readCsv({ file, needs })
  const problems: Problem[] = [...table.ragged, ...unknownColumns(file, table.columns, Object.keys(kinds))]
  const rows: Static<S>[] = []
  for (const row of table.rows) {
    const checked = check(schema, rowOf(row, table.columns, kinds))
    if (checked.ok) rows.push(checked.value)
    else
      for (const { path, found, fix } of checked.flaws)
        problems.push({ file, line: row.line, field: formatPath(path), found, fix })
  }
  const garbled = table.rows.find(({ cells }) => isGarbled(cells))
  if (garbled)
    problems.push({ file, line: garbled.line, field: 'row', found: 'bytes that are not UTF-8', fix: 'save the file as UTF-8' })
  if (table.rows.length === 0) problems.push({ file, line: null, field: 'rows', found: 'none', fix: 'add at least one row' })
  return { rows, problems }
}

function unknownColumns(file: string, columns: readonly string[], known: readonly string[]): Problem[] {
  return columns
    .filter((column) => !known.includes(column) && !REMARK_COLUMNS.includes(column))
    .map((column) => ({
      file,
      line: 1,
      field: column,
      found: `unknown column \`${column}\``,
      fix: `${didYouMean(column, known)} Remarks go into a column named ${REMARK_COLUMNS.join(' or ')}`,
    }))
}

/** Cells as what their column holds; what cannot be turned stays text, so that the checker shows it as it was written. */
function rowOf(row: CsvRow, columns: readonly string[], kinds: Readonly<Record<string, SchemaNode>>): Record<string, unknown> {
  const filled = columns
    .map((column, i) => [column, row.cells[i]] as const)
    .filter(([column, cell]) => cell !== '' && kinds[column] !== undefined)
  return Object.fromEntries(filled.map(([column, cell]) => [column, cellOf(cell, kinds[column].type)]))
}

function cellOf(cell: string, type: string | undefined): unknown {
  if (type === 'array') return cell.split(/\s+/)
  if (type !== 'number' && type !== 'integer') return cell
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : cell
}
