import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Opened, openHere, scan } from './server.fixture.ts'

let here: Opened
let port: number
beforeAll(async () => {
  here = await openHere()
  port = Number(new URL(await here.app.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(() => here.close())

/** What comes back to a client that sends all it has before it looks, as many do; 'broken' where the connection was closed under it. */
function answerTo(bytes: Buffer, halfClose = false): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    const end = (broken: boolean) => done(broken ? 'broken' : Buffer.concat(chunks).toString())
    socket.on('error', () => end(true)).on('end', () => end(false))
    // As blocking clients do: nothing is read until the last byte is out.
    socket.pause()
    socket.write(bytes, () => {
      if (halfClose) socket.end()
      socket.on('data', (chunk) => chunks.push(chunk)).resume()
    })
  })
}

function post(path: string, body: Buffer, more = '', length = body.byteLength): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

const problemIn = (answer: string): { status: number; detail: string } => {
  const [head, body = ''] = answer.split('\r\n\r\n')
  expect(head).toContain('application/problem+json')
  return JSON.parse(body)
}

test.each(['/v1/events', '/v1/quarantine/1-0:resubmit'])(
  'a client that sends 10 MB to %s before it looks for an answer is told that it is too much',
  async (path) => {
    const problem = problemIn(await answerTo(post(path, Buffer.alloc(10_500_000, 'x'))))
    expect(problem.status).toBe(413)
    expect(problem.detail).toMatch(/\d{6}/)
  },
)

test('what grows beyond all room when it is unpacked is too large, and not to be sent again later', async () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000, ' '))
  expect(problemIn(await answerTo(post('/v1/events', bomb, 'content-encoding: gzip\r\n'))).status).toBe(413)
})

test('JSON that is nested a hundred thousand deep is put aside with a reason, like anything else that is no event', async () => {
  const body = `{"id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const answer = await here.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(answer.statusCode).toBe(422)
  const [{ id }] = answer.json().quarantined
  expect((await here.app.inject({ url: `/v1/quarantine/${id}` })).json().text).toContain('[[[[')
})

test('what is no HTTP, a path that cannot be read and headers without end are answered as problems too', async () => {
  expect(problemIn(await answerTo(Buffer.from('\x16\x03\x01\x02\r\n\r\n'))).status).toBe(400)
  const path = problemIn(
    await answerTo(Buffer.from('GET /v1/sites/%E0%A4%A HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')),
  )
  expect(path.detail).toContain('%E0%A4%A')
  const long = Buffer.from(`GET /v1 HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`)
  expect(problemIn(await answerTo(long)).status).toBe(431)
})

test('a sender who goes away in the middle of a body is no fault of the server, and its log says nothing of one', async () => {
  const body = Buffer.from(JSON.stringify(scan('gone-1')))
  await answerTo(post('/v1/events', body, '', body.byteLength + 10), true)
  await new Promise((done) => setTimeout(done, 50))
  expect(here.logged.filter((line) => line.includes('unexpected'))).toEqual([])
})

test('a content type that is not taken is named', async () => {
  const answer = await here.app.inject({
    method: 'POST',
    url: '/v1/quarantine/1-0:resubmit',
    headers: { 'content-type': 'x/y' },
    body: 'a',
  })
  expect([answer.statusCode, answer.json().detail]).toEqual([415, expect.stringContaining('"x/y"')])
})
