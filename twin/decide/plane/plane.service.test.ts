import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readSqliteLog } from '../../log/sqlite.ts'
import type { Decision } from '../decision.ts'
import type { Plane } from './plane.ts'
import { post, rawRequest, requestOf, type SmallPlane, SPEC, sendRaw, smallPlane, unitsIn } from './small-plane.fixture.ts'

type Answer = { decisionId: string; orderId: string; status: string }
const answerIn = (text: string): Answer => JSON.parse(text) as Answer
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

describe('decisions over HTTP', { timeout: 60_000 }, () => {
  let small: SmallPlane
  let plane: Plane

  const begin = async (units = 1000, more: Parameters<SmallPlane['open']>[0] = {}): Promise<void> => {
    small = smallPlane(units)
    plane = await small.open(more)
  }
  const restart = async (): Promise<void> => {
    await plane.stop()
    plane = await small.open()
  }
  const url = (what = ''): string => `${plane.url}/v1/decisions${what}`
  afterEach(async () => {
    await plane.stop()
    small.remove()
  })

  test('a decision is in the log before it is answered, and is found by its id and by its order', async () => {
    await begin()
    const { status, text } = await post(url(), requestOf('A-1'))
    expect(status).toBe(200)
    const { decisionId } = answerIn(text)
    expect(await plane.byId(decisionId)).toMatchObject({ id: decisionId, order: 'A-1', key: 'order:A-1:1', status: 'routed' })
    expect((await plane.ofOrder('A-1')).map(({ id }) => id)).toEqual([decisionId])
    expect(await plane.ofOrder('A-2')).toEqual([])
    expect(await plane.byId(`${decisionId}0`)).toBeNull()
    expect(await plane.byId('nonsense')).toBeNull()
  })

  test('the same key and body get the same bytes again, from any thread and after a restart; goods are set aside once', async () => {
    await begin()
    const before = unitsIn(small.stock)
    const first = await post(url(), requestOf('A-1'))
    const again = await Promise.all(Array.from({ length: 20 }, () => sendRaw(plane.port, [rawRequest(requestOf('A-1'))])))
    for (const one of again) expect(one.slice(one.indexOf('\r\n\r\n') + 4)).toBe(first.text)
    expect(unitsIn(small.stock)).toBe(before - 1)
    await restart()
    expect((await post(url(), requestOf('A-1'))).text).toBe(first.text)
    // Whoever asks again may write it differently and with another number of his own.
    const { idempotencyKey, order } = requestOf('A-1')
    const other = await post(url(), JSON.stringify({ requestId: 'second try', order, idempotencyKey }, null, 2))
    expect(answerIn(other.text)).toEqual({ ...answerIn(first.text), requestId: 'second try' })
    expect(unitsIn(small.stock)).toBe(before - 1)
  })

  test('the same key with another body is refused, also after a restart', async () => {
    await begin()
    await post(url(), requestOf('A-1'))
    expect((await post(url(), requestOf('A-1', {}, 2))).status).toBe(409)
    await restart()
    const { status, text } = await post(url(), requestOf('A-1', {}, 2))
    expect(status).toBe(409)
    expect(JSON.parse(text)).toMatchObject({ status: 409, field: 'idempotencyKey' })
  })

  test('those who come with one key at the same time, on all threads, get one decision', async () => {
    await begin()
    const before = unitsIn(small.stock)
    for (let round = 0; round < 10; round++) {
      const order = `R-${round}`
      const all = await Promise.all(Array.from({ length: 12 }, () => post(url(), requestOf(order))))
      const ids = new Set(all.map(({ text }) => answerIn(text).decisionId))
      expect(ids.size).toBe(1)
      expect(await plane.ofOrder(order)).toHaveLength(1)
    }
    expect(unitsIn(small.stock)).toBe(before - 10)
  })

  test('an order that cannot be shipped is held with a reason, and what many want at once is never given twice', async () => {
    await begin(5)
    const had = 5 * SPEC.warehouses.length
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        post(
          url(':batch'),
          Array.from({ length: 10 }, (_, j) => requestOf(`O-${i}-${j}`)),
        ),
      ),
    )
    const bodies = all.flatMap(({ text }) => (JSON.parse(text) as { results: { body: Answer & { reason: string } }[] }).results)
    expect(bodies.filter(({ body }) => body.status === 'routed')).toHaveLength(had)
    expect(bodies.filter(({ body }) => body.status === 'held' && body.reason === 'no-stock')).toHaveLength(80 - had)
    expect(Math.min(...small.stock)).toBe(0)
  })

  test('each request of a batch has its own result, in its place', async () => {
    await begin()
    const before = await post(url(), requestOf('B-2'))
    const { status, text } = await post(url(':batch'), [
      requestOf('B-1'),
      requestOf('B-2'),
      requestOf('B-2', {}, 3),
      { nonsense: true },
      requestOf('B-5', { mode: 'evaluate' }),
    ])
    expect(status).toBe(200)
    const { results } = JSON.parse(text) as { results: { status: number; body: Answer }[] }
    expect(results.map((one) => one.status)).toEqual([200, 200, 409, 422, 200])
    expect(results[1].body).toEqual(JSON.parse(before.text))
    expect(results[4].body.decisionId).toBe('dry-run')
    expect((await post(url(':batch'), {})).status).toBe(422)
    expect((await post(url(':batch'), [])).status).toBe(422)
    expect((await post(url(':batch'), '[')).status).toBe(400)
  })

  test('a stream answers line by line while it is still being sent', async () => {
    await begin()
    const line = (order: string): string => `${JSON.stringify(requestOf(order))}\n`
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
    const head =
      'POST /v1/decisions:stream HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n'
    const half = line('S-3').slice(0, 40)
    const got = await sendRaw(plane.port, [head, chunk(line('S-1')), chunk(`\n${line('S-2')}nonsense\n${half}`)])
    expect(got).toMatch(/^HTTP\/1.1 200/)
    const found = [...got.matchAll(/\{"line":(\d+),"status":(\d+),/g)].map(([, number, status]) => [number, status])
    expect(found.sort()).toEqual([
      ['1', '200'],
      ['2', '200'],
      ['3', '400'],
    ])
    // What had come whole was decided, though the other end went away in the middle of the next.
    expect(await plane.ofOrder('S-2')).toHaveLength(1)
    expect(await plane.ofOrder('S-3')).toHaveLength(0)
    const whole = await post(url(':stream'), line('S-1') + line('S-3').trimEnd(), { 'content-type': 'application/x-ndjson' })
    expect(whole.text.trim().split('\n')).toHaveLength(2)
  })

  test('a dry run by either way leaves nothing behind', async () => {
    await begin()
    const before = unitsIn(small.stock)
    expect((await post(url(':evaluate'), requestOf('E-1'))).status).toBe(200)
    expect((await post(url(), requestOf('E-1', { mode: 'evaluate' }))).status).toBe(200)
    expect(unitsIn(small.stock)).toBe(before)
    expect(plane.lastEntry()).toBe(0)
    expect((await post(url(), requestOf('E-1'))).status).toBe(200)
  })

  test('whoever listens hears of every decision once, in the order of the log', async () => {
    await begin()
    const heard: Decision[] = []
    const end = plane.onDecisions((some) => heard.push(...some))
    for (let i = 0; i < 5; i++)
      await post(
        url(':batch'),
        Array.from({ length: 50 }, (_, j) => requestOf(`L-${i}-${j}`)),
      )
    await plane.follow()
    expect(new Set(heard.map(({ id }) => id)).size).toBe(250)
    expect(heard).toHaveLength(250)
    end()
    await post(url(), requestOf('L-last'))
    await plane.follow()
    expect(heard).toHaveLength(250)
  })

  test('a stop answers what is under way, and takes nothing new', async () => {
    await begin()
    const batches = Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        post(
          url(':batch'),
          Array.from({ length: 1000 }, (_, j) => requestOf(`D-${i}-${j}`)),
        ),
      ),
    )
    while (plane.lastEntry() === 0) await pause(1)
    await plane.stop()
    const answered = await batches
    expect(answered.some(({ status }) => status === 'fulfilled')).toBe(true)
    const kept = readSqliteLog(join(small.folder, 'decisions.db'))
    let entries = 0
    for (const _ of kept.from(1)) entries++
    expect([...kept.verify()].length).toBeGreaterThan(0)
    kept.close()
    expect(entries).toBeGreaterThan(0)
    plane = await small.open()
    for (const one of answered) {
      if (one.status === 'rejected') continue
      const { results } = JSON.parse(one.value.text) as { results: { body: Answer }[] }
      for (const { body } of results.slice(0, 20)) expect((await plane.byId(body.decisionId))?.order).toBe(body.orderId)
    }
  })

  test('a thread that is ended leaves nothing half done: its keys are free or known, and another takes its place', async () => {
    await begin(1_000_000)
    const before = unitsIn(small.stock)
    const orders = Array.from({ length: 40 }, (_, i) => `T-${i}`)
    const first = Promise.allSettled(orders.map((order) => sendRaw(plane.port, [rawRequest(requestOf(order))])))
    await pause(4)
    for (const threadId of plane.threadIds()) await plane.replace(threadId)
    await first
    const again = await Promise.all(orders.map((order) => post(url(), requestOf(order))))
    expect(again.map(({ status }) => status)).toEqual(orders.map(() => 200))
    for (const order of orders) expect(await plane.ofOrder(order)).toHaveLength(1)
    expect(small.troubles).toEqual([])
    expect(before - unitsIn(small.stock)).toBeGreaterThanOrEqual(orders.length)
  })

  test('with keys, whoever has none or the wrong role is told so, and whoever may is known on a connection that stays', async () => {
    const keys = {
      'a-long-key-of-wms': { name: 'wms', role: 'integrator' },
      'a-long-key-of-view': { name: 'eve', role: 'viewer' },
    }
    await begin(1000, { accessKeys: JSON.stringify(keys) })
    expect((await post(url(), requestOf('K-1'))).status).toBe(401)
    expect((await post(url(), requestOf('K-1'), { 'x-api-key': 'a-long-key-of-view' })).status).toBe(403)
    const mine = rawRequest(requestOf('K-2'), ['authorization: Bearer a-long-key-of-wms'])
    const other = rawRequest(requestOf('K-3'), ['x-api-key: a-long-key-of-view'])
    const got = await sendRaw(plane.port, [mine + mine + other + mine])
    expect(got.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 403', 'HTTP/1.1 200'])
  })
})

