import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHere, placed, scan } from '../server/server.fixture.ts'
import { eventsOfFile } from './event-file.ts'
import { olistEvents } from './olist-events.ts'
import { poster } from './post.ts'
import { EMPTY_RECEIPT } from './receipt.ts'
import { replay, type TimedLine } from './replay.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-replay-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const signal = new AbortController().signal

async function* linesAt(times: readonly (number | null)[]): AsyncGenerator<TimedLine> {
  let i = 0
  for (const atMs of times) yield { atMs, line: `{"i":${i++}}` }
}

test('an hour is told in a second at 3600 times its speed, in order, and at once where no speed is named', async () => {
  const got: { at: number; lines: number }[] = []
  const began = performance.now()
  const send = async (body: string) => {
    got.push({ at: performance.now() - began, lines: body.split('\n').length })
    return EMPTY_RECEIPT
  }
  const hour = Array.from({ length: 61 }, (_, minute) => minute * 60_000)
  await replay({ lines: linesAt(hour), speed: 3600, send, signal })
  const took = performance.now() - began
  expect(took).toBeGreaterThan(900)
  expect(took).toBeLessThan(3000)
  expect(got.reduce((sum, { lines }) => sum + lines, 0)).toBe(61)
  expect(got.length).toBeGreaterThan(5)
  const before = performance.now()
  await replay({ lines: linesAt(hour), speed: null, send, signal })
  expect(performance.now() - before).toBeLessThan(500)
})

test('a line that says no time goes along, and one from the past does not hold up the rest', async () => {
  const bodies: string[] = []
  const send = async (body: string) => {
    bodies.push(body)
    return EMPTY_RECEIPT
  }
  await replay({ lines: linesAt([null, 1000, 500, null, 1010]), speed: 1, send, signal })
  expect(bodies.join('\n')).toBe('{"i":0}\n{"i":1}\n{"i":2}\n{"i":3}\n{"i":4}')
})

test('a twin that is stopped and started in between gets everything once; one that is not there is waited for, but not for ever', async () => {
  let here = await openHere()
  const url = await here.app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(url).port)
  const waits: string[] = []
  const send = poster({ url, key: null, patienceMs: 20_000, signal, onWaiting: (why) => waits.push(why) })
  const body = (n: number): string =>
    Array.from({ length: 20 }, (_, i) => JSON.stringify(placed(`p-${n}-${i}`, { order: `A-${n}-${i}` }))).join('\n')
  expect(await send(body(1))).toMatchObject({ accepted: 20 })
  here = await here.again()
  const waiting = send(body(2))
  await expect.poll(() => waits.length).toBeGreaterThan(0)
  await here.app.listen({ host: '127.0.0.1', port })
  expect(await waiting).toMatchObject({ accepted: 20, duplicates: 0 })
  expect(await send(body(1))).toMatchObject({ accepted: 0, duplicates: 20 })
  expect(await send('{"broken')).toMatchObject({ accepted: 0, quarantined: [{ code: 'unreadable' }] })
  await here.close()
  const hurried = poster({ url, key: null, patienceMs: 100, signal })
  await expect(hurried(body(3))).rejects.toThrow(/no answer.*orrery serve/)
})

