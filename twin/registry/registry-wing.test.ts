import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { checkBook } from '../govern/audit-book.ts'
import { peopleOfRollout } from '../govern/rollout-people.ts'
import { readAccess } from '../server/access.ts'
import { PACES } from '../server/pace.ts'
import { KEYS_OF_PEOPLE, keyOf, type Opened, openHere, type PEOPLE } from '../server/server.fixture.ts'
import type { Version } from './version.ts'

/** As often as a test likes. */
const EVER = { perSecond: 1e6, burst: 1e6 }
let here: Opened
beforeEach(async () => {
  here = await openHere({
    network: smallWorld(),
    access: readAccess(KEYS_OF_PEOPLE),
    office: {},
    paces: { ...PACES, read: EVER, write: EVER, heavy: EVER },
  })
})
afterEach(() => here.close())

const ask = async (who: keyof typeof PEOPLE, method: 'GET' | 'POST', url: string, payload?: object) => {
  const headers = { authorization: `Bearer ${keyOf(who)}` }
  const answer = await here.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> }
}
const registered = async (words: string, certificate?: object | string): Promise<Version> => {
  const { status, body } = await ask('ines', 'POST', '/v1/versions', {
    words,
    ...(certificate === undefined ? {} : { certificate }),
  })
  expect(status, JSON.stringify(body)).toBe(201)
  return body as unknown as Version
}

