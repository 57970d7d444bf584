import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { EVENT_KINDS } from '../event/feeds.ts'
import type { OpenApi } from './openapi/document.ts'
import { allWings } from './openapi/publish.ts'
import { routesOf } from './openapi/routes.fixture.ts'
import { scribbles, type Words } from './openapi/scribble.fixture.ts'
import { PACES } from './pace.ts'
import { NOW_MS, type Opened, openHere, placed, scan } from './server.fixture.ts'

/** As often as a test likes. */
const EVER = { perSecond: 1e6, burst: 1e6 }
let here: Opened
beforeAll(async () => {
  here = await openHere({ office: {}, wings: await allWings(), paces: { ...PACES, read: EVER, write: EVER, heavy: EVER } })
  await here.twin.accept(
    Buffer.from([placed('p-1'), scan('s-1'), scan('s-2', { feed: 'x' })].map((one) => JSON.stringify(one)).join('\n')),
    'test',
  )
})
afterAll(() => here.close())

const QUERIES = ['at', 'limit', 'state', 'source', 'reason', 'warehouse', 'sku', 'digest', 'page', 'after']
const word = fc.oneof(
  fc.constantFrom(
    'A-1',
    'customer',
    '2-0',
    '2-0:resubmit',
    '999-1:resubmit',
    'scans.at-hub',
    '__proto__',
    'constructor',
    '..',
    '2026-11-11T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '1e9',
    '-1',
    '%',
    '\u0000',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
)
const scribble = fc.oneof(
  fc.json(),
  fc.string({ maxLength: 60 }),
  fc.constantFrom('', '[', '{}', '[{}]', 'null', '"x"', '[[]]', `{"a":${'['.repeat(5000)}`),
  fc
    .tuple(
      fc.constantFrom(...EVENT_KINDS),
      fc.dictionary(fc.constantFrom('order', 'zone', 'lines', 'why', 'at', 'person', 'part'), fc.jsonValue()),
    )
    .map(([kind, more]) => JSON.stringify({ ...scan('f', { feed: kind.split('.')[0], type: kind.split('.')[1] }), ...more })),
)

/** No 500, and what is refused is a problem in words. */
function expectSound(response: Awaited<ReturnType<Opened['app']['inject']>>, said: string): void {
  expect(response.statusCode, said).not.toBe(500)
  if (response.statusCode < 400) return
  expect(response.headers['content-type'], said).toContain('application/problem+json')
  expect(response.json(), said).toMatchObject({
    status: response.statusCode,
    title: expect.any(String),
    detail: expect.any(String),
  })
}

test('whatever is asked and sent, no route answers with a 500, and every refusal is a problem in words', async () => {
  const all = routesOf(here.app)
  expect(all.map(({ method, url }) => `${method} ${url}`)).toEqual(
    expect.arrayContaining([
      'POST /v1/events',
      'GET /v1/orders/*',
      'DELETE /v1/persons/*/*',
      'POST /v1/quarantine/*',
      'GET /v1/network',
    ]),
  )
  const seen = new Set<string>()
  for (const { method, url } of all)
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 2, maxLength: 2 }),
        fc.dictionary(fc.constantFrom(...QUERIES), word, { maxKeys: 3 }),
        fc.constantFrom('application/json', 'application/x-ndjson', 'text/plain', 'application/json; charset=utf-16', ''),
        scribble,
        async (words, query, type, payload) => {
          let i = 0
          const path = url.replace(/\*/g, () => encodeURIComponent(words[i++ % 2]))
          const response = await here.app.inject({
            method,
            url: `${path}?${new URLSearchParams(query)}`,
            ...(method === 'GET' ? {} : { payload, headers: type === '' ? {} : { 'content-type': type } }),
          })
          seen.add(`${method} ${url}`)
          const said = `${method} ${path}?${new URLSearchParams(query)} ${type} ${payload} → ${response.statusCode} ${response.body.slice(0, 300)}`
          expectSound(response, said)
        },
      ),
      { numRuns: 12 },
    )
  expect(seen.size).toBe(new Set(all.map(({ method, url }) => `${method} ${url}`)).size)
  // It still works after all that.
  const receipt = await here.twin.accept(Buffer.from(JSON.stringify(scan('after', { order: 'A-77' }))), 'test', 'json')
  expect(receipt.accepted).toBe(1)
})