const canMount = process.platform === 'linux' && process.getuid?.() === 0

describe('when there is no room', { timeout: 90_000 }, () => {
  test('a batch beyond the share of its caller is turned away as a whole, and told when to come again; a stream is only slowed down', async () => {
    const small = smallPlane(100_000)
    const plane = await small.open({ threads: 1, room: 60 })
    try {
      const orders = (count: number, name: string) => Array.from({ length: count }, (_, i) => requestOf(`${name}-${i}`))
      const much = await post(`${plane.url}/v1/decisions:batch`, orders(100, 'W'))
      expect(much.status).toBe(503)
      expect(much.headers.get('retry-after')).toBe('1')
      expect(await plane.ofOrder('W-0')).toEqual([])
      const fits = await post(`${plane.url}/v1/decisions:batch`, orders(20, 'W'))
      expect(fits.status).toBe(200)
      const lines = orders(500, 'S').map((one) => JSON.stringify(one))
      const streamed = await post(`${plane.url}/v1/decisions:stream`, lines.join('\n'), {
        'content-type': 'application/x-ndjson',
      })
      expect(streamed.text.match(/"status":200,/g)).toHaveLength(500)
    } finally {
      await plane.stop()
      small.remove()
    }
  })

  test.skipIf(!canMount)(
    'on a full disk nothing is decided and goods are given back; what was answered stays (skipped without the rights to mount)',
    async () => {
      const small = smallPlane(1_000_000)
      const disk = join(small.folder, 'disk')
      mkdirSync(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
      try {
        const plane = await small.open({ file: join(disk, 'decisions.db') })
        const before = unitsIn(small.stock)
        const answered: string[] = []
        let refused = 0
        for (let i = 0; i < 400 && refused < 3; i++) {
          // Keys that nothing can be packed into.
          const noise = () => randomBytes(60).toString('base64url')
          const some = Array.from({ length: 40 }, (_, j) =>
            requestOf(`F-${i}-${j}`, { idempotencyKey: noise() + noise().slice(0, 40) }),
          )
          const { text } = await post(`${plane.url}/v1/decisions:batch`, some)
          for (const { status, body } of (JSON.parse(text) as { results: { status: number; body: Answer }[] }).results)
            if (status === 200) answered.push(body.decisionId)
            else if (status === 503) refused++
        }
        expect(refused).toBeGreaterThan(0)
        expect(answered.length).toBeGreaterThan(0)
        expect(before - unitsIn(small.stock)).toBe(answered.length)
        for (const id of answered.filter((_, i) => i % 50 === 0)) expect((await plane.byId(id))?.id).toBe(id)
        expect(small.troubles.some((what) => /full/.test(what))).toBe(true)
        await plane.stop()
      } finally {
        execFileSync('umount', [disk])
        small.remove()
      }
    },
  )
})

describe('the quick door and the server proper', { timeout: 60_000 }, () => {
  test('answer alike, whatever is sent and however it is cut into pieces', async () => {
    const small = smallPlane(100_000)
    const plane = await small.open({ threads: 1 })
    try {
      const body = requestOf('Q-1')
      const text = JSON.stringify(body)
      const strange = [
        rawRequest(body),
        rawRequest({ ...body, surprise: 1 }),
        rawRequest('no object'),
        rawRequest(null),
        rawRequest(requestOf('Ünïcödé ✓')),
        rawRequest(body).replace(text, `${text.slice(0, -1)} `),
        rawRequest(body).replace('host: localhost', 'host: elsewhere.example'),
        rawRequest(body).replace('host: localhost\r\n', ''),
        rawRequest(body).replace('application/json', 'text/plain'),
        rawRequest(body, ['expect: 100-continue']),
        rawRequest(body, ['connection: close']),
        rawRequest(body, ['transfer-encoding: chunked']),
        rawRequest(body, ['content-length: 3']),
        rawRequest(body, [' folded: 1']),
        rawRequest(body, ['bad header']),
        rawRequest(body).replace('HTTP/1.1', 'HTTP/1.0'),
        rawRequest(body).replace('HTTP/1.1', 'HTTP/9.9'),
        rawRequest(body).replace('POST', 'post'),
        rawRequest(body).replace('POST ', 'POST  '),
        rawRequest(body).replaceAll('\r\n', '\n'),
        `\r\n${rawRequest(body)}`,
        'GET /v1/decisions HTTP/1.1\r\nhost: localhost\r\n\r\n',
        'nonsense\r\n\r\n',
        `POST /v1/decisions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10000000\r\n\r\n{`,
        `POST /v1/decisions HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
        `POST /v1/decisions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
      ]
      // A header the quick door does not know makes the server proper answer, which is then the measure.
      const proper = (raw: string): string => raw.replace('HTTP/1.1\r\n', 'HTTP/1.1\r\nx-proper: 1\r\n')
      const essence = (got: string): unknown[] =>
        [...got.matchAll(/HTTP\/1\.1 (\d+)/g)]
          .map(([, status]) => (status === '100' ? null : status))
          .filter((one) => one !== null)
      for (const raw of strange) {
        const whole = await sendRaw(plane.port, [raw])
        expect(essence(whole), raw.slice(0, 200)).toEqual(essence(await sendRaw(plane.port, [proper(raw)])))
        const middle = Math.floor(raw.length / 2)
        const cut = await sendRaw(plane.port, [raw.slice(0, 7), raw.slice(7, middle), raw.slice(middle)])
        expect(essence(cut), raw.slice(0, 200)).toEqual(essence(whole))
      }
      const plain = await sendRaw(plane.port, [rawRequest(body)])
      const slow = await sendRaw(plane.port, [proper(rawRequest(body))])
      const bodyOf = (got: string): string => got.slice(got.indexOf('\r\n\r\n') + 4)
      expect(bodyOf(plain)).toBe(bodyOf(slow))
      const names = (got: string): string[] =>
        got
          .slice(0, got.indexOf('\r\n\r\n'))
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(':')[0].toLowerCase())
          .filter((name) => name !== 'connection' && name !== 'keep-alive')
          .sort()
      expect(names(plain)).toEqual(names(slow))
    } finally {
      await plane.stop()
      small.remove()
    }
  })
})
