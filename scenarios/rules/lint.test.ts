import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestant, parseContestantOn } from '../contestant.ts'
import { loadNetwork } from '../read/network.ts'
import { InputError } from '../read/problem.ts'
import { lintRules } from './lint.ts'
import { loadRules } from './load-rules.ts'
import { listRules, readRules } from './read-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'rules-'))
afterAll(() => rmSync(folder, { recursive: true }))
const NETWORK = smallWorld({
  warehouses: smallWorld().warehouses.map((warehouse, w) => ({ ...warehouse, tags: w === 1 ? ['depot'] : ['shop'] })),
})

/** A rules file; its first rule begins on line 4. */
function fileOf(rules: string, head = ''): string {
  const file = join(folder, 'rules.yaml')
  writeFileSync(file, `name: test\nabout: Test.\nrules:\n${rules}\n${head}`)
  return file
}
/** All the lint says, as "severity line field: found; fix". */
const said = (rules: string, head = 'uncovered: cheapest'): string[] =>
  lintRules(readRules(fileOf(rules, head)), NETWORK).map(
    ({ severity, problem: { line, field, found, fix } }) => `${severity} ${line} ${field}: ${found}; ${fix}`,
  )
function problemsOf(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof InputError)
      return error.problems.map(({ line, field, found, fix }) => `${line} ${field}: ${found}; ${fix}`)
  }
  throw new Error('nothing was refused')
}

describe('a rules file that cannot be understood', () => {
  test('is refused on the line of what is wrong, with what was probably meant', () => {
    const rules =
      '  - name: a\n    nodes: { maxkm: 300 }\n    sort:\n      - { by: distance }\n      - { by: kms }\n    otherwise: nxt'
    expect(problemsOf(() => readRules(fileOf(rules)))).toEqual([
      '5 rules[0].nodes.maxkm: unknown key `maxkm`; did you mean `maxKm`?',
      expect.stringMatching(/^7 rules\[0\]\.sort\[0\]\.by: "distance"; use one of km, cost, etaHours/),
      '8 rules[0].sort[1].by: "kms"; did you mean `km`?',
      '9 rules[0].otherwise: "nxt"; did you mean `next`?',
    ])
  })

  test('is asked for by name: a bundled one, or a path', () => {
    expect(problemsOf(() => readRules('regional-frist'))).toEqual([
      'null "regional-frist": no such name or file; did you mean `regional-first`? The path of a .yaml file will do too',
    ])
  })

  test('is no contestant where no network says what its names mean', async () => {
    await expect(parseContestant('rules:regional-first')).rejects.toThrow('where there is no network')
    await expect(parseContestantOn(NETWORK, 'rules:regional-first+cheapest')).rejects.toThrow('two routing policies')
  })
})

