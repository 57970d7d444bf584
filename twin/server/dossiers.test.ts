import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAccess } from './access.ts'
import { eventReader } from './routes/event-at.ts'
import { NOW_MS, ndjson, type Opened, openHere, scan } from './server.fixture.ts'

const KEYS = {
  planner: 'planner-key-of-a-test',
  customer: 'customer-key-of-a-test',
  other: 'key-of-another-customer',
  viewer: 'viewer-key-of-a-test',
  approver: 'approver-key-of-a-test',
  operator: 'operator-key-of-a-test',
}
let here: Opened
beforeEach(async () => {
  const held = Object.fromEntries(
    Object.entries(KEYS).map(([name, key]) => {
      const customer = { customer: 'c-1', other: 'c-2' }[name]
      return [key, customer === undefined ? { name, role: name } : { name, role: 'customer', customer }]
    }),
  )
  here = await openHere({ access: readAccess(JSON.stringify(held)), office: {} })
  const base = { source: 'shop', feed: 'orders', order: 'A-1' }
  const events = [
    {
      ...base,
      id: '1',
      type: 'placed',
      at: '2026-11-10T08:00:00.123-03:00',
      zone: 'PE',
      lines: [{ sku: 'x', units: 1 }],
      promisedAt: '2026-11-11T05:00:00Z',
      customer: 'c-1',
      person: { name: 'Maria Souza' },
    },
    {
      ...base,
      id: '2',
      type: 'routed',
      at: '2026-11-10T12:00:00Z',
      warehouse: 'recife',
      service: 'road',
      why: { rule: 'nearest', saw: { km: 12 } },
    },
  ]
  const sent = await here.app.inject({
    method: 'POST',
    url: '/v1/events',
    payload: ndjson(events),
    headers: { ...as('operator'), 'content-type': 'application/x-ndjson' },
  })
  expect(sent.json()).toMatchObject({ accepted: 2 })
})
afterEach(() => here.close())

const as = (role: keyof typeof KEYS) => ({ authorization: `Bearer ${KEYS[role]}` })
const get = (url: string, role: keyof typeof KEYS = 'planner') => here.app.inject({ method: 'GET', url, headers: as(role) })

test('the dossier over HTTP reads who and why from the log, and shows each role its own', async () => {
  const planner = (await get('/v1/orders/A-1/dossier')).json()
  expect(planner.events[1]).toMatchObject({ who: 'shop', why: { rule: 'nearest', saw: { km: 12 } }, after: 'routed' })
  expect(planner.events[0].atMs).toBe(Date.parse('2026-11-10T11:00:00.123Z'))
  expect(planner.receiver).toEqual({ name: 'M•••• S••••' })
  expect((await get('/v1/orders/A-1/dossier', 'operator')).json().receiver).toEqual({ name: 'Maria Souza' })
  const customer = await get('/v1/orders/A-1/dossier', 'customer')
  expect(customer.body).not.toMatch(/recife|nearest|Souza/)
  expect((await get('/v1/orders/A-1/dossier', 'viewer')).json().receiver).toBeNull()
  expect((await get('/v1/orders/nobody/dossier')).statusCode).toBe(404)
})

test("a customer's key opens his own orders; another's are as if they were not there", async () => {
  for (const path of ['/v1/orders/A-1', '/v1/orders/A-1/dossier']) {
    expect((await get(path, 'customer')).statusCode, path).toBe(200)
    const other = await get(path, 'other')
    expect(other.statusCode, path).toBe(404)
    expect(other.json(), path).toEqual((await get('/v1/orders/nobody', 'other')).json())
  }
})

test('an erased person is nobody in the dossier, and everything else stays', async () => {
  const asked = await here.app.inject({ method: 'DELETE', url: '/v1/persons/customer/c-1', headers: as('operator') })
  expect(asked.statusCode).toBe(202)
  const { id, digest } = asked.json().request
  const agreed = { method: 'POST', url: `/v1/requests/${id}/approve`, payload: { digest } } as const
  expect((await here.app.inject({ ...agreed, headers: as('operator') })).statusCode).toBe(403)
  expect((await here.app.inject({ ...agreed, headers: as('approver') })).statusCode).toBe(200)
  const erased = await here.app.inject({
    method: 'DELETE',
    url: '/v1/persons/customer/c-1',
    headers: { ...as('operator'), 'orrery-approval': id },
  })
  expect(erased.statusCode).toBe(200)
  expect((await get('/v1/orders/A-1/dossier', 'operator')).json()).toMatchObject({
    receiver: null,
    order: { id: 'A-1', state: 'routed' },
  })
})

test('as it stood at an instant of the past', async () => {
  const past = (await get('/v1/orders/A-1/dossier?at=2026-11-10T11:30:00Z')).json()
  expect(past).toMatchObject({ order: { state: 'placed' }, status: { state: 'placed', minutes: 29 } })
  expect(past.events).toHaveLength(1)
})

test('events by pages and questions; what cannot be read is a problem with its place', async () => {
  const first = (await get('/v1/events/pages?limit=1')).json()
  expect(first.events).toMatchObject([{ kind: 'orders.placed', of: ['A-1'] }])
  expect((await get(`/v1/events/pages?limit=1&after=${first.next}`)).json()).toMatchObject({
    events: [{ kind: 'orders.routed' }],
    next: null,
  })
  expect((await get(`/v1/query?q=${encodeURIComponent('orders where warehouse = recife')}`)).json().rows).toMatchObject([
    { id: 'A-1' },
  ])
  const wrong = await get(`/v1/query?q=${encodeURIComponent('orders where x = 1')}`)
  expect(wrong.statusCode).toBe(400)
  expect(wrong.json().detail).toContain('column 14: found "x"')
  expect((await get('/v1/query?q=orders', 'customer')).statusCode).toBe(403)
})

test('a life of 3,000 events that came in one body is told within three seconds, each event from its own line', {
  timeout: 60_000,
}, async () => {
  const scans = Array.from({ length: 3000 }, (_, i) =>
    scan(`busy-${i}`, { order: 'busy', hub: `hub-ü${i % 7}`, at: new Date(NOW_MS - i * 1000).toISOString() }),
  )
  await here.twin.accept(Buffer.from(scans.map((one) => JSON.stringify(one)).join('\r\n')), 'test')
  const began = performance.now()
  const { events } = (
    await here.app.inject({
      url: '/v1/orders/busy/dossier',
      headers: { authorization: `Bearer ${KEYS.planner}` },
    })
  ).json()
  expect(performance.now() - began).toBeLessThan(3000)
  expect(events).toHaveLength(3000)
  expect(new Set(events.map(({ who }: { who: string }) => who))).toEqual(new Set([scan('x').source]))
  const { twin } = here
  const read = eventReader(twin.log)
  for (const line of [0, 1, 1500, 2999])
    expect(await read({ entry: events[0].place.entry, line })).toMatchObject({ id: `busy-${line}`, hub: `hub-ü${line % 7}` })
  expect(await read({ entry: events[0].place.entry, line: 3000 })).toBeNull()
})
