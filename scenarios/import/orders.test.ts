import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../read/problem.ts'
import { ledger } from './ledger.ts'
import { readOrderTable } from './orders.ts'
import { readMap } from './read-map.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-orders-'))

const MAP = `
name: Shop
currency: EUR
time: { zone: Europe/Berlin }
columns: { order: id, placed: placed, handedOver: shipped, delivered: arrived, sku: sku, quantity: qty, price: price, status: state }
weight: { column: kg, unit: kg }
destination: { city: city, region: state_code }
origin: { name: Depot, lat: 52.5, lon: 13.4 }
places: towns.csv
statuses: { delivered: [done] }
`
const ROWS = `id,placed,shipped,arrived,sku,qty,price,state,kg,city,state_code
1,2024-01-08T10:00:00Z,2024-01-09T10:00:00Z,2024-01-10T10:00:00Z,a,2,5,done,0.5,Hamburg,HH
1,2024-01-08T10:00:00Z,,,b,1,7,done,1,Hamburg,HH
1,2024-01-08T10:00:00Z,,,a,1,5,done,0.5,Hamburg,HH
2,2024-01-08T11:00:00Z,2024-01-09T10:00:00Z,2024-01-08T12:00:00Z,a,1,5,done,0.5,Hambrug,HH
3,soon,,,a,1,5,open,0.5,Hamburg,HH
4,2024-01-08T12:00:00Z,,,a,-1,5,open,0.5,Hamburg,HH
5,2024-01-08T12:00:00Z,,,a,x,5,open,0.5,Atlantis,XX
6,2024-01-08T12:00:00Z
`

function files(map = MAP, rows = ROWS): { file: string; map: string } {
  writeFileSync(join(folder, 'towns.csv'), 'name,region,lat,lon\nHamburg,HH,53.6,10\nKiel,SH,54.3,10.1\n')
  writeFileSync(join(folder, 'orders.csv'), rows)
  writeFileSync(join(folder, 'map.yaml'), map)
  return { file: join(folder, 'orders.csv'), map: join(folder, 'map.yaml') }
}

function problems(work: () => unknown): readonly { line: number | null; field: string; found: string; fix: string }[] {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError) return error.problems
  }
  return []
}

test('rows of one order are its lines, the same article adding up, in local time', async () => {
  const history = await readOrderTable({ ...files(), book: ledger() })
  expect(history.id).toEqual(['1', '2', '5'])
  expect([...history.lineStart]).toEqual([0, 2, 3, 4])
  expect([...history.units]).toEqual([3, 1, 1, 1])
  expect([...history.price.slice(0, 2)]).toEqual([15, 7])
  expect(new Date(history.placedMs[0]).toISOString()).toBe('2024-01-08T11:00:00.000Z')
  expect(history.articles.map((article) => article.weightGrams)).toEqual([500, 1000])
  expect(history.town[1]).toBe(history.town[0])
})

test('every row is in the book: clean, or under the worst that was found in it', async () => {
  const book = ledger()
  await readOrderTable({ ...files(), book })
  const [tally] = book.tallies()
  expect(tally.rowsRead).toBe(8)
  expect(tally.clean + tally.kept + tally.repaired + tally.blanked + tally.dropped).toBe(tally.rowsRead)
  expect(tally).toMatchObject({ clean: 3, repaired: 1, blanked: 1, dropped: 3 })
  expect(book.kinds().map((dirt) => `${dirt.rows} ${dirt.kind}`)).toEqual(
    expect.arrayContaining([
      '1 misspelt town',
      '1 delivered before it was handed over',
      '1 no time it was placed',
      '1 quantity of 0 or less',
      '1 unknown state',
      '1 quantity cannot be read',
      '1 too few or too many cells',
    ]),
  )
})

test('a column that is not in the table is named with the line of the map and the nearest there is', async () => {
  const map = MAP.replace('placed: placed', 'placed: plced')
  const error = await readOrderTable({ ...files(map), book: ledger() }).catch((cause) => cause)
  expect(error).toBeInstanceOf(InputError)
  expect(error.problems[0]).toMatchObject({ field: 'columns.placed', line: 5 })
  expect(error.problems[0].fix).toContain('`placed`')
})

test('a table parted by another mark than the map says is told once, with the line to write', async () => {
  const error = await readOrderTable({ ...files(MAP, ROWS.replaceAll(',', ';')), book: ledger() }).catch((cause) => cause)
  expect(error.problems).toMatchObject([{ field: 'delimiter', fix: 'write delimiter: ";"' }])
})

test('rows of another encoding than UTF-8 are counted, and not dropped', async () => {
  const { file, map } = files()
  writeFileSync(file, Buffer.from(ROWS.replace('Hambrug', 'Hamb\xfcrg'), 'latin1'))
  const book = ledger()
  await readOrderTable({ file, map, book })
  expect(book.kinds()).toContainEqual(expect.objectContaining({ kind: 'bytes that are not UTF-8', rows: 1, firstLine: 5 }))
})

test('a map that cannot work is refused before the table is opened', () => {
  const found = (map: string) => problems(() => readMap(files(map).map)).map(({ field }) => field)
  expect(found(MAP.replace('places: towns.csv', ''))).toEqual(['destination'])
  expect(found(MAP.replace('Europe/Berlin', 'Europe/Berlyn'))).toEqual(['time.zone'])
  expect(found(MAP.replace('{ zone: Europe/Berlin }', '{ format: epoch-ms }'))).toEqual(['time'])
  expect(found(MAP.replace('city: city, region: state_code', 'lat: lat'))).toEqual(['destination'])
})

test('the example maps are maps', () => {
  for (const name of ['uci-online-retail', 'shop-export']) {
    const file = new URL(`examples/${name}.map.yaml`, import.meta.url).pathname
    expect(readMap(file).map.name).not.toBe('')
    expect(readFileSync(file, 'utf8')).toContain('order-map.schema.json')
  }
})
