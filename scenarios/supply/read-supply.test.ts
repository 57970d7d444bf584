import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { InputError } from '../read/problem.ts'
import { readSupply } from './read-supply.ts'

const EXAMPLES = fileURLToPath(new URL('./examples/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'orrery-supply-'))

const HEAD = `name: two
about: A shop at a mine.
currency: EUR
days: 30
sites:
  - id: mine
    endless: true
  - id: shop
    from: [mine]
    rule: { rule: up-to, reorderAt: 4, upTo: 9 }
    customers:
      - everyDays: { law: exponential, mean: 1 }
        units: { law: poisson, mean: 2 }
        unmet: waits
`

async function problemsWith(change: (text: string) => string): Promise<string[]> {
  const file = join(folder, 'network.yaml')
  writeFileSync(file, change(HEAD))
  try {
    await readSupply(file)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map(({ line, field, found, fix }) => `${line} ${field}: ${found}; ${fix}`)
  }
}

test('a network that says all it must is read', async () => {
  expect(await problemsWith((text) => text)).toEqual([])
})

test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml')))('the example %s can be run', async (name) => {
  expect((await readSupply(join(EXAMPLES, name))).sites.length).toBeGreaterThan(2)
})

test.each([
  ['a source that is nowhere', 'from: [mine]', 'from: [mien]', '9 sites[1].from[0]: no site mien; did you mean `mine`?'],
  ['a mistyped word', 'reorderAt: 4', 'reorderat: 4', '10 sites[1].rule.reorderat'],
  ['units in parts', 'upTo: 9', 'upTo: 9.5', '10 sites[1].rule.upTo'],
  ['a rule that would order nothing', 'upTo: 9', 'upTo: 4', '10 sites[1].rule.upTo: 4, not above reorderAt 4'],
  [
    'customers who come all at once',
    'mean: 1 }',
    'mean: 0.000001 }',
    '12 sites[1].customers[0].everyDays: a mean of 0.000001 days',
  ],
  [
    'customers who want nothing',
    '{ law: poisson, mean: 2 }',
    '{ law: constant, value: 0 }',
    '13 sites[1].customers[0].units: a mean of 0',
  ],
  ['a site without a source', '    from: [mine]\n', '', '8 sites[1].from: nothing; say where it orders'],
  [
    'a site without a rule',
    '    rule: { rule: up-to, reorderAt: 4, upTo: 9 }\n',
    '',
    '8 sites[1].rule: nothing; say when it orders',
  ],
  [
    'stock at an endless site',
    'endless: true',
    'endless: true\n    initial: 5',
    '8 sites[0].initial: `initial` at an endless site',
  ],
  [
    'more on the shelf than fits',
    'from: [mine]',
    'from: [mine]\n    capacity: 9\n    initial: 10',
    '11 sites[1].initial: 10 units where 9 fit',
  ],
  ['two sites of one name', 'id: mine', 'id: shop', '8 sites[1].id: a second shop'],
  ['a circle', 'from: [mine]', 'from: [shop]', '9 sites[1].from: a circle of orders: shop from shop'],
])('%s is said with its line and what would do', async (_, from, to, says) => {
  expect(await problemsWith((text) => text.replace(from, to))).toEqual(expect.arrayContaining([expect.stringContaining(says)]))
})

const TABLED = (text: string): string => text.replace('days: 30', 'days: 30\ntable: shops.csv')
const writeTable = (rows: string): void => writeFileSync(join(folder, 'shops.csv'), rows)

test('sites of a table have what their row says and everything else from the entry they are like', async () => {
  writeTable('id,like,upTo,customersPerDay,initial\nlille,shop,20,4,20\nmetz,shop,,,\n')
  expect(await problemsWith(TABLED)).toEqual([])
  const { sites } = await readSupply(join(folder, 'network.yaml'))
  expect(sites.map(({ id, echelon, initial }) => [id, echelon, initial])).toEqual([
    ['mine', undefined, undefined],
    ['lille', 'shop', 20],
    ['metz', 'shop', undefined],
  ])
  expect(sites[1].rule).toEqual({ rule: 'up-to', reorderAt: 4, upTo: 20 })
  expect(sites[1].customers?.[0].everyDays).toEqual({ law: 'exponential', mean: 0.25 })
  expect(sites[2].customers?.[0].everyDays).toEqual({ law: 'exponential', mean: 1 })
})

test.each([
  ['like nothing', 'lille,shops,20', 'like of lille: no entry shops; did you mean `shop`?'],
  ['with a rule that cannot be', 'lille,shop,3', '11 lille.rule.upTo: 3, not above reorderAt 4'],
  ['named as another entry', 'mine,shop,9', 'mine.id: a second mine'],
  ['with a number that is none', 'lille,shop,many', 'upTo: '],
])('a row %s is said', async (_, row, says) => {
  writeTable(`id,like,upTo\n${row}\n`)
  expect(await problemsWith(TABLED)).toEqual(expect.arrayContaining([expect.stringContaining(says)]))
})

test('a circle that only one row of a table closes is found', async () => {
  writeTable('id,like,from\nlille,shop,mine\nmetz,shop,depot\n')
  const depot = '  - id: depot\n    from: [shop]\n    rule: { rule: base-stock, upTo: 9 }\n'
  const found = await problemsWith((text) => TABLED(text).replace('  - id: shop', `${depot}  - id: shop`))
  expect(found).toEqual(expect.arrayContaining([expect.stringContaining('a circle of orders')]))
})