describe('the lint', () => {
  test('has nothing to say of a plain rule set', () => {
    expect(said('  - name: near\n    nodes: { maxKm: 300, inTime: true }\n  - name: rest')).toEqual([])
  })

  test('finds names that the network does not have', () => {
    const rules = [
      '  - name: a',
      '    when: { regions: [noth], skuTags: [fragile] }',
      '    nodes: { only: [WX], tags: [shops] }',
      '    sort: [{ by: rank, order: [WN, tag:depo] }]',
    ]
    expect(said(rules.join('\n'))).toEqual([
      'error 5 rules[0].when.regions[0]: unknown region `noth`; did you mean `north`?',
      'error 5 rules[0].when.skuTags[0]: unknown tag of goods `fragile`; skus.csv has no tags; give it a column `tags`, words parted by spaces',
      'error 6 rules[0].nodes.only[0]: unknown warehouse `WX`; did you mean `WN`?',
      'error 6 rules[0].nodes.tags[0]: unknown tag of a warehouse `shops`; did you mean `shop`?',
      'error 7 rules[0].sort[0].order[1]: unknown tag of a warehouse `depo`; did you mean `depot`?',
    ])
  })

  test('finds a filter that keeps out what another one asks for', () => {
    expect(said('  - name: a\n    nodes: { only: [WN], not: [WN] }')).toEqual([
      'error 5 rules[0].nodes.not[0]: `WN`, which `only` asks for; take it out of one of the two',
    ])
    expect(said('  - name: a\n    nodes: { tags: [depot], not: [WM] }')).toEqual([
      'error 5 rules[0].nodes: filters that leave no warehouse; take one of them out',
    ])
    expect(said('  - name: a\n    when: { zones: [N1], regions: [south] }')[0]).toBe(
      'error 5 rules[0].when: zones and regions that have no zone in common; leave out one of them',
    )
  })

  test('finds ranges and spans in which nothing lies', () => {
    const rules =
      '  - name: a\n    when:\n      value: { from: 50, to: 20 }\n      hours: { from: "08:00", to: "08:00" }\n      during: [{ from: day 2 00:00, to: day 1 00:00 }]'
    expect(said(rules)).toEqual([
      'error 6 rules[0].when.value: from 50 to 20, which no order has; swap the two ends',
      'error 7 rules[0].when.hours: from 08:00 to 08:00, which never is; leave it out for the whole day',
      'error 8 rules[0].when.during[0]: from day 2 00:00 to day 1 00:00, which never is; let it end after it begins',
    ])
  })

  test('finds rules that no order reaches, since one above takes them all and hands none on', () => {
    const above = '  - name: small\n    when: { lines: { to: 3 }, value: { to: 100 } }\n    otherwise: wait\n'
    expect(
      said(
        `${above}  - name: tiny\n    when: { lines: { from: 1, to: 2 }, value: { to: 50 }, regions: [north] }\n  - name: rest`,
      ),
    ).toEqual([
      'error 7 rules[1]: a rule that no order reaches: `small` takes them all; move `tiny` above, narrow the `when` of those, or take it out',
    ])
    expect(said(`${above}  - name: larger\n    when: { lines: { from: 2, to: 4 }, value: { to: 50 } }\n  - name: rest`)).toEqual(
      [],
    )
  })

  test('lets a rule stand that the one above hands orders on to', () => {
    expect(said('  - name: near\n    nodes: { maxKm: 100 }\n  - name: far\n    nodes: { maxKm: 300 }\n  - name: rest')).toEqual(
      [],
    )
    expect(said('  - name: all\n  - name: never')[0]).toMatch(/^error 5 rules\[1\]: a rule that no order reaches: `all`/)
  })

  test('says which orders no rule takes, unless the file says what becomes of them', () => {
    const rules =
      '  - name: north\n    when: { regions: [north] }\n  - name: south, dear\n    when: { regions: [south], value: { from: 50 } }'
    expect(said(rules, '')).toEqual([
      'warning 3 rules: no rule for some orders, for instance one to M1, 25 in value; add a last rule without `when`, or say `uncovered: cheapest` (what happens now) or `uncovered: wait`',
    ])
    expect(said(rules, 'uncovered: wait')).toEqual([])
  })

  test('sees that two rules take all orders between them, and which order falls between two others', () => {
    const split = (from: number): string[] =>
      said(`  - name: cheap\n    when: { value: { to: 50 } }\n  - name: dear\n    when: { value: { from: ${from} } }`, '')
    expect(split(50)).toEqual([])
    expect(split(60)[0]).toMatch(/for instance one to N1, 55 in value;/)
    const hours = (to: string): string[] =>
      said(
        `  - name: day\n    when: { hours: { from: "08:00", to: "20:00" } }\n  - name: night\n    when: { hours: { from: "20:00", to: "${to}" } }`,
        '',
      )
    expect(hours('08:00')).toEqual([])
    expect(hours('07:00')[0]).toMatch(/for instance one to N1, at 07:00;/)
    const goods = `  - name: one\n    when: { skus: [sku-0] }\n  - name: others\n    when: { skus: [sku-1, sku-2], goods: all }`
    expect(said(goods, '')[0]).toMatch(/for instance one to N1, with sku-3;/)
  })

  test('sees that two rules together leave nothing to a third', () => {
    const two = '  - name: cheap\n    when: { value: { to: 50 } }\n  - name: dear\n    when: { value: { from: 50 } }\n'
    expect(said(`${two}  - name: heavy\n    when: { weightKg: { from: 5 } }`)).toEqual([
      'error 8 rules[2]: a rule that no order reaches: `cheap`, `dear` take them all; move `heavy` above, narrow the `when` of those, or take it out',
    ])
  })

  test('finds filters that nothing passes on any day: too near, or faster than goods are prepared', () => {
    expect(said('  - name: a\n    when: { regions: [south] }\n    nodes: { only: [WN], maxKm: 200 }')[0]).toMatch(
      /^error 6 rules\[0\]\.nodes\.maxKm: 200 km, where its nearest warehouse is 5\d\d km from its nearest zone/,
    )
    expect(said('  - name: a\n    nodes: { maxBacklogHours: 0.4 }')).toEqual([
      'error 5 rules[0].nodes.maxBacklogHours: 0.4 hours, where preparation alone takes 0.5 (median) at the fastest of its warehouses; allow that and what the queue may take',
    ])
  })

  test('finds sorts that change nothing', () => {
    expect(said('  - name: a\n    nodes: { only: [WN] }\n    sort: [{ by: km }, { by: cost }, { by: cost, band: 5 }]')).toEqual([
      'warning 6 rules[0].sort[0]: `km` where only `WN` may ship; leave it out: it is the same for all',
      'warning 6 rules[0].sort[2]: `cost` again, no finer than in sort 2; leave it out',
    ])
    expect(said('  - name: a\n    sort: [{ by: km, band: 5000 }, { by: cost }]')).toEqual([
      'warning 5 rules[0].sort[0]: a band of 5000, in which everything lies; make it narrower',
    ])
  })

  test('refuses more sorts than a price can tell apart, and says where to begin', () => {
    const rules = '  - name: a\n    sort: [{ by: km }, { by: etaHours }, { by: co2Grams }, { by: lateShare }, { by: cost }]'
    expect(said(rules)).toEqual([
      expect.stringMatching(
        /^error 5 rules\[0\]\.sort\[1\]: sorts with [\d,]+ times as many places as a price can tell apart; give `etaHours` a wider band/,
      ),
    ])
  })

  test('finds words that contradict each other on splits, ranks and transfers', () => {
    const rules =
      '  - name: a\n    allocation: { shipComplete: true, maxShipments: 2 }\n    sort: [{ by: km, order: [WN] }, { by: rank }]\n    after: [{ transfer: { above: 0.8, from: [WN], to: [WN] } }]'
    expect(said(rules).map((line) => line.split(';')[0])).toEqual([
      'error 5 rules[0].allocation.maxShipments: 2 beside shipComplete',
      'error 6 rules[0].sort[0].order: it with `km`',
      'error 6 rules[0].sort[1]: a rank without `order`',
      'error 7 rules[0].after[0].transfer.to: `WN`, where the goods come from',
    ])
  })
})

test('every bundled rule set is sound on the bundled network, down to its warnings', async () => {
  const { spec } = await loadNetwork('brazil')
  expect(listRules().length).toBeGreaterThanOrEqual(3)
  for (const name of listRules()) expect(loadRules(name, spec).odd, name).toEqual([])
})
