import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { InputError, type Problem } from './problem.ts'
import { openTrouble } from './text-file.ts'

/** One data row; `cells` stand in the order of the header, trimmed. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

export type CsvTable = {
  readonly file: string
  readonly columns: readonly string[]
  readonly rows: readonly CsvRow[]
  /** Rows with too few or too many cells; they are in no other list. */
  readonly ragged: readonly Problem[]
}

export type CsvRequest = {
  readonly file: string
  /** Columns without which the file is of no use. */
  readonly needs?: readonly string[] | undefined
  readonly delimiter?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export type CsvReader = {
  /** Called once, before the first row. */
  readonly onColumns?: (columns: readonly string[]) => void
  readonly onRow: (row: CsvRow) => void
  /** Called for each row with too few or too many cells; without it such a row stops the reading. */
  readonly onRagged?: (problem: Problem) => void
}

/** Longest record: beyond this a quote was opened and never closed, and reading on would fill the memory. */
const RECORD_BYTES_MAX = 1_000_000

/**
 * Reads a CSV file row by row in bounded memory: quoted fields, BOM, CRLF and empty lines are understood, `.gz` is unpacked on the way,
 * ragged rows are handed over separately. Throws an InputError that says what to mend.
 */
export async function streamCsv(request: CsvRequest, { onColumns, onRow, onRagged }: CsvReader): Promise<readonly string[]> {
  const { file, delimiter = ',', signal } = request
  const input = createReadStream(file, signal ? { signal } : {})
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: RECORD_BYTES_MAX,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  })
  input.on('error', (cause) => parser.destroy(cause))
  if (file.endsWith('.gz')) {
    const gunzip = createGunzip().on('error', (cause) => parser.destroy(cause))
    input.pipe(gunzip).pipe(parser)
  } else input.pipe(parser)
  let columns: readonly string[] | null = null
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      const line = firstLine(info.lines, record)
      if (columns === null) {
        columns = record
        checkHeader(request, columns, line)
        onColumns?.(columns)
      } else if (record.length === columns.length) onRow({ line, cells: record })
      else {
        const problem = raggedProblem(file, line, columns, record)
        if (!onRagged) throw new InputError([problem])
        onRagged(problem)
      }
    }
  } catch (cause) {
    throw explained(file, cause)
  } finally {
    input.destroy()
  }
  if (columns === null)
    throw new InputError([
      { file, line: null, field: 'file', found: 'nothing', fix: 'put a header row with the column names on top' },
    ])
  return columns
}

/** The whole of a small table. */
export async function readCsv(request: CsvRequest): Promise<CsvTable> {
  const rows: CsvRow[] = []
  const ragged: Problem[] = []
  const columns = await streamCsv(request, { onRow: (row) => rows.push(row), onRagged: (problem) => ragged.push(problem) })
  return { file: request.file, columns, rows, ragged }
}

/** Whether letters of another encoding than UTF-8 were lost in reading; the decoder leaves this mark in their place. */
export function isGarbled(cells: readonly string[]): boolean {
  return cells.some((cell) => cell.includes('\uFFFD'))
}

/** A field as it must stand in a CSV file. */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))) return ''
  const text = String(value)
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The parser counts lines up to the end of a record; a quoted field may have spread it over several. */
function firstLine(lastLine: number, record: readonly string[]): number {
  return lastLine - record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
}

function checkHeader({ file, needs = [], delimiter = ',' }: CsvRequest, columns: readonly string[], line: number): void {
  const missing = needs.filter((name) => !columns.includes(name))
  if (missing.length === 0) return
  const other = otherDelimiter(columns, delimiter)
  const field = 'header'
  if (other) {
    const found = `one column, its names parted by ${JSON.stringify(other)}`
    const fix = `part the columns by ${JSON.stringify(delimiter)}, or name the delimiter where the file is asked for`
    throw new InputError([{ file, line, field, found, fix }])
  }
  const found = `the columns ${columns.join(', ')}`
  throw new InputError(missing.map((name) => ({ file, line, field: name, found, fix: `add the column ${name}` })))
}

/** What seems to part the columns, where the delimiter that was asked for leaves all of them in one. */
export function otherDelimiter(columns: readonly string[], delimiter: string): string | undefined {
  return [';', '\t', '|', ','].find((mark) => mark !== delimiter && columns.length === 1 && columns[0].includes(mark))
}

function raggedProblem(file: string, line: number, columns: readonly string[], record: readonly string[]): Problem {
  const found = `${record.length} cells`
  return { file, line, field: 'row', found, fix: `write ${columns.length}, one for each column; quote a cell that holds a comma` }
}

function explained(file: string, cause: unknown): unknown {
  if (cause instanceof CsvError) {
    const quote = cause.code === 'CSV_MAX_RECORD_SIZE' || cause.code === 'CSV_QUOTE_NOT_CLOSED'
    const line = typeof cause.lines === 'number' ? cause.lines : null
    const found = quote ? 'a quote that is never closed' : cause.message
    const fix = 'write a quote inside a quoted cell twice ("") and close every quoted cell'
    return new InputError([{ file, line, field: 'row', found, fix }], { cause })
  }
  if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_')) {
    const found = `a .gz file that cannot be unpacked: ${cause.message}`
    return new InputError([{ file, line: null, field: 'file', found, fix: 'download or pack it again' }], { cause })
  }
  const found = openTrouble(cause)
  if (found === null) return cause
  return new InputError([{ file, line: null, field: 'file', found, fix: 'check the path' }], { cause })
}
