import type { NewEntry } from '../book/book.ts'
import type { Evidence, Verdict } from '../judge/evidence.ts'
import { amount, saySign } from '../judge/says.ts'
import type { ShadowEstimate } from '../judge/shadow-gate.ts'
import { type Acts, type ActType, aboutRollout, type EndCode, type HoldCode, type Look, PASSING } from './act.ts'
import { APPROVALS, approvalOfStep, type Rollout, type Rollouts, shareOfStep, yesTo } from './fold.ts'
import { cardOf } from './metrics.ts'
import type { RolloutPlan } from './plan.ts'

/**
 * What a look leads to: a pure function of the book, of what was read off the twin at that moment, and of the verdict. One look leads to one act
 * at most, so however long nobody looked, nothing is made up for: one step, on evidence of now.
 */

/** What the desk reads off the world when it looks. */
export type Readings = {
  readonly nowMs: number
  /** Moment that events of at least two sources have come to; null where none came yet. */
  readonly heardMs: number | null
  /** Latest decision under this rollout; null where none was made. */
  readonly decidedMs: number | null
  /** Orders for which both answers were logged and stable served. */
  readonly shadowed: number
  /** What they say of the candidate, off policy, by metric. */
  readonly offPolicy: readonly ShadowEstimate[]
  /** Orders that were decided by the other side's version. */
  readonly mislabelled: number
  /** Up to here outcomes are complete; −Infinity where nobody knows. */
  readonly watermarkMs: number
  /** Sources that tell outcomes, as `source/feed`. */
  readonly sources: readonly string[]
  /** A sale or a storm that is on, in words. */
  readonly peak: string | null
  /** What the alias points at, and the entry of the book that moved it; null where it never was moved. */
  readonly stable: { readonly version: string; readonly seq: number }
}

/** How the evidence stands, with its digest. */
export type Judged = { readonly evidence: Evidence; readonly verdict: Verdict }

/** Clocks may differ by so much, ms. */
const SKEW_MS = 5000
/** Outcomes are missed when what is complete lies so far back, ms: warehouses that sleep at night are no trouble. */
const SOURCE_DOWN_MS = 12 * 3_600_000
/** No order for so long, or for three looks if that is longer, ms. */
const NO_DATA_MS = 3 * 3_600_000
/** A look is kept after so long even if it changed nothing, ms: the funnel needs its width. */
const KEEP_LOOK_MS = 6 * 3_600_000
/** A proposal is renewed, and its approvals with it, after so long, ms, or when a quarter more is known. */
const STALE_PROPOSAL_MS = 24 * 3_600_000
const GROWN = 1.25

export const JUDGE = 'judge'

const act = <T extends ActType>(rollout: Rollout, type: T, body: Acts[T], who = JUDGE): NewEntry => ({
  who,
  about: aboutRollout(rollout.id),
  type,
  body: { ...body },
})

/** Makes an entry of the book about a rollout. */
export const actBy = <T extends ActType>(who: string, rollout: Rollout, type: T, body: Acts[T]): NewEntry =>
  act(rollout, type, body, who)

/** What the clock and the registry say, before anybody judges: null where nothing stands against going on. */
export function beforeJudging(rollouts: Rollouts, rollout: Rollout, readings: Readings): NewEntry | null {
  const { nowMs, heardMs, stable } = readings
  const { plan, state, promoted } = rollout
  const isLive = state === 'live'
  const isOurs = stable.version === plan.stable || (isLive && stable.version === plan.candidate)
  if (!isOurs)
    return rollBack(
      rollout,
      'invalidated',
      `stable was changed to ${stable.version} while this was under way; what was seen so far is of another comparison`,
    )
  // Back to the old version by hand, after the promotion had moved it.
  if (
    isLive &&
    stable.version === plan.stable &&
    promoted !== null &&
    stable.seq > promoted.seq &&
    plan.stable !== plan.candidate
  )
    return rollBack(rollout, 'registry', 'somebody pointed the alias stable back at the old version')
  const isBehind = nowMs < rollouts.atMs - SKEW_MS
  const isAhead = heardMs !== null && heardMs > nowMs + SKEW_MS
  if (!isBehind && !isAhead) return null
  const by = Math.round((isBehind ? rollouts.atMs - nowMs : (heardMs ?? 0) - nowMs) / 1000)
  return held(
    rollout,
    'clock',
    isBehind
      ? `the clock is ${by} s behind the last entry of the book`
      : `events come from ${by} s after the present: a clock is wrong`,
  )
}

