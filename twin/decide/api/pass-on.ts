import { Agent, request as ask, type IncomingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream'
import type { FastifyReply, FastifyRequest } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'

/** What goes along with a request, and comes back with its answer; the rest is between two ends of one connection. */
const GOES = ['content-type', 'content-length', 'content-encoding', 'authorization', 'x-api-key', 'accept'] as const
const COMES = ['content-type', 'content-length', 'retry-after', 'www-authenticate'] as const

const DISCARDED_MAX = 64 * 2 ** 20
const CLOSE = { connection: 'close' }

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/**
 * Passes a request on to the threads that decide, body and answer as they come, so that a stream stays one. A body of more than `most` bytes is
 * turned away here: a thread that hangs up while we still write could not say why.
 */
export function passOn(url: string, request: FastifyRequest, reply: FastifyReply, most: number): Promise<void> {
  const tooLarge = (headers: HttpProblem['headers'] = {}): HttpProblem =>
    new HttpProblem(413, `A body here may have ${most} bytes.`, {}, headers)
  const said = Number(request.headers['content-length'] ?? 0)
  // Who is hung up on while he still writes may never read why: what is not too long by far is read to its end, and thrown away.
  if (said > most) return Promise.reject(tooLarge(said > DISCARDED_MAX ? CLOSE : {}))
  return new Promise((done, fail) => {
    // Whatever else a request names as its address: it goes to the threads that decide and nowhere else.
    const { pathname, search } = new URL(request.raw.url ?? '/', 'http://localhost')
    const { method } = request
    const to = { path: pathname + search, method, headers: picked(request.headers, GOES), agent }
    const out = ask(new URL(url), to, (answer) => {
      reply.hijack()
      const told = Object.entries(reply.getHeaders()).filter(([name]) => !COMES.some((one) => one === name))
      reply.raw.writeHead(answer.statusCode ?? 502, { ...Object.fromEntries(told), ...picked(answer.headers, COMES) })
      pipeline(answer, reply.raw, () => done())
    })
    out.on('error', () => {
      // What has begun to be answered is cut off; nobody can take it back.
      if (reply.sent) reply.raw.destroy()
      else fail(new HttpProblem(503, 'The threads that decide do not answer; ask again.', {}, { 'retry-after': '1' }))
    })
    // Who goes away is waited for by nobody.
    reply.raw.on('close', () => out.destroy())
    let bytes = 0
    request.raw.on('data', (piece: Buffer) => {
      bytes += piece.byteLength
      if (bytes <= most || reply.sent) return
      request.raw.unpipe(out)
      fail(tooLarge(CLOSE))
      out.destroy()
    })
    request.raw.pipe(out)
  })
}

function picked(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const some: Record<string, string> = {}
  for (const name of names) {
    const value = headers[name]
    if (typeof value === 'string') some[name] = value
  }
  return some
}
