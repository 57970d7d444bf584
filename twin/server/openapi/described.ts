import { record, type TSchema, Type } from '../../../scenarios/schema/type.ts'
import { AnswerSchema } from '../../decide/answer-schema.ts'
import { OutcomesDocument, OutcomesReceiptSchema } from '../../decide/api/outcome-schema.ts'
import { PromiseAnswerSchema, PromiseRequestSchema } from '../../decide/api/promises.ts'
import { ALTERNATIVES_MOST, DecisionRequestSchema } from '../../decide/request-schema.ts'
import { EVENT_KINDS } from '../../event/feeds.ts'
import { governance } from './described-governance.ts'
import { RolloutPlanSchema, rollouts } from './described-rollouts.ts'
import type { Described } from './operation.ts'

/** What each route is for, by method and path. A test holds the list to the routes there are. */

const JSON_TYPE = 'application/json'
const NDJSON = 'application/x-ndjson'
const json = (schema: TSchema): Readonly<Record<string, TSchema>> => ({ [JSON_TYPE]: schema })
const list = (items: TSchema, description: string) => Type.Array(items, { minItems: 1, maxItems: 10_000, description })
const word = (description: string, example?: string) =>
  Type.String({ minLength: 1, maxLength: 256, description, ...(example === undefined ? {} : { examples: [example] }) })
const limit = (usual: number, most: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: usual, description: 'At most so many.' })
const instant = (description: string) => word(`${description} RFC 3339 with an offset.`, '2026-11-11T20:00:03Z')
const at = { at: instant('As it was then, by all that is known now. Default: now.') }
const whyNot = {
  whyNot: word('Id of a warehouse: why not from there?', 'recife'),
  alternatives: Type.Integer({
    minimum: 0,
    maximum: ALTERNATIVES_MOST,
    description: 'How many of the next best are told, cheapest first.',
  }),
}

/** Schemas that several routes speak of, by name. */
export const SHARED: Readonly<Record<string, TSchema>> = {
  DecisionRequest: DecisionRequestSchema,
  Decision: AnswerSchema,
  PromiseRequest: PromiseRequestSchema,
  Promise: PromiseAnswerSchema,
  Outcomes: OutcomesDocument,
  OutcomesReceipt: OutcomesReceiptSchema,
  RolloutPlan: RolloutPlanSchema,
  Problem: Type.Object(
    {
      type: Type.String({ description: 'Always about:blank: the status says which kind it is.' }),
      title: Type.String({ description: 'The status in words.' }),
      status: Type.Integer({ description: 'The status of the answer.' }),
      detail: Type.String({ description: 'What went wrong, and what would do.' }),
      field: Type.Optional(Type.String({ description: 'The field that is wrong, or the first of them.' })),
      problems: Type.Optional(
        Type.Array(record({ field: Type.String(), found: Type.String(), fix: Type.String() }), {
          description: 'Everything that is wrong with a request.',
        }),
      ),
    },
    { description: 'Any error, as RFC 9457 has it. Some have more fields.' },
  ),
  Receipt: Type.Object(
    {
      accepted: Type.Integer({ description: 'Events that are new, and durable.' }),
      duplicates: Type.Integer({ description: 'Same source and id as one that is known.' }),
      late: Type.Integer({ description: 'Of the accepted: happened before one that came earlier.' }),
      refused: Type.Integer({
        description: 'Of the accepted: no step allows them where the order stands; kept, and asked again.',
      }),
      quarantined: Type.Array(
        Type.Object({ id: Type.String(), line: Type.Integer(), field: Type.String(), found: Type.String(), fix: Type.String() }),
        {
          description: 'What could not be used, and what would do.',
        },
      ),
      quarantinedMore: Type.Integer({ description: 'How many more there are.' }),
    },
    { description: 'What became of a body of events; handed out when all of it would survive a power cut.' },
  ),
}

const REQUEST = SHARED.DecisionRequest
const RESULT = record({
  status: Type.Integer({ description: 'As the request alone would have been answered.' }),
  body: Type.Union([SHARED.Decision, SHARED.Problem], { description: 'The decision or the problem.' }),
})

