import { stat } from 'node:fs/promises'
import type { CsvRow } from './csv.ts'
import { InputError } from './problem.ts'

/** One sheet of a workbook: its first row is the header, cells are text as a CSV file would hold it, trimmed. */
export type Sheet = { readonly name: string; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }

/**
 * The door to workbooks (.xlsx): values only, no formulas, colours or charts. Dates are written YYYY-MM-DD. Empty rows are left out; a row
 * shorter than the header is filled up. Throws an InputError where the file is none.
 */
export async function readWorkbook(file: string): Promise<Sheet[]> {
  const found = await stat(file).catch(() => null)
  if (found === null || !found.isFile()) {
    const problem = {
      file,
      line: null,
      field: 'file',
      found: found === null ? 'no such file' : 'a folder',
      fix: 'check the path',
    }
    throw new InputError([problem])
  }
  const { default: read } = await import('read-excel-file/node')
  const sheets = await read(file).catch((cause: unknown) => {
    const says = cause instanceof Error ? cause.message : String(cause)
    const problem = {
      file,
      line: null,
      field: 'file',
      found: `no workbook (${says})`,
      fix: 'save it as .xlsx, or download it again',
    }
    throw new InputError([problem], { cause })
  })
  return sheets.map(({ sheet, data }) => {
    const [head = [], ...rest] = data
    const columns = head.map(textOf)
    const rows = rest.map((cells, i) => ({ line: i + 2, cells: columns.map((_, c) => textOf(cells[c] ?? null)) }))
    return { name: sheet, columns, rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')) }
  })
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value).trim()
}
