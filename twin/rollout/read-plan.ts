import { check, formatPath, problemsOf } from '../../scenarios/read/check.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { readYaml, type YamlFile } from '../../scenarios/read/yaml.ts'
import type { JudgePlan, MetricPlan } from '../judge/evidence.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { cardOf } from './metrics.ts'
import type { RolloutPlan, RolloutStep } from './plan.ts'
import { PLAN_SCHEMA, type WrittenPlan } from './plan-schema.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Stands for what the alias points at when the plan is handed in. */
export const STABLE = 'stable'

export type ReadPlan = {
  readonly file: string
  readonly yaml: YamlFile
  readonly written: WrittenPlan
  readonly plan: RolloutPlan
}

/** A plan from a file; everything that is wrong is told with its line. */
export function readPlan(file: string): ReadPlan {
  const yaml = readYaml(file)
  const checked = check(PLAN_SCHEMA, yaml.value)
  if (!checked.ok) throw new InputError(problemsOf(file, yaml, checked.flaws))
  return { file, yaml, written: checked.value, plan: planOf(checked.value) }
}

/** A plan from the body of a request. */
export function planOfBody(body: unknown): { readonly written: WrittenPlan; readonly plan: RolloutPlan } {
  const checked = check(PLAN_SCHEMA, body)
  if (checked.ok) return { written: checked.value, plan: planOf(checked.value) }
  const problems = checked.flaws.map(({ path, found, fix }) => ({ field: formatPath(path), found, fix }))
  const [{ field, found, fix }] = problems
  throw new HttpProblem(422, `${field}: found ${found}; ${fix}`, { field, problems })
}

const STEPS: readonly RolloutStep[] = [
  { share: 0.01, minDwellMs: DAY_MS, minMatured: 100, approval: false },
  { share: 0.05, minDwellMs: 2 * DAY_MS, minMatured: 100, approval: false },
  { share: 0.25, minDwellMs: 2 * DAY_MS, minMatured: 400, approval: false },
  { share: 0.5, minDwellMs: 2 * DAY_MS, minMatured: 1000, approval: false },
]

/** What is meant where little is said. */
export function planOf(written: WrittenPlan): RolloutPlan {
  const { shadow, steps, holdback, alpha, burnIn, budget } = written
  return {
    name: written.name,
    stable: written.stable ?? STABLE,
    candidate: written.candidate,
    unit: written.unit ?? 'order',
    blockMs: Math.round((written.blockHours ?? 2) * HOUR_MS),
    certificate: written.certificate ?? null,
    shadow: {
      minDwellMs: hours(shadow?.hours ?? 24),
      minOrders: shadow?.orders ?? 500,
      ...(shadow?.offPolicy === 'shown' ? { offPolicy: 'shown' } : {}),
    },
    steps:
      steps?.map(({ share, hours: least, matured, approval }) => ({
        share,
        minDwellMs: hours(least ?? 24),
        minMatured: matured ?? 100,
        approval: approval ?? false,
      })) ?? STEPS,
    holdback: { share: holdback?.share ?? 0.05, dwellMs: hours(holdback?.hours ?? 168) },
    judge: {
      metrics: written.metrics.map(metricOf),
      alphaPromote: alpha?.promote ?? 0.05,
      alphaHarm: alpha?.harm ?? 0.05,
      alphaRatio: alpha?.ratio ?? 0.001,
      alphaMissing: alpha?.missing ?? 0.01,
      unitsPerHour: written.ordersPerHour,
      burnInUnits: burnIn?.units ?? 100,
      burnInEvents: burnIn?.events ?? 10,
      ...signsOf(written),
    },
    ...usualOf(written),
    ...foreseenOf(written),
    ...dosesOf(written),
    graceMs: hours(written.graceHours ?? 1),
    lookMs: Math.round((written.lookMinutes ?? 60) * 60_000),
    maxDurationMs: Math.round((written.maxDays ?? 14) * DAY_MS),
    budget: {
      orders: budget?.orders ?? Math.ceil(HARMED * ordersIn(written)),
      cents: budget?.cents ?? Math.ceil(HARMED * ordersIn(written)) * CENTS_EACH,
    },
    inPeaks: written.inPeaks ?? 'hold',
    leaseMs: Math.round((written.leaseSeconds ?? 60) * 1000),
    irreversible: written.irreversible,
  }
}

/** Without other words one order in 200 of the whole time may be harmed, at the upper bound, and each by so many cents. */
const HARMED = 0.005
const CENTS_EACH = 2000
const ordersIn = ({ ordersPerHour, maxDays }: WrittenPlan): number => ordersPerHour * 24 * (maxDays ?? 14)

/** Whoever is only shown in the shadow what answers foretell is not stopped by it afterwards either. */
function signsOf({ signs, shadow }: WrittenPlan): Pick<JudgePlan, 'signs'> {
  const said = signs ?? (shadow?.offPolicy === 'shown' ? 'none' : 'act')
  return said === 'none' ? {} : { signs: said }
}

const hours = (count: number): number => Math.round(count * HOUR_MS)

function usualOf({ metrics }: WrittenPlan): Pick<RolloutPlan, 'usual'> {
  const known = metrics.flatMap(({ id, usual }) => (usual === undefined ? [] : [[id, usual] as const]))
  return known.length === 0 ? {} : { usual: Object.fromEntries(known) }
}

function foreseenOf({ metrics }: WrittenPlan): Pick<RolloutPlan, 'foreseen'> {
  const said = metrics.flatMap(({ id, foreseen }) => {
    if (foreseen === undefined) return []
    const { effect, sd, bias, biasSd } = foreseen
    return [[id, { effect, sd, bias, biasSd }] as const]
  })
  return said.length === 0 ? {} : { foreseen: Object.fromEntries(said) }
}

function dosesOf({ metrics }: WrittenPlan): Pick<RolloutPlan, 'doses'> {
  const said = metrics.flatMap(({ id, foreseen }) => (foreseen?.doses === undefined ? [] : [[id, foreseen.doses] as const]))
  return said.length === 0 ? {} : { doses: Object.fromEntries(said) }
}

function metricOf(written: WrittenPlan['metrics'][number]): MetricPlan {
  const card = cardOf(written.id)
  const kind = written.kind ?? card?.kind ?? 'mean'
  const quantile = written.quantile ?? card?.quantile ?? (kind === 'quantile' ? 0.95 : undefined)
  return {
    id: written.id,
    role: written.role,
    kind,
    ...(quantile === undefined ? {} : { quantile }),
    more: written.more ?? card?.more ?? 'worse',
    // A diagnostic is shown and never decides; the smallest margin there is keeps arithmetic on it sound.
    margin: written.margin ?? Number.MIN_VALUE,
    ...(written.alarm === 'margin' ? { alarm: 'margin' as const } : {}),
    ...(written.mustImprove === undefined ? {} : { mustImprove: written.mustImprove }),
    horizonMs: hours(written.horizonHours ?? card?.horizonHours ?? 48),
    missing: written.missing ?? card?.missing ?? 'worst-case',
    ...(written.range === undefined ? {} : { range: [written.range[0], written.range[1]] as const }),
    ...(written.limit === undefined ? {} : { limit: written.limit }),
  }
}
