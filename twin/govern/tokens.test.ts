import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NOBODY_ASKED, readAccess } from '../server/access.ts'
import { KEYS_OF_PEOPLE, keyOf, openHere } from '../server/server.fixture.ts'
import { withTokens } from './tokens.ts'

/** An identity provider: real keys, and a real server that tells the public ones. */
type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
const PAIRS: Readonly<Record<'RS256' | 'ES256' | 'EdDSA', Pair>> = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 })
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const NEXT = generateKeyPairSync('ed25519')
const jwk = (pair: Pair, kid: string, more: object = {}): object => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
  ...more,
})
let published: object[]
let asked: number
let answers: boolean
let provider: Server
let address: string
let nowMs: number

beforeAll(async () => {
  provider = createServer((_, response) => {
    asked++
    response.writeHead(answers ? 200 : 503).end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`
})
afterAll(() => new Promise((done) => provider.close(done)))
beforeEach(() => {
  published = [...Object.entries(PAIRS).map(([alg, pair]) => jwk(pair, alg)), jwk(WEAK, 'weak'), jwk(P384, 'p384')]
  asked = 0
  answers = true
  nowMs = Date.UTC(2026, 10, 11, 12)
})

const coded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = (): number => nowMs / 1000
const claims = (more: object = {}): object => ({
  iss: 'https://id.example',
  aud: 'orrery',
  sub: 'ines',
  roles: ['planner'],
  iat: seconds(),
  exp: seconds() + 600,
  jti: `t-${Math.round(performance.now() * 1e6)}`,
  ...more,
})
function tokenOf(
  alg: keyof typeof PAIRS,
  body: object = claims(),
  header: object = {},
  key: KeyObject = PAIRS[alg].privateKey,
): string {
  const text = `${coded({ alg, kid: alg, typ: 'JWT', ...header })}.${coded(body)}`
  const bytes = Buffer.from(text)
  const signature =
    alg === 'RS256'
      ? sign('RSA-SHA256', bytes, key)
      : alg === 'ES256'
        ? sign('SHA256', bytes, { key, dsaEncoding: 'ieee-p1363' })
        : sign(null, bytes, key)
  return `${text}.${signature.toString('base64url')}`
}
const open = (more: object = {}, jwksSettings: object = {}) => {
  const refused: string[] = []
  const settings = { issuer: 'https://id.example', audience: 'orrery', jwks: address, ...more }
  const access = withTokens(
    NOBODY_ASKED,
    JSON.stringify(settings),
    () => nowMs,
    (why) => refused.push(why),
    jwksSettings,
  )
  const caller = async (token: string) => (await access.identify?.(token)) ?? null
  return { caller, refused }
}

describe('a token', () => {
  test.each(['RS256', 'ES256', 'EdDSA'] as const)('signed by %s says who it is and what he may do', async (alg) => {
    const { caller } = open()
    const told = await caller(tokenOf(alg, claims({ roles: ['planner', 'viewer', 'cook'] })))
    expect(told).toMatchObject({ name: 'ines', role: 'planner', roles: ['planner', 'viewer'], token: { madeMs: nowMs } })
  })

  test('is refused for each thing that can be wrong with it', async () => {
    const { caller, refused } = open()
    const good = tokenOf('RS256')
    const [head, body, signature] = good.split('.')
    const pem = PAIRS.RS256.publicKey.export({ type: 'spki', format: 'pem' })
    const shared = `${coded({ alg: 'HS256', kid: 'RS256' })}.${body}`
    const cases: readonly (readonly [why: string, token: string])[] = [
      ['algorithm', `${coded({ alg: 'none' })}.${body}.${signature}`],
      ['algorithm', `${coded({ alg: 'None', kid: 'RS256' })}.${body}.${signature}`],
      // The public key taken for a secret.
      ['algorithm', `${shared}.${createHmac('sha256', pem).update(shared).digest('base64url')}`],
      ['algorithm', `${coded({ alg: 'RS512', kid: 'RS256' })}.${body}.${signature}`],
      // A key of another kind than the algorithm is for.
      ['key', tokenOf('EdDSA', claims(), { alg: 'EdDSA', kid: 'RS256' })],
      ['key', tokenOf('ES256', claims(), { kid: 'p384' }, P384.privateKey)],
      ['key', tokenOf('RS256', claims(), { kid: 'weak' }, WEAK.privateKey)],
      ['key', tokenOf('EdDSA', claims(), { kid: 'nobody' })],
      ['signature', tokenOf('EdDSA', claims(), {}, NEXT.privateKey)],
      ['signature', `${head}.${coded(claims({ roles: ['operator'] }))}.${signature}`],
      ['extension', tokenOf('RS256', claims(), { crit: ['b64'], b64: false })],
      ['issuer', tokenOf('RS256', claims({ iss: 'https://id.example.evil' }))],
      ['audience', tokenOf('RS256', claims({ aud: 'another' }))],
      ['audience', tokenOf('RS256', claims({ aud: undefined }))],
      ['no end', tokenOf('RS256', claims({ exp: undefined }))],
      ['no end', tokenOf('RS256', claims({ exp: '9999999999' }))],
      ['over', tokenOf('RS256', claims({ exp: seconds() - 61 }))],
      ['too long a life', tokenOf('RS256', claims({ exp: seconds() + 365 * 86_400 }))],
      ['not yet', tokenOf('RS256', claims({ nbf: seconds() + 61 }))],
      ['not yet', tokenOf('RS256', claims({ iat: seconds() + 3600 }))],
      ['no role', tokenOf('RS256', claims({ roles: ['cook'] }))],
      ['no role', tokenOf('RS256', claims({ roles: ['customer'] }))],
      ['no name', tokenOf('RS256', claims({ sub: '' }))],
      ['a name of ours', tokenOf('RS256', claims({ sub: 'Judge' }))],
      ['shape', `${head}.${coded([1])}.${signature}`],
      ['shape', `${head}.${body}.${signature}`.replace(body, `${body}=`)],
    ]
    for (const [why, token] of cases) {
      expect(await caller(token), why).toBeNull()
      expect(refused.at(-1), token.slice(0, 30)).toBe(why)
    }
    expect(await caller(good)).toMatchObject({ name: 'ines' })
    for (const within of [{ exp: seconds() - 59 }, { nbf: seconds() + 59 }, { aud: ['other', 'orrery'] }])
      expect(await caller(tokenOf('RS256', claims(within))), JSON.stringify(within)).not.toBeNull()
  })

  test('names roles and people as the provider does, wherever it puts them', async () => {
    const { caller } = open({
      rolesClaim: 'realm_access.roles',
      nameClaim: 'email',
      roles: { 'ops-lead': 'operator' },
      customerClaim: 'shop/customer',
    })
    const body = claims({
      roles: undefined,
      realm_access: { roles: ['ops-lead', 'customer'] },
      email: 'olga@example.com',
      'shop/customer': 'c-7',
    })
    expect(await caller(tokenOf('ES256', body))).toMatchObject({ name: 'olga@example.com', role: 'operator', customer: 'c-7' })
  })
})

describe('keys of the provider', () => {
  test('are kept, and asked for again when a new one is named; made-up names do not make it ask on and on', async () => {
    const { caller } = open()
    for (let i = 0; i < 5; i++) await caller(tokenOf('EdDSA'))
    expect(asked).toBe(1)
    published.push(jwk(NEXT, 'next'))
    nowMs += 31_000
    expect(await caller(tokenOf('EdDSA', claims(), { kid: 'next' }, NEXT.privateKey))).not.toBeNull()
    expect(asked).toBe(2)
    for (let i = 0; i < 20; i++) await caller(tokenOf('EdDSA', claims(), { kid: `made-up-${i}` }))
    expect(asked).toBe(2)
  })

  test('a key that was taken back is not believed once the set is old; a provider that is down for an hour stops nobody', async () => {
    const { caller } = open({ lifeMaxHours: 24 })
    const long = (): object => claims({ exp: seconds() + 3600 })
    expect(await caller(tokenOf('EdDSA', long()))).not.toBeNull()
    answers = false
    nowMs += 3_600_000
    expect(await caller(tokenOf('EdDSA', long()))).not.toBeNull()
    answers = true
    published = [jwk(PAIRS.RS256, 'RS256')]
    nowMs += 3_600_000
    expect(await caller(tokenOf('EdDSA', long()))).toBeNull()
    expect(await caller(tokenOf('RS256', long()))).not.toBeNull()
    answers = false
    nowMs += 25 * 3_600_000
    expect(await caller(tokenOf('RS256', long()))).toBeNull()
  })

  test('may lie in a file; over the network they come by https or not at all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-jwks-'))
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: published }))
    expect(await open({ jwks: join(folder, 'keys.json') }).caller(tokenOf('ES256'))).not.toBeNull()
    rmSync(folder, { recursive: true })
    expect(() => open({ jwks: 'http://id.example/keys' })).toThrow(/https/)
    expect(() => open({ algorithms: ['HS256'] })).toThrow(/not taken/)
    expect(() => open({ algorithms: ['none'] })).toThrow(/not taken/)
    expect(() => open({ roles: { ops: 'opertor' } })).toThrow(/did you mean `operator`/)
  })
})

describe('approvals by token', () => {
  const opened = () =>
    openHere({
      access: withTokens(
        readAccess(KEYS_OF_PEOPLE),
        JSON.stringify({ issuer: 'https://id.example', audience: 'orrery', jwks: address }),
        () => nowMs,
      ),
      office: {},
      now: () => nowMs,
    })
  const ask = { act: 'promote', subject: 'alias:stable', what: { version: 'x' }, because: 'better' }

  test('each counts once, for as long as anybody remembers, and a stale one does not', async () => {
    const here = await opened()
    const post = async (token: string, url: string, payload: object) => {
      const answer = await here.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${token}` }, payload })
      return { status: answer.statusCode, body: answer.json() as Record<string, unknown> }
    }
    const abel = (more: object = {}): string => tokenOf('EdDSA', claims({ sub: 'abel', roles: ['approver'], ...more }))
    const first = (await post(tokenOf('RS256'), '/v1/requests', ask)).body as { id: string; digest: string }
    const second = (await post(tokenOf('RS256'), '/v1/requests', { ...ask, what: { version: 'y' } })).body as {
      id: string
      digest: string
    }
    const agree = (token: string, { id, digest }: { id: string; digest: string }) =>
      post(token, `/v1/requests/${id}/approve`, { digest })
    const once = abel()
    expect((await agree(abel({ jti: undefined }), first)).body.detail).toMatch(/jti/)
    expect((await agree(abel({ iat: seconds() - 1000 }), first)).body.detail).toMatch(/fresh/)
    expect((await agree(abel({ approves: second.digest }), first)).body.detail).toMatch(/something else/)
    expect((await agree(once, first)).status).toBe(200)
    // Stolen and played again, by whoever and for whatever.
    const again = await agree(once, second)
    expect([again.status, again.body.detail]).toEqual([403, expect.stringContaining('each does so once')])
    expect((await agree(abel({ approves: second.digest }), second)).status).toBe(200)
    // The same person by another provider's spelling of his name is the same person.
    const self = await agree(tokenOf('RS256', claims({ sub: 'INES', roles: ['approver'] })), second)
    expect([self.status, self.body.detail]).toEqual([403, expect.stringContaining('somebody else')])
    await here.close()
  })

  test('where people have tokens, keys are for programs: they neither ask nor agree', async () => {
    const here = await opened()
    const headers = { authorization: `Bearer ${keyOf('ines')}` }
    const asked = await here.app.inject({ method: 'POST', url: '/v1/requests', headers, payload: ask })
    expect([asked.statusCode, asked.json().detail]).toEqual([403, expect.stringContaining('for programs')])
    expect((await here.app.inject({ url: '/v1/network', headers })).statusCode).toBe(200)
    await here.close()
  })
})
