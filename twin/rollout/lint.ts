import { formatPath } from '../../scenarios/read/check.ts'
import type { Problem } from '../../scenarios/read/problem.ts'
import { didYouMean, nearest } from '../../scenarios/read/suggest.ts'
import { ALIASES, type Registry } from '../registry/version.ts'
import { cardOf, METRICS } from './metrics.ts'
import { outlookOf } from './outlook.ts'
import type { RolloutPlan } from './plan.ts'
import { type ReadPlan, STABLE } from './read-plan.ts'

/** What would spoil a rollout, found before anybody is exposed. An error keeps it from being submitted; a warning is for its owner to weigh. */
export type Finding = {
  readonly severity: 'error' | 'warning'
  readonly path: readonly (string | number)[]
  readonly field: string
  readonly found: string
  readonly fix: string
}

type Say = (path: Finding['path'], found: string, fix: string) => void

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LEASE_LEAST_MS = 5000

/** Everything that is wrong with a plan; what needs the registry only where there is one. */
export function lintPlan(plan: RolloutPlan, registry: Pick<Registry, 'version' | 'versions'> | null): Finding[] {
  const findings: Finding[] = []
  const say =
    (severity: Finding['severity']): Say =>
    (path, found, fix) => {
      findings.push({ severity, path, field: formatPath(path), found, fix })
    }
  const [wrong, odd] = [say('error'), say('warning')]
  lintMetrics(plan, wrong, odd)
  lintLadder(plan, wrong, odd)
  lintVersions(plan, registry, wrong, odd)
  // What cannot be planned with is told already.
  if (findings.every(({ severity }) => severity !== 'error')) lintPower(plan, wrong, odd)
  if (plan.holdback.share === 0)
    wrong(
      ['holdback', 'share'],
      'no holdback',
      'leave some with stable after promotion, such as 0.05: it is the proof afterwards',
    )
  else if (plan.holdback.dwellMs === 0) odd(['holdback', 'hours'], '0', 'leave it for a week, so that every weekday is seen')
  if (plan.certificate === null)
    odd(
      ['certificate'],
      'nothing',
      'name the experiment that recommends the candidate (`orrery select`); only an incident goes without',
    )
  if (plan.leaseMs < LEASE_LEAST_MS)
    wrong(
      ['leaseSeconds'],
      `${plan.leaseMs / 1000}`,
      `allow ${LEASE_LEAST_MS / 1000} s at least: signs of life come every second or so`,
    )
  if (plan.lookMs > 6 * HOUR_MS)
    odd(['lookMinutes'], `${plan.lookMs / 60_000}`, 'look at least every six hours: what does harm is found no sooner')
  return findings
}

function lintMetrics({ judge, maxDurationMs }: RolloutPlan, wrong: Say, odd: Say): void {
  const { metrics } = judge
  if (!metrics.some(({ role }) => role === 'objective'))
    wrong(['metrics'], 'no objective', 'say with `role: objective` what the candidate is made for')
  metrics.forEach(({ id, role, margin, horizonMs, kind, mustImprove, alarm, limit }, i) => {
    const at = (key: string) => ['metrics', i, key]
    if (metrics.findIndex((one) => one.id === id) !== i) wrong(at('id'), `"${id}" again`, 'name each metric once')
    if (role !== 'diagnostic' && margin === Number.MIN_VALUE)
      wrong(at('margin'), 'nothing', 'say how much worse would still do, such as 0.005 for half a point of lateness')
    else if (role !== 'diagnostic' && kind !== 'mean' && margin >= 1)
      wrong(at('margin'), `${margin}, a part of 1`, 'write half a point as 0.005')
    if (horizonMs >= maxDurationMs)
      wrong(
        at('horizonHours'),
        `${horizonMs / HOUR_MS} h, and all is over after ${maxDurationMs / HOUR_MS} h`,
        'lengthen maxDays, or choose an outcome that is certain sooner',
      )
    if (mustImprove === true && role !== 'objective') wrong(at('mustImprove'), `on a ${role}`, 'only an objective must improve')
    if (alarm === 'margin') lintAlarm({ role, mustImprove, limit }, at('alarm'), wrong, odd)
    if (cardOf(id) === null) {
      const near = nearest(
        id,
        METRICS.map((card) => card.id),
      )
      if (near !== null) odd(at('id'), `"${id}", which only reported outcomes can fill`, `did you mean \`${near}\`?`)
    }
  })
  const has = (id: string): boolean => metrics.some((metric) => metric.id === id)
  if (has('late') && !has('cancelled'))
    odd(['metrics'], 'late without cancelled', 'add `cancelled` as a guardrail: an order that is cancelled is never late')
  if (!metrics.some(({ id, role }) => role !== 'diagnostic' && cardOf(id)?.unit === 'cents'))
    odd(['metrics'], 'nothing about money', 'add `cost` as a guardrail')
}

