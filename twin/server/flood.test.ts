import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ndjson, type Opened, openHere, scan } from './server.fixture.ts'

let here: Opened
let url: string
beforeEach(async () => {
  // Room for about five bodies of a thousand scans.
  here = await openHere({ heldBytesMax: 1_000_000 })
  url = await here.app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => here.close())

const send = (body: NonNullable<RequestInit['body']>, more: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/v1/events`, { method: 'POST', body, headers: { 'content-type': 'application/x-ndjson' }, ...more })

type Answer = { readonly status: number; readonly retryAfter: string | undefined; readonly body: string }

/** A body of which the first half is sent, and the second when it is asked for. */
function halfSent(text: string): { readonly answer: Promise<Answer>; finish(): void } {
  const headers = { 'content-type': 'application/x-ndjson', 'content-length': Buffer.byteLength(text) }
  const asked = request(`${url}/v1/events`, { method: 'POST', headers, agent: false })
  const answer = new Promise<Answer>((done, fail) => {
    asked.on('error', fail)
    asked.on('response', async (response) => {
      const pieces: string[] = []
      for await (const piece of response.setEncoding('utf8')) pieces.push(piece)
      done({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body: pieces.join('') })
    })
  })
  const middle = Math.floor(text.length / 2)
  asked.write(text.slice(0, middle))
  return { answer, finish: () => asked.end(text.slice(middle)) }
}

test('a flood from one source is turned away with a time to come again, while every body of another source goes through', async () => {
  const flood = Array.from({ length: 40 }, (_, n) =>
    halfSent(ndjson(Array.from({ length: 1000 }, (_, i) => scan(`f-${n}-${i}`, { source: 'flood', order: `F-${n}-${i}` })))),
  )
  await expect.poll(() => here.twin.share.usedBytes(), { timeout: 10_000 }).toBeGreaterThan(300_000)
  const calm: number[] = []
  for (let i = 0; i < 12; i++) calm.push((await send(ndjson([scan(`c-${i}`, { source: 'calm', order: 'C-1' })]))).status)
  expect(calm).toEqual(calm.map(() => 200))
  expect(here.twin.share.usedBytes()).toBeLessThanOrEqual(500_000)
  for (const body of flood) body.finish()
  const answers = await Promise.all(flood.map(({ answer }) => answer))
  const away = answers.filter(({ status }) => status === 429)
  expect(away.length).toBeGreaterThan(30)
  for (const { retryAfter, body } of away) {
    expect(retryAfter).toBe('1')
    expect(JSON.parse(body)).toMatchObject({ status: 429, detail: expect.stringContaining('a little later') })
  }
  // What was acknowledged is there, and nothing of what was turned away.
  const taken = answers.filter(({ status }) => status === 200)
  expect(taken.length + away.length).toBe(40)
  expect(taken.length).toBeGreaterThan(0)
  const { feeds } = (await (await fetch(`${url}/v1/feeds`)).json()) as { feeds: { source: string; events: number }[] }
  expect(feeds.find(({ source }) => source === 'flood')?.events).toBe(1000 * taken.length)
  await expect.poll(() => here.twin.share.usedBytes()).toBe(0)
})

test('a stream of unknown length is stored while it still comes, and what came before its end is kept when it breaks off', async () => {
  const piece = (n: number): string =>
    `${ndjson(Array.from({ length: 2500 }, (_, i) => scan(`s-${n}-${i}`, { order: `S-${n}-${i}` })))}\n`
  const abort = new AbortController()
  async function* bodies(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(piece(0))
    await expect.poll(() => here.twin.log.last(), { timeout: 10_000 }).toBeGreaterThan(0)
    yield Buffer.from(piece(1))
    await expect.poll(() => here.twin.state.order('S-1-0'), { timeout: 10_000 }).not.toBeNull()
    abort.abort()
  }
  const options = { signal: abort.signal, duplex: 'half' } as RequestInit
  await expect(send(ReadableStream.from(bodies()) as unknown as NonNullable<RequestInit['body']>, options)).rejects.toThrow()
  await expect.poll(() => here.twin.share.usedBytes()).toBe(0)
  expect(here.twin.state.order('S-0-2499')).not.toBeNull()
})

test('tiny bodies by the hundred are a flood too', async () => {
  const flood = Array.from({ length: 250 }, (_, n) => halfSent(JSON.stringify(scan(`t-${n}`, { source: 'flood' }))))
  for (const { answer } of flood) answer.catch(() => {})
  await expect.poll(() => here.twin.share.usedBytes(), { timeout: 10_000 }).toBeGreaterThan(400_000)
  expect((await send(JSON.stringify(scan('c-1', { source: 'calm' })))).status).toBe(200)
  for (const body of flood) body.finish()
  const statuses = (await Promise.all(flood.map(({ answer }) => answer))).map(({ status }) => status)
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(50)
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(50)
})

test('a stop does not wait for ever for a sender that has stopped in the middle', async () => {
  const stuck = halfSent(ndjson([scan('s-1'), scan('s-2')]))
  stuck.answer.catch(() => {})
  await expect.poll(() => here.twin.share.usedBytes()).toBeGreaterThan(0)
  const began = performance.now()
  here = await here.again()
  expect(performance.now() - began).toBeLessThan(8000)
  await expect(stuck.answer).rejects.toThrow()
})

test('a body that is too large is refused before it is read, and the connection of others goes on', async () => {
  const big = await send(`[${' '.repeat(9_000_000)}]`, { headers: { 'content-type': 'application/json' } }).catch(
    (error: Error) => error,
  )
  // The refusal comes while the body is still being sent: a client sees it, or a closed connection.
  if (big instanceof Response) expect(big.status).toBe(413)
  expect((await send(JSON.stringify(scan('s-1')))).status).toBe(200)
  expect(here.twin.share.usedBytes()).toBe(0)
})
