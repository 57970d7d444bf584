import { type BookEntry, isBeforeTold } from '../book/book.ts'
import type { Evidence } from '../judge/evidence.ts'
import { identityOf, OWN_NAMES } from '../server/access.ts'
import { type Acts, type ActType, digestOfPlan, type EndCode, type HoldCode, type Look, rolloutIn } from './act.ts'
import type { RolloutPlan, RolloutState } from './plan.ts'

/** A rollout as the book has it. */
export type Rollout = {
  readonly id: string
  readonly plan: RolloutPlan
  /** Digest of the plan: what its approvals bind. */
  readonly digest: string
  readonly salt: string
  readonly state: RolloutState
  /** Who drafted or submitted it: none of them can approve it. */
  readonly authors: readonly string[]
  /** 0: shadow; 1 …: steps of the plan; after the last: live. */
  readonly step: number
  /** Part of the units the candidate decides for. */
  readonly share: number
  /** When each step was come to; the first is shadow. */
  readonly cameMs: readonly number[]
  readonly draftedMs: number
  readonly startedMs: number | null
  /** When it is rolled back unless it has been promoted. */
  readonly endsMs: number | null
  readonly queued: boolean
  /** What the twin foretold before the first order. */
  readonly twin: Evidence['twin']
  readonly held: { readonly code: HoldCode; readonly because: string; readonly sinceMs: number; readonly who: string } | null
  readonly approvals: readonly { readonly who: string; readonly atMs: number; readonly of: string }[]
  /** What promotion was proposed on. */
  readonly proposed: Look | null
  readonly promoted: { readonly seq: number; readonly atMs: number; readonly evidence: string } | null
  readonly ended: { readonly code: EndCode | 'settled' | 'refused'; readonly because: string; readonly atMs: number } | null
  readonly look: Look | null
  /** Newest last; of long rollouts every second of the older ones is left out again and again. */
  readonly looks: readonly Look[]
  /** Evidence of the last step: a step needs other evidence than the one before. */
  readonly steppedOn: string | null
  /** Last entry about it, and last that changed who decides for what. */
  readonly seq: number
  readonly generation: number
}

export type Rollouts = {
  readonly seq: number
  /** Instant of the last entry of the whole book: a clock that is behind it has been set back. */
  readonly atMs: number
  readonly all: ReadonlyMap<string, Rollout>
  /** Last entry that changed who decides for what. */
  readonly generation: number
  /** Entries that no rule allows where they stand: kept in the book, without effect. */
  readonly refused: readonly number[]
}

export const NO_ROLLOUTS: Rollouts = { seq: 0, atMs: 0, all: new Map(), generation: 0, refused: [] }

/** Two people say yes to a plan, and two to its promotion; the authors are none of them. */
export const APPROVALS = 2
export const ACTIVE: readonly RolloutState[] = ['shadow', 'canary', 'promote-pending', 'live', 'rolling-back']
export const ENDED: readonly RolloutState[] = ['settled', 'rolled-back', 'rejected']
/** Before anybody is exposed. */
export const WAITING: readonly RolloutState[] = ['draft', 'submitted', 'approved']
const LOOKS_MAX = 400

export const isActive = ({ state }: Rollout): boolean => ACTIVE.includes(state)
export const isEnded = ({ state }: Rollout): boolean => ENDED.includes(state)

/** The one under way; the fold lets no second one start. */
export function activeOf({ all }: Rollouts): Rollout | null {
  for (const rollout of all.values()) if (isActive(rollout)) return rollout
  return null
}

/** Those that wait for it to end, first come first. */
export const queueOf = ({ all }: Rollouts): Rollout[] =>
  [...all.values()].filter(({ queued, state }) => queued && state === 'approved').sort((a, b) => a.seq - b.seq)

/** People who said yes to something, each once whatever keys they have, without the authors. */
export function yesTo(rollout: Rollout, of: string): string[] {
  const people = rollout.approvals.filter((one) => one.of === of && !isAuthor(rollout, one.who)).map(({ who }) => identityOf(who))
  return [...new Set(people)]
}

export const isAuthor = ({ authors }: Rollout, who: string): boolean =>
  authors.some((author) => identityOf(author) === identityOf(who))

export const shareOfStep = (plan: RolloutPlan, step: number): number => (step === 0 ? 0 : (plan.steps[step - 1]?.share ?? 0))
export const approvalOfStep = (step: number): string => `step:${step}`

/** All rollouts, from the book alone. */
export function foldRollouts(entries: Iterable<BookEntry>, from: Rollouts = NO_ROLLOUTS): Rollouts {
  let rollouts = from
  for (const entry of entries) rollouts = afterEntry(rollouts, entry)
  return rollouts
}

