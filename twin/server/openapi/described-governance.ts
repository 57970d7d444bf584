import { record, type TSchema, Type } from '../../../scenarios/schema/type.ts'
import { TWO_PEOPLE_ACTS } from '../../govern/act-rules.ts'
import { ALIAS_NAMES, VERSION_KINDS } from '../../registry/version.ts'
import type { Described } from './operation.ts'

/** What the routes of registry and governance are for, by method and path. */
const json = (schema: TSchema): Readonly<Record<string, TSchema>> => ({ 'application/json': schema })
const text = (description: string, example?: string) =>
  Type.String({ minLength: 1, maxLength: 500, description, ...(example === undefined ? {} : { examples: [example] }) })
const DIGEST = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal.' })
const digestOf = (what: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description: `SHA-256 of ${what}.` })
const because = (description: string) => json(record({ because: text(description) }))

const Version = Type.Object(
  {
    id: Type.String({
      description: 'Kind, name and the first digits of the digest.',
      examples: ['routing/bid-price@4f2a91c0d3e7'],
    }),
    kind: Type.String({ enum: [...VERSION_KINDS] }),
    name: Type.String(),
    digest: DIGEST,
    source: DIGEST,
    params: Type.Record(Type.String(), Type.Number()),
    data: Type.Union([Type.String(), Type.Null()]),
    training: Type.Union([Type.String(), Type.Null()]),
    certificate: Type.Union([Type.String(), Type.Null()], { description: 'Digest of the experiment that recommends it.' }),
    atMs: Type.Number(),
    who: Type.String(),
  },
  { description: 'Something that can decide or be decided on, fixed for ever by what it is made of.' },
)
const Alias = Type.Object({
  name: Type.String({ enum: [...ALIAS_NAMES] }),
  version: Type.String(),
  previous: Type.Union([Type.String(), Type.Null()], { description: 'Where one step back leads.' }),
  seq: Type.Integer({ description: 'Entry of the book that moved it; send it along as `expected`.' }),
  atMs: Type.Number(),
  who: Type.String(),
  signature: Type.String({ description: 'Ed25519 over the move, in base64.' }),
})
const Request = Type.Object(
  {
    id: Type.String({ examples: ['q-12'] }),
    act: Type.String({ enum: [...TWO_PEOPLE_ACTS] }),
    subject: Type.String(),
    what: Type.Object({}, { description: 'What would be done, to the letter.' }),
    digest: DIGEST,
    who: Type.String(),
    state: Type.String({ enum: ['open', 'agreed', 'refused', 'used', 'expired'] }),
    needs: Type.Integer({ description: 'People who must still agree.' }),
  },
  { description: 'An act that takes two people.' },
)
const id = { id: 'Id of the version; its slash may be written as %2F.' }
const parts = { kind: 'Kind of the version, such as routing.', name: 'Its name and digits, such as bid-price@4f2a91c0d3e7.' }
const request = { id: 'Id of the request, such as q-12.' }
const alias = { name: 'stable, candidate or forecast.' }
const expected = Type.Optional(
  Type.Integer({ minimum: 0, description: '`seq` of the alias as you saw it; 0 where it pointed nowhere.' }),
)

