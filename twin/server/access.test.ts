import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { identityOf, readAccess } from './access.ts'
import { readOrigins } from './origins.ts'
import { PACES } from './pace.ts'
import { type Opened, openHere, placed, scan } from './server.fixture.ts'

const KEYS = {
  'customer-key-123': { name: 'app', role: 'customer', customer: 'c-1' },
  'partner-key-1234': { name: 'wms', role: 'integrator' },
  'viewer-key-12345': { name: 'vera', role: 'viewer' },
  'planner-key-1234': { name: 'ines', role: 'planner' },
  'approver-key-123': { name: 'abel', role: 'approver' },
  'operator-key-123': { name: 'olga', role: 'operator' },
}
const keyOf = (role: string): string => Object.entries(KEYS).find(([, one]) => one.role === role)?.[0] ?? ''

describe('a server with keys', () => {
  let here: Opened
  beforeEach(async () => {
    here = await openHere({ access: readAccess(JSON.stringify(KEYS)) })
  })
  afterEach(() => here.close())
  const status = async (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    key: string | null,
    payload?: object,
  ): Promise<number> => {
    const headers = key === null ? {} : { authorization: `Bearer ${key}` }
    return (await here.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })).statusCode
  }

  test('each role may do what it is for, and no more', async () => {
    const roles = ['none', 'customer', 'integrator', 'viewer', 'planner', 'approver', 'operator']
    const table: readonly (readonly [method: 'GET' | 'POST' | 'DELETE', url: string, ...statuses: number[]])[] = [
      //            none customer integrator viewer planner approver operator
      ['POST', '/v1/events', 401, 403, 200, 403, 403, 403, 200],
      // Placed by nobody, so nobody's: a customer cannot see it.
      ['GET', '/v1/orders/A-1', 401, 404, 200, 200, 200, 200, 200],
      ['GET', '/v1/orders', 401, 403, 403, 200, 200, 200, 200],
      ['GET', '/v1/sites', 401, 403, 200, 200, 200, 200, 200],
      ['GET', '/v1/network', 401, 403, 403, 200, 200, 200, 200],
      ['GET', '/v1/view', 401, 403, 403, 200, 200, 200, 200],
      ['GET', '/v1/feeds', 401, 403, 200, 200, 200, 200, 200],
      ['GET', '/v1/quarantine', 401, 403, 403, 200, 200, 200, 200],
      ['POST', '/v1/quarantine/9-0:resubmit', 401, 403, 403, 403, 404, 403, 404],
      ['GET', '/metrics', 401, 403, 403, 200, 200, 200, 200],
      ['DELETE', '/v1/persons/customer/c-1', 401, 403, 403, 403, 403, 403, 404],
      ['GET', '/v1/health/live', 200, 200, 200, 200, 200, 200, 200],
      ['GET', '/v1/schemas/scans.at-hub', 200, 200, 200, 200, 200, 200, 200],
    ]
    for (const [method, url, ...wanted] of table) {
      const got: number[] = []
      for (const role of roles)
        got.push(await status(method, url, role === 'none' ? null : keyOf(role), method === 'POST' ? scan('s-1') : undefined))
      expect(got, `${method} ${url}`).toEqual(wanted)
    }
  })

  test('an order shows a customer nothing of the house', async () => {
    const routed = { ...scan('r-1'), feed: 'orders', type: 'routed', hub: undefined, warehouse: 'recife', service: 'express' }
    expect(await status('POST', '/v1/events', keyOf('integrator'), { ...placed('p-1'), customer: 'c-1' })).toBe(200)
    expect(await status('POST', '/v1/events', keyOf('integrator'), routed)).toBe(200)
    const seen = async (role: string) =>
      (await here.app.inject({ url: '/v1/orders/A-1', headers: { authorization: `Bearer ${keyOf(role)}` } })).json()
    expect(await seen('planner')).toMatchObject({ id: 'A-1', state: 'routed', parts: [{ warehouse: 'recife' }] })
    expect(await seen('customer')).toMatchObject({ id: 'A-1', state: 'routed' })
    expect(JSON.stringify(await seen('customer'))).not.toMatch(/recife|express|refused/)
  })

  test('a key that is nobody’s is no key, whichever header it comes in; and no key is ever logged', async () => {
    expect(await status('GET', '/v1/feeds', 'operator-key-12')).toBe(401)
    expect((await here.app.inject({ url: '/v1/feeds', headers: { 'x-api-key': keyOf('operator') } })).statusCode).toBe(200)
    expect(here.logged.join('')).not.toContain('operator-key')
  })
})

