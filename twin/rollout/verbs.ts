import type { NewEntry } from '../book/book.ts'
import type { Registry } from '../registry/version.ts'
import { type Caller, identityOf, MAY, type Role, rolesOf } from '../server/access.ts'
import { HttpProblem } from '../server/problem-json.ts'
import type { RolloutDesk } from './desk.ts'
import { APPROVALS, approvalOfStep, isAuthor, isEnded, type Rollout, WAITING, yesTo } from './fold.ts'
import { actBy, type Judged, moveOf, promotionWaitsFor, waitsFor } from './move.ts'
import { ROLLOUT_VERBS, type RolloutVerb } from './plan.ts'

/** Who may do what to a rollout. Back to stable is easy; forward is not. */
const VERB_ROLES: Readonly<Record<RolloutVerb, readonly Role[]>> = {
  submit: MAY.plan,
  approve: MAY.approve,
  reject: MAY.approve,
  start: MAY.operate,
  hold: MAY.back,
  resume: MAY.operate,
  advance: MAY.operate,
  promote: MAY.operate,
  rollback: MAY.back,
  extend: MAY.approve,
  settle: MAY.operate,
}
/** Where deciding on an old picture would be deciding blind: who does these says which entry he has seen. */
export const NEEDS_MATCH: readonly RolloutVerb[] = ['approve', 'advance', 'promote', 'extend', 'settle']

/** What comes with a verb. */
export type Said = { readonly because?: string; readonly of?: string; readonly byHours?: number }

export type VerbParts = {
  readonly desk: RolloutDesk
  readonly registry: Registry
  /** Governance's word on a yes: throws where the caller is nobody, or his token was used, is old or is for something else. */
  readonly agrees?: (caller: Caller, digest: string) => string | null
}

/** Does what somebody wants, or throws a problem that says what stands against it. */
export async function doVerb(
  { desk, registry, agrees }: VerbParts,
  verb: RolloutVerb,
  id: string,
  caller: Caller,
  said: Said,
  seen: number | null,
): Promise<Rollout> {
  const may = VERB_ROLES[verb]
  if (!rolesOf(caller).some((role) => may.includes(role)))
    throw new HttpProblem(403, `The role ${rolesOf(caller).join(', ')} may not ${verb} a rollout; it takes ${may.join(' or ')}.`)
  if (seen === null && NEEDS_MATCH.includes(verb))
    throw new HttpProblem(428, `To ${verb}, send the seq of the rollout as you saw it as If-Match.`, { field: 'If-Match' })
  return desk.write(id, (rollout) => {
    if (seen !== null && seen !== rollout.seq)
      throw new HttpProblem(412, `It has gone on to entry ${rollout.seq} since you saw it; look again, and decide again.`, {
        seq: rollout.seq,
      })
    return entryFor({ desk, registry, ...(agrees === undefined ? {} : { agrees }) }, verb, rollout, caller, said)
  })
}

function entryFor(
  { desk, registry, agrees }: VerbParts,
  verb: RolloutVerb,
  rollout: Rollout,
  caller: Caller,
  said: Said,
): NewEntry {
  const { name: who } = caller
  const { plan, state } = rollout
  switch (verb) {
    case 'submit':
      return actBy(who, rollout, 'rollout.submitted', { plan: rollout.digest })
    case 'approve':
      return approval(rollout, caller, said, { desk, agrees })
    case 'reject':
      return actBy(who, rollout, 'rollout.rejected', { code: 'refused', because: reason(said) })
    case 'start': {
      if (state !== 'approved') throw conflict(`It is ${state}; ${missingYes(rollout)} before it can start.`)
      const stable = registry.alias('stable')?.version ?? plan.stable
      if (stable !== plan.stable)
        throw conflict(
          `stable is ${stable} now, and the plan compares with ${plan.stable}; hand in a plan for what is stable now.`,
        )
      const active = desk.active()
      if (active !== null) return actBy(who, rollout, 'rollout.queued', { behind: active.id })
      return actBy(who, rollout, 'rollout.started', { stable, twin: desk.foretold(plan) })
    }
    case 'hold':
      return actBy(who, rollout, 'rollout.held', { code: 'person', because: reason(said) })
    case 'resume':
      return actBy(who, rollout, 'rollout.resumed', { because: reason(said) })
    case 'advance':
    case 'settle':
      return now(desk, rollout, verb, who)
    case 'promote': {
      const judged = desk.judge()
      const waits = promotionWaitsFor(rollout, judged)
      if (waits.length > 0) throw conflict(`It cannot be promoted: ${waits.join('; ')}.`, { waitsFor: waits })
      const evidence = rollout.proposed?.evidence ?? ''
      return actBy(who, rollout, 'rollout.promoted', { evidence, share: 1 - plan.holdback.share })
    }
    case 'rollback':
      if (isEnded(rollout) || state === 'rolling-back') throw conflict(`It is ${state} already.`)
      return actBy(who, rollout, 'rollout.rolling-back', { code: 'person', because: reason(said) })
    case 'extend': {
      const { byHours } = said
      if (byHours === undefined || !(byHours > 0 && byHours <= 2400))
        throw new HttpProblem(422, 'byHours: say by how many hours, above 0 and up to 2,400.', { field: 'byHours' })
      if (isAuthor(rollout, who)) throw new HttpProblem(403, 'Whoever made the plan cannot make it longer alone.')
      return actBy(who, rollout, 'rollout.extended', { byMs: Math.round(byHours * 3_600_000), because: reason(said) })
    }
  }
}

