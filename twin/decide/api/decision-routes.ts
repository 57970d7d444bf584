import { didYouMean } from '../../../scenarios/read/suggest.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { writeMoment } from '../../event/moment.ts'
import type { Runnable } from '../../registry/run.ts'
import { MAY } from '../../server/access.ts'
import type { Server } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'
import { textIn } from '../../server/routes/reading.ts'
import { answerOf, WANTED_LATER } from '../answer.ts'
import type { Decision } from '../decision.ts'
import { BATCH_BYTES, SINGLE_BYTES } from '../plane/routes.ts'
import type { Explained } from '../present-desk.ts'
import { QuestionReader } from '../question.ts'
import { questionOf } from '../record.ts'
import { ALTERNATIVES_MOST } from '../request-schema.ts'
import type { DeskClient } from './desk-client.ts'
import type { DecisionPlane, RouteParts } from './parts.ts'
import { passOn } from './pass-on.ts'

type Query = Readonly<Record<string, unknown>>

/** Decisions: asked for (by whoever decides), found again, and explained. */
export async function decisionRoutes(
  app: Server,
  { twin, spec, plane, desk, registry }: RouteParts & { desk: DeskClient },
): Promise<void> {
  const reader = new QuestionReader(spec)

  await app.register(async (inner) => {
    // Bodies go through as they come.
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    const through = (url: string, may: typeof MAY.decide | typeof MAY.ask, most: number): void => {
      inner.post(url, { config: { may, pace: 'decide' } }, (request, reply) => passOn(open(plane).url, request, reply, most))
    }
    through('/v1/decisions', MAY.decide, SINGLE_BYTES)
    through('/v1/decisions::evaluate', MAY.ask, SINGLE_BYTES)
    through('/v1/decisions::batch', MAY.decide, BATCH_BYTES)
    through('/v1/decisions::stream', MAY.decide, Number.POSITIVE_INFINITY)
  })

  app.get<{ Params: { id: string } }>('/v1/decisions/:id', { config: { may: MAY.partner } }, async ({ params }, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(answerOf(await found(plane, params.id), WANTED_LATER, spec.currency))),
  )

  app.post<{ Querystring: Query }>('/v1/decisions::explain', { config: { may: MAY.ask } }, async ({ body, query }) => {
    const { question, baseline, alternatives: asked } = reader.readOrThrow(body, twin.now(), true)
    const alternatives = alternativesIn(query) ?? asked
    const whyNot = whyNotIn(query, spec) ?? placeOf(spec, baseline?.warehouse)
    return { basis: 'present', ...(await desk.ask({ what: 'explain', question, whyNot, alternatives, by: null })) }
  })

  app.post<{ Params: { act: string }; Querystring: Query }>(
    '/v1/decisions/:act',
    // A past instant is looked up among all orders, on the thread that takes events in.
    { config: { may: MAY.partner, pace: 'heavy' } },
    async ({ params, query }) => {
      const id = /^(.+):explain$/.exec(params.act)?.[1]
      if (id === undefined) throw new HttpProblem(404, 'What can be asked of a decision is POST /v1/decisions/ID:explain.')
      const whyNot = whyNotIn(query, spec)
      const alternatives = alternativesIn(query) ?? 0
      const decision = await found(plane, id)
      const question = questionOf(decision, spec)
      if (question === null) throw new HttpProblem(410, 'The network it was made for had places or goods that this one has not.')
      const { asOfMs } = decision.seen
      const isKnown = asOfMs > 0 && asOfMs < twin.state.asOfMs
      const explained = await desk.ask(
        { what: 'explain', question, whyNot, alternatives, by: runnableIn(registry, decision.by.version) },
        isKnown ? twin.state.at(asOfMs) : null,
      )
      return { ...asTaken(decision, explained), basis: isKnown ? 'as taken' : 'present', ...explained }
    },
  )
}

/**
 * The world a decision was taken on is gone; it is made again from what happened until then, by all that is known now. So the explanation
 * says whether that comes to the same shipments: where it does not, something was learned since, or goods were set aside that no feed told
 * of.
 */
function asTaken(decision: Decision, explained: Explained) {
  const ways = (all: readonly { readonly warehouse: string; readonly service: string }[]): string =>
    all
      .map(({ warehouse, service }) => `${warehouse} ${service}`)
      .sort()
      .join(', ')
  return {
    decisionId: decision.id,
    takenAt: writeMoment(decision.atMs),
    takenBy: decision.by.version,
    taken: decision.shipments.map(({ warehouse, service }) => ({ node: warehouse, service })),
    isSame: ways(decision.shipments) === ways(explained.chosen?.shipments ?? []),
  }
}

/** A version that this registry never had cannot be asked again. */
function runnableIn(registry: RouteParts['registry'], version: string): Runnable | null {
  return registry?.versions().some(({ id }) => id === version) ? registry.runnable(version) : null
}

function open(plane: DecisionPlane | null): DecisionPlane {
  if (plane === null)
    throw new HttpProblem(
      503,
      'No threads that decide run here; start the server with --decide-port.',
      {},
      { 'retry-after': '60' },
    )
  return plane
}

async function found(plane: DecisionPlane | null, id: string): Promise<Decision> {
  const decision = await open(plane).byId(id)
  if (decision === null) throw new HttpProblem(404, 'No decision of this id is kept; dry runs are not.')
  return decision
}

function alternativesIn(query: Query): number | null {
  const said = textIn(query, 'alternatives')
  if (said === null) return null
  if (/^\d$/.test(said) && Number(said) <= ALTERNATIVES_MOST) return Number(said)
  throw new HttpProblem(422, `alternatives: found "${said.slice(0, 20)}"; write 0 to ${ALTERNATIVES_MOST}`, {
    field: 'alternatives',
  })
}

function whyNotIn(query: Query, spec: NetworkSpec): number | null {
  const id = textIn(query, 'whyNot')
  if (id === null) return null
  const place = placeOf(spec, id)
  if (place === null) {
    const fix = didYouMean(
      id,
      spec.warehouses.map((one) => one.id),
    )
    throw new HttpProblem(422, `whyNot: found "${id.slice(0, 60)}"; ${fix}`, { field: 'whyNot' })
  }
  return place
}

function placeOf(spec: NetworkSpec, id: string | undefined): number | null {
  const place = spec.warehouses.findIndex((one) => one.id === id)
  return place < 0 ? null : place
}