const STREAMED = record({
  line: Type.Integer({ description: 'Which request it answers: the first line is 1.' }),
  ...RESULT.properties,
})

const decisions: Readonly<Record<string, Described>> = {
  'POST /v1/decisions': {
    about: 'decisions',
    summary: 'Decide where an order ships from',
    description:
      'Goods are set aside for it, all of them or none, and the decision is durable before it is answered. The same key and body again gets the same answer; an order that cannot ship is held with a reason, never dropped.',
    request: json(REQUEST),
    response: json(SHARED.Decision),
    problems: [409, 413, 422, 429, 503],
  },
  'POST /v1/decisions:evaluate': {
    about: 'decisions',
    summary: 'A dry run of a decision',
    description: 'By the same code; nothing is set aside and nothing is kept.',
    request: json(REQUEST),
    response: json(SHARED.Decision),
    problems: [413, 422, 429, 503],
  },
  'POST /v1/decisions:batch': {
    about: 'decisions',
    summary: 'Decide on many orders',
    description: 'Each has its own result, in the order of the requests.',
    request: json(
      Type.Union([list(REQUEST, '1 to 10,000 requests.'), record({ requests: list(REQUEST, '1 to 10,000 requests.') })], {
        description: 'A list of requests.',
      }),
    ),
    response: json(record({ results: Type.Array(RESULT) })),
    problems: [413, 422, 429, 503],
  },
  'POST /v1/decisions:stream': {
    about: 'decisions',
    summary: 'Decide on orders as they come',
    description:
      'One request a line, one answer a line, as decisions become durable: which is not always the order of the requests: `line` says which it answers. What is refused is answered by a line with its problem.',
    request: { [NDJSON]: REQUEST },
    response: { [NDJSON]: STREAMED },
    problems: [415, 429, 503],
  },
  'GET /v1/decisions/{id}': {
    about: 'decisions',
    summary: 'A decision that was made',
    path: { id: 'Id of the decision.' },
    response: json(SHARED.Decision),
    problems: [404, 503],
  },
  'POST /v1/decisions:explain': {
    about: 'decisions',
    summary: 'What would be decided now, and why, in full',
    description:
      'Every warehouse, every way, every term, in Chinese and English; nothing is decided. Slower than a dry run by far.',
    query: whyNot,
    request: json(REQUEST),
    problems: [422],
  },
  'POST /v1/decisions/{id}:explain': {
    about: 'decisions',
    summary: 'Why a decision was made, in full',
    description:
      'The world of then is made again from all that is known to have happened until then (`basis`: as taken), or the present stands for it where nothing is known of then (`basis`: present); `isSame` says whether that comes to the shipments that were decided.',
    path: { id: 'Id of the decision.' },
    query: whyNot,
    problems: [404, 410, 422, 503],
  },
}

const outcomes: Readonly<Record<string, Described>> = {
  'POST /v1/promises': {
    about: 'outcomes',
    summary: 'What can be promised before somebody buys',
    request: json(SHARED.PromiseRequest),
    response: json(SHARED.Promise),
    problems: [422],
  },
  'POST /v1/outcomes': {
    about: 'outcomes',
    summary: 'Tell what became of orders',
    description:
      'Idempotent by order, parcel, metric and version of the source: the same again changes nothing, a later version takes the place of an earlier one.',
    request: json(SHARED.Outcomes),
    response: json(SHARED.OutcomesReceipt),
    problems: [413, 422, 503],
  },
}

const policies: Readonly<Record<string, Described>> = {
  'GET /v1/prices': {
    about: 'policies',
    summary: 'What hands, places on trucks and goods are worth, by the last plan',
    query: {
      warehouse: word('Id of a warehouse.', 'recife'),
      service: word('Id of a carrier service.', 'express'),
      sku: word('Id of an article.', 'sku-17'),
      limit: limit(2000, 20_000),
    },
  },
  'GET /v1/policies': { about: 'policies', summary: 'Versions with their aliases, and the catalogue' },
  'GET /v1/forecasts': {
    about: 'policies',
    summary: 'Orders by zone and units by warehouse, day by day',
    query: { days: Type.Integer({ minimum: 1, maximum: 28, default: 7, description: 'How many days ahead, today the first.' }) },
  },
}