test('without keys it answers to the names of this machine only: a page elsewhere cannot point its own name here', async () => {
  const here = await openHere()
  const ask = async (host: string) => (await here.app.inject({ url: '/v1/feeds', headers: { host } })).statusCode
  expect(await ask('localhost:8080')).toBe(200)
  expect(await ask('127.0.0.1:8080')).toBe(200)
  expect(await ask('[::1]:8080')).toBe(200)
  expect(await ask('evil.example')).toBe(421)
  expect(await ask('localhost.evil.example')).toBe(421)
  await here.close()
})

test('every answer carries what keeps a browser from being used against it', async () => {
  const here = await openHere()
  for (const url of ['/v1/feeds', '/nothing', '/v1/network?at=never']) {
    const { headers } = await here.app.inject(url)
    expect(headers['content-security-policy'], url).toContain("default-src 'self'")
    expect(headers['x-content-type-options'], url).toBe('nosniff')
    expect(headers['access-control-allow-origin'], url).toBeUndefined()
  }
  await here.close()
})

test('keys that cannot be used stop the start, and the words never hold the key', () => {
  const bad = [
    ['{', /no JSON/],
    ['[]', /no map/],
    ['{}', /empty/],
    ['{"short":{"name":"a","role":"operator"}}', /at least 16/],
    ['{"long-enough-key-123":{"name":"a","role":"opertor"}}', /did you mean `operator`/],
    ['{"long-enough-key-123":{"role":"operator"}}', /name/],
    ['{"long-enough-key-123":{"name":"Judge","role":"operator"}}', /calls itself/],
    ['{"long-enough-key-123":{"name":"app","role":"customer"}}', /whose orders/],
  ] as const
  for (const [text, says] of bad) {
    expect(() => readAccess(text), text).toThrow(says)
    expect(() => readAccess(text)).not.toThrow(/long-enough-key/)
  }
})

test('roles of earlier releases are understood, and it is said what they are called now', () => {
  const access = readAccess(
    '{"long-enough-key-1":{"name":"wms","role":"partner"},"long-enough-key-2":{"name":"root","role":"admin"}}',
  )
  expect([access.callerOf('long-enough-key-1')?.role, access.callerOf('long-enough-key-2')?.role]).toEqual([
    'integrator',
    'operator',
  ])
  expect(access.notices?.join(' ')).toMatch(/partner is called integrator now.*admin is called operator now/)
})

test('who asks too often waits, by kind of route and for himself alone; who guesses keys waits by address', async () => {
  const paces = { ...PACES, read: { perSecond: 0.1, burst: 3 }, stranger: { perSecond: 0.1, burst: 2 } }
  const here = await openHere({ access: readAccess(JSON.stringify(KEYS)), paces })
  const ask = (key: string, url = '/v1/feeds') => here.app.inject({ url, headers: { 'x-api-key': key } })
  const codes = async (times: number, key: string): Promise<number[]> => {
    const got: number[] = []
    for (let i = 0; i < times; i++) got.push((await ask(key)).statusCode)
    return got
  }
  expect(await codes(4, keyOf('planner'))).toEqual([200, 200, 200, 429])
  expect(await codes(1, keyOf('viewer'))).toEqual([200])
  const waits = Number((await ask(keyOf('planner'))).headers['retry-after'])
  expect(waits).toBeGreaterThanOrEqual(9)
  expect(waits).toBeLessThanOrEqual(10)
  expect(await codes(3, 'a-guess-at-some-key')).toEqual([401, 401, 429])
  await here.close()
})