/** What is due after a look. */
export function moveOf(rollouts: Rollouts, rollout: Rollout, readings: Readings, judged: Judged): NewEntry | null {
  const first = beforeJudging(rollouts, rollout, readings)
  if (first !== null || isClockWrong(rollouts, readings)) return first
  const { nowMs } = readings
  const { verdict } = judged
  const { plan, state } = rollout
  const look = lookOf(readings, judged)
  if (verdict.verdict === 'roll back') return rollBack(rollout, 'harm', verdict.says, look)
  const harm = harmOf(rollout, judged)
  if (harm.provenOrders > plan.budget.orders || harm.provenCents > plan.budget.cents)
    return rollBack(rollout, 'budget', `it has harmed more than the plan allows: ${harmWords(harm)}`, look)
  if (state !== 'live' && rollout.endsMs !== null && nowMs >= rollout.endsMs)
    return rollBack(rollout, 'expired', `its time was over and it was not shown to be no worse: ${verdict.says}`, look)

  const reason = holdReason(rollout, readings, judged)
  if (rollout.held !== null) {
    if (!PASSING.includes(rollout.held.code)) return kept(rollout, look)
    if (reason === null) return act(rollout, 'rollout.resumed', { because: `no longer: ${rollout.held.because}` })
    return kept(rollout, look)
  }
  if (reason !== null) return held(rollout, reason[0], reason[1])

  switch (state) {
    case 'shadow':
    case 'canary':
      return onLadder(rollout, readings, judged, look)
    case 'promote-pending':
      return whilePending(rollout, look)
    case 'live': {
      const since = rollout.cameMs.at(-1) ?? nowMs
      // Not before the alias has followed: what is stable after the holdback is what it says.
      if (dwell(readings, since) >= plan.holdback.dwellMs && readings.stable.version === plan.candidate)
        return act(rollout, 'rollout.settled', { because: 'the holdback is over and nothing spoke against it', look })
      return kept(rollout, look)
    }
    default:
      return null
  }
}

function onLadder(rollout: Rollout, readings: Readings, judged: Judged, look: Look): NewEntry | null {
  const { plan, step } = rollout
  if (waitsFor(rollout, readings, judged).length > 0) return kept(rollout, look)
  if (step < plan.steps.length)
    return act(rollout, 'rollout.advanced', {
      to: step + 1,
      share: shareOfStep(plan, step + 1),
      look,
      ...(step === 0 ? { offPolicy: readings.offPolicy } : {}),
    })
  return act(rollout, 'rollout.proposed', { look })
}

function whilePending(rollout: Rollout, look: Look): NewEntry | null {
  const { proposed } = rollout
  if (proposed === null) return null
  if (look.verdict !== 'promote')
    return act(rollout, 'rollout.withdrawn', { because: `the evidence of now no longer says promote: ${look.says}`, look })
  return isOutdated(proposed, look) ? act(rollout, 'rollout.proposed', { look }) : kept(rollout, look)
}

/** Whether so much is known beyond what was approved that it is another thing. */
const isOutdated = (proposed: Look, look: Look): boolean =>
  look.asOfMs - proposed.asOfMs > STALE_PROPOSAL_MS || look.matured > GROWN * proposed.matured

/** What it still waits for before the next step or the proposal, in words; empty: nothing. */
export function waitsFor(rollout: Rollout, readings: Readings, judged: Judged): string[] {
  const { plan, step, cameMs, held, state } = rollout
  const { verdict } = judged
  const waits: string[] = []
  if (state !== 'shadow' && state !== 'canary') return [`it is ${state}`]
  if (held !== null) waits.push(`it is held: ${held.because}`)
  const since = cameMs.at(-1) ?? readings.nowMs
  const least = step === 0 ? plan.shadow.minDwellMs : plan.steps[step - 1].minDwellMs
  const stayed = dwell(readings, since)
  if (stayed < least) waits.push(`${hoursWords(least - stayed)} more of this step's ${hoursWords(least)}`)
  if (step === 0) {
    const { shadowed } = readings
    if (shadowed < plan.shadow.minOrders) waits.push(`${plan.shadow.minOrders - shadowed} more orders with both answers`)
    if (plan.shadow.offPolicy !== 'shown')
      for (const one of readings.offPolicy) if (one.isBeyond) waits.push(beyondWords(plan, one))
    for (const sign of verdict.signs ?? []) if (sign.isBeyond) waits.push(`no more of an ${saySign(sign)}`)
  } else {
    const matured = maturedOf(judged.evidence)
    const needed = plan.steps[step - 1].minMatured
    if (matured < needed)
      waits.push(`${needed - matured} more orders of the candidate with certain outcomes (${matured} of ${needed})`)
  }
  for (const metric of verdict.metrics) if (metric.isHarm) waits.push(`${metric.id}: there is an alarm of harm`)
  if (rollout.steppedOn === verdict.evidence) waits.push('evidence that is newer than that of the last step')
  if (step === plan.steps.length) {
    if (verdict.verdict !== 'promote') waits.push(`the verdict is ${verdict.verdict}: ${verdict.says}`)
  } else if (plan.steps[step].approval && yesTo(rollout, approvalOfStep(step + 1)).length === 0)
    waits.push(`somebody's yes to step ${step + 1}`)
  return waits
}