/** What may be paid with is neither what is to be gained nor what is only looked at; and nobody pays without an end. */
function lintAlarm(
  { role, mustImprove, limit }: { role: string; mustImprove: boolean | undefined; limit: number | undefined },
  at: Finding['path'],
  wrong: Say,
  odd: Say,
): void {
  if (role === 'diagnostic') wrong(at, '"margin" on a diagnostic', 'leave it out: a diagnostic rolls nothing back')
  else if (mustImprove === true)
    wrong(at, '"margin" on what must improve', 'leave it out: what must become better may not become worse')
  else if (role === 'objective') odd(at, '"margin" on the objective', 'put it on the guardrail that is paid with')
  else if (limit === undefined)
    odd(
      at,
      '"margin" without a limit',
      'say with `limit` at which mean of its own it is rolled back at once: the alarm comes later now',
    )
}

function lintLadder({ steps, shadow, judge, maxDurationMs, inPeaks }: RolloutPlan, wrong: Say, odd: Say): void {
  steps.forEach(({ share }, i) => {
    if (i > 0 && share <= steps[i - 1].share)
      wrong(['steps', i, 'share'], `${share} after ${steps[i - 1].share}`, 'let shares rise from step to step')
  })
  const first = steps[0].share
  if (first > 0.1)
    odd(['steps', 0, 'share'], `${first}`, 'begin with a few in a hundred: that is all that a gross mistake can harm')
  const longest = Math.max(...judge.metrics.map(({ horizonMs }) => horizonMs))
  const least = shadow.minDwellMs + steps.reduce((sum, { minDwellMs }) => sum + minDwellMs, 0)
  if (least + longest > maxDurationMs)
    wrong(
      ['maxDays'],
      `${maxDurationMs / DAY_MS} days`,
      `allow at least ${Math.ceil((least + longest) / DAY_MS)}: the steps take ${round(least / HOUR_MS)} h and outcomes ${round(longest / HOUR_MS)} h more`,
    )
  if (least < 7 * DAY_MS && inPeaks === 'hold')
    odd(['steps'], `${round(least / DAY_MS)} days in all`, 'stay for a week, so that every weekday is seen')
}

/** A rollout that cannot conclude, said before it begins; for certain where the owner has said what is usual. */
function lintPower(plan: RolloutPlan, wrong: Say, odd: Say): void {
  const { planned, supposed, withoutShare } = outlookOf(plan)
  planned.metrics.forEach(({ id, power }) => {
    if (power >= 0.5) return
    const i = plan.judge.metrics.findIndex((metric) => metric.id === id)
    const says = planned.warnings.find((warning) => warning.startsWith(`${id}: `)) ?? ''
    const supposing = supposed.includes(id) ? ' (supposing what is usual elsewhere; say `usual` for yours)' : ''
    const say = supposed.includes(id) ? odd : wrong
    say(
      ['metrics', i, 'margin'],
      `a canary that cannot conclude: ${says.slice(id.length + 2)}${supposing}`,
      'take more time, or `orrery canary plan` with other numbers',
    )
  })
  if (withoutShare.length > 0)
    odd(
      ['metrics'],
      `no \`usual\` for ${withoutShare.join(', ')}`,
      'say mean and sd under stable, or nobody can tell how long it takes',
    )
}

function lintVersions(
  { stable, candidate }: RolloutPlan,
  registry: Pick<Registry, 'version' | 'versions'> | null,
  wrong: Say,
  odd: Say,
): void {
  if (stable === candidate) wrong(['candidate'], `"${candidate}", which is stable`, 'try something else than what decides now')
  if (registry === null) return
  const ids = registry.versions().map(({ id }) => id)
  for (const [key, id] of [
    ['stable', stable],
    ['candidate', candidate],
  ] as const) {
    if (key === 'stable' && id === STABLE) continue
    const version = registry.version(id)
    if (version === null) wrong([key], `"${id}", which nobody has registered`, didYouMean(id, ids))
    else if (!ALIASES.stable.some((kind) => kind === version.kind))
      wrong([key], `"${id}", which is ${version.kind} and decides nothing`, `name a version of ${ALIASES.stable.join(' or ')}`)
    else if (key === 'candidate' && version.certificate === null)
      odd([key], 'a version that no experiment recommends', 'run the experiment and register its certificate')
  }
}

/** Findings about a file, each with its line. */
export function placed(
  { file, yaml }: ReadPlan,
  findings: readonly Finding[],
): { severity: Finding['severity']; problem: Problem }[] {
  return findings.map(({ severity, path, field, found, fix }) => ({
    severity,
    problem: { file, line: yaml.at(path), field, found, fix },
  }))
}

const round = (value: number): number => Math.round(value * 10) / 10
