import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { streamCsv } from '../../scenarios/read/csv.ts'
import type { SchemaNode } from '../../scenarios/read/flaw.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { KINDS } from '../event/kind.ts'
import { readMoment } from '../event/moment.ts'
import type { TimedLine } from './replay.ts'

/** Events of a file, in the order of the file: NDJSON, or CSV with a column for each field (`quantity.value`). `.gz` is unpacked on the way. */
export function eventsOfFile(file: string): AsyncIterable<TimedLine> {
  const plain = file.replace(/\.gz$/, '')
  if (/\.csv$/i.test(plain)) return fromCsv(file)
  if (/\.(ndjson|jsonl|json)$/i.test(plain)) return fromLines(file)
  const fix = 'name a .ndjson or .csv file of events, or olist and a folder'
  throw new InputError([{ file, line: null, field: 'file', found: 'a file of another type', fix }])
}

const AT = /"at"\s*:\s*"([^"\\]{1,64})"/

async function* fromLines(file: string): AsyncIterable<TimedLine> {
  const raw = createReadStream(file)
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  const lost = new Promise<never>((_, fail) => {
    for (const stream of [raw, input])
      stream.on('error', (error: NodeJS.ErrnoException) => {
        const found = error.code === 'ENOENT' ? 'no such file' : error.message
        fail(new InputError([{ file, line: null, field: 'file', found, fix: 'check the path' }]))
      })
  })
  lost.catch(() => {})
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([lines.next(), lost])
    if (next.done) return
    const line = next.value
    if (line.trim() !== '') yield { atMs: momentOf(AT.exec(line)?.[1]), line }
  }
}

async function* fromCsv(file: string): AsyncIterable<TimedLine> {
  let columns: readonly string[] = []
  const rows: TimedLine[] = []
  await streamCsv(
    { file, needs: ['id', 'source', 'feed', 'type', 'at'] },
    {
      onColumns: (names) => {
        columns = names
      },
      onRow: ({ cells }) => rows.push(rowAsLine(columns, cells)),
    },
  )
  yield* rows
}

function rowAsLine(columns: readonly string[], cells: readonly string[]): TimedLine {
  const said = (name: string): string => cells[columns.indexOf(name)] ?? ''
  const schema = KINDS.get(said('feed'))?.get(said('type'))?.schema as SchemaNode | undefined
  const event: Record<string, unknown> = {}
  columns.forEach((name, i) => {
    if (cells[i] === '') return
    const path = name.split('.')
    let inside = event
    for (const key of path.slice(0, -1)) {
      inside[key] ??= {}
      inside = inside[key] as Record<string, unknown>
    }
    inside[path[path.length - 1]] = readCell(cells[i], path, schema)
  })
  return { atMs: momentOf(said('at')), line: JSON.stringify(event) }
}

/** A cell as the schema wants the field: text stays text, the rest is read as JSON where it is JSON. */
function readCell(cell: string, path: readonly string[], schema: SchemaNode | undefined): unknown {
  let node = schema
  for (const key of path) node = node?.properties?.[key]
  if (node === undefined || node.type === 'string' || typeof node.const === 'string' || node.anyOf !== undefined) return cell
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return cell
  }
}

function momentOf(text: string | undefined): number | null {
  const ms = text === undefined ? Number.NaN : readMoment(text)
  return Number.isNaN(ms) ? null : ms
}