/** A yes binds what it was said to: the digest of the plan, a step, or the digest of the evidence. */
function approval(
  rollout: Rollout,
  caller: Caller,
  said: Said,
  { desk, agrees }: { readonly desk: RolloutDesk; readonly agrees: VerbParts['agrees'] },
): NewEntry {
  const { name: who, token } = caller
  const of = askedFor(rollout)
  if (of === null) throw conflict(`Nothing waits for a yes while it is ${rollout.state}.`)
  if (rollout.state === 'promote-pending' && said.of === undefined)
    throw new HttpProblem(422, `of: name the evidence you have looked at (${of}).`, { field: 'of' })
  if (said.of !== undefined && said.of !== of)
    throw conflict(`Asked for is a yes to ${of}, not to ${said.of}: what you looked at is no longer what would be done.`)
  if (isAuthor(rollout, who)) throw new HttpProblem(403, 'Whoever made the plan cannot approve it; ask two others.')
  if (yesTo(rollout, of).includes(identityOf(who))) throw conflict('You have said yes already; it takes somebody else.')
  const id = (agrees === undefined ? token?.id : agrees(caller, of)) ?? undefined
  if (id !== undefined && usedTokens(desk).has(id)) throw conflict('A yes was said with this token already; sign in anew.')
  return actBy(who, rollout, 'rollout.approved', { of, ...(id === undefined ? {} : { token: id }) })
}

/** What a yes is asked for now: the plan, the next step, or the proposed evidence; null: nothing. */
export function askedFor(rollout: Rollout): string | null {
  const { state, plan, step, proposed, digest } = rollout
  if (state === 'submitted') return digest
  if (state === 'promote-pending') return proposed?.evidence ?? null
  if (state !== 'approved' && state !== 'shadow' && state !== 'canary') return null
  const next = plan.steps.findIndex(
    ({ approval }, i) => i >= step && approval && yesTo(rollout, approvalOfStep(i + 1)).length === 0,
  )
  return next < 0 ? null : approvalOfStep(next + 1)
}

/** Tokens that a yes was said with: each counts once, for whatever. */
function usedTokens(desk: RolloutDesk): Set<string> {
  const used = desk
    .all()
    .flatMap(({ id }) => desk.trail(id).map(({ type, body }) => (type === 'rollout.approved' ? body.token : null)))
  return new Set(used.filter((token): token is string => typeof token === 'string'))
}

/** What the next look would do, done now in somebody's name; by the same rules. */
function now(desk: RolloutDesk, rollout: Rollout, verb: 'advance' | 'settle', who: string): NewEntry {
  const judged = desk.judge()
  if (judged === null) throw conflict(`It is ${rollout.state}; there is no evidence yet.`)
  const readings = desk.readings()
  const entry = moveOf(desk.state(), rollout, readings, judged)
  const wanted = verb === 'advance' ? ['rollout.advanced', 'rollout.proposed'] : ['rollout.settled']
  if (entry === null || !wanted.includes(entry.type))
    throw conflict(whyNot(rollout, verb, entry, judged, desk), { waitsFor: waits(rollout, verb, judged, desk) })
  desk.keep(judged)
  return { ...entry, who }
}

const waits = (rollout: Rollout, verb: 'advance' | 'settle', judged: Judged, desk: RolloutDesk): string[] =>
  verb === 'advance' ? waitsFor(rollout, desk.readings(), judged) : ['the holdback']

function whyNot(rollout: Rollout, verb: 'advance' | 'settle', entry: NewEntry | null, judged: Judged, desk: RolloutDesk): string {
  if (entry !== null && entry.type !== 'rollout.looked')
    return `The evidence of now leads elsewhere: ${String(entry.body.because ?? entry.type)}`
  const open = waits(rollout, verb, judged, desk)
  return verb === 'advance' ? `It cannot advance yet: ${open.join('; ')}.` : 'The holdback is not over.'
}

const missingYes = (rollout: Rollout): string => {
  if (rollout.state === 'draft') return 'it must be submitted and approved'
  if (rollout.state !== 'submitted') return 'it must be approved'
  const missing = APPROVALS - yesTo(rollout, rollout.digest).length
  return `${missing} more ${missing === 1 ? 'person has' : 'people have'} to approve the plan`
}

/** What somebody of these roles and this name could do now. */
export function verbsFor(rollout: Rollout, caller: Caller): RolloutVerb[] {
  const { state, held } = rollout
  const roles = rolesOf(caller)
  const of = askedFor(rollout)
  const isOpen: Readonly<Record<RolloutVerb, boolean>> = {
    submit: state === 'draft',
    approve: of !== null && !isAuthor(rollout, caller.name) && !yesTo(rollout, of).includes(identityOf(caller.name)),
    reject: WAITING.includes(state),
    start: state === 'approved' && !rollout.queued,
    hold: isRunning(rollout) && held?.code !== 'person',
    resume: held !== null,
    advance: (state === 'shadow' || state === 'canary') && held === null,
    promote: state === 'promote-pending' && held === null && yesTo(rollout, rollout.proposed?.evidence ?? '').length >= APPROVALS,
    rollback: !isEnded(rollout) && state !== 'rolling-back',
    extend: isRunning(rollout) && state !== 'live' && !isAuthor(rollout, caller.name),
    settle: state === 'live' && held === null,
  }
  return ROLLOUT_VERBS.filter((verb) => isOpen[verb] && VERB_ROLES[verb].some((role) => roles.includes(role)))
}

const isRunning = ({ state }: Rollout): boolean => ['shadow', 'canary', 'promote-pending', 'live'].includes(state)

function reason({ because }: Said): string {
  if (because === undefined || because.trim() === '')
    throw new HttpProblem(422, 'because: say why, in a few words; it stands in the book.', { field: 'because' })
  return because
}

const conflict = (says: string, more: Readonly<Record<string, unknown>> = {}): HttpProblem => new HttpProblem(409, says, more)
