import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Issuer, openIssuer } from '../../govern/issuer.fixture.ts'
import type { Plane, PlaneOptions } from './plane.ts'
import { post, rawRequest, requestOf, type SmallPlane, sendRaw, smallPlane } from './small-plane.fixture.ts'

let small: SmallPlane
let plane: Plane | null = null
let issuer: Issuer
beforeEach(async () => {
  small = smallPlane(100_000)
  issuer = await openIssuer({ roles: { 'wms-writer': 'integrator' } })
})
afterEach(async () => {
  await plane?.stop()
  plane = null
  small.remove()
  await issuer.close()
})
const begin = async (more: Partial<PlaneOptions>): Promise<Plane> => {
  plane = await small.open(more)
  return plane
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const statuses = (got: string): string[] => [...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
const KEYS = JSON.stringify({
  'a-long-key-of-quick': { name: 'quick', role: 'integrator' },
  'a-long-key-of-calm': { name: 'calm', role: 'integrator' },
  'a-long-key-of-view': { name: 'eve', role: 'viewer' },
})

describe('tokens at the door of decisions', { timeout: 60_000 }, () => {
  test('are taken as everywhere else, on every way in, and the provider is asked for its keys once a thread', async () => {
    const { url, port } = await begin({ tokens: issuer.settings, threads: 2 })
    const token = issuer.token({ roles: ['wms-writer'] })
    for (let i = 0; i < 12; i++) expect((await post(`${url}/v1/decisions`, requestOf(`J-${i}`), bearer(token))).status).toBe(200)
    const batch = await post(`${url}/v1/decisions:batch`, [requestOf('J-b')], bearer(token))
    expect([batch.status, batch.text.includes('"status":200')]).toEqual([200, true])
    const streamed = await post(`${url}/v1/decisions:stream`, JSON.stringify(requestOf('J-s')), {
      ...bearer(token),
      'content-type': 'application/x-ndjson',
    })
    expect(streamed.text).toContain('"status":200')
    expect(issuer.asked()).toBeLessThanOrEqual(2)
    // Many on one connection, of which the first waits for the check, in pieces and at once: each has its answer, in order.
    const fresh = issuer.token({ sub: 'another' })
    const raws = Array.from({ length: 5 }, (_, i) => rawRequest(requestOf(`J-p${i}`), [`authorization: Bearer ${fresh}`]))
    const got = await sendRaw(port, [raws[0].slice(0, 90), raws[0].slice(90) + raws[1], raws.slice(2).join('')])
    expect(statuses(got)).toEqual(['200', '200', '200', '200', '200'])
    expect([...got.matchAll(/"orderId":"(J-p\d)"/g)].map(([, order]) => order)).toEqual(['J-p0', 'J-p1', 'J-p2', 'J-p3', 'J-p4'])
  })

  test('that are over, of another audience, of another signer, or of somebody who may not, get what keys get', async () => {
    const { url, port } = await begin({ tokens: issuer.settings, threads: 1 })
    const stranger = await openIssuer()
    const over = Math.floor(Date.now() / 1000) - 3600
    const bad = [
      issuer.token({ aud: 'payroll' }),
      issuer.token({ exp: over }),
      stranger.token({}),
      issuer.token({ iss: 'https://x' }),
    ]
    await stranger.close()
    for (const token of bad) {
      const refused = await post(`${url}/v1/decisions`, requestOf('B-1'), bearer(token))
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="orrery"'])
    }
    for (const roles of [['viewer'], ['planner'], ['approver']])
      expect((await post(`${url}/v1/decisions`, requestOf('B-2'), bearer(issuer.token({ roles })))).status).toBe(403)
    expect(
      (await post(`${url}/v1/decisions:evaluate`, requestOf('B-3'), bearer(issuer.token({ roles: ['planner'] })))).status,
    ).toBe(200)
    expect((await post(`${url}/v1/decisions`, requestOf('B-4'))).status).toBe(401)
    // A good one behind a bad one on the same connection is answered.
    const raw = (token: string): string => rawRequest(requestOf('B-5'), [`authorization: Bearer ${token}`])
    expect(statuses(await sendRaw(port, [raw(bad[0]) + raw(issuer.token({}))]))).toEqual(['401', '200'])
  })

  test('a provider that answers slowly keeps those waiting who are new, and nobody else', async () => {
    const { url } = await begin({ tokens: issuer.settings, accessKeys: KEYS, threads: 1 })
    issuer.slow(3000)
    const answered: string[] = []
    const first = post(`${url}/v1/decisions`, requestOf('S-1'), bearer(issuer.token({}))).then(({ status }) => {
      answered.push('new')
      return status
    })
    for (let i = 0; i < 20; i++) {
      expect((await post(`${url}/v1/decisions`, requestOf(`S-2${i}`), bearer('a-long-key-of-calm'))).status).toBe(200)
      answered.push('known')
    }
    expect(answered).toHaveLength(20)
    expect(await first).toBe(200)
  })

  test('who leaves while his token is checked does not keep a stop waiting', async () => {
    const opened = await begin({ tokens: issuer.settings, threads: 1 })
    issuer.slow(400)
    await sendRaw(opened.port, [rawRequest(requestOf('L-1'), [`authorization: Bearer ${issuer.token({})}`])], 30)
    const beganMs = performance.now()
    await opened.stop()
    // It ends by itself, and not because it was waited for long enough.
    expect(performance.now() - beganMs).toBeLessThan(7000)
    expect(small.troubles).toEqual([])
  })
})

describe('bodies at the door of decisions', { timeout: 60_000 }, () => {
  test('that are no UTF-8 are refused on every way in: two orders must not come to one name', async () => {
    const { url, port } = await begin({ threads: 1 })
    const named = (byte: string): string => JSON.stringify(requestOf('U-#')).replaceAll('#', byte)
    // Bytes as they are: a text of Latin-1 is no UTF-8.
    const send = async (path: string, text: string, type = 'application/json'): Promise<string> => {
      const head = [`POST ${path} HTTP/1.1`, 'host: localhost', `content-type: ${type}`, `content-length: ${text.length}`]
      return sendRaw(port, [`${head.join('\r\n')}\r\n\r\n${text}`])
    }
    for (const byte of ['\xff', '\xfe', '\xc3', '\xed\xa0\x80']) {
      expect(statuses(await send('/v1/decisions', named(byte)))).toEqual(['400'])
      expect(statuses(await send('/v1/decisions?proper=1', named(byte)))).toEqual(['400'])
      expect(statuses(await send('/v1/decisions:batch', `[${named(byte)}]`))).toEqual(['400'])
      expect(await send('/v1/decisions:stream', `${named(byte)}\n${named('ok')}\n`, 'application/x-ndjson')).toMatch(
        /"line":1,"status":400,.*\n*.*"line":2,"status":200,/s,
      )
    }
    // The very sign for what cannot be read may be in a name.
    expect((await post(`${url}/v1/decisions`, requestOf('U-\ufffd'))).status).toBe(200)
  })

  test('that are said to be packed are refused, and not read as if they were not', async () => {
    const { url } = await begin({ threads: 1 })
    const packed = await post(`${url}/v1/decisions`, requestOf('G-1'), { 'content-encoding': 'gzip' })
    expect([packed.status, packed.text.includes('content-encoding')]).toEqual([415, true])
    expect((await post(`${url}/v1/decisions`, requestOf('G-2'), { 'content-encoding': 'identity' })).status).toBe(200)
  })
})

describe('paces at the door of decisions', { timeout: 60_000 }, () => {
  const paces = JSON.stringify({ decide: { perSecond: 0.05, burst: 20 } })

  test('hold one caller back over all threads and ways in, with when to come again, and nobody else', async () => {
    const { url } = await begin({ accessKeys: KEYS, paces, threads: 2 })
    const [quick, calm] = [bearer('a-long-key-of-quick'), bearer('a-long-key-of-calm')]
    const all = await Promise.all(Array.from({ length: 60 }, (_, i) => post(`${url}/v1/decisions`, requestOf(`P-${i}`), quick)))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(20)
    const held = all.filter(({ status }) => status === 429)
    expect(held).toHaveLength(40)
    for (const { headers, text } of held) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(5)
      expect(text).toContain('too often')
    }
    expect((await post(`${url}/v1/decisions:batch`, [requestOf('P-b')], quick)).status).toBe(429)
    expect((await post(`${url}/v1/decisions:evaluate`, requestOf('P-e'), quick)).status).toBe(429)
    expect((await post(`${url}/v1/decisions`, requestOf('P-c'), calm)).status).toBe(200)
    // The orders of a batch count each by itself.
    const many = Array.from({ length: 15 }, (_, i) => requestOf(`P-m${i}`))
    expect((await post(`${url}/v1/decisions:batch`, many, calm)).status).toBe(200)
    expect((await post(`${url}/v1/decisions:batch`, many, calm)).status).toBe(429)
  })

  test('slow a stream down instead of ending it', async () => {
    const quicker = JSON.stringify({ decide: { perSecond: 200, burst: 50 } })
    const { url } = await begin({ accessKeys: KEYS, paces: quicker, threads: 1 })
    const lines = Array.from({ length: 250 }, (_, i) => JSON.stringify(requestOf(`T-${i}`)))
    const beganMs = performance.now()
    const { text } = await post(`${url}/v1/decisions:stream`, lines.join('\n'), {
      ...bearer('a-long-key-of-quick'),
      'content-type': 'application/x-ndjson',
    })
    expect(text.match(/"status":200,/g)).toHaveLength(250)
    expect(performance.now() - beganMs).toBeGreaterThan(950)
  })

  test('those who guess keys are slowed down as everywhere else', async () => {
    const { url } = await begin({
      accessKeys: KEYS,
      paces: JSON.stringify({ stranger: { perSecond: 0.1, burst: 3 } }),
      threads: 1,
    })
    const guesses = []
    for (let i = 0; i < 6; i++)
      guesses.push((await post(`${url}/v1/decisions`, requestOf('G'), bearer(`guess-${i}-guess`))).status)
    expect(guesses).toEqual([401, 401, 401, 429, 429, 429])
  })

  test('nonsense in the settings is said before anything starts', async () => {
    await expect(small.open({ paces: '{"decides": {}}' })).rejects.toThrow(/did you mean `decide`/)
    await expect(small.open({ tokens: '{"issuer": "x"}' })).rejects.toThrow(/audience/)
  })
})
