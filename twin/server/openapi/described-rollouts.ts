import { record, type TSchema, Type } from '../../../scenarios/schema/type.ts'
import { ROLLOUT_VERBS } from '../../rollout/plan.ts'
import { PLAN_SCHEMA } from '../../rollout/plan-schema.ts'
import type { Described } from './operation.ts'

/** What the routes of rollouts are for, by method and path. */
const json = (schema: TSchema): Readonly<Record<string, TSchema>> => ({ 'application/json': schema })
const word = (description: string) => Type.String({ minLength: 1, maxLength: 300, description })
const optional = Type.Optional

export const RolloutPlanSchema: TSchema = PLAN_SCHEMA

export const rollouts: Readonly<Record<string, Described>> = {
  'GET /v1/rollouts': { about: 'rollouts', summary: 'All rollouts, and who decides now' },
  'POST /v1/rollouts': {
    about: 'rollouts',
    summary: 'Draft a rollout',
    request: json(RolloutPlanSchema),
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
}