const events: Readonly<Record<string, Described>> = {
  'POST /v1/events': {
    about: 'events',
    summary: 'Tell what happened',
    description: `One event, a list, or one a line in a stream of any length; gzip where \`content-encoding\` says so. Kinds: ${EVENT_KINDS.join(', ')}; \`GET /v1/schemas/{name}\` has each.`,
    request: { [NDJSON]: eventOf(), [JSON_TYPE]: Type.Union([eventOf(), Type.Array(eventOf())]) },
    response: json(SHARED.Receipt),
    problems: [408, 413, 415, 422, 429, 503],
  },
  'GET /v1/events/pages': {
    about: 'events',
    summary: 'Events by when they happened, page by page',
    query: {
      direction: Type.Enum(['forward', 'backward'], { default: 'forward' }),
      from: instant('From here on.'),
      after: word('`next` of the page before.'),
      order: word('Id of an order: its events only.'),
      limit: limit(100, 1000),
    },
  },
  'GET /v1/schemas': { about: 'events', summary: 'Kinds of events' },
  'GET /v1/schemas/{name}': {
    about: 'events',
    summary: 'The schema of a kind of event',
    path: { name: 'Such as orders.placed.' },
    response: { 'application/schema+json': Type.Object({}) },
    problems: [404],
  },
  'GET /v1/feeds': { about: 'events', summary: 'Health of feeds: lag, silence, gaps' },
  'GET /v1/quarantine': {
    about: 'events',
    summary: 'What could not be used',
    query: {
      state: Type.Enum(['open', 'all'], { default: 'open' }),
      source: word('Who sent it.'),
      reason: word('Code of the reason.'),
      limit: limit(100, 10_000),
    },
  },
  'GET /v1/quarantine/{id}': {
    about: 'events',
    summary: 'One record of it, with its text',
    path: { id: 'Id of the record.' },
    problems: [404],
  },
  'POST /v1/quarantine/{id}:resubmit': {
    about: 'events',
    summary: 'Send it again, corrected or as it was',
    path: { id: 'Id of the record.' },
    request: json(eventOf()),
    bodyIsOptional: true,
    response: json(SHARED.Receipt),
    problems: [404, 409, 410, 422],
  },
  'DELETE /v1/persons/{kind}/{id}': {
    about: 'events',
    summary: 'Erase what is personal',
    description:
      'Takes two people: without `orrery-approval` it asks for the second (202). The keys it is sealed with are dropped; the log stays as it was written.',
    path: { kind: 'customer or order.', id: 'Id of the customer, or of the order.' },
    problems: [404],
  },
}

/** Any event: the fields that all have. What each kind has beside is in its own schema. */
function eventOf(): TSchema {
  return Type.Object(
    {
      id: word('Unique within its source.'),
      source: word('Who sends it.'),
      feed: word('One of the feeds.'),
      type: word('One of its types.'),
      at: instant('When it happened.'),
    },
    { description: 'An event, with the fields of its kind beside these.' },
  )
}

