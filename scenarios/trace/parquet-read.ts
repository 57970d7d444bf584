import { zstdDecompressSync } from 'node:zlib'
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects, type RowGroup } from 'hyparquet'
import { COLUMNS, END_KEY, HEADER_KEY } from './parquet-columns.ts'
import type { TraceRow } from './row.ts'
import { readHeader, refusal, type TraceEnd, type TraceHeader, unreadable } from './trace-file.ts'

/** Reads a Parquet trace a row group at a time; otherwise as `readTrace` does. */
export async function readParquet(
  file: string,
  onRow: (row: TraceRow, header: TraceHeader) => void,
  onlyOrder: number | null = null,
): Promise<{ header: TraceHeader; orders: number }> {
  const bytes = await reading(file, asyncBufferFromFile(file))
  const metadata = await reading(file, parquetMetadataAsync(bytes))
  const header = readHeader(file, null, saidBy(metadata, HEADER_KEY))
  const { orders } = JSON.parse(saidBy(metadata, END_KEY)) as TraceEnd['end']
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const range = { file: bytes, metadata, rowStart, rowEnd: rowStart + Number(group.num_rows), compressors: COMPRESSORS }
    rowStart = range.rowEnd
    if (onlyOrder !== null) {
      // Most groups are passed over by their statistics, most others by the one column.
      if (!mayHold(group, onlyOrder)) continue
      const column = await reading(file, parquetReadObjects({ ...range, columns: ['who_order'] }))
      if (!column.some((row) => row.who_order === onlyOrder)) continue
    }
    const rows = await reading(file, parquetReadObjects(range))
    for (const row of rows) if (onlyOrder === null || row.who_order === onlyOrder) onRow(rowFrom(row), header)
  }
  return { header, orders }
}

/** A part of the file, or what is wrong with the file in the words of `readTrace`. */
async function reading<T>(file: string, part: Promise<T>): Promise<T> {
  try {
    return await part
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw unreadable(file, null, cause)
    const found = 'no Parquet, or a file that is cut off or broken: perhaps its run was stopped'
    throw refusal(file, null, found, 'make it again with `orrery run --trace`')
  }
}

const COMPRESSORS = { ZSTD: (bytes: Uint8Array): Uint8Array => zstdDecompressSync(bytes) }

/** What the file says of itself under this name; nothing where it is some other table. */
const saidBy = ({ key_value_metadata }: FileMetaData, key: string): string =>
  key_value_metadata?.find((one) => one.key === key)?.value ?? ''

/** By the least and largest order of a row group. */
function mayHold({ columns }: RowGroup, order: number): boolean {
  const said = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'who_order')?.meta_data?.statistics
  const { min_value, max_value } = said ?? {}
  // A group without any order says neither.
  return typeof min_value === 'number' && typeof max_value === 'number' && min_value <= order && order <= max_value
}

type Cell = number | bigint | string | readonly { cause: string; ms: bigint }[] | null

/** The row as it was before it became cells. */
function rowFrom(cells: { readonly [column: string]: Cell }): TraceRow {
  const row: { [part: string]: { [field: string]: unknown } } = { who: {}, when: {}, why: {}, what: {}, impact: {} }
  for (const { name, part, field } of COLUMNS) {
    const cell = cells[name]
    if (part === null || cell === null || cell === undefined) continue
    row[part] ??= {}
    row[part][field] = valueFrom(cell)
  }
  return { event: Number(cells.event), ...row } as unknown as TraceRow
}

function valueFrom(cell: Exclude<Cell, null>): unknown {
  if (typeof cell === 'bigint') return Number(cell)
  if (typeof cell === 'object') return cell.map(({ cause, ms }) => ({ cause, ms: Number(ms) }))
  return cell
}
