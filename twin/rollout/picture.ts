import type { BookEntry } from '../book/book.ts'
import type { Evidence, Verdict } from '../judge/evidence.ts'
import type { Caller } from '../server/access.ts'
import type { RolloutPicture } from '../wire.ts'
import { type Look, PASSING } from './act.ts'
import { plannedDoses } from './doses.ts'
import type { Rollout } from './fold.ts'
import { cardOf } from './metrics.ts'
import { harmOf, isKnown, type Judged, maturedOf } from './move.ts'
import { askedFor, verbsFor } from './verbs.ts'

export type Shown = {
  readonly rollout: Rollout
  readonly caller: Caller
  readonly nowMs: number
  readonly trail: readonly BookEntry[]
  /** The evidence last looked at, with its verdict; null: nobody has looked. */
  readonly judged: Judged | null
  readonly waitsFor: readonly string[]
  readonly offPolicy: RolloutPicture['offPolicy']
  /** Orders decided under it, where they are counted at present. */
  readonly totals: { readonly all: number; readonly differing: number | null } | null
}

/** A rollout as its owner sees it. */
export function pictureOf({ rollout, caller, nowMs, trail, judged, waitsFor, offPolicy, totals }: Shown): RolloutPicture {
  const { plan, held } = rollout
  const harm = judged === null ? { orders: 0, cents: 0 } : harmOf(rollout, judged)
  const assigned = judged?.evidence.epochs.map((epoch) => epoch.assigned) ?? []
  return {
    id: rollout.id,
    name: plan.name,
    state: rollout.state,
    held:
      held === null
        ? null
        : { because: held.because, sinceMs: held.sinceMs, who: held.who, isPassing: PASSING.includes(held.code) },
    queued: rollout.queued,
    asks: askedFor(rollout),
    waitsFor,
    offPolicy,
    doses: plannedDoses(plan),
    ended: rollout.ended,
    seq: rollout.seq,
    stable: plan.stable,
    candidate: plan.candidate,
    unit: plan.unit,
    share: rollout.share,
    ladder: ladderOf(rollout),
    nowMs,
    startedMs: rollout.startedMs,
    endsMs: rollout.endsMs,
    orders: {
      candidate: assigned.reduce((sum, { candidate }) => sum + candidate, 0),
      matured: judged === null ? 0 : maturedOf(judged.evidence),
      all: totals?.all ?? assigned.reduce((sum, { candidate, stable }) => sum + candidate + stable, 0),
      differing: totals?.differing ?? null,
    },
    harm: { orders: harm.orders, ordersMax: plan.budget.orders, cents: harm.cents, centsMax: plan.budget.cents },
    verdict: judged === null ? null : verdictOf(rollout, judged),
    looks: rollout.looks.map(({ asOfMs, verdict, bounds }) => ({ atMs: asOfMs, verdict, bounds: wholeBounds(bounds) })),
    approvals: rollout.approvals,
    may: verbsFor(rollout, caller),
    trail: trail.map(({ seq, atMs, who, type, body }) => ({
      seq,
      atMs,
      who,
      what: type.replace('rollout.', ''),
      says: said(body),
    })),
  }
}

/** Metrics of which something was known. */
function wholeBounds(bounds: Look['bounds']): Record<string, readonly [number, number, number]> {
  const whole: Record<string, readonly [number, number, number]> = {}
  for (const [id, [lower, harm, upper]] of Object.entries(bounds))
    if (lower !== null && harm !== null && upper !== null) whole[id] = [lower, harm, upper]
  return whole
}

function ladderOf(rollout: Rollout): RolloutPicture['ladder'] {
  const { plan, cameMs, step, state, ended } = rollout
  const rungs = [
    { step: 'shadow', share: 0, needsApproval: false },
    ...plan.steps.map(({ share, approval }) => ({ step: `${Math.round(share * 1000) / 10} %`, share, needsApproval: approval })),
    { step: 'live', share: 1 - plan.holdback.share, needsApproval: true },
    { step: 'settled', share: 1, needsApproval: false },
  ]
  const last = rungs.length - 1
  return rungs.map((rung, i) => ({
    ...rung,
    sinceMs: i === last ? (state === 'settled' ? (ended?.atMs ?? null) : null) : (cameMs[i] ?? null),
    isOver: state === 'settled' ? i < last : i < step,
  }))
}

function verdictOf({ plan }: Rollout, { evidence, verdict }: Judged): NonNullable<RolloutPicture['verdict']> {
  return {
    verdict: verdict.verdict,
    says: verdict.says,
    because: verdict.because,
    evidence: verdict.evidence,
    atMs: evidence.asOfMs,
    earliestMs: verdict.earliestMs,
    metrics: verdict.metrics.map((metric) => metricOf(plan.judge.metrics, metric, evidence)),
    ratio: verdict.ratio,
    missingAlarm: Object.values(verdict.missing).some(({ isAlarm }) => isAlarm),
  }
}

function metricOf(
  plans: Evidence['plan']['metrics'],
  { id, harm, lower, upper, corrected, isHarm, isNoWorse, units }: Verdict['metrics'][number],
  evidence: Evidence,
): NonNullable<RolloutPicture['verdict']>['metrics'][number] {
  const plan = plans.find((one) => one.id === id)
  const unit = plan?.kind === 'share' || plan?.kind === 'quantile' ? 'share' : (cardOf(id)?.unit ?? 'number')
  return {
    id,
    role: plan?.role ?? 'diagnostic',
    unit,
    margin: plan?.margin ?? 0,
    harm,
    lower: shown(lower, unit),
    upper: shown(upper, unit),
    corrected:
      corrected === null
        ? null
        : { harm: corrected.harm, lower: shown(corrected.lower, unit), upper: shown(corrected.upper, unit) },
    twin: evidence.twin?.[id]?.effect ?? null,
    isHarm,
    isNoWorse,
    units,
  }
}

/** A bound of which nothing can be said: of a share it is all of it, of another number as it came. */
const shown = (bound: number, unit: string): number => (isKnown(bound) || unit !== 'share' ? bound : Math.sign(bound))

/** What an entry says, in one line. */
function said(body: BookEntry['body']): string {
  const { because, look, of, share, evidence, behind, code } = body as {
    because?: string
    look?: Look
    of?: string
    share?: number
    evidence?: string
    behind?: string
    code?: string
  }
  const parts = [
    code === undefined ? null : `(${code})`,
    because ?? null,
    share === undefined ? null : `${Math.round(share * 1000) / 10} %`,
    look?.says ?? null,
    of === undefined ? null : `yes to ${of.slice(0, 16)}`,
    evidence === undefined ? null : `on evidence ${evidence.slice(0, 12)}`,
    behind === undefined ? null : `behind ${behind}`,
  ]
  return parts.filter((part) => part !== null).join(' ')
}
