import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAccess } from '../server/access.ts'
import { PACES } from '../server/pace.ts'
import { KEYS_OF_PEOPLE, keyOf, NOW_MS, type Opened, openHere, type PEOPLE } from '../server/server.fixture.ts'

type Person = keyof typeof PEOPLE
const HOUR_MS = 3_600_000
const SECRETS = { ORRERY_SIGNING_KEY: Buffer.alloc(32, 5).toString('base64') }

let here: Opened
let nowMs: number
let stable: string
let other: string

const post = async (who: Person, url: string, payload: object = {}, more: Readonly<Record<string, string>> = {}) => {
  const headers = { authorization: `Bearer ${keyOf(who)}`, ...more }
  const answer = await here.app.inject({ method: 'POST', url, headers, payload, remoteAddress: '127.0.0.1' })
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown>, text: answer.body }
}
const get = async (who: Person, url: string) =>
  (await here.app.inject({ url, headers: { authorization: `Bearer ${keyOf(who)}` } })).json() as Record<string, unknown>
const breaking = (version: string) => ({
  act: 'break-glass',
  subject: 'alias:stable',
  what: { version },
  because: 'it sends everything to a warehouse that burns',
  incident: 'fire in recife',
})
const agreedBreaking = async (version: string, asks: Person = 'olga', agrees: Person = 'abel'): Promise<string> => {
  const { id, digest } = (await post(asks, '/v1/requests', breaking(version))).body as { id: string; digest: string }
  expect((await post(agrees, `/v1/requests/${id}/approve`, { digest })).status).toBe(200)
  return id
}
const nowStable = (): string | undefined => here.office?.registry.alias('stable')?.version

beforeEach(async () => {
  nowMs = NOW_MS
  here = await openHere({ access: readAccess(KEYS_OF_PEOPLE), office: SECRETS, now: () => nowMs })
  const registry = here.office?.registry
  const kept = { kind: 'routing', params: {}, data: null, training: null } as const
  stable = (await registry?.registerContent({ ...kept, name: 'old', text: 'export default 1' }, 'serve'))?.id ?? ''
  other = (await registry?.registerContent({ ...kept, name: 'new', text: 'export default 2' }, 'serve'))?.id ?? ''
  await registry?.point('stable', stable, 'serve', 0)
})
afterEach(() => here.close())

