import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { evidenceDigest } from '../judge/bundle.ts'
import { judge } from '../judge/judge.ts'
import { readAccess } from '../server/access.ts'
import { openApp } from '../server/app.ts'
import type { Server } from '../server/http.ts'
import { type Opened, openHere } from '../server/server.fixture.ts'
import type { RolloutPicture } from '../wire.ts'
import { openPath, type Path, PLAN } from './path.fixture.ts'
import { rolloutWing } from './rollout-wing.ts'

const NAMES = { ana: 'planner', bo: 'approver', cy: 'approver', ole: 'operator', vi: 'viewer', wms: 'integrator' } as const
type Name = keyof typeof NAMES
const keyOf = (name: Name): string => `key-of-${name}-0123456789`
const KEYS = JSON.stringify(
  Object.fromEntries(Object.entries(NAMES).map(([name, role]) => [keyOf(name as Name), { name, role }])),
)

let path: Path
let here: Opened
let app: Server
beforeEach(async () => {
  path = await openPath({ late: { stable: 0.12, candidate: 0.05 } })
  here = await openHere()
  const { desk, registry, bundles } = path
  app = await openApp(here.twin, {
    access: readAccess(KEYS),
    logTo: null,
    wings: [rolloutWing({ desk, registry, bundles, judge })],
  })
})
afterEach(async () => {
  await app.close()
  await here.close()
  await path.close()
})

