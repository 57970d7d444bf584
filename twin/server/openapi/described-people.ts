import { record, type TSchema, Type } from '../../../scenarios/schema/type.ts'
import { TWO_PEOPLE_ACTS } from '../../govern/act-rules.ts'
import { VERSION_KINDS } from '../../registry/version.ts'
import { ROLLOUT_VERBS } from '../../rollout/plan.ts'
import { PLAN_SCHEMA } from '../../rollout/plan-schema.ts'
import type { Described } from './operation.ts'

/** What people do: versions, rollouts, and acts that take two. */
const json = (schema: TSchema): Readonly<Record<string, TSchema>> => ({ 'application/json': schema })
const word = (description: string, example?: string) =>
  Type.String({ minLength: 1, maxLength: 300, description, ...(example === undefined ? {} : { examples: [example] }) })
const optional = Type.Optional
const digest = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description, examples: ['0'.repeat(64)] })
const expected = optional(
  Type.Integer({ minimum: 0, description: 'The `seq` of the alias as it was seen; moved by somebody else since, 409.' }),
)
const UNDER = 'Some need the header `orrery-approval`: the id of a request that others have agreed to.'

export const ROLLOUT_PLAN: TSchema = PLAN_SCHEMA

export const DESCRIBED_PEOPLE: Readonly<Record<string, Described>> = {
  'GET /v1/versions': {
    about: 'policies',
    summary: 'Versions of the registry',
    query: { kind: Type.Enum([...VERSION_KINDS]), name: word('Name of a policy, such as bid-price.') },
  },
  'POST /v1/versions': {
    about: 'policies',
    summary: 'Register what the catalogue’s policy is now',
    description: 'Fixed for ever by what it is made of; the same thing again is the same version.',
    request: json(
      record({
        words: word('A policy of the catalogue, with its knobs.', 'bid-price'),
        certificate: optional(Type.Unknown({ description: 'The result of the experiment that recommends it, or its digest.' })),
      }),
    ),
    status: 201,
    problems: [422],
  },
  'GET /v1/versions/{id}': {
    about: 'policies',
    summary: 'One version',
    path: { id: 'Its id, with the slash encoded.' },
    problems: [404],
  },
  'GET /v1/versions/{id}/lineage': {
    about: 'policies',
    summary: 'From the experiment that recommends it to the decisions it made',
    path: { id: 'Its id, with the slash encoded.' },
    problems: [404],
  },
  'GET /v1/versions/{kind}/{name}': {
    about: 'policies',
    summary: 'The same, by an id written as it is',
    path: { kind: 'Kind of the version.', name: 'Name and digest, such as bid-price@4f2a91c0d3e7.' },
    problems: [404],
  },
  'GET /v1/versions/{kind}/{name}/lineage': {
    about: 'policies',
    summary: 'The same, by an id written as it is',
    path: { kind: 'Kind of the version.', name: 'Name and digest, such as bid-price@4f2a91c0d3e7.' },
    problems: [404],
  },
  'GET /v1/aliases': { about: 'policies', summary: 'Where stable and candidate point' },
  'GET /v1/aliases/{name}': {
    about: 'policies',
    summary: 'Where one of them points',
    path: { name: 'stable or candidate.' },
    problems: [404],
  },
  'POST /v1/aliases/{name}': {
    about: 'policies',
    summary: 'Point it at a version',
    description: `Stable moves at the end of a rollout; without one it is breaking the glass. ${UNDER}`,
    path: { name: 'stable or candidate.' },
    request: json(record({ version: word('Id of the version.', 'routing/bid-price@4f2a91c0d3e7'), expected })),
    problems: [404, 409],
  },
  'POST /v1/aliases/{name}/back': {
    about: 'policies',
    summary: 'Back to where it pointed before',
    description: 'One person may, and those who decide are told within a second.',
    path: { name: 'stable or candidate.' },
    request: json(record({ expected })),
    bodyIsOptional: true,
    problems: [404, 409, 422],
  },
  'GET /v1/rollouts': { about: 'rollouts', summary: 'All rollouts, and who decides now' },
  'POST /v1/rollouts': {
    about: 'rollouts',
    summary: 'Draft a rollout',
    request: json(ROLLOUT_PLAN),
    status: 201,
    problems: [409, 422],
  },
  'GET /v1/rollouts/{id}': {
    about: 'rollouts',
    summary: 'One rollout: state, metrics with bounds, verdict, what it waits for',
    path: { id: 'Id of the rollout.' },
    problems: [404],
  },
  'GET /v1/rollouts/{id}/plan': { about: 'rollouts', summary: 'Its plan', path: { id: 'Id of the rollout.' }, problems: [404] },
  'GET /v1/rollouts/{id}/evidence': {
    about: 'rollouts',
    summary: 'What a verdict is recomputed from',
    path: { id: 'Id of the rollout.' },
    query: { digest: word('Digest of one look’s evidence. Default: the last.') },
    problems: [404],
  },
  'POST /v1/rollouts/{id}/{verb}': {
    about: 'rollouts',
    summary: 'Move a rollout',
    description: 'With `if-match: "SEQ"` only if nobody has moved it since.',
    path: { id: 'Id of the rollout.', verb: `One of ${ROLLOUT_VERBS.join(', ')}.` },
    request: json(
      record({
        because: optional(word('Why.')),
        of: optional(word('What is agreed to: a digest, as it was shown.')),
        byHours: optional(Type.Number({ description: 'For how much longer.' })),
      }),
    ),
    bodyIsOptional: true,
    problems: [404, 409, 422],
  },
  'GET /v1/requests': { about: 'governance', summary: 'What somebody asked others to agree to' },
  'GET /v1/requests/{id}': { about: 'governance', summary: 'One request', path: { id: 'Id of the request.' }, problems: [404] },
  'POST /v1/requests': {
    about: 'governance',
    summary: 'Ask others to agree to an act',
    request: json(
      record({
        act: Type.Enum(
          TWO_PEOPLE_ACTS.filter((act) => act !== 'held'),
          { description: 'What would be done.' },
        ),
        subject: word('What it is about.', 'alias:stable'),
        what: optional(
          Type.Object({}, { description: 'What would be done, to the letter: what is done later must be the same.' }),
        ),
        because: word('Why.'),
        incident: optional(word('What happened, where the glass is broken.')),
        hours: optional(Type.Number({ exclusiveMinimum: 0, description: 'How long it may be used.' })),
      }),
    ),
    status: 201,
  },
  'POST /v1/requests/{id}/approve': {
    about: 'governance',
    summary: 'Agree to it',
    path: { id: 'Id of the request.' },
    request: json(record({ digest: digest('The digest of the request, as it was shown.') })),
    problems: [404, 409],
  },
  'POST /v1/requests/{id}/refuse': {
    about: 'governance',
    summary: 'Turn it down',
    path: { id: 'Id of the request.' },
    request: json(record({ because: word('Why.') })),
    problems: [404, 409],
  },
  'GET /v1/incidents': { about: 'governance', summary: 'Times the glass was broken' },
  'POST /v1/incidents/{id}/close': {
    about: 'governance',
    summary: 'Close one, with what was found',
    path: { id: 'Id of the incident.' },
    request: json(record({ findings: word('What was found, and what is done about it.') })),
    problems: [404, 409],
  },
  'GET /v1/audit': {
    about: 'governance',
    summary: 'The trail of acts, in the order of their chain',
    query: {
      after: Type.Integer({ minimum: 0, description: 'From behind this entry on.' }),
      about: word('What the acts are about, such as alias:stable.'),
      limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'At most so many.' }),
    },
  },
  'POST /v1/exports': {
    about: 'governance',
    summary: 'Take out in bulk',
    description: UNDER,
    request: json(record({ of: word('What: book, events, …', 'book') })),
    response: { 'application/x-ndjson': Type.Object({}) },
    problems: [404],
  },
  'GET /v1/persons/{kind}/{id}': {
    about: 'governance',
    summary: 'Under which pseudonym a person is asked to be erased',
    path: { kind: 'customer or order.', id: 'Id of the customer, or of the order.' },
    problems: [404, 503],
  },
}