/** What the rollouts are after one more entry. Nothing but the entry and what was before it counts: no clock, no luck. */
export function afterEntry(before: Rollouts, entry: BookEntry): Rollouts {
  const { seq } = entry
  // What was done before the world's clock began is dated by another.
  const atMs = isBeforeTold(entry) ? before.atMs : Math.max(before.atMs, entry.atMs)
  const id = rolloutIn(entry)
  if (id === null) return { ...before, seq, atMs }
  const known = before.all.get(id)
  const next = known === undefined ? drafted(id, entry) : (changed(known, entry, activeOf(before)) ?? undefined)
  if (next === undefined) return { ...before, seq, atMs, refused: [...before.refused, seq] }
  const moved = known === undefined || known.generation !== next.generation
  return {
    ...before,
    seq,
    atMs,
    all: new Map(before.all).set(id, next),
    generation: moved && next.generation === seq ? seq : before.generation,
  }
}

function drafted(id: string, { seq, atMs, who, type, body }: BookEntry): Rollout | undefined {
  if (type !== 'rollout.drafted') return undefined
  const { plan, salt } = body as Acts['rollout.drafted']
  return {
    id,
    plan,
    digest: digestOfPlan(plan),
    salt,
    state: 'draft',
    authors: [who],
    step: 0,
    share: 0,
    cameMs: [],
    draftedMs: atMs,
    startedMs: null,
    endsMs: null,
    queued: false,
    twin: null,
    held: null,
    approvals: [],
    proposed: null,
    promoted: null,
    ended: null,
    look: null,
    looks: [],
    steppedOn: null,
    seq,
    generation: 0,
  }
}

/** From where each act is lawful. */
const FROM: Readonly<Record<ActType, readonly RolloutState[]>> = {
  'rollout.drafted': [],
  'rollout.submitted': ['draft'],
  'rollout.approved': ['submitted', 'approved', 'shadow', 'canary', 'promote-pending'],
  'rollout.rejected': WAITING,
  'rollout.queued': ['approved'],
  'rollout.started': ['approved'],
  'rollout.advanced': ['shadow', 'canary'],
  'rollout.held': ['shadow', 'canary', 'promote-pending', 'live'],
  'rollout.resumed': ['shadow', 'canary', 'promote-pending', 'live'],
  'rollout.looked': ['shadow', 'canary', 'promote-pending', 'live'],
  'rollout.proposed': ['canary', 'promote-pending'],
  'rollout.withdrawn': ['promote-pending'],
  'rollout.promoted': ['promote-pending'],
  'rollout.rolling-back': [...WAITING, 'shadow', 'canary', 'promote-pending', 'live'],
  'rollout.rolled-back': ['rolling-back'],
  'rollout.extended': ['shadow', 'canary', 'promote-pending'],
  'rollout.settled': ['live'],
}

/** The rollout after an entry, or null where no rule allows it there. */
function changed(now: Rollout, entry: BookEntry, active: Rollout | null): Rollout | null {
  const from = FROM[entry.type as ActType] as readonly RolloutState[] | undefined
  if (from === undefined || !from.includes(now.state)) return null
  const next = enacted(now, entry, active)
  return next === null ? null : { ...next, seq: entry.seq }
}

