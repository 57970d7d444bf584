import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smallWorld } from '../../../bench/small-world.ts'
import { policyFile } from '../../../policies/catalog.ts'
import { policyCode } from '../../../scenarios/bundle.ts'
import { loadScenario } from '../../../scenarios/read/scenario.ts'
import { Client } from '../../client/client.ts'
import { writeMoment } from '../../event/moment.ts'
import { forwardMove } from '../../govern/governance.ts'
import { openReality } from '../../reality/open-reality.ts'
import type { OpenApi } from '../../server/openapi/document.ts'
import { scribbles, type Words } from '../../server/openapi/scribble.fixture.ts'
import { ndjson, type Opened, openHere } from '../../server/server.fixture.ts'
import { liveDecisions } from '../live-decisions.ts'
import { rawRequest, sendRaw } from '../plane/small-plane.fixture.ts'
import type { Explained } from '../present-desk.ts'
import type { DecisionRequest } from '../request-schema.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const FROM_MS = Date.UTC(2026, 10, 9)
const TOLD_HOURS = 60

/** A server as it is run, deciding by the real decider over what a hidden world told it. */
describe('decisions as they are made, over HTTP', { timeout: 120_000 }, () => {
  const spec = smallWorld()
  const folder = mkdtempSync(join(tmpdir(), 'orrery-live-'))
  let here: Opened
  let client: Client
  let events: readonly object[]
  let left: readonly object[]

  beforeAll(async () => {
    const world = {
      spec,
      scenario: loadScenario('calm').spec,
      policies: 'live-greedy',
      seed: '1',
      days: 3,
      fromMs: FROM_MS,
      offsetMinutes: 0,
    }
    const reality = await openReality(world)
    events = reality.until(TOLD_HOURS * HOUR_MS)
    left = reality.until((TOLD_HOURS + 1) * HOUR_MS)
    const decisions = liveDecisions({
      spec,
      policies: 'live-greedy',
      offsetMinutes: 0,
      file: join(folder, 'twin.db'),
      host: '127.0.0.1',
      port: 0,
      threads: 1,
      isPlayed: true,
      standing: join(folder, 'standing.json'),
      keys: undefined,
      pseudonymKey: undefined,
      say: () => {},
    })
    here = await openHere({
      office: {},
      network: spec,
      now: () => FROM_MS + TOLD_HOURS * HOUR_MS,
      wings: [tellFirst(), decisions.wing],
    })
    client = new Client({ url: await here.app.listen({ host: '127.0.0.1', port: 0 }) })
  }, 120_000)
  afterAll(async () => {
    await here?.close()
    rmSync(folder, { recursive: true })
  })

  /** What is known before the first ground is made. */
  const tellFirst =
    () =>
    async (_: unknown, { twin }: { readonly twin: Opened['twin'] }) => {
      await twin.accept(Buffer.from(ndjson(events)), 'test')
    }
  const request = (order: string, more: object = {}): DecisionRequest => ({
    order: {
      orderId: order,
      shipTo: { zone: spec.zones[2].id },
      promise: { deliverBy: writeMoment(FROM_MS + TOLD_HOURS * HOUR_MS + 5 * DAY_MS) },
      lines: [{ sku: spec.skus[1].id, qty: 1 }],
    },
    explain: 'full',
    alternatives: 1,
    ...more,
  })

  test('a decision is explained as the same shipments, of the present, and as it was taken once the present has moved on', async () => {
    const dry = await client.evaluate(request('L-0'))
    const answer = await client.decide(request('L-1'))
    expect(answer.status).toBe('routed')
    expect(dry.shipments[0].node).toBe(answer.shipments[0].node)
    expect(answer.explanation?.href).toBe(`/v1/decisions/${answer.decisionId}:explain`)
    const now = await client.explain(answer.decisionId)
    expect(now).toMatchObject({ basis: 'present', isSame: true })
    // The same terms, to the digit that is written.
    const total = now.chosen?.price ?? Number.NaN
    expect(answer.score?.social).toBeCloseTo(total / 100, 3)
    await here.twin.accept(Buffer.from(ndjson(left)), 'test')
    const then = await client.explain(answer.decisionId, spec.warehouses.find(({ id }) => id !== answer.shipments[0].node)?.id)
    expect(then).toMatchObject({ basis: 'as taken', isSame: true })
    expect(then.asOfMs).toBeLessThan(here.twin.state.asOfMs)
  })

  /** Two people want a version in charge. */
  const inCharge = async (alias: 'stable' | 'forecast', version: string): Promise<void> => {
    const { governance, registry } = here.office as NonNullable<Opened['office']>
    const act = alias === 'stable' ? 'break-glass' : 'promote'
    const asked = await governance.ask(
      { ...forwardMove(act, alias, version), because: 'a test', incident: 'fire' },
      { name: 'ines', role: 'planner' },
    )
    await governance.approve(asked.id, { name: 'abel', role: 'approver' }, asked.digest)
    expect(await registry.point(alias, version, 'ines', registry.alias(alias)?.seq ?? 0, asked.id)).not.toBeNull()
  }
  const decidedBy = async (version: string): Promise<Awaited<ReturnType<Client['decide']>>> => {
    for (let n = 0; n < 200; n++) {
      const answer = await client.decide(request(`V-${version}-${n}`))
      if (answer.policy.version === version) return answer
      await new Promise((done) => setTimeout(done, 50))
    }
    throw new Error(`${version} never decided`)
  }

  const explained = async (): Promise<{ readonly by: string; readonly from: string | undefined }> => {
    const { order } = request('E-1')
    const { stamp, chosen } = await client.post<Explained>('/v1/decisions:explain', { order })
    return { by: stamp.policy, from: chosen?.shipments[0].warehouse }
  }

  test('a rule set is put in charge as a version, decides by the text it was registered with, and is taken back', async () => {
    const registry = (here.office as NonNullable<Opened['office']>).registry
    const before = registry.alias('stable')?.version ?? ''
    const usual = (await decidedBy(before)).shipments[0].node
    const other = spec.warehouses.find(({ id }) => id !== usual)?.id
    const text = `name: One house\nabout: All from one house.\nuncovered: wait\nrules:\n  - name: one\n    nodes: { only: [${other}] }\n`
    const { id } = await registry.register('rules:one-house', 'ines', null, { text })
    expect(id).toMatch(/^rules\/one-house@/)
    await inCharge('stable', id)
    const answer = await decidedBy(id)
    expect(answer.shipments[0].node).toBe(other)
    const lineage = (await client.get(`/v1/versions/${encodeURIComponent(id)}/lineage`)) as {
      aliases: { alias: string; under: string }[]
      decisions: { decisions: number }
    }
    expect(lineage.aliases).toMatchObject([{ alias: 'stable', back: false }])
    expect(lineage.decisions.decisions).toBeGreaterThan(0)
    await registry.back('stable', 'otto', registry.alias('stable')?.seq ?? 0)
    expect((await decidedBy(before)).shipments[0].node).toBe(usual)
    // What it decided is explained by it, not by who decides now.
    expect(await client.explain(answer.decisionId)).toMatchObject({ takenBy: id, isSame: true, stamp: { policy: id } })
  })

  test('promises are made, and orders not yet asked for explained, by the version in charge', async () => {
    const registry = (here.office as NonNullable<Opened['office']>).registry
    const first = await explained()
    const other = spec.warehouses.findLast(({ id }) => id !== first.from)?.id
    const text = `name: Last house\nabout: All from one house.\nuncovered: wait\nrules:\n  - name: one\n    nodes: { only: [${other}] }\n`
    const { id } = await registry.register('rules:last-house', 'ines', null, { text })
    await inCharge('stable', id)
    expect(await explained()).toEqual({ by: id, from: other })
    await registry.back('stable', 'otto', registry.alias('stable')?.seq ?? 0)
    expect(await explained()).toEqual(first)
  })

  test('a forecast is put in charge as a version: it answers by its own text, and says so', async () => {
    const registry = (here.office as NonNullable<Opened['office']>).registry
    const told = async () =>
      (await client.get('/v1/forecasts?days=2')) as {
        policy: string
        version: string
        digest: string
        days: { warehouses: { units: number }[] }[]
      }
    const first = await told()
    expect(first.version).toBe(registry.alias('forecast')?.version)
    const change = {
      file: policyFile('forecast/smoothed'),
      from: 'answer.meanUnits = level * days',
      to: 'answer.meanUnits = 7000 * days',
    }
    const made = await registry.registerContent(
      {
        kind: 'forecast',
        name: 'smoothed',
        params: { alpha: 0.3 },
        data: 'a'.repeat(64),
        training: 'b'.repeat(64),
        text: await policyCode('forecast/smoothed', change),
      },
      'ines',
    )
    await expect(
      (async () => registry.point('forecast', made.id, 'ines', registry.alias('forecast')?.seq ?? 0))(),
    ).rejects.toThrow(/two different people/)
    await inCharge('forecast', made.id)
    const then = await told()
    expect([then.policy, then.version, then.digest]).toEqual(['forecast/smoothed', made.id, made.digest])
    expect(then.days[1].warehouses[0].units).toBeGreaterThan(6999)
    expect(first.days[1].warehouses[0].units).toBeLessThan(7000)
    await registry.back('forecast', 'otto', registry.alias('forecast')?.seq ?? 0)
    expect((await told()).version).toBe(first.version)
  })

  test('a request goes to the threads that decide, whatever address it names, and nobody else sees its key', async () => {
    const asked: string[] = []
    const stranger = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('{}')
    })
    await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done))
    const { port } = stranger.address() as AddressInfo
    const own = Number(new URL(here.app.listeningOrigin).port)
    for (const [i, address] of [`http://127.0.0.1:${port}/v1/decisions`, '/v1/decisions', '/v1/decisions%3Aevaluate'].entries()) {
      const raw = rawRequest(request(`S-${i}`), ['authorization: Bearer somebodys-key'], address)
      expect(await sendRaw(own, [raw], 500), address).toMatch(/^HTTP\/1\.1 200 .*"orderId":"S-/s)
    }
    expect(await sendRaw(own, [rawRequest(request('S-9'), [], `//127.0.0.1:${port}/v1/decisions`)], 500)).toMatch(
      /^HTTP\/1\.1 404/,
    )
    expect(asked).toEqual([])
    await new Promise((done) => stranger.close(done))
  })

  test('a body that is too large is told so, although all of it is sent before anything is read', async () => {
    const own = Number(new URL(here.app.listeningOrigin).port)
    const large = { ...request('B-1'), more: 'x'.repeat(10_000_000) }
    for (let i = 0; i < 5; i++) expect(await sendRaw(own, [rawRequest(large)], 500)).toMatch(/^HTTP\/1\.1 413/)
  })

  test('what cannot decide cannot be put in charge', async () => {
    const registry = (here.office as NonNullable<Opened['office']>).registry
    const scenario = await registry.register('scenario:storm', 'ines')
    const forecast = registry.alias('forecast')?.version ?? ''
    for (const [alias, version] of [
      ['stable', scenario.id],
      ['candidate', forecast],
      ['forecast', registry.alias('stable')?.version ?? ''],
    ] as const)
      await expect((async () => registry.point(alias, version, 'ines', registry.alias(alias)?.seq ?? 0))()).rejects.toThrow(
        /point it at/,
      )
  })

  test('whatever is asked of the threads that decide, in the words of the document and wrong in places, none answers with a 500', async () => {
    const document = (await client.get('/v1/openapi.json')) as OpenApi
    const words: Words = {
      '': ['F-1', 'x'],
      orderId: ['F-1', 'F-2', 'F-3'],
      idempotencyKey: ['k-1', 'k-2'],
      zone: [spec.zones[0].id],
      sku: spec.skus.slice(0, 3).map(({ id }) => id),
      node: spec.warehouses.map(({ id }) => id),
      allowedNodes: spec.warehouses.map(({ id }) => id),
      blockedNodes: [spec.warehouses[0].id],
      services: [spec.services[0].id],
      service: [spec.services[0].id],
      currency: [spec.currency],
      deliverBy: [writeMoment(FROM_MS + TOLD_HOURS * HOUR_MS + 3 * DAY_MS)],
      createdAt: [writeMoment(FROM_MS + TOLD_HOURS * HOUR_MS - HOUR_MS)],
      asOf: [writeMoment(FROM_MS + TOLD_HOURS * HOUR_MS)],
      from: [writeMoment(FROM_MS)],
      until: [writeMoment(FROM_MS + TOLD_HOURS * HOUR_MS + 3 * DAY_MS)],
      group: ['g'],
    }
    const url = (await here.app.listeningOrigin) as string
    const seen = new Map<number, number>()
    for (const path of ['/v1/decisions', '/v1/decisions:evaluate', '/v1/decisions:batch', '/v1/decisions:stream']) {
      const content = Object.entries(document.paths[path].post.requestBody?.content ?? {})
      const [[type, { schema }]] = content
      await fc.assert(
        fc.asyncProperty(scribbles(document, schema, words), async (body) => {
          const response = await fetch(`${url}${path}`, {
            method: 'POST',
            headers: { 'content-type': type },
            body: JSON.stringify(body) ?? 'null',
          })
          const text = await response.text()
          const statuses = [response.status, ...[...text.matchAll(/"status":(\d{3})\b/g)].map(([, status]) => Number(status))]
          for (const status of statuses) {
            seen.set(status, (seen.get(status) ?? 0) + 1)
            expect(status, `${path} ${JSON.stringify(body)} → ${text.slice(0, 300)}`).not.toBe(500)
          }
        }),
        { numRuns: 120 },
      )
    }
    // Some were decided, some were wrong, some used a key again with another body.
    for (const status of [200, 422, 409]) expect(seen.get(status) ?? 0, `${status}`).toBeGreaterThan(3)
  })
})
