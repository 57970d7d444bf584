import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { openSmallRun, SCARCE, TROUBLE } from '../../bench/small-run.ts'
import { simulate } from '../../sim/outcome.ts'
import type { Block } from '../../sim/trace/block.ts'
import { FACTS } from '../../sim/trace/block.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import { COLUMNS, HEADER_KEY } from './parquet-columns.ts'
import { readParquet } from './parquet-read.ts'
import { writeParquet } from './parquet-write.ts'
import type { TraceRow } from './row.ts'
import { namerOf } from './run-trace.ts'
import { readTrace, type TraceFile, writeTrace } from './trace-file.ts'
import { troubleHeader } from './traced.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-parquet-'))
const table = join(folder, 'trouble.parquet')
const lines = join(folder, 'trouble.ndjson')
const header = troubleHeader('orrery run trouble')

/** A troubled week, watched once and written down by each. */
const sim = await openSmallRun({ spec: SCARCE, scenario: TROUBLE, policies: 'live-greedy' })
const namer = namerOf(SCARCE, sim)
const files: TraceFile[] = [writeParquet(table, header, namer), writeTrace(lines, header, namer)]
let firstBlock: Block | null = null
const tracer = new Tracer(sim, (block) => {
  firstBlock ??= structuredClone(block)
  for (const file of files) file.sink(block)
})
const outcome = simulate(sim, (one) => tracer.watch(one))
tracer.end()
for (const file of files) file.close(outcome)

type Reader = typeof readParquet
async function rowsOf(read: Reader, file: string, order: number | null = null): Promise<TraceRow[]> {
  const rows: TraceRow[] = []
  await read(file, (row) => rows.push(row), order)
  return rows
}
const rows = await rowsOf(readTrace, lines)
const metadata = await parquetMetadataAsync(await asyncBufferFromFile(table))

describe('a trace as Parquet', () => {
  test('says row by row what the same trace says as NDJSON', async () => {
    expect(rows.length).toBeGreaterThan(17_000)
    expect(await rowsOf(readParquet, table)).toEqual(rows)
  })

  test('says of itself what run it is of and how many orders that had', async () => {
    expect(await readParquet(table, () => {})).toEqual({ header, orders: outcome.orders })
  })

  test('gives the rows of one order without the others', async () => {
    for (const did of ['delivered', 'cancelled', 'returned']) {
      const order = rows.find(({ what }) => what.did === did)?.who.order ?? -1
      const own = rows.filter(({ who }) => who.order === order)
      expect(own.length, did).toBeGreaterThan(1)
      expect(await rowsOf(readParquet, table, order), did).toEqual(own)
    }
    expect(await rowsOf(readParquet, table, 1_000_000)).toEqual([])
  })

  test('has a column for every number that a row may tell', () => {
    const told = new Set(COLUMNS.filter(({ part }) => part === 'what' || part === 'impact').map(({ field }) => field))
    expect(FACTS.filter((fact) => !told.has(fact))).toEqual([])
    expect(new Set(COLUMNS.map(({ name }) => name)).size).toBe(COLUMNS.length)
  })

  test('holds numbers as numbers, and words that come again by a dictionary', () => {
    const typeOf = (name: string) => metadata.schema.find((one) => one.name === name)
    expect(typeOf('who_order')?.type).toBe('INT32')
    expect(typeOf('when_ms')).toMatchObject({ type: 'INT64', repetition_type: 'REQUIRED' })
    expect(typeOf('impact_lateMs')?.type).toBe('INT64')
    expect(typeOf('what_capacity')?.type).toBe('DOUBLE')
    expect(typeOf('what_sku')?.converted_type).toBe('UTF8')
    expect(typeOf('why_waited')?.converted_type).toBe('LIST')
    for (const name of ['what_did', 'why_rule', 'who_warehouse'])
      for (const { columns } of metadata.row_groups)
        expect(columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data?.encodings).toContain(
          'RLE_DICTIONARY',
        )
  })

  test('is written while the run goes on, a row group at a time', () => {
    expect(metadata.row_groups.length).toBeGreaterThan(1)
    const file = join(folder, 'growing.parquet')
    const growing = writeParquet(file, header, namer)
    const sizes: number[] = []
    for (let i = 0; i < 12; i++) {
      growing.sink(firstBlock as unknown as Block)
      sizes.push(statSync(file).size)
    }
    growing.abandon()
    // Whatever the length of the run, no more than one group is held back.
    const groups = Math.max(...metadata.row_groups.map(({ num_rows }) => Number(num_rows)))
    const blocks = Math.ceil(groups / (firstBlock as unknown as Block).count)
    for (let i = blocks; i < sizes.length; i++) expect(sizes[i]).toBeGreaterThan(sizes[i - blocks])
  })

  test.runIf(existsSync('/dev/full'))('says that a disk is full, as NDJSON does', () => {
    const full = (file: TraceFile): void => {
      for (let i = 0; i < 8; i++) file.sink(firstBlock as unknown as Block)
    }
    expect(() => full(writeParquet('/dev/full', header, namer))).toThrow(/ENOSPC/)
    expect(() => full(writeTrace('/dev/full', header, namer))).toThrow(/ENOSPC/)
  })
})

describe('what is no whole Parquet trace is refused', () => {
  const written = (name: string, content: string | Uint8Array): string => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return file
  }
  const other = (kvMetadata: { key: string; value: string }[]): Uint8Array =>
    new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: [1, 2] }], kvMetadata }))
  const bytes = readFileSync(table)
  test.each<[string, () => string, RegExp]>([
    ['a run that was stopped', () => join(folder, 'growing.parquet'), /its run was stopped; make it again/],
    ['a file that is cut off', () => written('torn.parquet', bytes.subarray(0, bytes.length / 2)), /cut off or broken/],
    ['an empty file', () => written('empty.parquet', ''), /no Parquet/],
    ['NDJSON that is called Parquet', () => written('lines.parquet', readFileSync(lines)), /no Parquet/],
    ['some other table', () => written('other.parquet', other([])), /found no trace/],
    [
      'a later format',
      () => written('later.parquet', other([{ key: HEADER_KEY, value: '{"format":"orrery-trace/9"}' }])),
      /orrery-trace\/9.*reads orrery-trace\/1/,
    ],
    ['no file', () => join(folder, 'nowhere.parquet'), /no such file/],
    ['a folder', () => folder, /found a folder/],
  ])('%s', async (_, file, expected) => {
    await expect(rowsOf(readParquet, file())).rejects.toThrow(expected)
  })
})
