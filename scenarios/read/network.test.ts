import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listNetworks, loadNetwork } from './network.ts'
import { InputError, type Problem } from './problem.ts'

const bundled = listNetworks()[0]

/** A copy of the bundled network with one of its files changed. */
function changed(file: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-network-'))
  cpSync(bundled.folder, folder, { recursive: true })
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')))
  return folder
}

async function problemsOf(folder: string): Promise<readonly Problem[]> {
  try {
    await loadNetwork(folder)
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

/** Replaces one cell of a table; rows are counted as lines of the file, so 2 is the first below the header. */
function cell(line: number, column: string, value: string): (text: string) => string {
  return (text) => {
    const rows = text.split('\n').map((row) => row.split(','))
    rows[line - 1][rows[0].indexOf(column)] = value
    return rows.map((row) => row.join(',')).join('\n')
  }
}

describe('a bundled network', () => {
  test('is read by name and by path alike', async () => {
    const byName = await loadNetwork(bundled.id)
    const byPath = await loadNetwork(bundled.folder)
    expect(byPath).toEqual(byName)
  })

  test('has a card whose shares sum to 1, for the map', async () => {
    const { card } = await loadNetwork(bundled.id)
    expect(card.zones.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    expect(card.warehouses.length).toBeGreaterThan(1)
  })

  test('a name nearly right is told which was meant', async () => {
    await expect(loadNetwork(`${bundled.id}x`)).rejects.toThrow(`did you mean \`${bundled.id}\``)
  })

  test('a folder that is no network is told apart from a name that is none', async () => {
    await expect(loadNetwork(tmpdir())).rejects.toThrow(/without a network.yaml/)
  })
})

describe('what is wrong with a network is told by file, line, field, finding and fix', () => {
  test.each<[string, string, (text: string) => string, Partial<Problem>, RegExp]>([
    [
      'a negative rate',
      'network.yaml',
      (t) => t.replace(/ordersPerDay: .*/, 'ordersPerDay: -5'),
      { field: 'demand.ordersPerDay', found: '-5' },
      /above 0/,
    ],
    [
      'a mistyped key',
      'network.yaml',
      (t) => t.replace(/headroom:/, 'hedroom:'),
      { field: 'hedroom', found: 'unknown key `hedroom`' },
      /`headroom`/,
    ],
    [
      'a law nobody knows',
      'network.yaml',
      (t) => t.replace('law: lognormal', 'law: lognorml'),
      { found: '"lognorml"' },
      /`lognormal`/,
    ],
    [
      'a weekday nobody knows',
      'network.yaml',
      (t) => t.replace(/startsOn: .*/, 'startsOn: monday'),
      { field: 'startsOn', found: '"monday"' },
      /mon/,
    ],
    [
      '23 hours in a day',
      'network.yaml',
      (t) => t.replace(/hourlyShare:[\s\S]*?weekdayShare/, 'hourlyShare: [1, 2]\n  weekdayShare'),
      { field: 'demand.hourlyShare', found: 'a list of 2' },
      /a list of 24/,
    ],
    [
      'words for a share',
      'zones.csv',
      cell(3, 'share', 'much'),
      { line: 3, field: 'share', found: '"much"' },
      /number of at least 0/,
    ],
    [
      'a comma for the decimal point',
      'zones.csv',
      cell(4, 'lat', '"-9,5"'),
      { line: 4, field: 'lat', found: '"-9,5"' },
      /number from -90 to 90/,
    ],
    ['no latitude', 'zones.csv', cell(4, 'lat', ''), { line: 4, field: 'lat', found: 'nothing' }, /add `lat`/],
    ['a weight of zero', 'skus.csv', cell(2, 'weightGrams', '0'), { line: 2, field: 'weightGrams', found: '0' }, /above 0/],
    [
      'a column nobody knows',
      'zones.csv',
      (t) => t.replace('deliveriesPerDay', 'deliveriesPrDay'),
      { line: 1, found: 'unknown column `deliveriesPrDay`' },
      /`deliveriesPerDay`/,
    ],
    ['a column left out', 'zones.csv', (t) => t.replace('region', 'note'), { field: 'region' }, /add the column/],
    [
      'a cell too few',
      'skus.csv',
      (t) => t.replace(/\n([^\n]*),[^,\n]*\n/, '\n$1\n'),
      { line: 2, field: 'row' },
      /one for each column/,
    ],
    ['no row at all', 'skus.csv', (t) => t.split('\n')[0], { field: 'rows', found: 'none' }, /at least one/],
    ['an outline that is none', 'outline.json', () => '{"a": 1}', { field: 'outline' }, /rings of/],
  ])('%s', async (_, file, change, expected, fix) => {
    const problems = await problemsOf(changed(file, change))
    expect(problems[0]).toMatchObject(expected)
    expect(problems[0].file.endsWith(file)).toBe(true)
    expect(problems[0].fix).toMatch(fix)
  })

  test('all three files are read although the first is broken', async () => {
    const folder = changed('network.yaml', (text) => text.replace(/headroom: .*/, 'headroom: none'))
    writeFileSync(join(folder, 'zones.csv'), 'id,name\n')
    rmSync(join(folder, 'skus.csv'))
    const files = (await problemsOf(folder)).map(({ file }) => file.split('/').at(-1))
    expect(new Set(files)).toEqual(new Set(['network.yaml', 'zones.csv', 'skus.csv']))
  })
})

test('a table saved in another encoding than UTF-8 is refused with its first such line', async () => {
  const folder = changed('zones.csv', (text) => text)
  const file = join(folder, 'zones.csv')
  const rows = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, Buffer.from([rows[0], rows[1].replace(/,[^,]*/, ',Macei\xf3')].join('\n'), 'latin1'))
  expect(await problemsOf(folder)).toMatchObject([{ file, line: 2, found: 'bytes that are not UTF-8' }])
})
