import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAccess } from './access.ts'
import { type Opened, openHere, scan } from './server.fixture.ts'

const KEYS = {
  'customer-key-123': { name: 'app', role: 'customer' },
  'partner-key-1234': { name: 'wms', role: 'partner' },
  'planner-key-1234': { name: 'ines', role: 'planner' },
  'admin-key-123456': { name: 'root', role: 'admin' },
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
    const table: readonly (readonly [method: 'GET' | 'POST' | 'DELETE', url: string, ...statuses: number[]])[] = [
      //                                 none customer partner planner admin
      ['POST', '/v1/events', 401, 403, 200, 403, 200],
      ['GET', '/v1/orders/A-1', 401, 200, 200, 200, 200],
      ['GET', '/v1/sites', 401, 403, 200, 200, 200],
      ['GET', '/v1/network', 401, 403, 403, 200, 200],
      ['GET', '/v1/feeds', 401, 403, 200, 200, 200],
      ['GET', '/v1/quarantine', 401, 403, 403, 200, 200],
      ['GET', '/metrics', 401, 403, 403, 200, 200],
      ['DELETE', '/v1/persons/customer/c-1', 401, 403, 403, 403, 404],
      ['GET', '/v1/health/live', 200, 200, 200, 200, 200],
      ['GET', '/v1/schemas/scans.at-hub', 200, 200, 200, 200, 200],
    ]
    for (const [method, url, ...wanted] of table) {
      const got: number[] = []
      for (const role of ['none', 'customer', 'partner', 'planner', 'admin'])
        got.push(await status(method, url, role === 'none' ? null : keyOf(role), method === 'POST' ? scan('s-1') : undefined))
      expect(got, `${method} ${url}`).toEqual(wanted)
    }
  })

  test('an order shows a customer nothing of the house', async () => {
    const routed = { ...scan('r-1'), feed: 'orders', type: 'routed', hub: undefined, warehouse: 'recife', service: 'express' }
    expect(await status('POST', '/v1/events', keyOf('partner'), routed)).toBe(200)
    const seen = async (role: string) =>
      (await here.app.inject({ url: '/v1/orders/A-1', headers: { authorization: `Bearer ${keyOf(role)}` } })).json()
    expect(await seen('planner')).toMatchObject({ id: 'A-1', state: 'routed', parts: [{ warehouse: 'recife' }] })
    expect(await seen('customer')).toMatchObject({ id: 'A-1', state: 'routed' })
    expect(JSON.stringify(await seen('customer'))).not.toMatch(/recife|express|refused/)
  })

  test('a key that is nobody’s is no key, whichever header it comes in; and no key is ever logged', async () => {
    expect(await status('GET', '/v1/feeds', 'admin-key-12345')).toBe(401)
    expect((await here.app.inject({ url: '/v1/feeds', headers: { 'x-api-key': keyOf('admin') } })).statusCode).toBe(200)
    expect(here.logged.join('')).not.toContain('admin-key')
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
    ['{"short":{"name":"a","role":"admin"}}', /at least 16/],
    ['{"long-enough-key-123":{"name":"a","role":"admn"}}', /did you mean `admin`/],
    ['{"long-enough-key-123":{"role":"admin"}}', /name/],
  ] as const
  for (const [text, says] of bad) {
    expect(() => readAccess(text), text).toThrow(says)
    expect(() => readAccess(text)).not.toThrow(/long-enough-key/)
  }
})
