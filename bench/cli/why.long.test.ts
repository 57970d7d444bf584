import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { blameByCause, type Life } from '../../scenarios/trace/life.ts'
import { latenessOf } from '../../scenarios/trace/lives.ts'
import { isParquet } from '../../scenarios/trace/parquet-columns.ts'
import { writeParquet } from '../../scenarios/trace/parquet-write.ts'
import { namerOf } from '../../scenarios/trace/run-trace.ts'
import { writeTrace } from '../../scenarios/trace/trace-file.ts'
import { traced, troubleHeader } from '../../scenarios/trace/traced.fixture.ts'
import { simulate } from '../../sim/outcome.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import { openSmallRun, SCARCE, TROUBLE } from '../small-run.ts'
import { latenessText, lifeText, percents, span } from './why-text.ts'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))
const { lives } = await traced({ spec: SCARCE, scenario: TROUBLE, policies: 'live-greedy' })
const header = troubleHeader('')
const read = (life: Life): string => stripVTControlCharacters(lifeText(life, header))
const found = (what: (life: Life) => boolean): Life => {
  const life = lives.find(what)
  if (life === undefined) throw new Error('the troubled week has no such order')
  return life
}

describe('one order', () => {
  test('fits into 80 columns, whatever its life was like', () => {
    for (const life of lives) for (const line of read(life).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  test('that is late says by how much, and shares of blame that are 100 %', () => {
    for (const life of lives.filter(({ lateMs }) => Number(lateMs) > 0)) {
      const said = read(life)
      expect(said).toContain(`${span(Number(life.lateMs))} late`)
      const shares = [...said.matchAll(/^ +(<?\d+) % {2}/gm)].map(([, share]) => (share === '<1' ? 0 : Number(share)))
      expect(shares.length).toBe(blameByCause(life).length)
      expect(shares.reduce((a, b) => a + b, 0)).toBe(100)
    }
  })

  test('in time says how much was to spare, and blames nobody', () => {
    const life = found(({ lateMs }) => lateMs !== null && lateMs < 0)
    expect(read(life)).toMatch(/in time, with .* to spare/)
    expect(read(life)).not.toContain('What is to blame')
  })

  test('that was split is told by the parcel that ended last, and names the others', () => {
    const life = found(({ parcels, ending }) => parcels > 1 && ending === 'delivered')
    expect(read(life)).toMatch(/^parcel {5}\d of \d, the last to end$/m)
    expect(read(life)).toMatch(/^parcel \d {3}delivered day/m)
    for (const { what, when } of life.rows) if (what.did === 'delivered') expect(when.ms).toBeLessThanOrEqual(life.endMs)
  })

  test('that was cancelled or lost is no late order', () => {
    expect(read(found(({ ending }) => ending === 'cancelled'))).toContain('its customer lost patience')
    expect(read(found(({ ending }) => ending === 'lost'))).toContain('lost on the road: no lateness to share out')
  })

  test('that waited for goods names them', () => {
    const life = found((one) => blameByCause(one)[0]?.cause === 'no stock')
    expect(read(life)).toMatch(/no stock of sku-\d/)
  })
})

describe('all late orders together', () => {
  const sums = latenessOf(5)
  for (const life of lives) sums.take(life)
  const said = stripVTControlCharacters(latenessText(sums, header))

  test('fit into 80 columns, and the latest come first', () => {
    for (const line of said.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    const latest = lives.map(({ lateMs }) => Number(lateMs)).sort((a, b) => b - a)
    expect(sums.latest.map(({ lateMs }) => lateMs)).toEqual(latest.slice(0, 5))
    expect(said).toContain(String(sums.latest[0].order))
  })

  test('add up: the blame of all causes is all their lateness', () => {
    const blamed = [...sums.causes.values()].reduce((total, { blameMs }) => total + blameMs, 0)
    expect(blamed).toBe(sums.lateMs)
    expect([...sums.causes.values()].reduce((total, { mostly }) => total + mostly, 0)).toBe(sums.late)
  })

  test('where there are none it says so', () => {
    const none = latenessOf(5)
    for (const life of lives) if (Number(life.lateMs) <= 0) none.take(life)
    expect(latenessText(none, header)).toMatch(/All [\d,]+ measured orders that were delivered were in time/)
  })
})

test('durations have two units and percentages add up to a hundred', () => {
  const [s, h] = [1000, 3_600_000]
  expect([0, 40 * s, 90 * s, 59.6 * 60 * s, 26 * h, 23.999 * h, -3.5 * h].map(span)).toEqual([
    '0',
    '40 s',
    '2 m',
    '1 h 00 m',
    '1 d 02 h',
    '1 d 00 h',
    '-3 h 30 m',
  ])
  expect(percents([1, 1, 1])).toEqual([34, 33, 33])
})

test('a trace is explained in the same words, whatever it was written as', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-why-'))
  const sim = await openSmallRun({ spec: SCARCE, scenario: TROUBLE, policies: 'live-greedy' })
  const namer = namerOf(SCARCE, sim)
  const names = ['trouble.ndjson', 'trouble.parquet'].map((name) => join(folder, name))
  const files = names.map((name) => (isParquet(name) ? writeParquet : writeTrace)(name, header, namer))
  const tracer = new Tracer(sim, (block) => {
    for (const file of files) file.sink(block)
  })
  const outcome = simulate(sim, (one) => tracer.watch(one))
  tracer.end()
  for (const file of files) file.close(outcome)
  const late = lives.find(({ lateMs }) => Number(lateMs) > 0)?.order ?? -1
  for (const order of [[], [String(late)]]) {
    const said = names.map((name) =>
      spawnSync(process.execPath, [launcher, 'why', ...order, '--trace', name], { encoding: 'utf8' }),
    )
    expect(said.map(({ status }) => status)).toEqual([0, 0])
    expect(said[0].stdout).toMatch(order.length === 0 ? /orders were late/ : new RegExp(`${late}`))
    expect(said[1].stdout).toBe(said[0].stdout)
  }
})

describe('bad questions end with exit code 2 and what would do', () => {
  test.each([
    ['an order that is no number', ['why', 'twelve'], /ORDER: found `twelve`; write the order's number/],
    ['a trace and a scenario', ['why', '1', '--trace', 'x.ndjson', '--scenario', 'storm'], /--scenario: found it beside --trace/],
    ['a trace that is not there', ['why', '1', '--trace', 'nowhere.ndjson'], /no such file; make one with/],
    ['an unknown scenario', ['why', '1', '--scenario', 'strom'], /did you mean `storm`/],
    ['a Parquet trace packed twice', ['run', '--trace', 'x.parquet.gz'], /end it in .parquet/],
    ['a trace on standard output', ['run', '--trace', '-'], /--trace: found standard output/],
    [
      'a replication that is not run',
      ['run', '--trace', 'x.ndjson', '--trace-replication', '20'],
      /the last of 20 replications is 19/,
    ],
    ['a replication of no trace', ['run', '--trace-replication', '3'], /3 without --trace/],
    ['a trace where none can be', ['run', '--trace', '/proc/nowhere/x.ndjson'], /--trace: found/],
  ])('%s', (_, args, expected) => {
    const { status, stderr } = spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8', timeout: 60_000 })
    expect(stderr).toMatch(expected)
    expect(status).toBe(2)
  })

  test('an order that the run does not have', () => {
    const args = ['why', '99999999', '--scenario', 'calm', '--policy', 'nearest']
    const { status, stderr } = spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8', timeout: 60_000 })
    expect(stderr).toMatch(/ORDER: found 99999999; the run has orders 0 to [\d,]+/)
    expect(status).toBe(2)
  })
})
