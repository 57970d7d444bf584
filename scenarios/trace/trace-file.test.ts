import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestant } from '../contestant.ts'
import { runExperiment } from '../experiment.ts'
import type { ExperimentPlan } from '../plan.ts'
import { loadNetwork } from '../read/network.ts'
import { loadScenario } from '../read/scenario.ts'
import { lifeOf } from './life.ts'
import { readParquet } from './parquet-read.ts'
import { rerun } from './rerun.ts'
import type { TraceRow } from './row.ts'
import { readTrace } from './trace-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-trace-'))
const TRACE = { file: join(folder, 'storm.ndjson.gz'), replication: 1, again: 'orrery run storm' }
const plan: ExperimentPlan = {
  network: { ...(await loadNetwork('brazil')), spec: smallWorld() },
  scenarios: [loadScenario('storm')],
  contestants: await Promise.all(['nearest', 'live-greedy'].map(parseContestant)),
  baseline: 'nearest',
  replications: 2,
  seed: 's',
  workers: 2,
  untilPrecision: null,
  maxReplications: 2,
  replay: null,
  origins: 'free',
  check: true,
  trace: TRACE,
}
const watch = { signal: new AbortController().signal, onProgress() {} }
const { result } = await runExperiment(plan, watch)
const packed = join(folder, 'storm.storm.live-greedy.ndjson.gz')
const plain = join(folder, 'plain.ndjson')
const text = gunzipSync(readFileSync(packed)).toString()
writeFileSync(plain, text)
const lines = text.trimEnd().split('\n')

async function rowsOf(file: string, order: number | null = null): Promise<TraceRow[]> {
  const rows: TraceRow[] = []
  await readTrace(file, (row) => rows.push(row), order)
  return rows
}

test('a file without a line in sight is no trace, and is not read to its end', async () => {
  const file = join(folder, 'long.ndjson')
  writeFileSync(file, Buffer.alloc(20 * 2 ** 20, 'x'))
  await expect(rowsOf(file)).rejects.toThrow(
    /long\.ndjson:1 {2}--trace: found no trace; name a file that `orrery run --trace` wrote/,
  )
})

describe('a traced experiment', () => {
  test('has the result of one that is not traced', async () => {
    const { result: untraced } = await runExperiment({ ...plan, trace: null }, watch)
    expect(untraced.digest).toBe(result.digest)
    expect(untraced.cells).toEqual(result.cells)
  })

  test('writes the replication that was asked for, which is the one that a second run gives', async () => {
    const again: TraceRow[] = []
    const one = { ...plan, contestants: [plan.contestants[1]] }
    const { orders } = await rerun(one, 1, 'orrery why', (row) => again.push(row), null)
    const written = (await rowsOf(packed)).filter(({ who }) => who.order !== undefined)
    expect(orders).toBeGreaterThan(500)
    expect(written).toEqual(again)
  })

  test('names itself in the first line and says in the last that it is whole', () => {
    expect(JSON.parse(lines[0])).toMatchObject({
      format: 'orrery-trace/1',
      scenario: 'storm',
      policies: 'live-greedy',
      seed: 's',
      replication: 1,
      again: 'orrery run storm',
    })
    expect(JSON.parse(lines[lines.length - 1]).end.rows).toBe(lines.length - 2)
  })

  test('has all five elements in every row', () => {
    for (const line of lines.slice(1, -1)) {
      const row = JSON.parse(line)
      expect(Object.keys(row).slice(0, 6)).toEqual(['event', 'who', 'when', 'why', 'what', 'impact'])
      expect(row.when.at).toMatch(/^day -?\d+ (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d:\d\d$/)
      expect(row.why.rule.length).toBeGreaterThan(3)
      expect(row.what.did.length).toBeGreaterThan(3)
    }
  })

  test('leaves only goods that nobody ordered or sent without a word', () => {
    const silent = lines
      .slice(1, -1)
      .map((line) => JSON.parse(line) as TraceRow)
      .filter(({ what }) => what.did === 'nothing')
    expect(new Set(silent.map(({ why }) => why.by))).toEqual(new Set(['receive', 'review']))
  })
})

test('the rows of one order are found without the others, packed or not', async () => {
  const every = await rowsOf(plain)
  const order = every.find(({ what }) => what.did === 'delivered')?.who.order ?? -1
  const all = every.filter(({ who }) => who.order === order)
  expect(all.length).toBeGreaterThan(10)
  expect(await rowsOf(plain, order)).toEqual(all)
  expect(await rowsOf(packed, order)).toEqual(all)
  expect(lifeOf(all)?.order).toBe(order)
  expect(await rowsOf(plain, 1_000_000)).toEqual([])
})

test('a thread writes the same run as Parquet where the name says so', async () => {
  const file = join(folder, 'storm.parquet')
  await runExperiment({ ...plan, contestants: [plan.contestants[1]], baseline: 'live-greedy', trace: { ...TRACE, file } }, watch)
  const rows: TraceRow[] = []
  await readParquet(file, (row) => rows.push(row))
  expect(rows).toEqual(await rowsOf(packed))
})

describe('what is no whole trace is refused, and says how to make it again', () => {
  const written = (name: string, content: string | Uint8Array): string => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return file
  }
  const torn = text.slice(0, text.length / 2)
  const bytes = readFileSync(packed)
  test.each<[string, () => string, RegExp]>([
    [
      'a run that was stopped',
      () => written('stopped.ndjson', `${lines.slice(0, 300).join('\n')}\n`),
      /no end after 300 lines.*orrery run storm/,
    ],
    [
      'a file cut in the middle of a line',
      () => written('torn.ndjson', torn),
      /:\d+ {2}--trace: found (no end|a line that is cut off)/,
    ],
    ['a packed file that is cut off', () => written('torn.ndjson.gz', bytes.subarray(0, bytes.length / 2)), /cut off or broken/],
    [
      'a line taken out',
      () => written('less.ndjson', [...lines.slice(0, 5), ...lines.slice(6)].join('\n')),
      /found \d+ of \d+ rows/,
    ],
    ['a line after the end', () => written('more.ndjson', [...lines, '{}'].join('\n')), /a line after the end/],
    [
      'a changed line',
      () => written('changed.ndjson', [...lines.slice(0, 5), 'x', ...lines.slice(6)].join('\n')),
      /:6 .*cut off or changed/,
    ],
    ['an empty file', () => written('empty.ndjson', ''), /an empty file/],
    ['something else', () => written('other.ndjson', '{"a": 1}\n'), /:1 .*no trace/],
    ['something that is not even JSON', () => written('other.txt', 'order,zone\n'), /no trace/],
    ['a later format', () => written('later.ndjson', '{"format":"orrery-trace/9"}\n'), /orrery-trace\/9.*reads orrery-trace\/1/],
    ['plain text that is called packed', () => written('plain.ndjson.gz', text), /cut off or broken/],
    ['no file', () => join(folder, 'nowhere.ndjson'), /no such file/],
    ['a folder', () => folder, /found a folder/],
  ])('%s', async (_, file, expected) => {
    await expect(rowsOf(file())).rejects.toThrow(expected)
  })
})