/** Why nobody may be exposed to what both answers say of themselves. */
function beyondWords({ judge }: RolloutPlan, { id, orders, lower, upper, margin }: ShadowEstimate): string {
  const metric = judge.metrics.find((one) => one.id === id)
  const said = (value: number): string => (metric === undefined ? String(value) : amount(metric, value))
  return `an off-policy estimate that does not show harm beyond the margin: of ${orders} orders in the shadow ${id} would be worse by ${said(lower)} to ${said(upper)}, and the margin is ${said(margin)}`
}

/** What it waits for before it may be promoted; empty: nothing. */
export function promotionWaitsFor(rollout: Rollout, judged: Judged | null): string[] {
  const { proposed, state, held } = rollout
  if (state !== 'promote-pending' || proposed === null) return [`it is ${state}: promotion was not proposed`]
  const waits: string[] = []
  if (held !== null) waits.push(`it is held: ${held.because}`)
  const missing = APPROVALS - yesTo(rollout, proposed.evidence).length
  if (missing > 0)
    waits.push(`${missing} more ${missing === 1 ? 'person' : 'people'} to say yes to evidence ${proposed.evidence.slice(0, 12)}`)
  if (judged === null) waits.push('a look at the evidence of now')
  else if (judged.verdict.verdict !== 'promote')
    waits.push(`the evidence of now says ${judged.verdict.verdict}: ${judged.verdict.says}`)
  return waits
}

/** Time that has passed by the clock and by the events: a clock that runs ahead makes nobody wait less. */
function dwell({ nowMs, heardMs, decidedMs }: Readings, sinceMs: number): number {
  const told = Math.max(heardMs ?? Number.NEGATIVE_INFINITY, decidedMs ?? Number.NEGATIVE_INFINITY)
  return Math.max(0, Math.min(nowMs, told + SKEW_MS) - sinceMs)
}

function isClockWrong(rollouts: Rollouts, { nowMs, heardMs }: Readings): boolean {
  return nowMs < rollouts.atMs - SKEW_MS || (heardMs !== null && heardMs > nowMs + SKEW_MS)
}

/** Why it has to stand still, most serious first. */
function holdReason(rollout: Rollout, readings: Readings, judged: Judged): readonly [HoldCode, string] | null {
  const { nowMs, decidedMs, watermarkMs, sources, peak } = readings
  const { verdict } = judged
  const { plan, state, look, cameMs } = rollout
  if (readings.mislabelled > 0)
    return ['arms', `${readings.mislabelled} orders were decided by the version of the other side: sides may be swapped`]
  if (verdict.ratio.isAlarm) return ['ratio', `orders are not shared out as they should be: ${ratioWords(verdict)}`]
  for (const [id, { stable, candidate, isAlarm }] of Object.entries(verdict.missing))
    if (isAlarm)
      return [
        'missing',
        `outcomes of ${id} are missing for ${percent(candidate)} of the candidate's orders and ${percent(stable)} of stable's`,
      ]
  if (state === 'live') {
    const flipped = verdict.metrics.find(({ id, harm, corrected }) => {
      const metric = plan.judge.metrics.find((one) => one.id === id)
      return metric !== undefined && metric.role !== 'diagnostic' && Math.max(harm, corrected?.harm ?? harm) > metric.margin
    })
    if (flipped !== undefined) return ['flip', `since promotion ${flipped.id} looks worse than its margin`]
  }
  const since = cameMs.at(-1) ?? nowMs
  const quiet = nowMs - Math.max(decidedMs ?? since, since)
  const longest = Math.max(NO_DATA_MS, 3 * plan.lookMs)
  if (quiet > longest) return ['no-data', `no order was decided for ${hoursWords(quiet)}`]
  const gone = look?.sources.find((source) => !sources.includes(source))
  if (gone !== undefined) return ['source', `${gone} has told nothing since a restart`]
  if (Number.isFinite(watermarkMs) && nowMs - watermarkMs > SOURCE_DOWN_MS)
    return ['source', `outcomes are complete only up to ${hoursWords(nowMs - watermarkMs)} ago: a source is silent`]
  if (peak !== null && plan.inPeaks === 'hold' && state !== 'live') return ['peak', peak]
  const sign = verdict.signs?.find(({ isBeyond }) => isBeyond)
  if (sign !== undefined && state !== 'shadow') return ['sign', saySign(sign)]
  const harm = harmOf(rollout, judged)
  if (state !== 'live' && (harm.orders > plan.budget.orders || harm.cents > plan.budget.cents))
    return ['budget', `it may have harmed more than the plan allows: ${harmWords(harm)}`]
  return null
}