describe('stable moves forward', () => {
  test('when two people want it, one after the other, and the book says who', async () => {
    const under = await agreedBreaking(other)
    expect((await post('olga', '/v1/aliases/stable', { version: other }, { 'orrery-approval': under })).status).toBe(200)
    expect(nowStable()).toBe(other)
    const trail = (await get('vera', '/v1/audit?about=alias:stable')).entries as { who: string; body: { under: string } }[]
    expect(trail.at(-1)).toMatchObject({ who: 'olga', body: { under, version: other } })
    expect(await get('vera', `/v1/requests/${under}`)).toMatchObject({ state: 'used', who: 'olga', approvals: [{ who: 'abel' }] })
  })

  test('not without a request, not under an open one, not under one for another version, and once only', async () => {
    const send = (under?: string, version = other) =>
      post('olga', '/v1/aliases/stable', { version }, under === undefined ? {} : { 'orrery-approval': under })
    expect((await send()).status).toBe(403)
    expect((await send('q-999')).status).toBe(403)
    const open = (await post('olga', '/v1/requests', breaking(other))).body as { id: string }
    expect((await send(open.id)).status).toBe(403)
    const under = await agreedBreaking(stable)
    expect((await send(under, other)).status).toBe(403)
    const right = await agreedBreaking(other)
    expect((await send(right)).status).toBe(200)
    expect((await send(right)).status).toBe(403)
    expect(nowStable()).toBe(other)
  })

  test('not by one person with a key for each role, however his name is spelled', async () => {
    await here.close()
    const names = ['Olga', ' olga ', 'OLGA', 'ｏｌｇａ']
    const keys = ['planner', 'operator', 'approver', 'approver'].map((role, i) => [
      `key-number-${i}-of-olga`,
      { name: names[i], role },
    ])
    here = await openHere({ access: readAccess(JSON.stringify(Object.fromEntries(keys))), office: {} })
    const as = (i: number) => ({ authorization: `Bearer key-number-${i}-of-olga` })
    const asked = await here.app.inject({ method: 'POST', url: '/v1/requests', headers: as(0), payload: breaking('x') })
    const { id, digest } = asked.json()
    for (const i of [1, 2, 3]) {
      const agreed = await here.app.inject({
        method: 'POST',
        url: `/v1/requests/${id}/approve`,
        headers: as(i),
        payload: { digest },
      })
      expect([agreed.statusCode, agreed.json().detail]).toEqual([403, expect.stringContaining('somebody else')])
    }
    expect(here.office?.governance.request(id)?.state).toBe('open')
  })

  test('nobody gets there alone: every role, every act, in every state of a request', async () => {
    // One identity with a key for each role does everything there is, in every order that leads somewhere.
    await here.close()
    const roles = ['viewer', 'planner', 'approver', 'operator', 'integrator'] as const
    const keys = roles.map((role) => [`key-of-the-one-as-${role}`, { name: 'one', role }])
    const second = ['key-of-the-other-person', { name: 'two', role: 'approver' }]
    const quick = { perSecond: 1e6, burst: 1e6 }
    here = await openHere({
      access: readAccess(JSON.stringify(Object.fromEntries([...keys, second]))),
      office: {},
      now: () => nowMs,
      paces: { ...PACES, heavy: quick, write: quick },
    })
    const registry = here.office?.registry
    const kept = { kind: 'routing', params: {}, data: null, training: null } as const
    const from = await registry?.registerContent({ ...kept, name: 'old', text: '1' }, 'serve')
    const to = await registry?.registerContent({ ...kept, name: 'new', text: '2' }, 'serve')
    await registry?.point('stable', from?.id ?? '', 'serve', 0)
    const version = to?.id ?? ''
    const send = async (key: string, url: string, payload: object, under?: string): Promise<number> =>
      (
        await here.app.inject({
          method: 'POST',
          url,
          headers: { authorization: `Bearer ${key}`, ...(under === undefined ? {} : { 'orrery-approval': under }) },
          payload,
        })
      ).statusCode
    // Requests in each state they can be in without the second person, and those with him that are no longer good.
    const made: string[] = []
    for (const act of ['promote', 'break-glass'] as const)
      for (const fate of [
        'open',
        'refused',
        'expired',
        'agreed and refused',
        'agreed and expired',
        'agreed to something else',
      ] as const) {
        // Asking is slowed down for everybody.
        await here.office?.governance.ask(
          {
            act,
            subject: 'alias:stable',
            what: { version: fate.endsWith('else') ? (from?.id ?? '') : version },
            because: 'x',
            incident: act === 'break-glass' ? 'x' : null,
            ...(fate.includes('expired') ? { lastsMs: 1 } : {}),
          },
          { name: 'one', role: 'operator' },
        )
        const request = here.office?.governance.requests().at(-1)
        const id = request?.id ?? ''
        made.push(id)
        if (fate.startsWith('agreed'))
          await here.office?.governance.approve(id, { name: 'two', role: 'approver' }, request?.digest ?? '')
        if (fate.includes('refused')) await here.office?.governance.refuse(id, { name: 'one', role: 'operator' }, 'x')
      }
    nowMs += 10
    let tried = 0
    const reached = new Set<number>()
    for (const role of roles) {
      const key = `key-of-the-one-as-${role}`
      for (const under of [undefined, ...made]) {
        const digest = under === undefined ? '0'.repeat(64) : (here.office?.governance.request(under)?.digest ?? '')
        const acts: readonly (() => Promise<number>)[] = [
          () => send(key, '/v1/aliases/stable', { version }, under),
          () => send(key, '/v1/aliases/candidate', { version }, under),
          () => send(key, '/v1/aliases/stable/back', {}, under),
          ...(under === undefined
            ? []
            : [
                () => send(key, `/v1/requests/${under}/approve`, { digest }),
                () => send(key, '/v1/aliases/stable', { version }, under),
              ]),
          ...(under === undefined ? [] : [() => send(key, `/v1/requests/${under}/refuse`, { because: 'x' })]),
        ]
        for (const act of acts) {
          const status = await act()
          expect([200, 202, 400, 403, 404, 409, 422], `act ${++tried}`).toContain(status)
          reached.add(status)
          expect(registry?.alias('stable')?.version, `${role} under ${under}, act ${tried}`).not.toBe(version)
        }
      }
    }
    expect(tried).toBeGreaterThan(300)
    expect([...reached]).toEqual(expect.arrayContaining([200, 403, 409]))
    // And the same office lets two people do it, so that it was not merely shut.
    const two = here.office?.governance
    const good = await two?.ask(
      { act: 'promote', subject: 'alias:stable', what: { version }, because: 'x' },
      { name: 'one', role: 'planner' },
    )
    await two?.approve(good?.id ?? '', { name: 'two', role: 'approver' }, good?.digest ?? '')
    await registry?.point('stable', version, 'clock', registry.alias('stable')?.seq ?? 0, good?.id)
    expect(registry?.alias('stable')?.version).toBe(version)
  })

  test('back to where it was with one person, at once', async () => {
    const under = await agreedBreaking(other)
    await post('olga', '/v1/aliases/stable', { version: other }, { 'orrery-approval': under })
    expect((await post('wms', '/v1/aliases/stable/back')).status).toBe(403)
    expect((await post('ines', '/v1/aliases/stable/back')).status).toBe(200)
    expect(nowStable()).toBe(stable)
  })

  test('without keys nobody can be told from anybody else, so it does not move at all', async () => {
    await here.close()
    here = await openHere({ office: {} })
    const asked = await here.app.inject({ method: 'POST', url: '/v1/requests', payload: breaking('x') })
    expect([asked.statusCode, asked.json().detail]).toEqual([403, expect.stringContaining('ORRERY_KEYS')])
  })
})

