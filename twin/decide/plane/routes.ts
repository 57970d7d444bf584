import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { type Caller, MAY } from '../../server/access.ts'
import { HEADERS, type Server } from '../../server/http.ts'
import { HttpProblem, PROBLEM_JSON } from '../../server/problem-json.ts'
import { type Desk, SLICE } from './desk.ts'
import type { DoorKeeper } from './door-keeper.ts'
import { jsonIn } from './json-text.ts'
import type { Sending } from './lent-buffers.ts'
import { Results } from './results.ts'
import { streamDecisions } from './stream.ts'

export const SINGLE_BYTES = 65_536
export const BATCH_BYTES = 8_388_608
const BATCH_MAX = 10_000
const JSON_TYPE = 'application/json; charset=utf-8'

/** The routes of a decision thread. */
export async function decisionRoutes(app: Server, { desk, keeper }: { desk: Desk; keeper: DoorKeeper }): Promise<void> {
  const hold = (caller: Caller, orders: number): void => {
    const tooOften = keeper.tooOften(keeper.admitted(caller), orders)
    if (tooOften !== null) throw tooOften
  }
  // What is packed would be read as if it were not.
  app.addHook('onRequest', async ({ headers }) => {
    const coding = headers['content-encoding'] ?? 'identity'
    if (coding.toLowerCase() !== 'identity')
      throw new HttpProblem(415, `content-encoding: found "${coding.slice(0, 40)}"; send requests for decisions as they are.`)
  })
  await app.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
      try {
        done(null, jsonIn(bytes as Buffer, 0, bytes.length))
      } catch {
        done(new HttpProblem(400, 'The body is no JSON.'), undefined)
      }
    })
    const one = (url: string, dry: boolean): void => {
      const config = { may: dry ? MAY.ask : MAY.decide, pace: 'free' } as const
      inner.post(url, { bodyLimit: SINGLE_BYTES, config }, (request, reply) => {
        hold(request.caller, 1)
        desk.take(request.body, dry, request.caller.name, {
          settle: (status, text, retryAfterS) => {
            if (retryAfterS > 0) reply.header('retry-after', String(retryAfterS))
            reply
              .code(status)
              .type(status < 400 ? JSON_TYPE : PROBLEM_JSON)
              .send(text)
          },
          deliver: (bytes, from, to) => {
            reply.type(JSON_TYPE).send(Buffer.from(bytes.subarray(from, to)))
          },
        })
      })
    }
    one('/v1/decisions', false)
    one('/v1/decisions::evaluate', true)
    inner.post(
      '/v1/decisions::batch',
      { bodyLimit: BATCH_BYTES, config: { may: MAY.decide, pace: 'free' } },
      async (request, reply) => {
        const list = listIn(request.body)
        hold(request.caller, list.length)
        const { bytes, sent } = await decideAll(desk, list, request.caller.name)
        // Where the other end is gone before it has all of it, the buffer is the collector's.
        reply.raw.once('finish', sent)
        return reply.type(JSON_TYPE).send(bytes)
      },
    )
  })
  await app.register(async (inner) => {
    // Bodies are read here, line by line, as they come.
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser(['application/x-ndjson', 'application/ndjson', 'application/jsonl'], (_request, payload, done) =>
      done(null, payload),
    )
    inner.post('/v1/decisions::stream', { config: { may: MAY.decide, pace: 'free' } }, (request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { ...HEADERS, 'content-type': 'application/x-ndjson; charset=utf-8' })
      const caller = keeper.admitted(request.caller)
      void streamDecisions(desk, request.body as Readable, reply.raw, caller.name, (orders) => keeper.waitMs(caller, orders))
    })
  })
}

function listIn(body: unknown): unknown[] {
  const list = Array.isArray(body) ? body : (body as { requests?: unknown } | null)?.requests
  const fix = 'send a list of requests, or {"requests": [...]}'
  if (!Array.isArray(list)) throw new HttpProblem(422, `body: found no list; ${fix}`, { field: 'body' })
  if (list.length === 0 || list.length > BATCH_MAX)
    throw new HttpProblem(422, `body: found ${list.length} requests; send 1 to ${BATCH_MAX}`, { field: 'body' })
  return list
}

/** Each has its own result, in the order of the requests: `{"results":[{"status":200,"body":{…}}, …]}`. */
async function decideAll(desk: Desk, requests: unknown[], caller: string): Promise<Sending> {
  desk.admit(caller, requests.length)
  const { length } = requests
  const results = new Results(length)
  for (let i = 0; i < length; i++) {
    if (i > 0 && i % SLICE === 0) await setImmediate()
    desk.take(requests[i], false, caller, results.replyTo(i))
    // What was taken need not live until the last of them is durable.
    requests[i] = null
  }
  return await results.whole
}