test('a page elsewhere may read answers only where its origin is listed', async () => {
  const here = await openHere({ origins: ['https://desk.example'] })
  const ask = (origin: string, method: 'GET' | 'OPTIONS' = 'GET') =>
    here.app.inject({
      method,
      url: '/v1/feeds',
      headers: { origin, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'GET' } : {}) },
    })
  expect((await ask('https://desk.example')).headers).toMatchObject({
    'access-control-allow-origin': 'https://desk.example',
    vary: 'Origin',
  })
  expect((await ask('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined()
  expect((await ask('https://desk.example', 'OPTIONS')).statusCode).toBe(204)
  expect((await ask('https://evil.example', 'OPTIONS')).statusCode).toBe(403)
  await here.close()
  expect(() => readOrigins('*')).toThrow(/no word for all/)
  expect(() => readOrigins('https://desk.example/path')).toThrow(/origins/)
})

test('a body that is too large is refused by every route that takes one, before it is read', async () => {
  const here = await openHere({ office: {} })
  const big = JSON.stringify({ x: 'y'.repeat(10_000_000) })
  for (const url of [
    '/v1/quarantine/1-0:resubmit',
    '/v1/persons/customer/c-1',
    '/v1/versions',
    '/v1/requests',
    '/v1/aliases/stable',
  ]) {
    const { statusCode, headers } = await here.app.inject({
      method: url.startsWith('/v1/persons') ? 'DELETE' : 'POST',
      url,
      payload: big,
      headers: { 'content-type': 'application/json' },
    })
    expect(statusCode, url).toBe(413)
    expect(headers['content-type'], url).toContain('problem+json')
  }
  await here.close()
})

test('a person stays one person however his name is spelled, and whatever nobody sees is put into it', () => {
  const spellings = [
    ' Ines',
    'INES',
    'ｉｎｅｓ',
    'i\u0000nes',
    'ines\u200b',
    'in\u00ades',
    '\u202eines',
    'ines\ufe0f',
    'ines\u{e0041}',
    'i\tnes'.replace('\t', ''),
  ]
  for (const name of spellings) expect(identityOf(name), JSON.stringify(name)).toBe('ines')
  // Letters of other scripts that look the same: Cyrillic, Greek, Armenian, Cherokee, Lisu.
  const lookAlikes = ['іnеѕ', 'ІNЕЅ', 'ΙΝΕЅ', 'iոes', 'ꓲꓠꓰꓢ', 'ＩＮＥＳ', '𝐢𝐧𝐞𝐬']
  for (const name of lookAlikes) expect(identityOf(name), name).toBe('ines')
  for (const name of ['pauӏ', 'PauI', 'PAUᏞ', 'раul']) expect(identityOf(name), name).toBe('paul')
  const people = ['Kai', 'Kal', 'Иван', 'Марья', 'Γιώργος', 'José', 'Jose', '李伟', '李偉', 'Zoë']
  expect(new Set(people.map(identityOf)).size).toBe(people.length)
  expect(identityOf('Åsa')).toBe(identityOf('A\u030asa'))
  expect(identityOf('ines b')).not.toBe('ines')
  // Only seen as nothing: nobody's name.
  expect(identityOf('\u200b\u0000 ')).toBe('')
})

test('what is not there is told as such to whoever is known, whatever his roles; to others it is a key that is asked for', async () => {
  const here = await openHere({ access: readAccess(JSON.stringify(KEYS)) })
  for (const key of Object.keys(KEYS)) {
    const headers = { authorization: `Bearer ${key}` }
    for (const [method, url] of [
      ['GET', '/v1/nothing'],
      ['PUT', '/v1/events'],
      ['DELETE', '/v1/decisions'],
    ] as const) {
      const answer = await here.app.inject({ method, url, headers })
      expect([answer.statusCode, answer.headers['content-type']], `${method} ${url}`).toEqual([
        404,
        expect.stringContaining('problem+json'),
      ])
    }
  }
  expect((await here.app.inject({ url: '/v1/nothing' })).statusCode).toBe(401)
  await here.close()
})