export type Harm = {
  /** At the upper bound, and proven: at the lower. */
  readonly orders: number
  readonly cents: number
  readonly provenOrders: number
  readonly provenCents: number
}

/** Orders and cents that all exposed units may have cost. One order is harmed once, so the worst metric counts and not their sum. */
export function harmOf({ plan }: Rollout, { evidence, verdict }: Judged): Harm {
  const exposed = evidence.epochs.reduce((sum, epoch) => sum + epoch.assigned.candidate, 0)
  let [orders, cents, provenOrders, provenCents] = [0, 0, 0, 0]
  for (const { id, lower, upper } of verdict.metrics) {
    const metric = plan.judge.metrics.find((one) => one.id === id)
    if (metric === undefined || metric.role === 'diagnostic') continue
    // What nobody knows yet may be anything up to all orders of a share; of money nobody can say.
    if (metric.kind === 'share') {
      const most = isKnown(upper) ? Math.min(1, Math.max(0, upper)) : 1
      orders = Math.max(orders, exposed * most)
      if (isKnown(lower)) provenOrders = Math.max(provenOrders, exposed * Math.min(1, Math.max(0, lower)))
    } else if (metric.kind === 'mean' && cardOf(id)?.unit === 'cents') {
      if (isKnown(upper)) cents = Math.max(cents, exposed * Math.max(0, upper))
      if (isKnown(lower)) provenCents = Math.max(provenCents, exposed * Math.max(0, lower))
    }
  }
  return { orders, cents, provenOrders, provenCents }
}

/** Bounds of which nothing can be said yet are written as numbers beyond all others. */
export const isKnown = (bound: number): boolean => Math.abs(bound) < 1e300

/** Units of the candidate of which all is known. */
export const maturedOf = ({ epochs }: Evidence): number => epochs.reduce((sum, { matured }) => sum + matured.candidate, 0)

function lookOf({ sources }: Readings, { evidence, verdict }: Judged): Look {
  const finite = (value: number): number | null => (isKnown(value) ? value : null)
  return {
    asOfMs: evidence.asOfMs,
    verdict: verdict.verdict,
    says: verdict.says,
    evidence: verdict.evidence,
    matured: maturedOf(evidence),
    bounds: Object.fromEntries(
      verdict.metrics.map(({ id, lower, harm, upper }) => [id, [finite(lower), finite(harm), finite(upper)] as const]),
    ),
    sources: [...sources].sort(),
  }
}

/** A look that says something new, or the first in a while. */
function kept(rollout: Rollout, look: Look): NewEntry | null {
  const last = rollout.look
  const isNew = last === null || last.verdict !== look.verdict || look.asOfMs - last.asOfMs >= KEEP_LOOK_MS
  return isNew && last?.evidence !== look.evidence ? act(rollout, 'rollout.looked', { look }) : null
}

const held = (rollout: Rollout, code: HoldCode, because: string): NewEntry | null =>
  rollout.held === null ? act(rollout, 'rollout.held', { code, because }) : null

const rollBack = (rollout: Rollout, code: EndCode, because: string, look?: Look): NewEntry =>
  act(rollout, 'rollout.rolling-back', { code, because, ...(look === undefined ? {} : { look }) })

const hoursWords = (ms: number): string =>
  ms >= 3_600_000 ? `${Math.round(ms / 360_000) / 10} h` : `${Math.ceil(ms / 60_000)} min`
const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`
const ratioWords = ({ ratio }: Verdict): string =>
  `p ${[ratio.assigned, ratio.exposed, ratio.matured].map((p) => p.toPrecision(2)).join(', ')} as assigned, exposed, matured`
const harmWords = ({ orders, cents }: Harm): string => `up to ${Math.round(orders)} orders and ${Math.round(cents)} cents`
