import type { Book, BookEntry } from '../book/book.ts'
import { underIn } from '../registry/registry-wing.ts'
import { MAY, ROLES } from '../server/access.ts'
import type { Wing } from '../server/app.ts'
import { bodyOf, wordIn } from '../server/body.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { ACT_RULES, TWO_PEOPLE_ACTS } from './act-rules.ts'
import type { Ask, Governance } from './governance.ts'
import { RISK_RULES, RISK_THRESHOLD } from './risk.ts'

/** What can leave the house in bulk: lines of JSON, by name. Other rooms add theirs. */
export type Exports = Readonly<Record<string, () => AsyncIterable<string> | Iterable<string>>>

export type GovernWingParts = {
  readonly book: Book
  readonly governance: Governance
  readonly exports: Exports
}

const PEOPLE = ROLES.filter((role) => role !== 'integrator' && role !== 'customer' && role !== 'viewer')
const TRAIL_MAX = 1000

/** Requests that take two people, incidents, the trail of acts, and exports. */
export function governWing({ book, governance, exports }: GovernWingParts): Wing {
  return async (app) => {
    const house = { config: { may: MAY.house } }
    const people = { config: { may: PEOPLE, pace: 'heavy' } } as const

    // The rules themselves, so that nobody has to guess why he was refused.
    app.get('/v1/governance', house, async () => ({
      rights: MAY,
      acts: ACT_RULES,
      risk: { threshold: RISK_THRESHOLD, rules: RISK_RULES.map(({ id, points, about }) => ({ id, points, about })) },
    }))
    app.get('/v1/requests', house, async () => ({ requests: governance.requests() }))
    app.get<{ Params: { id: string } }>('/v1/requests/:id', house, async ({ params }) => {
      const request = governance.request(params.id)
      if (request === null) throw new HttpProblem(404, 'There is no request of this id; GET /v1/requests lists them.')
      return request
    })
    app.post('/v1/requests', people, async ({ body, caller }, reply) => {
      const request = await governance.ask(askIn(body), caller)
      return reply.code(201).header('orrery-request', request.id).send(request)
    })
    app.post<{ Params: { id: string } }>('/v1/requests/:id/approve', people, async ({ params, body, caller }) => {
      const digest = wordIn(
        bodyOf(body, ['digest']),
        'digest',
        /^[0-9a-f]{64}$/,
        'the digest of the request, as you were shown it',
      )
      return governance.approve(params.id, caller, digest)
    })
    app.post<{ Params: { id: string } }>('/v1/requests/:id/refuse', people, async ({ params, body, caller }) =>
      governance.refuse(params.id, caller, wordIn(bodyOf(body, ['because']), 'because', /\S/, 'why')),
    )

    app.get('/v1/incidents', house, async () => ({ incidents: governance.incidents() }))
    app.post<{ Params: { id: string } }>('/v1/incidents/:id/close', people, async ({ params, body, caller }) =>
      governance.closeIncident(
        params.id,
        caller,
        wordIn(bodyOf(body, ['findings']), 'findings', /\S/, 'what was found, and what is done about it'),
      ),
    )

    app.get<{ Querystring: { after?: string; about?: string; limit?: string } }>('/v1/audit', house, async ({ query }) => {
      const after = whole(query.after, 'after', 0, Number.MAX_SAFE_INTEGER)
      const limit = whole(query.limit, 'limit', 100, TRAIL_MAX)
      const fits = ({ seq, about }: BookEntry): boolean => seq > after && (query.about ?? about) === about
      const entries = book.entries().filter(fits)
      return { last: book.last(), entries: entries.slice(0, limit), more: entries.length > limit }
    })

    app.post('/v1/exports', people, async ({ body, caller, headers }, reply) => {
      const said = bodyOf(body, ['of'])
      const of = wordIn(said, 'of', /^[a-z-]{1,40}$/, `one of ${Object.keys(exports).join(', ')}`)
      const lines = Object.hasOwn(exports, of) ? exports[of] : null
      if (lines === null) throw new HttpProblem(404, `What can be taken out is ${Object.keys(exports).join(', ')}.`)
      const under = underIn(headers)
      const ask = { act: 'export' as const, subject: `export:${of}`, what: { of } }
      if (under === null)
        throw new HttpProblem(
          403,
          'Taking out in bulk takes two: ask (POST /v1/requests), have somebody agree, and send `orrery-approval: q-…`.',
          {
            ask,
          },
        )
      await governance.done(under, ask, caller, { about: `export:${of}`, type: 'export.begun', body: { of } })
      return reply.type('application/x-ndjson; charset=utf-8').send(streamOf(lines()))
    })
  }
}

/** Pieces of some size: a write for each line would be a write for each event of a year. */
function streamOf(lines: AsyncIterable<string> | Iterable<string>): ReadableStream<Uint8Array> {
  const coder = new TextEncoder()
  const pieces = (async function* () {
    let held = ''
    for await (const line of lines) {
      held += `${line}\n`
      if (held.length < 65_536) continue
      yield coder.encode(held)
      held = ''
    }
    if (held !== '') yield coder.encode(held)
  })()
  return new ReadableStream({
    pull: async (to) => {
      const { done, value } = await pieces.next()
      if (done) to.close()
      else to.enqueue(value)
    },
    cancel: async () => void (await pieces.return(undefined)),
  })
}

function askIn(body: unknown): Ask {
  const said = bodyOf(body, ['act', 'subject', 'what', 'because', 'incident', 'hours'])
  const word = wordIn(said, 'act', /^[a-z-]{1,40}$/, `one of ${TWO_PEOPLE_ACTS.join(', ')}`)
  const act = TWO_PEOPLE_ACTS.find((one) => one === word)
  // What is held is asked for by itself.
  if (act === undefined || act === 'held')
    throw new HttpProblem(400, `act: write one of ${TWO_PEOPLE_ACTS.filter((one) => one !== 'held').join(', ')}.`, {
      field: 'act',
    })
  const { what = {}, hours = ACT_RULES[act].lastsMs / 3_600_000 } = said
  if (typeof what !== 'object' || what === null || Array.isArray(what) || JSON.stringify(what).length > 10_000)
    throw new HttpProblem(400, 'what: write an object that says what would be done, to the letter.', { field: 'what' })
  if (typeof hours !== 'number' || !(hours > 0))
    throw new HttpProblem(400, 'hours: write a number above 0: how long it may be used.', { field: 'hours' })
  return {
    act,
    subject: wordIn(said, 'subject', /^[\w.:@/-]{1,200}$/, 'what it is about, such as alias:stable'),
    what: what as Readonly<Record<string, unknown>>,
    because: wordIn(said, 'because', /\S/, 'why'),
    incident: ACT_RULES[act].incident ? wordIn(said, 'incident', /\S/, 'what happened') : null,
    lastsMs: hours * 3_600_000,
  }
}

function whole(said: string | undefined, field: string, usual: number, most: number): number {
  if (said === undefined) return usual
  if (/^\d{1,15}$/.test(said) && Number(said) <= most) return Number(said)
  throw new HttpProblem(400, `${field}: write a whole number up to ${most}.`, { field })
}