async function ask(who: Name, method: 'GET' | 'POST', url: string, body?: unknown, ifMatch?: number | string) {
  const response = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${keyOf(who)}`, ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }) },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return {
    status: response.statusCode,
    value: response.json() as RolloutPicture & { detail: string; field: string },
    headers: response.headers,
  }
}
const written = (more: object = {}) => ({ ...PLAN, candidate: path.candidate, ...more })
const drafted = async () => (await ask('ana', 'POST', '/v1/rollouts', written())).value

describe('rollouts over HTTP', { timeout: 60_000 }, () => {
  test('from a plan to its promotion through the routes alone, each by who may', async () => {
    const { id, state, may, ladder } = await drafted()
    expect([state, may, ladder.map(({ step }) => step)]).toEqual([
      'draft',
      ['submit', 'rollback'],
      ['shadow', '5 %', '50 %', 'live', 'settled'],
    ])
    const at = `/v1/rollouts/${id}`
    let { seq } = (await ask('ana', 'POST', `${at}/submit`)).value
    for (const who of ['bo', 'cy'] as const) {
      const { value, status } = await ask(who, 'POST', `${at}/approve`, {}, seq)
      expect(status).toBe(200)
      seq = value.seq
    }
    expect((await ask('ole', 'POST', `${at}/start`, {}, seq)).value.state).toBe('shadow')
    await path.until((rollout) => rollout.state === 'promote-pending', 60)
    const pending = (await ask('vi', 'GET', at)).value
    expect(pending.may).toEqual([])
    expect(pending.verdict).toMatchObject({ verdict: 'promote' })
    expect(pending.waitsFor[0]).toMatch(/2 more people/)
    expect(pending.orders.candidate).toBeGreaterThan(pending.orders.matured)
    expect(pending.looks.length).toBeGreaterThan(2)
    expect(pending.harm.ordersMax).toBe(1_000_000)
    for (const who of ['bo', 'cy'] as const) {
      const { value } = await ask(who, 'GET', at)
      expect((await ask(who, 'POST', `${at}/approve`, { of: value.asks }, value.seq)).status).toBe(200)
    }
    const ready = (await ask('ole', 'GET', at)).value
    expect(ready.may).toContain('promote')
    const { value, headers } = await ask('ole', 'POST', `${at}/promote`, {}, ready.seq)
    expect([value.state, value.share, headers.etag]).toEqual(['live', 0.9, `"${value.seq}"`])
    expect(value.trail.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['drafted', 'approved', 'advanced', 'proposed', 'promoted']),
    )
    const back = await ask('ana', 'POST', `${at}/rollback`, { because: 'calls from customers' })
    expect(back.value).toMatchObject({ state: 'rolled-back', ended: { code: 'person' } })
    expect(path.registry.alias('stable')?.version).toBe(path.stable)
    const list = (await ask('vi', 'GET', '/v1/rollouts')).value as unknown as {
      rollouts: { state: string }[]
      assignment: object
    }
    expect(list).toMatchObject({ rollouts: [{ id, state: 'rolled-back' }], assignment: { stable: path.stable, rollout: null } })
  })

  test('the bundle of a look is what its digest says, and gives the same verdict again', async () => {
    const { id } = await drafted()
    await path.does({ name: 'ana', role: 'planner' }, 'submit')
    await path.does({ name: 'bo', role: 'approver' }, 'approve')
    await path.does({ name: 'cy', role: 'approver' }, 'approve')
    await path.does({ name: 'ole', role: 'operator' }, 'start')
    await path.until(({ look }) => look?.verdict === 'promote', 60)
    const { looks } = path.rollout()
    for (const { evidence, verdict, says } of looks) {
      const bundle = (await ask('vi', 'GET', `/v1/rollouts/${id}/evidence?digest=${evidence}`)).value as unknown as Parameters<
        typeof judge
      >[0]
      expect(evidenceDigest(bundle)).toBe(evidence)
      expect(judge(bundle)).toMatchObject({ verdict, says, evidence })
    }
    expect((await ask('vi', 'GET', `/v1/rollouts/${id}/evidence?digest=${'0'.repeat(64)}`)).status).toBe(404)
    expect((await ask('vi', 'GET', `/v1/rollouts/${id}/evidence?digest=../../book`)).status).toBe(404)
  })

  test('what cannot be is refused with what would do, and never with a 500', async () => {
    const { id, seq } = await drafted()
    const at = `/v1/rollouts/${id}`
    const cases: readonly (readonly [Name, 'GET' | 'POST', string, unknown, number | string | undefined, number])[] = [
      ['vi', 'POST', '/v1/rollouts', written(), undefined, 403],
      ['wms', 'GET', '/v1/rollouts', undefined, undefined, 403],
      ['wms', 'POST', `${at}/rollback`, { because: 'x' }, undefined, 403],
      ['ana', 'POST', '/v1/rollouts', { ...written(), metrics: [] }, undefined, 422],
      ['ana', 'POST', '/v1/rollouts', written({ steps: [{ share: 2 }] }), undefined, 422],
      ['ana', 'POST', '/v1/rollouts', [], undefined, 422],
      ['ana', 'GET', '/v1/rollouts/r-999', undefined, undefined, 404],
      ['ana', 'POST', '/v1/rollouts/r-999/submit', {}, undefined, 404],
      ['ana', 'GET', '/v1/rollouts/%00', undefined, undefined, 404],
      ['ole', 'POST', `${at}/launch`, {}, undefined, 404],
      ['ole', 'POST', `${at}/constructor`, {}, undefined, 404],
      ['ole', 'POST', `${at}/start`, {}, seq, 409],
      ['ole', 'POST', `${at}/promote`, {}, seq, 409],
      ['ole', 'POST', `${at}/promote`, {}, undefined, 428],
      ['ole', 'POST', `${at}/settle`, {}, seq, 409],
      ['ole', 'POST', `${at}/advance`, {}, seq, 409],
      ['ole', 'POST', `${at}/advance`, {}, 'soon', 400],
      ['ole', 'POST', `${at}/advance`, {}, seq + 1, 412],
      ['ole', 'POST', `${at}/rollback`, {}, undefined, 422],
      ['ole', 'POST', `${at}/rollback`, { because: '  ' }, undefined, 422],
      ['ole', 'POST', `${at}/rollback`, { because: 7 }, undefined, 422],
      ['ole', 'POST', `${at}/rollback`, { why: 'x' }, undefined, 422],
      ['ole', 'POST', `${at}/resume`, { because: 'x' }, undefined, 409],
      ['bo', 'POST', `${at}/approve`, {}, seq, 409],
      ['bo', 'POST', `${at}/extend`, { because: 'x', byHours: 24 }, seq, 409],
      ['bo', 'POST', `${at}/extend`, { because: 'x', byHours: -1 }, seq, 422],
      ['ana', 'GET', `${at}/evidence`, undefined, undefined, 404],
    ]
    for (const [who, method, url, body, ifMatch, status] of cases) {
      const answer = await ask(who, method, url, body, ifMatch)
      expect([who, method, url, answer.status]).toEqual([who, method, url, status])
      expect(answer.value.detail.length).toBeGreaterThan(10)
    }
    expect(path.book.entries().filter(({ type }) => type.startsWith('rollout.'))).toHaveLength(1)
  })

  test('a plan that would spoil it is kept as a draft and not let in', async () => {
    const { value } = await ask(
      'ana',
      'POST',
      '/v1/rollouts',
      written({ holdback: { share: 0 }, candidate: 'routing/bolt@123456789abc' }),
    )
    const answer = await ask('ana', 'POST', `/v1/rollouts/${value.id}/submit`)
    expect(answer.status).toBe(422)
    const { problems } = answer.value as unknown as { problems: { field: string }[] }
    expect(problems.map(({ field }) => field)).toEqual(['candidate', 'holdback.share'])
  })

  test('without a key nobody sees anything', async () => {
    expect((await app.inject({ method: 'GET', url: '/v1/rollouts' })).statusCode).toBe(401)
  })
})