describe('the registry over HTTP', () => {
  test('a planner registers, whoever is of the house reads, and nobody else does either', async () => {
    const { id } = await registered('cheapest')
    expect((await ask('vera', 'POST', '/v1/versions', { words: 'nearest' })).status).toBe(403)
    for (const path of [`/v1/versions/${id}`, `/v1/versions/${encodeURIComponent(id)}`])
      expect((await ask('vera', 'GET', path)).body, path).toMatchObject({ id, kind: 'routing', name: 'cheapest', aliases: [] })
    expect((await ask('wms', 'GET', '/v1/versions')).status).toBe(403)
    expect((await ask('vera', 'GET', '/v1/versions?kind=forecast')).body.versions).toEqual([])
    expect((await ask('vera', 'GET', '/v1/versions?kind=x')).status).toBe(400)
    expect((await ask('vera', 'GET', '/v1/versions/routing/none@1')).status).toBe(404)
  })

  test('what is asked for from afar is a name and no file of this machine', async () => {
    for (const words of [
      'rules:/etc/passwd',
      'rules:../x.yaml',
      'scenario:./x.yaml',
      'pinned:x.json',
      'cheapest+nearest',
      'cheepest',
      '',
    ]) {
      const { status, body } = await ask('ines', 'POST', '/v1/versions', { words })
      expect([400, 422], words).toContain(status)
      expect(JSON.stringify(body), words).not.toMatch(/\/tmp|\/home|root:/)
    }
  })

  test('a rule set and a scenario of one’s own come as text, with a line for what is wrong in them; a model brings digests', async () => {
    const [{ id: node }] = smallWorld().warehouses
    const rules = `name: Own\nabout: One house.\nuncovered: wait\nrules:\n  - name: first\n    nodes: { only: [${node}] }\n`
    const send = (words: string, more: object) => ask('ines', 'POST', '/v1/versions', { words, ...more })
    const own = await send('rules:own', { text: rules })
    expect([own.status, own.body.kind, own.body.name]).toEqual([201, 'rules', 'own'])
    expect(own.body.data).toMatch(/^[0-9a-f]{64}$/)
    expect((await send('rules:own', { text: rules.replace('wait', 'cheapest') })).body.id).not.toBe(own.body.id)
    for (const [text, says] of [
      [rules.replace(node, 'nowhere'), /line 6.*nowhere/],
      [rules.replace('uncovered', 'uncoverd'), /line 3/],
      ['a: [', /line 1/],
      ['&a [*a, *a]', /./],
      ['x', /./],
    ] as const) {
      const wrong = await send('rules:own', { text })
      expect([wrong.status, wrong.body.detail], text).toEqual([422, expect.stringMatching(says)])
    }
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`
    expect((await send('scenario:own', { text: bomb })).status).toBe(422)
    const storm = await send('scenario:own', { text: 'name: Own\nabout: Nothing happens.\ndays: 2\n' })
    expect([storm.status, storm.body.name]).toEqual([201, 'own'])
    const digest = { data: 'a'.repeat(64), training: 'b'.repeat(64) }
    const fitted = await send('smoothed:alpha=0.3', digest)
    expect(fitted.body).toMatchObject({ kind: 'forecast', ...digest })
    expect((await send('smoothed:alpha=0.3', { ...digest, data: 'c'.repeat(64) })).body.id).not.toBe(fitted.body.id)
    expect((await send('smoothed', { data: 'secret.csv' })).status).toBe(400)
    expect((await send('cheapest', { text: 'x' })).status).toBe(422)
  })

  test('what forecasts is put in charge by two, and nothing that forecasts may decide', async () => {
    const [routes, forecasts, other] = [
      await registered('cheapest'),
      await registered('smoothed'),
      await registered('moving-average'),
    ]
    await here.office?.registry.point('forecast', forecasts.id, 'serve', 0)
    expect((await ask('ines', 'POST', '/v1/aliases/candidate', { version: forecasts.id })).status).toBe(422)
    const alone = await ask('ines', 'POST', '/v1/aliases/forecast', { version: other.id })
    expect([alone.status, alone.body.ask]).toEqual([
      403,
      { act: 'promote', subject: 'alias:forecast', what: { version: other.id } },
    ])
    const asked = await ask('ines', 'POST', '/v1/requests', { ...(alone.body.ask as object), because: 'it errs less' })
    const { id, digest } = asked.body as { id: string; digest: string }
    const move = (version: string) =>
      here.app.inject({
        method: 'POST',
        url: '/v1/aliases/forecast',
        headers: { authorization: `Bearer ${keyOf('ines')}`, 'orrery-approval': id },
        payload: { version },
      })
    expect((await move(other.id)).statusCode).toBe(403)
    await ask('abel', 'POST', `/v1/requests/${id}/approve`, { digest })
    // What two agreed to is this and nothing else.
    expect((await move(forecasts.id)).statusCode).toBe(403)
    expect((await move(routes.id)).statusCode).toBe(422)
    expect((await move(other.id)).json()).toMatchObject({ name: 'forecast', version: other.id, previous: forecasts.id })
    expect((await ask('vera', 'GET', '/v1/aliases/forecast')).body).toMatchObject({ version: other.id })
    expect(checkBook(here.office?.book.entries() ?? [], here.office?.registry.signer ?? null).flaws).toEqual([])
    expect((await ask('otto', 'POST', '/v1/aliases/forecast/back')).body).toMatchObject({ version: forecasts.id })
  })

  test('lineage leads from the experiment to the rollouts and moves, each by its digest or entry', async () => {
    const result = { format: 'orrery-result/1', digest: 'x' }
    const { id, certificate } = await registered('cheapest', result)
    const other = await registered('nearest')
    const plan = { plan: { candidate: id, stable: other.id } }
    await here.office?.book.append({ who: 'ines', about: 'rollout:r-1', type: 'rollout.drafted', body: plan })
    await here.office?.book.append({ who: 'olga', about: 'rollout:r-1', type: 'rollout.started', body: {} })
    here.office?.decisionsOf(async () => ({ decisions: 7, firstMs: 1, lastMs: 2, digest: 'd' }))
    await ask('ines', 'POST', '/v1/aliases/candidate', { version: id })
    const { body } = await ask('vera', 'GET', `/v1/versions/${id}/lineage`)
    expect(body).toMatchObject({
      version: { id },
      certificate: { digest: certificate, isKept: true, says: result },
      rollouts: [{ id: 'r-1', as: 'candidate', acts: [{ who: 'ines' }, { who: 'olga' }] }],
      aliases: [{ alias: 'candidate', who: 'ines' }],
      decisions: { decisions: 7 },
    })
    expect((await ask('vera', 'GET', `/v1/versions/${encodeURIComponent(other.id)}/lineage`)).body).toMatchObject({
      certificate: null,
      rollouts: [{ id: 'r-1', as: 'stable' }],
    })
  })

  test('from the request to take stable back until those who decide are told it takes less than a second', async () => {
    const [a, b] = [await registered('cheapest'), await registered('nearest')]
    const registry = here.office?.registry
    const first = await registry?.point('stable', a.id, 'serve', 0)
    const request = await here.office?.governance.ask(
      { act: 'promote', subject: 'alias:stable', what: { version: b.id }, because: 'x' },
      { name: 'ines', role: 'planner' },
    )
    await here.office?.governance.approve(request?.id ?? '', { name: 'abel', role: 'approver' }, request?.digest ?? '')
    await registry?.point('stable', b.id, 'clock', first?.seq ?? 0, request?.id)
    let toldMs = Number.NaN
    registry?.onMoved(() => {
      toldMs = performance.now()
    })
    const askedMs = performance.now()
    expect((await ask('otto', 'POST', '/v1/aliases/stable/back')).body).toMatchObject({ version: a.id })
    expect(toldMs - askedMs).toBeLessThan(1000)
    expect((await ask('otto', 'POST', '/v1/aliases/stable/back')).status).toBe(422)
    expect((await ask('otto', 'POST', '/v1/aliases/stable/back', { expected: 1 })).status).not.toBe(200)
  })

  test('an alias that somebody else moved meanwhile is not moved', async () => {
    const { id } = await registered('cheapest')
    expect((await ask('ines', 'POST', '/v1/aliases/candidate', { version: id, expected: 0 })).status).toBe(200)
    expect((await ask('ines', 'POST', '/v1/aliases/candidate', { version: id, expected: 0 })).status).toBe(409)
    expect((await ask('ines', 'POST', '/v1/aliases/latest', { version: id })).status).toBe(404)
  })
})

test('a promotion counts as wanted by two only where two who did not write its plan agreed to the very evidence', () => {
  const act = (seq: number, who: string, type: string, body: object) => ({
    seq,
    atMs: seq,
    who,
    about: 'rollout:r-1',
    type,
    body: { ...body },
  })
  const drafted = act(1, 'Ana', 'rollout.drafted', { plan: { candidate: 'v-2' } })
  const agreed = (seq: number, who: string, of = 'e-1') => act(seq, who, 'rollout.approved', { of })
  const promoted = act(9, 'judge', 'rollout.promoted', { evidence: 'e-1' })
  const people = (...entries: ReturnType<typeof act>[]) => peopleOfRollout([drafted, ...entries], 'rollout:r-1', 'v-2')
  expect(people(agreed(2, 'bo'), agreed(3, 'cy'), promoted)).toEqual(['bo', 'cy'])
  expect(people(agreed(2, 'bo'), agreed(3, 'BO '), promoted)).toEqual(['bo'])
  expect(people(agreed(2, 'bo'), agreed(3, 'ana'), promoted)).toEqual(['bo'])
  expect(people(agreed(2, 'bo'), agreed(3, 'cy', 'e-0'), promoted)).toEqual(['bo'])
  expect(people(agreed(2, 'bo'), promoted, agreed(10, 'cy'))).toEqual(['bo'])
  expect(people(agreed(2, 'bo'), agreed(3, 'cy'))).toEqual([])
  expect(peopleOfRollout([drafted, agreed(2, 'bo'), agreed(3, 'cy'), promoted], 'rollout:r-1', 'v-3')).toEqual([])
  expect(peopleOfRollout([], 'q-1', 'v-2')).toBeNull()
})

test('whatever is sent to registry and governance, nothing answers with a 500, and stable stays where it is', async () => {
  const { id } = await registered('cheapest')
  await here.office?.registry.point('stable', id, 'serve', 0)
  const posts = [
    '/v1/versions',
    '/v1/requests',
    '/v1/exports',
    '/v1/aliases/stable',
    '/v1/aliases/candidate',
    '/v1/aliases/*',
    '/v1/aliases/*/back',
    '/v1/requests/*/approve',
    '/v1/requests/*/refuse',
    '/v1/incidents/*/close',
  ]
  const gets = [
    '/v1/versions/*',
    '/v1/versions/*/*',
    '/v1/versions/*/lineage',
    '/v1/requests/*',
    '/v1/aliases/*',
    '/v1/audit?after=*',
    '/v1/persons/customer/*',
  ]
  const word = fc.oneof(
    fc.constantFrom('q-1', 'q-999', 'q-0', 'stable', '__proto__', 'constructor', 'routing/x@1', '%', '\u0000', 'a'.repeat(250)),
    fc.string({ maxLength: 10, unit: 'binary' }),
  )
  const field = fc.constantFrom(
    'words',
    'certificate',
    'version',
    'expected',
    'act',
    'subject',
    'what',
    'because',
    'incident',
    'hours',
    'digest',
    'of',
    'findings',
    '__proto__',
  )
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('promote', 'break-glass', 'held', 'export', 'alias:stable', '0'.repeat(64), 'x'.repeat(600), 1e308, -1),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...posts.map((url) => ['POST', url] as const), ...gets.map((url) => ['GET', url] as const)),
      fc.array(word, { minLength: 2, maxLength: 2 }),
      fc.dictionary(field, value, { maxKeys: 6 }),
      fc.constantFrom('ines', 'abel', 'olga', 'wms' as const),
      fc.constantFrom(undefined, 'q-1', 'q-2', 'x', ''),
      async ([method, url], words, payload, who, under) => {
        let i = 0
        const path = url.replace(/\*/g, () => encodeURIComponent(words[i++ % 2]))
        const headers = { authorization: `Bearer ${keyOf(who)}`, ...(under === undefined ? {} : { 'orrery-approval': under }) }
        const answer = await here.app.inject({ method, url: path, headers, ...(method === 'GET' ? {} : { payload }) })
        const said = `${method} ${path} ${JSON.stringify(payload)} → ${answer.statusCode} ${answer.body.slice(0, 200)}`
        expect(answer.statusCode, said).toBeLessThan(500)
        if (answer.statusCode >= 400) expect(answer.headers['content-type'], said).toContain('problem+json')
      },
    ),
    { numRuns: 300 },
  )
  expect(here.office?.registry.alias('stable')?.version).toBe(id)
})
