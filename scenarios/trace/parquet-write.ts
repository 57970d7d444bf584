import { closeSync, openSync, writeSync } from 'node:fs'
import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { bug } from '../../sim/check.ts'
import type { Block } from '../../sim/trace/block.ts'
import { COLUMNS, END_KEY, HEADER_KEY, type Kind, PARTS, type Part } from './parquet-columns.ts'
import { type Namer, rowOf, type TraceRow } from './row.ts'
import type { TraceEnd, TraceFile, TraceHeader } from './trace-file.ts'

/**
 * Rows of a row group: all that is held of a trace while its run goes on, besides some hundred bytes for each column of each group written,
 * which go to the end of the file.
 */
const GROUP_ROWS = 16_384

/**
 * Writes a trace as a Parquet table, a row group at a time; the columns are those of `parquet-columns.ts`. What the trace is of, and that it is whole,
 * stands in the file's metadata, which Parquet has at its end: a run that failed leaves a file that no reader takes for a table.
 */
export function writeParquet(file: string, header: TraceHeader, namer: Namer): TraceFile {
  const handle = openSync(file, 'w')
  const metadata = [{ key: HEADER_KEY, value: JSON.stringify(header) }]
  const table = new ParquetWriter({
    writer: new FileBytes(handle),
    schema: SCHEMA,
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    kvMetadata: metadata,
  })
  const group = new RowGroup()
  let rows = 0
  const writeGroup = (): void => {
    void table.write({ columnData: group.columnData(), rowGroupSize: GROUP_ROWS })
    rows += group.rows
    group.empty()
  }
  return {
    sink(block: Block): void {
      for (let i = 0; i < block.count; i++) {
        group.add(rowOf(block, i, namer))
        if (group.rows === GROUP_ROWS) writeGroup()
      }
    },
    close({ events, orders, digest }): void {
      if (group.rows > 0) writeGroup()
      metadata.push({ key: END_KEY, value: JSON.stringify({ rows, events, orders, digest } satisfies TraceEnd['end']) })
      void table.finish()
      closeSync(handle)
    },
    abandon(): void {
      closeSync(handle)
    },
  }
}

/** Bytes on their way to a file: what has gathered goes there after each row group. */
class FileBytes extends ByteWriter {
  private readonly handle: number
  constructor(handle: number) {
    super(1 << 20)
    this.handle = handle
  }
  flush(): void {
    const bytes = this.getBytes()
    for (let done = 0; done < bytes.length; ) done += writeSync(this.handle, bytes, done)
    this.index = 0
  }
  override finish(): void {
    this.flush()
  }
}

type Cell = number | bigint | string | object | null

/** Rows turned into columns, used again for each row group. */
class RowGroup {
  rows = 0
  private readonly columns: Cell[][] = COLUMNS.map(() => new Array<Cell>(GROUP_ROWS).fill(null))

  add(row: TraceRow): void {
    const i = this.rows++
    this.put(i, 0, row.event)
    for (const part of PARTS) {
      const said = row[part] as { readonly [field: string]: Exclude<Cell, null> } | undefined
      const places = PLACES[part]
      for (const field in said) {
        const at = places.get(field)
        if (at === undefined) bug(`a trace says ${part}.${field}, for which Parquet has no column`)
        this.put(i, at, said[field])
      }
    }
  }

  private put(i: number, at: number, value: Exclude<Cell, null>): void {
    // A fraction in a column of whole numbers would be cut off without a word.
    if (IS_WHOLE[at] && !Number.isSafeInteger(value))
      bug(`a trace says ${String(value)} in ${COLUMNS[at].name}, a column of whole numbers`)
    this.columns[at][i] = cellOf(COLUMNS[at].kind, value)
  }

  /** What there is, for the writer. The last group is shorter, and is the end of this object. */
  columnData(): ColumnSource[] {
    return COLUMNS.map(({ name, kind }, at) => {
      const data = this.columns[at]
      data.length = this.rows
      // Numbers are packed well enough without a dictionary, and sooner. Nobody looks for a row by most of them.
      const plain = kind === 'word' || kind === 'waits' ? {} : { encoding: 'PLAIN' as const }
      return { name, data, ...plain, statistics: HAS_STATISTICS.has(name), offsetIndex: false }
    })
  }

  empty(): void {
    this.rows = 0
    for (const column of this.columns) column.fill(null)
  }
}

/** As the writer wants it: 64 bits as a bigint. */
function cellOf(kind: Kind, value: Exclude<Cell, null>): Cell {
  if (kind === 'long') return BigInt(value as number)
  if (kind === 'waits') return (value as Waits).map(({ cause, ms }) => ({ cause, ms: BigInt(ms) }))
  return value
}
type Waits = NonNullable<TraceRow['why']['waited']>

/** Where each field of a part has its column. */
const PLACES = Object.fromEntries(
  PARTS.map((part) => [part, new Map(COLUMNS.flatMap((one, at) => (one.part === part ? [[one.field, at] as const] : [])))]),
) as Record<Part, Map<string, number>>
const IS_WHOLE = COLUMNS.map(({ kind }) => kind === 'whole' || kind === 'long')
/** Columns by whose least and largest value of a row group a reader may pass over it. */
const HAS_STATISTICS: ReadonlySet<string> = new Set(['event', 'who_order', 'when_ms'])

/** Columns in which every row says something. */
const ALWAYS: ReadonlySet<string> = new Set(['event', 'when_ms', 'when_at', 'why_rule', 'why_by', 'what_did'])

function schemaOf(name: string, kind: Kind, always: boolean): SchemaElement[] {
  const repetition_type = always ? 'REQUIRED' : 'OPTIONAL'
  switch (kind) {
    case 'whole':
      return [{ name, type: 'INT32', repetition_type }]
    case 'long':
      return [{ name, type: 'INT64', repetition_type }]
    case 'real':
      return [{ name, type: 'DOUBLE', repetition_type }]
    case 'word':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }]
    case 'waits':
      return [
        { name, converted_type: 'LIST', repetition_type, num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'REQUIRED', num_children: 2 },
        { name: 'cause', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'ms', type: 'INT64', repetition_type: 'REQUIRED' },
      ]
  }
}
const SCHEMA: SchemaElement[] = [
  { name: 'row', num_children: COLUMNS.length },
  ...COLUMNS.flatMap(({ name, kind }) => schemaOf(name, kind, ALWAYS.has(name))),
]
