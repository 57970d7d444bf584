import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENT_KINDS } from '../event/feeds.ts'
import { type Opened, openHere, placed, scan } from './server.fixture.ts'

let here: Opened
beforeAll(async () => {
  here = await openHere()
  await here.twin.accept(
    Buffer.from([placed('p-1'), scan('s-1'), scan('s-2', { feed: 'x' })].map((one) => JSON.stringify(one)).join('\n')),
    'test',
  )
})
afterAll(() => here.close())

/** Every route, its places for ids as `*`; read from the server itself, so that none is forgotten. */
const routes = (): { method: 'GET' | 'POST' | 'DELETE' | 'PUT'; url: string }[] => {
  const found: { method: 'GET' | 'POST' | 'DELETE' | 'PUT'; url: string }[] = []
  const branch: string[] = []
  for (const line of here.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const parts = /^(.*?)(?:├──|└──) (\S+)(?: \((.*)\))?/.exec(line)
    if (parts === null) continue
    const depth = parts[1].length / 4
    branch.length = depth
    branch.push(parts[2])
    for (const method of (parts[3] ?? '').split(', '))
      if (method === 'GET' || method === 'POST' || method === 'DELETE' || method === 'PUT')
        found.push({ method, url: branch.join('').replace(/:[a-z|:]+/g, '*') })
  }
  return found
}

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

test('whatever is asked and sent, no route answers with a 500, and every refusal is a problem in words', async () => {
  const all = routes()
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
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...all),
      fc.array(word, { minLength: 2, maxLength: 2 }),
      fc.dictionary(fc.constantFrom(...QUERIES), word, { maxKeys: 3 }),
      fc.constantFrom('application/json', 'application/x-ndjson', 'text/plain', 'application/json; charset=utf-16', ''),
      scribble,
      async ({ method, url }, words, query, type, payload) => {
        let i = 0
        const path = url.replace(/\*/g, () => encodeURIComponent(words[i++ % 2]))
        const response = await here.app.inject({
          method,
          url: `${path}?${new URLSearchParams(query)}`,
          ...(method === 'GET' ? {} : { payload, headers: type === '' ? {} : { 'content-type': type } }),
        })
        seen.add(`${method} ${url}`)
        const said = `${method} ${path}?${new URLSearchParams(query)} ${type} ${payload} → ${response.statusCode} ${response.body.slice(0, 300)}`
        expect(response.statusCode, said).not.toBe(500)
        if (response.statusCode < 400) return
        expect(response.headers['content-type'], said).toContain('application/problem+json')
        expect(response.json(), said).toMatchObject({
          status: response.statusCode,
          title: expect.any(String),
          detail: expect.any(String),
        })
      },
    ),
    { numRuns: 900 },
  )
  expect(seen.size).toBe(new Set(all.map(({ method, url }) => `${method} ${url}`)).size)
  // It still works after all that.
  const receipt = await here.twin.accept(Buffer.from(JSON.stringify(scan('after', { order: 'A-77' }))), 'test', 'json')
  expect(receipt.accepted).toBe(1)
})
