import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'decide-'))
afterAll(() => rmSync(folder, { recursive: true }))
const orrery = (...args: string[]) => spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8', timeout: 60_000 })

describe('orrery decide', () => {
  const ORDER = ['decide', '500', 'peak-sale', '--policy', 'live-greedy']

  test('tells the decision in English and in Chinese, and its digest is that of --json', () => {
    const [en, zh, json] = [[], ['--lang', 'zh'], ['--json']].map((more) => orrery(...ORDER, ...more))
    expect([en.status, zh.status, json.status]).toEqual([0, 0, 0])
    const told = JSON.parse(json.stdout)
    expect(en.stdout).toMatch(/^Order 500 to /)
    expect(en.stdout).toMatch(/Price \d+\.\d\d BRL: /)
    expect(zh.stdout).toMatch(/^订单 500，送往/)
    for (const { stdout } of [en, zh]) expect(stdout).toContain(`digest ${told.digest}`)
    expect(told.warehouses.length).toBeGreaterThan(5)
  })

  test('puts the run away right before it and decides the same from there; another order from there is another decision', () => {
    const file = join(folder, 'd.snap')
    const saved = orrery(...ORDER, '--why-not', 'curitiba', '--save', file)
    expect(saved.status).toBe(0)
    const [again] = /orrery decide 500 .*$/m.exec(saved.stderr) ?? ['']
    const args = again.split(' ').slice(1)
    expect(args).toContain('--from')
    const from = orrery(...args)
    expect(from.stdout).toBe(saved.stdout)
    expect(from.status).toBe(0)
    const other = orrery(...ORDER, '--why-not', 'recife', '--from', file, '--expect', args[args.length - 1])
    expect(other.stderr).toMatch(/the decision has digest [0-9a-f]{16}, expected was/)
    expect(other.status).toBe(1)
    truncateSync(file, 100_000)
    const torn = orrery(...ORDER, '--from', file)
    expect(torn.stderr).toMatch(/d\.snap.* length: found 100000 bytes/)
    expect(torn.status).toBe(2)
  })

  test('writes every decision of a run', () => {
    const file = join(folder, 'log.ndjson')
    const { status, stdout } = orrery('decide', 'calm', '--policy', 'cheapest', '--log', file)
    expect(status).toBe(0)
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1)
    expect(stdout).toContain(`${rows.length} decisions in`)
    expect(rows.length).toBeGreaterThan(1000)
  })

  test.each([
    ['an order that is no number', ['decide', 'storm'], /ORDER: found `storm`; write the order's number/],
    ['an order the run does not have', ['decide', '99999999'], /ORDER: found 99999999; the run has orders 0 to [\d,]+/],
    [
      'a warehouse that is not there',
      ['decide', '5', '--why-not', 'curitba'],
      /--why-not: found `curitba`.*did you mean `curitiba`/,
    ],
    [
      'a snapshot that is not there',
      ['decide', '5', '--from', 'nowhere.snap'],
      /nowhere\.snap.*--from: found no such file; name a file that --save wrote/,
    ],
    ['a log of one order', ['decide', '5', 'calm', '--log', 'x'], /--log: found it beside an order/],
  ])('refuses %s, and says what would do', (_, args, expected) => {
    const { status, stderr } = orrery(...args)
    expect(stderr).toMatch(expected)
    expect(status).toBe(2)
  })
})