const state: Readonly<Record<string, Described>> = {
  'GET /v1/orders/{id}': { about: 'state', summary: 'One order', path: { id: 'Id of the order.' }, query: at, problems: [404] },
  'GET /v1/orders/{id}/dossier': {
    about: 'state',
    summary: 'All that is known of one order, with what it moved',
    path: { id: 'Id of the order.' },
    query: at,
    problems: [404],
  },
  'GET /v1/orders': { about: 'state', summary: 'Open orders', query: { ...at, limit: limit(100, 1000) } },
  'GET /v1/sites': { about: 'state', summary: 'Warehouses: parcels by stage, stations, temperature', query: at },
  'GET /v1/sites/{id}': {
    about: 'state',
    summary: 'One warehouse',
    path: { id: 'Id of the warehouse.' },
    query: at,
    problems: [404],
  },
  'GET /v1/stock': {
    about: 'state',
    summary: 'Units on shelves',
    query: { ...at, warehouse: word('Id of a warehouse.'), sku: word('Id of an article.'), limit: limit(1000, 10_000) },
  },
  'GET /v1/network': {
    about: 'state',
    summary: 'The whole network at a glance',
    query: { ...at, digest: word('Anything: the digest of the state is told too.') },
  },
  'GET /v1/query': {
    about: 'state',
    summary: 'Answers a question in words about what is, was or is to come',
    description:
      'What is to come is answered by futures of the present, a recent one or one made now: `p` is the part of them in which the condition holds in some hour of that time, `low` and `high` the interval that holds the true odds with 90 %, and `standsOn` says which futures these are.',
    query: { q: word('The question.', 'sites where load > 0.95 tomorrow with p > 0.3') },
    needs: ['q'],
    problems: [503],
  },
  'GET /v1/impact': {
    about: 'state',
    summary: 'What would move if a hub were shut, or the vans of a zone were late',
    description:
      'Orders that have still to pass there, by how much each would be moved, how many more would come late (an expected number), and how many promises go from likely kept to likely broken; by what past orders took.',
    query: {
      hub: word('Id of a hub that is shut from now on …'),
      vans: word('… or of a zone whose vans go out later.'),
      hours: word('For so many hours; 6 where nothing is said.', '6'),
    },
    problems: [404],
  },
  'GET /v1/view': { about: 'state', summary: 'All that is known, as plain data, for futures', query: at },
  'GET /v1/portrait': {
    about: 'state',
    summary: 'What two worlds are compared by, line by line',
    query: at,
    response: { 'text/plain': Type.String() },
  },
  'GET /v1/digest': { about: 'state', summary: 'Digests of the state and of its portrait', query: at },
}

const others: Readonly<Record<string, Described>> = {
  'GET /v1/alerts': { about: 'alerts', summary: 'Open alerts' },
  'GET /v1/alerts/rules': { about: 'alerts', summary: 'The rules they are raised by' },
  'GET /v1/alerts/undelivered': { about: 'alerts', summary: 'Webhooks that could not be delivered' },
  'POST /v1/alerts/{id}/acknowledge': {
    about: 'alerts',
    summary: 'Say that somebody looks at it',
    path: { id: 'Id of the alert.' },
    problems: [404],
  },
  'GET /v1/console/orders/{id}': {
    about: 'console',
    summary: 'The page of an order',
    path: { id: 'Id of the order.' },
    problems: [404],
  },
  'GET /v1/console/sites/{id}/orders': {
    about: 'console',
    summary: 'Orders a warehouse has before it',
    path: { id: 'Id of the warehouse.' },
  },
  'GET /v1/console/past': {
    about: 'console',
    summary: 'The network as the page shows an instant',
    query: { at: Type.Integer({ description: 'ms since 1970.' }) },
    needs: ['at'],
    problems: [404],
  },
  'GET /v1/console/future': { about: 'console', summary: 'The last future that was made, or null' },
  'GET /v1': { about: 'server', summary: 'Everything there is' },
  'GET /v1/openapi.json': {
    about: 'server',
    summary: 'This document',
    response: { 'application/vnd.oai.openapi+json': Type.Object({}) },
  },
  'GET /v1/docs': { about: 'server', summary: 'This document as a page', response: { 'text/html': Type.String() } },
  'GET /v1/health/live': { about: 'server', summary: 'It runs' },
  'GET /v1/health/ready': { about: 'server', summary: 'It has read its log and takes requests', problems: [503] },
  'GET /metrics': {
    about: 'server',
    summary: 'Metrics for Prometheus',
    response: { 'text/plain': Type.String() },
  },
}

export const DESCRIBED: Readonly<Record<string, Described>> = {
  ...decisions,
  ...outcomes,
  ...policies,
  ...events,
  ...state,
  ...governance,
  ...others,
  ...rollouts,
}