export const governance: Readonly<Record<string, Described>> = {
  'GET /v1/versions': {
    about: 'policies',
    summary: 'Versions, and the aliases that point at them',
    query: { kind: Type.String({ enum: [...VERSION_KINDS] }), name: text('Only versions of this name.') },
    response: json(record({ versions: Type.Array(Version), aliases: Type.Array(Alias) })),
  },
  'POST /v1/versions': {
    about: 'policies',
    summary: 'Keep what a policy, rule set or scenario is now',
    description:
      'The same thing again is the same version. Rule sets and scenarios are those that come along, by their names, or come as `text`, in YAML.',
    request: json(
      record({
        words: text('A policy with its knobs, rules:NAME or scenario:NAME.', 'bid-price:lateWeight=2'),
        certificate: Type.Optional(
          Type.Union([DIGEST, Type.Object({})], { description: 'Result of the experiment that recommends it, or its digest.' }),
        ),
        text: Type.Optional(
          Type.String({
            description: 'A rule set or scenario itself, in YAML; `words` then names what it is and what errors call it.',
          }),
        ),
        data: Type.Optional(digestOf('the data a model was fitted on')),
        training: Type.Optional(digestOf('how it was fitted')),
      }),
    ),
    response: json(Version),
    status: 201,
    problems: [422],
  },
  'GET /v1/versions/{id}': { about: 'policies', summary: 'A version', path: id, response: json(Version), problems: [404] },
  'GET /v1/versions/{id}/lineage': {
    about: 'policies',
    summary: 'From the experiment that recommended a version to the decisions it made',
    path: id,
    problems: [404],
  },
  'GET /v1/versions/{kind}/{name}': {
    about: 'policies',
    summary: 'A version, its id in two parts',
    path: parts,
    response: json(Version),
    problems: [404],
  },
  'GET /v1/versions/{kind}/{name}/lineage': {
    about: 'policies',
    summary: 'Its lineage, its id in two parts',
    path: parts,
    problems: [404],
  },
  'GET /v1/aliases': {
    about: 'policies',
    summary: 'Where stable, candidate and forecast point',
    response: json(record({ aliases: Type.Array(Alias) })),
  },
  'GET /v1/aliases/{name}': {
    about: 'policies',
    summary: 'Where one of them points',
    path: alias,
    response: json(Alias),
    problems: [404],
  },
  'POST /v1/aliases/{name}': {
    about: 'policies',
    summary: 'Point an alias at a version',
    description:
      'Stable moves forward at the end of a rollout; without one only under a request to break the glass that somebody else agreed to, sent as ' +
      'Orrery-Approval. What forecasts is changed under a request to promote it. A move that is unusual for whoever asks is answered with 202 and waits for somebody else.',
    path: alias,
    request: json(record({ version: text('Id of the version.'), expected })),
    response: json(Alias),
    problems: [404, 409, 422],
  },
  'POST /v1/aliases/{name}/back': {
    about: 'policies',
    summary: 'Take an alias one step back, at once',
    path: alias,
    request: json(record({ expected })),
    bodyIsOptional: true,
    response: json(Alias),
    problems: [404, 409, 422],
  },
  'GET /v1/governance': {
    about: 'governance',
    summary: 'The rules: rights by role, what takes two people, what is held and why',
  },
  'GET /v1/requests': {
    about: 'governance',
    summary: 'What takes two people',
    response: json(record({ requests: Type.Array(Request) })),
  },
  'GET /v1/requests/{id}': {
    about: 'governance',
    summary: 'A request, with the digest that is agreed to',
    path: request,
    response: json(Request),
    problems: [404],
  },
  'POST /v1/requests': {
    about: 'governance',
    summary: 'Ask for an act that takes two people',
    request: json(
      record({
        act: Type.String({ enum: TWO_PEOPLE_ACTS.filter((act) => act !== 'held') }),
        subject: Type.String({ pattern: '^[\\w.:@/-]{1,200}$', description: 'What it is about.', examples: ['alias:stable'] }),
        what: Type.Optional(Type.Object({}, { description: 'What would be done, to the letter.' })),
        because: text('Why, without names of customers.'),
        incident: Type.Optional(text('What happened; where the glass is broken.')),
        hours: Type.Optional(
          Type.Number({ exclusiveMinimum: 0, description: 'Void after so long; 24, and 4 where the glass is broken, at most.' }),
        ),
      }),
    ),
    response: json(Request),
    status: 201,
  },
  'POST /v1/requests/{id}/approve': {
    about: 'governance',
    summary: 'Agree to what somebody else asked for',
    path: request,
    request: json(record({ digest: DIGEST })),
    response: json(Request),
    problems: [404, 409],
  },
  'POST /v1/requests/{id}/refuse': {
    about: 'governance',
    summary: 'Turn it down, or take back what you asked for',
    path: request,
    request: because('Why.'),
    response: json(Request),
    problems: [404, 409],
  },
  'GET /v1/incidents': { about: 'governance', summary: 'Incidents that the glass was broken in' },
  'POST /v1/incidents/{id}/close': {
    about: 'governance',
    summary: 'Say what was found, and close it',
    path: { id: 'Id of the request it was opened with.' },
    request: json(record({ findings: text('What was found, and what is done about it.') })),
    problems: [404, 409],
  },
  'GET /v1/audit': {
    about: 'governance',
    summary: 'The book of acts, entry by entry',
    query: {
      after: Type.Integer({ minimum: 0, default: 0, description: 'Entries after this one.' }),
      about: text('Only entries about this.', 'alias:stable'),
      limit: Type.Integer({ minimum: 0, maximum: 1000, default: 100, description: 'At most so many.' }),
    },
  },
  'POST /v1/exports': {
    about: 'governance',
    summary: 'Take out in bulk, as lines of JSON',
    description: 'Under a request that somebody else agreed to, sent as Orrery-Approval; each is good for one export.',
    request: json(record({ of: text('events or book.', 'book') })),
    response: { 'application/x-ndjson': Type.String() },
    problems: [404, 409],
  },
  'GET /v1/persons/{kind}/{id}': {
    about: 'governance',
    summary: 'Which pseudonym stands for a person in requests and the book',
    path: { kind: 'customer or order.', id: 'Id of it.' },
    problems: [404],
  },
}
