import { check, formatPath } from '../../scenarios/read/check.ts'
import { record, Type } from '../../scenarios/schema/type.ts'
import type { Evidence, Verdict } from '../judge/evidence.ts'
import type { Registry } from '../registry/version.ts'
import { type Caller, MAY } from '../server/access.ts'
import type { Wing } from '../server/app.ts'
import { HttpProblem } from '../server/problem-json.ts'
import type { RolloutPicture } from '../wire.ts'
import type { Bundles } from './bundles.ts'
import type { RolloutDesk } from './desk.ts'
import type { Rollout } from './fold.ts'
import { lintPlan } from './lint.ts'
import { type Judged, promotionWaitsFor, waitsFor } from './move.ts'
import { pictureOf } from './picture.ts'
import { ROLLOUT_VERBS, type RolloutVerb } from './plan.ts'
import { planOfBody } from './read-plan.ts'
import { doVerb, type Said } from './verbs.ts'

export type RolloutWingParts = {
  readonly desk: RolloutDesk
  readonly registry: Registry
  readonly bundles: Bundles
  readonly judge: (evidence: Evidence) => Verdict
}

const SAID = record({
  because: Type.Optional(Type.String({ maxLength: 2000 })),
  of: Type.Optional(Type.String({ maxLength: 128 })),
  byHours: Type.Optional(Type.Number()),
})

type ById = { Params: { id: string } }

/** Rollouts over HTTP: plans are handed in, looked at and moved; what was judged can be taken away and judged again. */
export function rolloutWing(parts: RolloutWingParts): Wing {
  const { desk, registry } = parts
  return async (app, { twin, office }) => {
    const agrees = office?.governance.agrees
    const read = { config: { may: MAY.house } }
    const known = new Map<string, Judged>()
    const find = (id: string): Rollout => {
      const rollout = desk.get(id)
      if (rollout === null)
        throw new HttpProblem(404, `There is no rollout ${id.slice(0, 60)}; GET /v1/rollouts lists those there are.`)
      return rollout
    }
    const picture = (rollout: Rollout, caller: Caller): RolloutPicture => pictureFor(parts, known, rollout, caller, twin.now())

    app.get('/v1/rollouts', read, async () => ({
      rollouts: desk.all().map((rollout) => ({
        id: rollout.id,
        name: rollout.plan.name,
        state: rollout.state,
        held: rollout.held?.because ?? null,
        queued: rollout.queued,
        stable: rollout.plan.stable,
        candidate: rollout.plan.candidate,
        share: rollout.share,
        seq: rollout.seq,
        draftedMs: rollout.draftedMs,
        startedMs: rollout.startedMs,
        ended: rollout.ended,
        verdict: rollout.look?.verdict ?? null,
        says: rollout.look?.says ?? null,
      })),
      assignment: desk.assignment(),
    }))
    app.post('/v1/rollouts', { config: { may: MAY.plan } }, async ({ body, caller }, reply) => {
      const { plan } = planOfBody(body)
      const made = await desk.draft(plan, caller.name)
      return reply.code(201).header('etag', tagOf(made)).send(picture(made, caller))
    })
    app.get<ById>('/v1/rollouts/:id', read, async ({ params, caller }, reply) => {
      const rollout = find(params.id)
      return reply.header('etag', tagOf(rollout)).send(picture(rollout, caller))
    })
    app.get<ById>('/v1/rollouts/:id/plan', read, async ({ params }) => find(params.id).plan)
    app.get<ById & { Querystring: { digest?: string } }>('/v1/rollouts/:id/evidence', read, async ({ params, query }, reply) => {
      const rollout = find(params.id)
      const evidence = query.digest === undefined ? latest(parts, known, rollout)?.evidence : parts.bundles.read(query.digest)
      if (evidence === undefined || evidence === null || evidence.rollout !== rollout.id)
        throw new HttpProblem(404, 'There is no such evidence of this rollout; its looks name those there are.')
      return reply.header('content-disposition', `attachment; filename="${rollout.id}-evidence.json"`).send(evidence)
    })
    app.post<{ Params: { id: string; verb: string } }>(
      '/v1/rollouts/:id/:verb',
      { config: { may: MAY.back } },
      async ({ params, body, caller, headers }, reply) => {
        const verb = verbOf(params.verb)
        if (verb === 'submit') held(find(params.id), registry)
        const done = await doVerb(
          { desk, registry, ...(agrees === undefined ? {} : { agrees }) },
          verb,
          params.id,
          caller,
          saidIn(body),
          seenIn(headers['if-match']),
        )
        return reply.header('etag', tagOf(done)).send(picture(done, caller))
      },
    )
    app.addHook('preClose', async () => desk.close())
  }
}

