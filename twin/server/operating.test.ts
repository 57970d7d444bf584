import { afterEach, beforeEach, expect, test } from 'vitest'
import { NOW_MS, ndjson, type Opened, openHere, placed, scan } from './server.fixture.ts'

let here: Opened
let now: number
beforeEach(async () => {
  now = NOW_MS
  here = await openHere({ now: () => now })
})
afterEach(() => here.close())
const get = async (url: string) => (await here.app.inject(url)).json()
const post = (url: string, payload: string | object = '', type = 'application/json') =>
  here.app.inject({ method: 'POST', url, payload, headers: payload === '' ? {} : { 'content-type': type } })
const send = (events: readonly unknown[]) => post('/v1/events', ndjson(events), 'application/x-ndjson')

test('what is in quarantine is counted by source and reason, shown, corrected and sent again, each once', async () => {
  await send([scan('s-1', { hub: undefined }), scan('s-2', { hub: undefined }), placed('p-1', { feed: 'orderz' }), 'x'])
  const listed = await get('/v1/quarantine')
  expect(listed.counts).toEqual(
    expect.arrayContaining([
      { source: 'hub:recife', code: 'malformed', total: 2, open: 2 },
      { source: 'shop', code: 'unknown-feed', total: 1, open: 1 },
    ]),
  )
  expect((await get('/v1/quarantine?source=shop')).records).toMatchObject([
    { line: 3, code: 'unknown-feed', fix: 'did you mean `orders`?' },
  ])
  const { id } = (await get('/v1/quarantine?source=shop')).records[0]
  expect(JSON.parse((await get(`/v1/quarantine/${id}`)).text)).toMatchObject({ id: 'p-1', feed: 'orderz' })

  const wrongAgain = await post(`/v1/quarantine/${id}:resubmit`, placed('p-1', { zone: 7 }))
  expect(wrongAgain.json()).toMatchObject({ status: 422, detail: expect.stringContaining('zone') })
  const second = wrongAgain.json().quarantined[0].id
  expect((await post(`/v1/quarantine/${id}:resubmit`, placed('p-1'))).json()).toMatchObject({
    status: 409,
    resubmittedAs: second,
  })
  expect((await post(`/v1/quarantine/${second}:resubmit`, placed('p-1'))).json()).toMatchObject({ accepted: 1 })
  expect(await get('/v1/orders/A-1')).toMatchObject({ state: 'placed', zone: 'PE' })
  expect((await get('/v1/quarantine?source=shop')).records).toEqual([])
  expect((await get('/v1/quarantine?state=all&source=shop')).records).toHaveLength(2)
})

test('an event from a clock that was ahead is taken as it is once its time has come', async () => {
  await send([scan('s-1', { at: new Date(NOW_MS + 3_600_000).toISOString() })])
  const { id } = (await get('/v1/quarantine?reason=ahead-of-time')).records[0]
  expect((await post(`/v1/quarantine/${id}:resubmit`)).statusCode).toBe(422)
  const again = (await get('/v1/quarantine?reason=ahead-of-time')).records[0].id
  now += 3_600_000
  expect((await post(`/v1/quarantine/${again}:resubmit`)).json()).toMatchObject({ accepted: 1 })
})

test('lag, silence and missing numbers are told of each feed, to people and to Prometheus', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => i + 1).filter((i) => i !== 33 && i !== 34)
  for (const i of ids) {
    await send([scan(`hub-${i}`, { at: new Date(now - 2500).toISOString() })])
    now += 10_000
  }
  now += 300_000
  const { feeds, sequences } = await get('/v1/feeds')
  expect(feeds).toMatchObject([
    { source: 'hub:recife', feed: 'scans', events: 38, lagMs: 2500, usualSilenceMs: 10_000, silent: true },
  ])
  expect(sequences).toEqual([{ source: 'hub:recife', prefix: 'hub-', missing: 2, holes: [{ first: 33, last: 34 }] }])
  const metrics = (await here.app.inject('/metrics')).body
  for (const line of [
    'orrery_events_total{outcome="applied"}',
    'orrery_feed_lag_seconds{source="hub:recife",feed="scans"} 2.5',
    'orrery_feed_silent{source="hub:recife",feed="scans"} 1',
    'orrery_sequence_missing{source="hub:recife",prefix="hub-"} 2',
    'orrery_open_orders 1',
    'orrery_acknowledge_seconds_count 38',
  ])
    expect(metrics).toContain(line)
})

test('the network is told as it was at any instant, and an instant that is none is refused', async () => {
  await send([placed('p-1'), scan('s-1')])
  expect(await get('/v1/network?at=2026-11-11T07:30:00-03:00')).toMatchObject({ openOrders: 1, asOf: '2026-11-11T10:30:00.000Z' })
  expect(await get('/v1/network?at=2026-11-11T06:30:00-03:00')).toMatchObject({ openOrders: 0 })
  expect(await get('/v1/orders/A-1?at=2026-11-11T07:30:00-03:00')).toMatchObject({ state: 'placed' })
  expect(await get('/v1/orders/A-1')).toMatchObject({ state: 'at-hub' })
  expect(await get('/v1/network?at=2026-11-11')).toMatchObject({ status: 400, field: 'at' })
  expect(await get('/v1/orders?limit=0')).toMatchObject({ status: 400, field: 'limit' })
})

test('what events must look like can be read from the server, with the word that was meant where there is none', async () => {
  const { schemas } = await get('/v1/schemas')
  expect(schemas.length).toBeGreaterThan(50)
  expect(await get(schemas[0].href)).toMatchObject({ title: schemas[0].name, additionalProperties: false })
  expect((await get('/v1/schemas/scans.at-hubb')).detail).toContain('did you mean `scans.at-hub`')
})

test('stock is told by warehouse and article', async () => {
  const counted = (warehouse: string, sku: string, value: number) => ({
    id: `${warehouse}-${sku}`,
    source: 'wms',
    feed: 'stock',
    type: 'counted',
    at: '2026-11-11T08:00:00Z',
    warehouse,
    sku,
    onHand: { value, unit: '{dozen}' },
  })
  await send([counted('recife', 'a', 1), counted('recife', 'b', 2), counted('bahia', 'a', 3)])
  expect((await get('/v1/stock?warehouse=recife')).stock).toHaveLength(2)
  expect((await get('/v1/stock?warehouse=bahia&sku=a')).stock).toEqual([{ warehouse: 'bahia', sku: 'a', onHand: 36 }])
  expect(await get('/v1/stock?limit=2')).toMatchObject({ more: true })
})

test('it says that it lives, and that it is ready', async () => {
  expect(await get('/v1/health/ready')).toMatchObject({ status: 'ready' })
  expect(await get('/v1/health/live')).toMatchObject({ status: 'live' })
})