/** Some of what is drawn gets behind the first check of these, or this would say little. */
const GETS_THROUGH = ['POST /v1/promises', 'POST /v1/outcomes', 'POST /v1/decisions:explain', 'GET /v1/prices', 'GET /v1/stock']

test('what is asked in the words of the document, and wrong in places, gets no 500 either, and some of it gets through', async () => {
  const document: OpenApi = (await here.app.inject({ method: 'GET', url: '/v1/openapi.json' })).json()
  const { spec } = await loadNetwork('brazil')
  const far = new Date(NOW_MS + 96 * 3_600_000).toISOString()
  const past = new Date(NOW_MS - 3_600_000).toISOString()
  const nodes = spec.warehouses.slice(0, 3).map((one) => one.id)
  const words: Words = {
    '': ['A-1', far, 'x'],
    zone: [spec.zones[0].id],
    sku: spec.skus.slice(0, 4).map((one) => one.id),
    node: nodes,
    allowedNodes: nodes,
    blockedNodes: nodes.slice(0, 1),
    services: [spec.services[0].id],
    service: [spec.services[0].id],
    currency: [spec.currency],
    deliverBy: [far],
    until: [far],
    ...Object.fromEntries(
      ['from', 'at', 'asOf', 'createdAt', 'pickedAt', 'packedAt', 'handoverAt', 'deliveredAt', 'cancelledAt'].map((one) => [
        one,
        [past],
      ]),
    ),
    group: ['g'],
    whyNot: [nodes[0]],
  }
  const ids = ['A-1', nodes[0], 'no:such', '__proto__', '%', '\u0000', 'orders.placed', '2-0']
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase() as 'GET', operation })),
  )
  const statuses = new Map<string, Set<number>>()
  for (const { path, method, operation } of operations) {
    const query = fc.record(
      Object.fromEntries(
        operation.parameters.flatMap((one) =>
          one.in === 'query' ? [[one.name, scribbles(document, one.schema, { ...words, '': ids }, one.name)]] : [],
        ),
      ),
      { requiredKeys: [] },
    )
    const contents = Object.entries(operation.requestBody?.content ?? {})
    const body: fc.Arbitrary<{ type: string; payload: string } | null> =
      contents.length === 0
        ? fc.constant(null)
        : fc.oneof(
            ...contents.map(([type, { schema }]) =>
              scribbles(document, schema, words).map((value) => ({ type, payload: JSON.stringify(value) ?? 'null' })),
            ),
          )
    const seen = new Set<number>()
    statuses.set(`${method} ${path}`, seen)
    // One explanation in twenty-five that is asked for gets through: all of fifty are refused in one run of ten.
    for (let round = 0; round === 0 || (round < 8 && GETS_THROUGH.includes(`${method} ${path}`) && !seen.has(200)); round++)
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...ids), query, body, async (id, asked, sent) => {
          const filled = path.replace(/\{\w+\}/g, encodeURIComponent(id))
          const search = new URLSearchParams(
            Object.entries(asked).map(([key, value]): [string, string] => [
              key,
              typeof value === 'string' ? value : JSON.stringify(value),
            ]),
          )
          const response = await here.app.inject({
            method,
            url: `${filled}?${search}`,
            ...(sent === null ? {} : { payload: sent.payload, headers: { 'content-type': sent.type } }),
          })
          seen.add(response.statusCode)
          expectSound(
            response,
            `${method} ${filled}?${search} ${sent?.payload} → ${response.statusCode} ${response.body.slice(0, 300)}`,
          )
        }),
        { numRuns: contents.length === 0 ? 8 : 50 },
      )
  }
  for (const name of GETS_THROUGH) expect(statuses.get(name), name).toContain(200)
  for (const name of ['POST /v1/promises', 'POST /v1/outcomes']) expect(statuses.get(name), name).toContain(422)
})
