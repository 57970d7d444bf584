import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadNetwork } from '../read/network.ts'
import { readOrders } from '../read/orders.ts'
import { importOrders, type Source } from './import.ts'
import { formatImportReport } from './report.ts'
import { writeTimestamp } from './timestamp.ts'
import { checkOutFolder } from './write-network.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-import-'))
const MAP = `
name: Shop
currency: EUR
columns: { order: id, placed: placed, approved: paid, handedOver: shipped, delivered: arrived, promised: promised, payment: payment, sku: sku, freight: freight }
weight: { column: kg, unit: kg }
destination: { city: city, region: land, lat: lat, lon: lon }
origin: { columns: { city: depot, lat: depot_lat, lon: depot_lon } }
`

/** Sixty days of a small shop: a town in the north, one in the south, a depot beside each. */
function table(): Extract<Source, { kind: 'orders' }> {
  const start = Date.parse('2024-03-04T00:00:00Z')
  const hour = 3_600_000
  const rows = Array.from({ length: 600 }, (_, i) => {
    const placed = start + Math.floor(i / 10) * 24 * hour + (8 + (i % 10)) * hour
    const north = i % 3 === 0
    const shipped = placed + (20 + (i % 7) * 3) * hour
    const stamps = [placed, placed + hour, shipped, shipped + (24 + (i % 5) * 20) * hour, placed + 240 * hour].map(writeTimestamp)
    const place = north ? ['Kiel', 'north', 54.3, 10.1] : ['Ulm', 'south', 48.4, 10]
    const depot = i % 2 === 0 ? ['Hamburg', 53.6, 10] : ['Munich', 48.1, 11.6]
    return [
      `o${i}`,
      ...stamps,
      i % 4 === 0 ? 'bank' : 'card',
      `sku${i % 5}`,
      5 + (i % 3),
      0.5 + (i % 4),
      ...place,
      ...depot,
    ].join(',')
  })
  const header = 'id,placed,paid,shipped,arrived,promised,payment,sku,freight,kg,city,land,lat,lon,depot,depot_lat,depot_lon'
  writeFileSync(join(folder, 'orders.csv'), `${[header, ...rows].join('\n')}\n`)
  writeFileSync(join(folder, 'map.yaml'), MAP)
  return { kind: 'orders', file: join(folder, 'orders.csv'), map: join(folder, 'map.yaml') }
}

test('an order table becomes a network that loads, and its orders can be replayed one by one', async () => {
  const out = join(folder, 'network')
  const said: string[] = []
  const report = await importOrders(table(), {
    out,
    warehouses: 2,
    zones: 4,
    onProgress: (sentence) => said.push(sentence),
  })
  expect(report).toMatchObject({ rowsRead: 600, network: { zones: 2, warehouses: 2, skus: 5, orders: 600 } })
  expect(said.length).toBeGreaterThan(1)
  expect(formatImportReport(report)).toContain('Read 600 rows')
  expect(readdirSync(out).sort()).toEqual(['import-report.json', 'network.yaml', 'orders.csv', 'skus.csv', 'zones.csv'])
  const { spec } = await loadNetwork(out)
  expect(spec.startsOn).toBe('mon')
  expect(spec.demand.ordersPerDay).toBe(10)
  expect(spec.payments.map((payment) => payment.type).sort()).toEqual(['bank', 'card'])
  const { orders, remarks } = await readOrders(join(out, 'orders.csv'), spec)
  expect(orders.count).toBe(600)
  expect(remarks).toEqual([])
  expect(orders.placedMs[0]).toBe(8 * 3_600_000)
  expect(orders.origin.every((origin) => origin >= 0)).toBe(true)
})

test('the same table gives the same network, and may be imported over itself', async () => {
  const out = join(folder, 'again')
  const first = await importOrders(table(), { out })
  expect(await importOrders(table(), { out })).toEqual(first)
})

test('a folder with other things in it is refused before anything is read', async () => {
  const taken = join(folder, 'taken')
  mkdirSync(taken)
  writeFileSync(join(taken, 'thesis.txt'), 'mine')
  await expect(importOrders({ kind: 'orders', file: 'none.csv', map: 'none.yaml' }, { out: taken })).rejects.toThrow(
    /thesis\.txt/,
  )
  writeFileSync(join(folder, 'plain'), '')
  await expect(checkOutFolder(join(folder, 'plain'))).rejects.toThrow(/a file/)
  await expect(checkOutFolder(join(folder, 'plain', 'inside'))).rejects.toThrow(/out/)
  await checkOutFolder(join(folder, 'new', 'deep'))
  expect(existsSync(join(folder, 'new'))).toBe(false)
})

test('a Ctrl-C that comes while the thread is busy measuring is heard before anything is written', async () => {
  const controller = new AbortController()
  const out = join(folder, 'stopped')
  const onProgress = (sentence: string) => {
    if (sentence.startsWith('measuring')) setImmediate(() => controller.abort(new Error('interrupted')))
  }
  await expect(importOrders(table(), { out, onProgress, signal: controller.signal })).rejects.toThrow('interrupted')
  expect(existsSync(out)).toBe(false)
})

test('a table without promises or deliveries says so instead of a share of nothing', async () => {
  const source = table()
  writeFileSync(source.map, MAP.replace(' delivered: arrived, promised: promised,', ''))
  const report = await importOrders(source, { out: join(folder, 'bare'), warehouses: 1, zones: 4 })
  const text = formatImportReport(report)
  expect(text).toContain('Late: not known')
  expect(text).toContain(' 1 warehouse,')
})
