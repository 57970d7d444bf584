import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip, gzipSync } from 'node:zlib'
import type { Block } from '../../sim/trace/block.ts'
import { InputError } from '../read/problem.ts'
import { type Namer, rowOf, type TraceRow } from './row.ts'

/** A trace is NDJSON: a line that says of what it is, a line for each row, and a line that says it is whole. `.gz` at the end packs it. */
export type TraceHeader = {
  readonly format: typeof FORMAT
  readonly network: string
  readonly scenario: string
  readonly policies: string
  readonly seed: string
  readonly replication: number
  /** Where day 0 of the scenario and some Monday lie on the run's clock, ms. */
  readonly dayZeroMs: number
  readonly weekStartMs: number
  /** The line that makes this trace again. */
  readonly again: string
}
export type TraceEnd = {
  readonly end: { readonly rows: number; readonly events: number; readonly orders: number; readonly digest: string }
}
const FORMAT = 'orrery-trace/1'
export const headerOf = (header: Omit<TraceHeader, 'format'>): TraceHeader => ({ format: FORMAT, ...header })

/** Where a trace goes as it comes, a block at a time: `sink` is for a `Tracer`. */
export type TraceFile = {
  readonly sink: (block: Block) => void
  /** The run is over, and this is what it came to. */
  readonly close: (outcome: { events: number; orders: number; digest: string }) => void
  /** The run has failed: what is written stays, without what says that it is whole. */
  readonly abandon: () => void
}

/** Writes a trace as NDJSON, packed where the name ends in `.gz`. */
export function writeTrace(file: string, header: TraceHeader, namer: Namer): TraceFile {
  const handle = openSync(file, 'w')
  const isPacked = file.endsWith('.gz')
  let rows = 0
  const write = (text: string) => {
    const bytes = isPacked ? gzipSync(text, { level: 4 }) : Buffer.from(text)
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done)
  }
  write(`${JSON.stringify(header)}\n`)
  return {
    sink(block: Block): void {
      const lines: string[] = []
      for (let i = 0; i < block.count; i++) lines.push(JSON.stringify(rowOf(block, i, namer)))
      rows += block.count
      write(`${lines.join('\n')}\n`)
    },
    close({ events, orders, digest }): void {
      write(`${JSON.stringify({ end: { rows, events, orders, digest } } satisfies TraceEnd)}\n`)
      closeSync(handle)
    },
    abandon(): void {
      closeSync(handle)
    },
  }
}

/** Far more than the first line ever has. */
const HEADER_BYTES_MAX = 16 * 2 ** 20

/** Reads a trace line by line; `onRow` may be given only the lines that mention an order. Throws `InputError` where it is no trace, or torn. */
export async function readTrace(
  file: string,
  onRow: (row: TraceRow, header: TraceHeader) => void,
  onlyOrder: number | null = null,
): Promise<{ header: TraceHeader; orders: number }> {
  let header: TraceHeader | null = null
  let end: TraceEnd['end'] | null = null
  let line = 0
  const mark = onlyOrder === null ? '' : `"who":{"order":${onlyOrder},`
  const stream = createReadStream(file)
  const text = file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream
  // An error of the file is not passed on by a pipe.
  stream.on('error', (error) => text.destroy(error))
  // What has no line in sight is no trace: /dev/zero never has one, and a line can be longer than a text may be.
  let seen = 0
  text.on('data', (bytes: Buffer) => {
    seen += bytes.length
    if (header === null && seen > HEADER_BYTES_MAX) text.destroy(noTrace(file, 1))
  })
  try {
    for await (const one of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++
      if (header === null) header = readHeader(file, line, one)
      else if (end !== null) throw refusal(file, line, 'a line after the end', 'take the file as `orrery run --trace` wrote it')
      else if (one.startsWith('{"end":')) end = (parsed(file, line, one) as TraceEnd).end
      else if (mark === '' || one.includes(mark)) onRow(parsed(file, line, one) as TraceRow, header)
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw unreadable(file, line, cause)
  }
  if (header === null) throw refusal(file, null, 'an empty file', 'name a file that `orrery run --trace` wrote')
  if (end === null || end.rows !== line - 2) {
    const found =
      end === null ? `no end after ${line} lines: its run was stopped, or the file is cut off` : `${line - 2} of ${end.rows} rows`
    throw refusal(file, line, found, `make it again: ${header.again}`)
  }
  return { header, orders: end.orders }
}

const noTrace = (file: string, line: number | null): InputError =>
  refusal(file, line, 'no trace', 'name a file that `orrery run --trace` wrote')

/** What a trace says it is of; `line` is where it says so, where it has lines. */
export function readHeader(file: string, line: number | null, text: string): TraceHeader {
  let header: Partial<TraceHeader>
  try {
    header = JSON.parse(text)
  } catch {
    throw noTrace(file, line)
  }
  const isTrace = typeof header === 'object' && header !== null && String(header.format).startsWith('orrery-trace/')
  if (!isTrace) throw noTrace(file, line)
  if (header.format !== FORMAT)
    throw refusal(file, line, `a trace of format ${header.format}`, `this Orrery reads ${FORMAT}; make it again`)
  return header as TraceHeader
}

function parsed(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refusal(file, line, 'a line that is cut off or changed', 'make the trace again; its first line says how')
  }
}

export function unreadable(file: string, line: number | null, cause: unknown): InputError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'ENOENT')
    return refusal(file, null, 'no such file', 'make one with `orrery run --trace`, or leave out --trace to run it now')
  if (code === 'EISDIR') return refusal(file, null, 'a folder', 'name the trace in it')
  if (code.startsWith('Z_')) return refusal(file, line, 'packed data that is cut off or broken', 'make the trace again')
  return refusal(file, null, `a file that cannot be read (${code || String(cause)})`, 'name a trace that you can read')
}

export const refusal = (file: string, line: number | null, found: string, fix: string): InputError =>
  new InputError([{ file, line, field: '--trace', found, fix }])