function enacted(now: Rollout, entry: BookEntry, active: Rollout | null): Rollout | null {
  const { seq, atMs, who } = entry
  const { plan } = now
  switch (entry.type as ActType) {
    case 'rollout.drafted':
      return null
    case 'rollout.submitted': {
      const { plan: of } = entry.body as Acts['rollout.submitted']
      return of === now.digest ? { ...now, state: 'submitted', authors: [...new Set([...now.authors, who])] } : null
    }
    case 'rollout.approved': {
      const { of } = entry.body as Acts['rollout.approved']
      if (isAuthor(now, who) || OWN_NAMES.includes(identityOf(who)) || !isAsked(now, of)) return null
      const next = { ...now, approvals: [...now.approvals, { who, atMs, of }] }
      const enough = now.state === 'submitted' && yesTo(next, now.digest).length >= APPROVALS
      return enough ? { ...next, state: 'approved' } : next
    }
    case 'rollout.rejected': {
      const { code, because } = entry.body as Acts['rollout.rejected']
      return { ...now, state: 'rejected', queued: false, ended: { code, because, atMs } }
    }
    case 'rollout.queued':
      return active === null ? null : { ...now, queued: true }
    case 'rollout.started': {
      if (active !== null) return null
      const { twin } = entry.body as Acts['rollout.started']
      return {
        ...now,
        twin: twin ?? null,
        state: 'shadow',
        queued: false,
        startedMs: atMs,
        endsMs: atMs + plan.maxDurationMs,
        cameMs: [atMs],
        generation: seq,
      }
    }
    case 'rollout.advanced': {
      const { to, share, look, offPolicy } = entry.body as Acts['rollout.advanced']
      // One step at a time, on evidence of its own, looked at since the last one.
      const came = now.cameMs.at(-1) ?? 0
      if (now.held !== null || to !== now.step + 1 || to > plan.steps.length || share !== shareOfStep(plan, to)) return null
      if (!isEvidence(look) || look.evidence === now.steppedOn || look.asOfMs < came || look.verdict === 'roll back') return null
      // Nobody is exposed to what is seen to do harm before anybody is.
      const isGated = now.step === 0 && plan.shadow.offPolicy !== 'shown'
      if (isGated && offPolicy?.some(({ isBeyond }) => isBeyond) === true) return null
      if (plan.steps[to - 1].approval && yesTo(now, approvalOfStep(to)).length === 0) return null
      return {
        ...withLook(now, look),
        state: 'canary',
        step: to,
        share,
        cameMs: [...now.cameMs, atMs],
        steppedOn: look.evidence,
        generation: seq,
      }
    }
    case 'rollout.held': {
      const { code, because } = entry.body as Acts['rollout.held']
      // A person's hold is not replaced by a passing one, which would then end it.
      if (now.held !== null && (code !== 'person' || now.held.code === 'person')) return null
      return { ...now, held: { code, because, sinceMs: atMs, who } }
    }
    case 'rollout.resumed':
      return now.held === null ? null : { ...now, held: null }
    case 'rollout.looked': {
      const { look } = entry.body as Acts['rollout.looked']
      return isEvidence(look) ? withLook(now, look) : null
    }
    case 'rollout.proposed': {
      const { look } = entry.body as Acts['rollout.proposed']
      if (now.held !== null || now.step !== plan.steps.length || !isEvidence(look) || look.verdict !== 'promote') return null
      return { ...withLook(now, look), state: 'promote-pending', proposed: look }
    }
    case 'rollout.withdrawn': {
      const { look } = entry.body as Acts['rollout.withdrawn']
      return isEvidence(look) ? { ...withLook(now, look), state: 'canary', proposed: null } : null
    }
    case 'rollout.promoted': {
      const { evidence, share } = entry.body as Acts['rollout.promoted']
      if (now.held !== null || now.proposed?.evidence !== evidence || share !== 1 - plan.holdback.share) return null
      if (yesTo(now, evidence).length < APPROVALS) return null
      return {
        ...now,
        state: 'live',
        step: plan.steps.length + 1,
        share,
        cameMs: [...now.cameMs, atMs],
        promoted: { seq, atMs, evidence },
        generation: seq,
      }
    }
    case 'rollout.rolling-back': {
      const { code, because, look } = entry.body as Acts['rollout.rolling-back']
      const wasActive = isActive(now)
      return {
        ...(look === undefined ? now : withLook(now, look)),
        // What never began has nothing to be undone.
        state: wasActive ? 'rolling-back' : 'rolled-back',
        share: 0,
        queued: false,
        held: null,
        ended: { code, because, atMs },
        generation: wasActive ? seq : now.generation,
      }
    }
    case 'rollout.rolled-back':
      return { ...now, state: 'rolled-back', generation: now.startedMs === null ? now.generation : seq }
    case 'rollout.extended': {
      const { byMs } = entry.body as Acts['rollout.extended']
      if (!(byMs > 0) || now.endsMs === null || isAuthor(now, who)) return null
      return { ...now, endsMs: now.endsMs + byMs }
    }
    case 'rollout.settled': {
      const { because, look } = entry.body as Acts['rollout.settled']
      if (now.held !== null) return null
      return {
        ...(look === undefined ? now : withLook(now, look)),
        state: 'settled',
        share: 1,
        ended: { code: 'settled', because, atMs },
        generation: seq,
      }
    }
  }
}

/** Whether a yes to this is asked for where the rollout stands. */
function isAsked(now: Rollout, of: string): boolean {
  if (now.state === 'submitted') return of === now.digest
  if (now.state === 'promote-pending') return of === now.proposed?.evidence
  const step = now.plan.steps.findIndex(({ approval }, i) => approval && of === approvalOfStep(i + 1))
  return step >= 0 && step + 1 > now.step
}

const isEvidence = (look: Look | undefined): look is Look => look !== undefined && /^[0-9a-f]{64}$/.test(look.evidence)

function withLook(now: Rollout, look: Look): Rollout {
  const looks = [...now.looks, look]
  const kept = looks.length <= LOOKS_MAX ? looks : looks.filter((_, i) => i >= LOOKS_MAX / 2 || i % 2 === 0)
  return { ...now, look, looks: kept }
}