test('a file of events is read as lines or as a table, packed or not, and comes out the same', async () => {
  const events = [
    placed('p-1'),
    {
      ...scan('t-1'),
      feed: 'temperature',
      type: 'parcel',
      device: 'probe-3',
      hub: undefined,
      temperature: { value: 4.5, unit: 'Cel' },
    },
    scan('s-007', { part: 1, order: '42' }),
  ]
  writeFileSync(join(folder, 'events.ndjson'), events.map((event) => JSON.stringify(event)).join('\n'))
  const csv = [
    'id,source,feed,type,at,order,zone,lines,promisedAt,device,temperature.value,temperature.unit,hub,part',
    'p-1,shop,orders,placed,2026-11-11T07:00:00-03:00,A-1,PE,"[{""sku"":""sku-17"",""units"":2}]",2026-11-14T20:00:00-03:00,,,,,',
    't-1,hub:recife,temperature,parcel,2026-11-11T08:00:00-03:00,A-1,,,,probe-3,4.5,Cel,,',
    's-007,hub:recife,scans,at-hub,2026-11-11T08:00:00-03:00,42,,,,,,,recife,1',
  ].join('\n')
  writeFileSync(join(folder, 'events.csv.gz'), gzipSync(csv))
  const read = async (name: string) => {
    const all: unknown[] = []
    for await (const { line, atMs } of eventsOfFile(join(folder, name))) all.push([atMs, JSON.parse(line)])
    return all
  }
  const plain = await read('events.ndjson')
  expect(plain).toHaveLength(3)
  expect(plain[0]).toEqual([Date.UTC(2026, 10, 11, 10), events[0]])
  expect(await read('events.csv.gz')).toEqual(plain)
  await expect(read('missing.ndjson')).rejects.toThrow(/no such file/)
  expect(() => eventsOfFile('events.xls')).toThrow(/another type/)
})

test('Olist tables become events that the twin takes: what they say, and unlisted where they say nothing', async () => {
  const tables = {
    customers:
      'customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\nc1,u1,35550,itapecerica,MG\nc2,u2,1,x,SP',
    sellers: 'seller_id,seller_zip_code_prefix,seller_city,seller_state\nx,13023,campinas,SP',
    order_items: 'order_id,order_item_id,product_id,seller_id\no1,1,p1,x\no1,2,p1,x\no1,3,p2,x',
    order_payments: 'order_id,payment_sequential,payment_type,payment_value\no1,1,credit_card,99.5\no1,2,voucher,1',
    orders: [
      'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date',
      'o1,c1,delivered,2018-08-01T10:00:00,2018-08-01T10:10:00,2018-08-02T09:00:00,2018-08-05T18:00:00,2018-08-10T00:00:00',
      'o2,c2,canceled,2018-08-02T10:00:00,,,,2018-08-10T00:00:00',
      'o3,c2,delivered,2018-09-02T10:00:00,,,,2018-09-10T00:00:00',
    ].join('\n'),
  }
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(folder, `${name}.csv`), text)
  const request = { dir: folder, offset: '-03:00', fromMs: null, untilMs: Date.UTC(2018, 8, 1) }
  const events = (await olistEvents(request)).map(({ line }) => JSON.parse(line))
  expect(events.map(({ order, feed, type, at }) => [order, `${feed}.${type}`, at])).toEqual([
    ['o1', 'orders.placed', '2018-08-01T10:00:00-03:00'],
    ['o1', 'payments.captured', '2018-08-01T10:10:00-03:00'],
    ['o1', 'departures.handed-over', '2018-08-02T09:00:00-03:00'],
    ['o2', 'orders.cancelled', '2018-08-02T10:00:00-03:00'],
    ['o2', 'orders.placed', '2018-08-02T10:00:00-03:00'],
    ['o1', 'scans.delivered', '2018-08-05T18:00:00-03:00'],
  ])
  expect(events[0]).toMatchObject({
    zone: 'MG',
    customer: 'u1',
    lines: [
      { sku: 'p1', units: 2 },
      { sku: 'p2', units: 1 },
    ],
  })
  expect(events[1]).toMatchObject({ method: 'credit_card', amount: { value: 99.5, currency: 'BRL' } })
  expect(events[2]).toMatchObject({ warehouse: 'seller-SP' })
  expect(events[4]).toMatchObject({ lines: [{ sku: 'unlisted', units: 1 }] })
  const here = await openHere()
  const receipt = await here.twin.accept(Buffer.from(events.map((event) => JSON.stringify(event)).join('\n')), 'test')
  expect(receipt).toMatchObject({ accepted: 6, refused: 0, quarantined: [] })
  expect(here.twin.state.order('o1')?.state).toBe('delivered')
  expect(here.twin.state.order('o2')?.state).toBe('cancelled')
  await here.close()
  await expect(olistEvents({ ...request, untilMs: 0 })).rejects.toThrow(/no order in that time/)
})
