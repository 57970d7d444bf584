import { Agent, request as ask, type IncomingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream'
import type { FastifyReply, FastifyRequest } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'

/** What goes along with a request, and comes back with its answer; the rest is between two ends of one connection. */
const GOES = ['content-type', 'content-length', 'content-encoding', 'authorization', 'x-api-key', 'accept'] as const
const COMES = ['content-type', 'content-length', 'retry-after', 'www-authenticate'] as const

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/**
 * Passes a request on to the threads that decide, body and answer as they come, so that a stream stays one. A body of more than `most` bytes is
 * turned away here: a thread that hangs up while we still write could not say why.
 */
export function passOn(url: string, request: FastifyRequest, reply: FastifyReply, most: number): Promise<void> {
  const tooLarge = (): HttpProblem => new HttpProblem(413, `A body here may have ${most} bytes.`, {}, { connection: 'close' })
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.reject(tooLarge())
  return new Promise((done, fail) => {
    const to = new URL(request.raw.url ?? '/', url)
    const out = ask(to, { method: request.method, headers: picked(request.headers, GOES), agent }, (answer) => {
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
      fail(tooLarge())
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
