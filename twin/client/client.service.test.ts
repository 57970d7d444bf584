import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from '../../scenarios/read/check.ts'
import { AnswerSchema } from '../decide/answer-schema.ts'
import { decisionWing } from '../decide/api/decision-wing.ts'
import { OutcomesReceiptSchema } from '../decide/api/outcome-schema.ts'
import { PromiseAnswerSchema } from '../decide/api/promises.ts'
import type { Plane } from '../decide/plane/plane.ts'
import { requestOf, type SmallPlane, SPEC, smallPlane } from '../decide/plane/small-plane.fixture.ts'
import type { DecisionRequest } from '../decide/request-schema.ts'
import { readAccess } from '../server/access.ts'
import { ndjson, type Opened, openHere } from '../server/server.fixture.ts'
import { Client } from './client.ts'
import { Problem } from './problem.ts'

const KEYS = JSON.stringify({
  'integrator-0123456789': { name: 'shop', role: 'integrator' },
  'planner-0123456789': { name: 'anna', role: 'planner' },
})

/** The server of pages and people, with threads that decide behind it, asked by the client as anybody would. */
describe('the typed client, through the server to the threads that decide', { timeout: 60_000 }, () => {
  let small: SmallPlane
  let plane: Plane
  let here: Opened
  let shop: Client
  let planner: Client

  beforeAll(async () => {
    small = smallPlane(1000)
    plane = await small.open({ accessKeys: KEYS })
    here = await openHere({
      access: readAccess(KEYS),
      now: Date.now,
      wings: [decisionWing({ spec: SPEC, policies: 'live-greedy', offsetMinutes: 0, plane, registry: null })],
    })
    const counted = SPEC.skus.flatMap(({ id: sku }) =>
      SPEC.warehouses.map(({ id: warehouse }) => ({
        id: `${sku}:${warehouse}`,
        source: 'wms',
        feed: 'stock',
        type: 'counted',
        at: new Date(Date.now() - 60_000).toISOString(),
        warehouse,
        sku,
        onHand: { value: 1000, unit: '{unit}' },
      })),
    )
    expect(await here.twin.accept(Buffer.from(ndjson(counted)), 'test')).toMatchObject({ accepted: counted.length })
    const url = await here.app.listen({ host: '127.0.0.1', port: 0 })
    shop = new Client({ url, key: 'integrator-0123456789' })
    planner = new Client({ url, key: 'planner-0123456789' })
  }, 60_000)
  afterAll(async () => {
    await here.close()
    await plane.stop()
    small.remove()
  })
  const ask = (order: string, more: object = {}, qty = 1) => requestOf(order, more, qty) as unknown as DecisionRequest

  test('a decision is answered, found again, and the same request again is the same answer', async () => {
    const answer = await shop.decide(ask('C-1', { requestId: 'r-1', baselineDecision: { node: SPEC.warehouses[0].id } }))
    expect(check(AnswerSchema, answer)).toMatchObject({ ok: true })
    expect(answer).toMatchObject({ orderId: 'C-1', requestId: 'r-1', status: 'routed', baseline: { agrees: true } })
    expect(await shop.decide(ask('C-1', { requestId: 'r-1', baselineDecision: { node: SPEC.warehouses[0].id } }))).toEqual(answer)
    const found = await shop.decision(answer.decisionId)
    expect(found).toMatchObject({ decisionId: answer.decisionId, shipments: answer.shipments, requestId: null })
  })

  test('what is refused is thrown as a problem that names every field', async () => {
    const wrong = ask('C-2', { budgetMs: -1 }, 0)
    const error = await shop.decide(wrong).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Problem)
    expect((error as Problem).status).toBe(422)
    expect((error as Problem).body.problems?.map(({ field }) => field).sort()).toEqual(['budgetMs', 'order.lines[0].qty'])
  })

  test('the same key with another body is a conflict, an unknown id is not there, a planner may only try', async () => {
    await shop.decide(ask('C-3'))
    await expect(shop.decide(ask('C-3', {}, 2))).rejects.toMatchObject({ status: 409 })
    await expect(shop.decision('nothing')).rejects.toMatchObject({ status: 404 })
    await expect(planner.decide(ask('C-4'))).rejects.toMatchObject({ status: 403 })
    expect(await planner.evaluate(ask('C-4'))).toMatchObject({ status: 'routed', explanation: null })
  })

  test('many at once have each its own result', async () => {
    const results = await shop.decideAll([ask('B-1'), ask('B-2', {}, 0), ask('B-3')])
    expect(results.map(({ status }) => status)).toEqual([200, 422, 200])
    expect(results[2].body).toMatchObject({ orderId: 'B-3' })
  })

  test('a stream is answered while it is still being sent', async () => {
    let answered: () => void = () => {}
    const first = new Promise<void>((done) => {
      answered = done
    })
    async function* orders() {
      yield ask('S-1')
      // Nothing more is sent until the first has come back.
      await first
      for (let i = 2; i <= 50; i++) yield ask(`S-${i}`)
    }
    const lines: number[] = []
    for await (const { line, status } of shop.stream(orders())) {
      expect(status).toBe(200)
      lines.push(line)
      answered()
    }
    expect(lines.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  })

  test('decisions are explained as they were taken or of the present, and it is said which', async () => {
    const { decisionId } = await shop.decide(ask('E-1'))
    const explained = await shop.explain(decisionId, SPEC.warehouses[1].id)
    expect(['as taken', 'present']).toContain(explained.basis)
    expect(explained).toMatchObject({ decisionId, whyNot: { warehouse: SPEC.warehouses[1].id } })
    expect(typeof explained.isSame).toBe('boolean')
    expect((await shop.explainNow(ask('E-2'))).basis).toBe('present')
  })

  test('promises and outcomes are what their schemas say', async () => {
    const promised = await shop.promise({ shipTo: { zone: 'N1' }, lines: [{ sku: 'sku-3', qty: 1 }] })
    expect(check(PromiseAnswerSchema, promised)).toMatchObject({ ok: true })
    const receipt = await shop.outcomes([{ orderId: 'C-1', actualCost: { amount: 3, currency: SPEC.currency } }])
    expect(check(OutcomesReceiptSchema, receipt)).toMatchObject({ ok: true })
    expect(receipt.accepted).toBe(1)
  })

  test('a body of 10 MB is turned away, wherever it is sent, and the next request is answered', async () => {
    const big = 'x'.repeat(10_000_000)
    for (const path of ['/v1/decisions', '/v1/decisions:evaluate', '/v1/promises', '/v1/outcomes', '/v1/decisions:explain']) {
      const failed = await shop.post(path, { order: { orderId: big } }).catch((error: unknown) => error)
      // A server that closes while much is still under way may be seen to hang up.
      expect(failed instanceof Problem ? failed.status : 413, path).toBe(413)
    }
    expect((await shop.evaluate(ask('after'))).status).toBe('routed')
  })
})