/** The picture of a rollout for one caller. */
function pictureFor(
  parts: RolloutWingParts,
  known: Map<string, Judged>,
  rollout: Rollout,
  caller: Caller,
  nowMs: number,
): RolloutPicture {
  const { desk } = parts
  const judged = latest(parts, known, rollout)
  return pictureOf({
    rollout,
    caller,
    nowMs,
    trail: desk.trail(rollout.id),
    judged,
    waitsFor: openOf(desk, rollout, judged),
    offPolicy: desk.ledger(rollout.id)?.offPolicy() ?? [],
    totals: desk.ledger(rollout.id)?.totals() ?? null,
  })
}

/** What stands before the next step. */
function openOf(desk: RolloutDesk, rollout: Rollout, judged: Judged | null): string[] {
  if (rollout.queued) return ['another rollout is under way']
  if (rollout.state === 'promote-pending') return promotionWaitsFor(rollout, judged)
  if (rollout.state !== 'shadow' && rollout.state !== 'canary') return []
  return judged === null ? ['the first look'] : waitsFor(rollout, desk.readings(), judged)
}

/** The last look: in memory while it is under way, or else computed again from its bundle, once. */
function latest({ desk, bundles, judge }: RolloutWingParts, known: Map<string, Judged>, { id, look }: Rollout): Judged | null {
  const judged = desk.judged(id)
  if (judged !== null) return judged
  if (look === null) return null
  const before = known.get(look.evidence)
  if (before !== undefined) return before
  const evidence = bundles.read(look.evidence)
  if (evidence === null) return null
  const again = { evidence, verdict: judge(evidence) }
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(look.evidence, again)
  return again
}
/** Verdicts of rollouts that are over, kept so many: each takes as long as a look. */
const KNOWN_MAX = 32

function verbOf(word: string): RolloutVerb {
  const verb = ROLLOUT_VERBS.find((one) => one === word)
  if (verb === undefined)
    throw new HttpProblem(404, `Nobody can ${word.slice(0, 40)} a rollout; use one of ${ROLLOUT_VERBS.join(', ')}.`)
  return verb
}

function saidIn(body: unknown): Said {
  const checked = check(SAID, body ?? {})
  if (checked.ok) return checked.value
  const [{ path, found, fix }] = checked.flaws
  throw new HttpProblem(422, `${formatPath(path)}: found ${found}; ${fix}`, { field: formatPath(path) })
}

function seenIn(tag: string | undefined): number | null {
  if (tag === undefined) return null
  const seq = /^(?:W\/)?"?(\d{1,15})"?$/.exec(tag.trim())?.[1]
  if (seq === undefined)
    throw new HttpProblem(
      400,
      `If-Match: found ${JSON.stringify(tag.slice(0, 40))}; send the seq of the rollout, such as "42".`,
      { field: 'If-Match' },
    )
  return Number(seq)
}

/** A plan that cannot end well is not let in. */
function held(rollout: Rollout, registry: Registry): void {
  const problems = lintPlan(rollout.plan, registry).filter(({ severity }) => severity === 'error')
  if (problems.length === 0) return
  const [{ field, found, fix }] = problems
  throw new HttpProblem(422, `${field}: found ${found}; ${fix}`, { field, problems })
}

const tagOf = ({ seq }: Rollout): string => `"${seq}"`