describe('a request', () => {
  test('binds what is agreed to: another digest than the one asked for is refused', async () => {
    const { id } = (await post('olga', '/v1/requests', breaking(other))).body as { id: string }
    expect((await post('abel', `/v1/requests/${id}/approve`, { digest: 'a'.repeat(64) })).status).toBe(409)
    expect((await post('abel', `/v1/requests/${id}/approve`, {})).status).toBe(400)
  })

  test('is void after its time; break-glass after four hours at most', async () => {
    expect((await post('olga', '/v1/requests', { ...breaking(other), hours: 5 })).status).toBe(400)
    const under = await agreedBreaking(other)
    nowMs += 4 * HOUR_MS
    expect((await post('olga', '/v1/aliases/stable', { version: other }, { 'orrery-approval': under })).status).toBe(403)
    expect(await get('vera', `/v1/requests/${under}`)).toMatchObject({ state: 'expired' })
  })

  test('to break the glass says what happened, and leaves an incident that an approver closes', async () => {
    const { incident: _, ...without } = breaking(other)
    expect((await post('olga', '/v1/requests', without)).status).toBe(400)
    const under = await agreedBreaking(other, 'olga', 'otto')
    expect((await get('vera', '/v1/incidents')).incidents).toMatchObject([{ id: under, says: 'fire in recife', closed: null }])
    expect((await post('olga', `/v1/incidents/${under}/close`, { findings: 'x' })).status).toBe(403)
    expect((await post('bea', `/v1/incidents/${under}/close`, { findings: 'a spark' })).body).toMatchObject({
      closed: { who: 'bea', findings: 'a spark' },
    })
    expect((await post('bea', `/v1/incidents/${under}/close`, { findings: 'again' })).status).toBe(409)
  })

  test('is still what it was after a restart', async () => {
    const under = await agreedBreaking(other)
    here = await here.again()
    expect(here.office?.governance.request(under)).toMatchObject({ state: 'agreed', approvals: [{ who: 'abel' }] })
    expect((await post('olga', '/v1/aliases/stable', { version: other }, { 'orrery-approval': under })).status).toBe(200)
  })

  test('may be taken back by whoever asked, and turned down by whoever may agree', async () => {
    const first = (await post('ines', '/v1/requests', breaking(other))).body as { id: string; digest: string }
    expect((await post('ines', `/v1/requests/${first.id}/refuse`, { because: 'a mistake' })).status).toBe(200)
    expect((await post('abel', `/v1/requests/${first.id}/approve`, { digest: first.digest })).status).toBe(409)
    const second = (await post('olga', '/v1/requests', breaking(other))).body as { id: string }
    expect((await post('ines', `/v1/requests/${second.id}/refuse`, { because: 'no' })).status).toBe(403)
    expect((await post('bea', `/v1/requests/${second.id}/refuse`, { because: 'no' })).body).toMatchObject({ state: 'refused' })
  })
})