describe('a client whose server has a bad day', () => {
  test('asks again what may be asked again, as late as it is told to, and gives up in the end', async () => {
    const answers: (() => { status: number; headers?: Record<string, string>; body: object })[] = []
    const asked: string[] = []
    const server = createServer((request, response) => {
      let text = ''
      request.on('data', (piece) => {
        text += piece
      })
      request.on('end', () => {
        asked.push(text)
        const answer = answers.shift()
        if (answer === undefined) {
          request.socket.destroy()
          return
        }
        const { status, headers, body } = answer()
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(JSON.stringify(body))
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const problem = { status: 503, title: 'Not ready', detail: 'It starts.' }
    const client = new Client({ url, retries: 2 })
    const request = requestOf('R-1') as unknown as DecisionRequest
    answers.push(
      () => ({ status: 503, body: problem }),
      () => ({ status: 200, body: { decisionId: 'd' } }),
    )
    expect(await client.decide(request)).toEqual({ decisionId: 'd' })
    // The very same body, so that it is the very same decision.
    expect(asked[0]).toBe(asked[1])
    answers.push(() => ({ status: 422, body: { ...problem, status: 422 } }))
    await expect(client.decide(request)).rejects.toMatchObject({ status: 422 })
    expect(asked.length).toBe(3)
    // Hung up on each time.
    await expect(client.decide(request)).rejects.toThrow()
    expect(asked.length).toBe(6)
    await new Promise((done) => server.close(done))
  })
})
