import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { readOrders } from './orders.ts'

const file = join(mkdtempSync(join(tmpdir(), 'orrery-replay-')), 'orders.csv')
const spec = {
  startsOn: 'mon',
  zones: [{ id: 'sp' }, { id: 'rj' }],
  payments: [
    { type: 'boleto', share: 0.2 },
    { type: 'card', share: 0.8 },
  ],
  warehouses: [{ id: 'campinas' }],
  skus: [
    { id: 'a', share: 1 },
    { id: 'b', share: 3 },
  ],
} as unknown as NetworkSpec

const HEADER = 'order,placed,zone,payment,promised,origin,lines,approved,handedOver,delivered,status'

function read(...rows: string[]) {
  writeFileSync(file, `${[HEADER, ...rows].join('\n')}\n`)
  return readOrders(file, spec)
}

test('day 0 is the weekday the network starts on, at or before the first order', async () => {
  // 2018-08-03 was a Friday.
  const { orders, startsAt } = await read('1,2018-08-03T10:00:00,sp,card,2018-08-10T00:00:00,campinas,a:2 b:1,,,,delivered')
  expect(startsAt).toBe('2018-07-30')
  expect(orders.placedMs[0]).toBe((4 * 24 + 10) * 3_600_000)
  expect(orders.promisedMs[0]).toBe(11 * 24 * 3_600_000)
  expect([...orders.lineStart]).toEqual([0, 2])
  expect([...orders.units]).toEqual([2, 1])
  expect(orders.recorded.deliveredMs[0]).toBeNaN()
})

test('orders come in rising order whatever the order of the rows', async () => {
  const { orders } = await read(
    '2,2018-08-04T10:00:00,rj,card,,campinas,b:1,,,,open',
    '1,2018-08-03T10:00:00,sp,card,,campinas,a:1,,,,open',
  )
  expect([...orders.zone]).toEqual([0, 1])
})

test('bad rows are counted with the first line they were seen on, and the rest is replayed', async () => {
  const { orders, rowsRead, remarks } = await read(
    '1,2018-08-03T10:00:00,sp,card,,campinas,a:1,,,,open',
    '2,2018-08-03T10:00:00,xx,card,,campinas,a:1,,,,open',
    '3,2018-08-03T10:00:00,,card,,campinas,a:1,,,,open',
    '4,whenever,sp,card,,campinas,a:1,,,,open',
    '5,2018-08-03T11:00:00,sp,,,,,,,,open',
    '6,2018-08-03T11:00:00,sp,card,,campinas,a:0 c:1 b:2,,,,open',
    '7,2018-08-03',
  )
  expect(rowsRead).toBe(7)
  expect(orders.count).toBe(3)
  expect(orders.payment[1]).toBe(1)
  expect(orders.origin[1]).toBe(-1)
  expect(orders.lineStart[2] - orders.lineStart[1]).toBe(1)
  expect(remarks.map(({ first, done }) => [first.line, first.field, done])).toEqual([
    [3, 'zone', 'left out: no such zone'],
    [4, 'zone', 'left out: its destination is not known'],
    [5, 'placed', 'taken as empty'],
    [6, 'payment', 'paid by the commonest means'],
    [6, 'origin', 'origin not known'],
    [6, 'lines', 'one unit of a typical article, drawn evenly'],
    [7, 'lines', 'line left out'],
    [7, 'lines', 'line left out: no such SKU'],
    [8, 'row', 'left out'],
  ])
})

test('an order that does not say how it was paid is nothing to remark on where there is one way to pay', async () => {
  writeFileSync(file, `${HEADER}\n1,2018-08-03T10:00:00,sp,,,campinas,a:1,,,,open\n`)
  const { remarks } = await readOrders(file, { ...spec, payments: [{ type: 'card', share: 1 }] } as unknown as NetworkSpec)
  expect(remarks).toEqual([])
})

test('more lines than an order can have are cut to the largest, and said', async () => {
  const lines = Array.from({ length: 9 }, (_, i) => `${i % 2 === 0 ? 'a' : 'b'}:${i + 1}`).join(' ')
  const { orders, remarks } = await read(`1,2018-08-03T10:00:00,sp,card,,campinas,${lines},,,,open`)
  expect([...orders.units].sort((x, y) => x - y)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  expect(remarks).toHaveLength(1)
})

test('a file without a usable order is bad input and says why', async () => {
  await expect(read('1,2018-08-03T10:00:00,xx,card,,campinas,a:1,,,,open')).rejects.toThrow(/none that can be replayed/)
})