test('two who use one request at the same moment do it once', async () => {
  const under = await agreedBreaking(other)
  const registry = here.office?.registry
  const seq = registry?.alias('stable')?.seq ?? 0
  const both = await Promise.allSettled([
    registry?.point('stable', other, 'olga', seq, under),
    registry?.point('stable', other, 'otto', seq, under),
  ])
  const moves = registry?.moves().filter(({ move }) => move.under === under)
  expect(moves).toHaveLength(1)
  expect(both.filter((one) => one.status === 'fulfilled' && one.value !== null)).toHaveLength(1)
})

describe('taking out in bulk', () => {
  test('takes two, is in the book, and gives the lines', async () => {
    expect((await post('ines', '/v1/exports', { of: 'book' })).status).toBe(403)
    const asked = { act: 'export', subject: 'export:book', what: { of: 'book' }, because: 'the auditors asked' }
    const { id, digest } = (await post('ines', '/v1/requests', asked)).body as { id: string; digest: string }
    await post('bea', `/v1/requests/${id}/approve`, { digest })
    const headers = { authorization: `Bearer ${keyOf('ines')}`, 'orrery-approval': id }
    const got = await here.app.inject({ method: 'POST', url: '/v1/exports', headers, payload: { of: 'book' } })
    expect(got.statusCode).toBe(200)
    const lines = got.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; type: string })
    expect(lines.at(-1)).toMatchObject({ type: 'export.begun', seq: lines.length })
    expect((await here.app.inject({ method: 'POST', url: '/v1/exports', headers, payload: { of: 'book' } })).statusCode).toBe(409)
  })
})

describe('an act that is unusual for somebody', () => {
  const point = (ip: string, under?: string, version = other) =>
    here.app.inject({
      method: 'POST',
      url: '/v1/aliases/candidate',
      remoteAddress: ip,
      headers: { authorization: `Bearer ${keyOf('ines')}`, ...(under === undefined ? {} : { 'orrery-approval': under }) },
      payload: { version },
    })

  test('waits for a second person where it comes from a new place in the middle of the night, and goes on when somebody agrees', async () => {
    expect((await point('10.1.2.3')).statusCode).toBe(200)
    nowMs += 26 * HOUR_MS
    expect((await point('10.1.2.99')).statusCode).toBe(200)
    nowMs += 10 * HOUR_MS
    const held = await point('203.0.113.7', undefined, stable)
    expect(held.statusCode).toBe(202)
    expect(here.office?.registry.alias('candidate')?.version).toBe(other)
    const { id, digest, because } = held.json().held
    expect(because).toMatch(/new-place.*odd-hour/)
    expect((await point('203.0.113.7', id, stable)).statusCode).toBe(409)
    expect((await post('olga', `/v1/requests/${id}/approve`, { digest })).status).toBe(200)
    expect((await point('203.0.113.7', id, other)).statusCode).toBe(409)
    expect((await point('203.0.113.7', id, stable)).statusCode).toBe(200)
    expect(here.office?.registry.alias('candidate')?.version).toBe(stable)
  })

  test('and the book holds no address', async () => {
    await point('203.0.113.7')
    expect(JSON.stringify(here.office?.book.entries())).not.toMatch(/203\.0\.113/)
  })
})
