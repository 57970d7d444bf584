import { type Baseline, type PlannedRollout, planAhead } from '../judge/plan-ahead.ts'
import { cardOf } from './metrics.ts'
import type { RolloutPlan } from './plan.ts'

/** How long a rollout will take and what it can find out, by the judge's own bounds, before anybody is exposed. */
export type Outlook = {
  readonly planned: PlannedRollout
  /** Metrics of which nobody has said what they are usually like: taken as is common elsewhere. */
  readonly supposed: readonly string[]
  /** Metrics of which nothing can be foretold, since they are no shares and nobody has said what is usual. */
  readonly withoutShare: readonly string[]
  /** Hours from the start: when an equal policy can be promoted soonest, with half and with 90 % of chance; null: not before the end. */
  readonly soonestHours: number
  readonly halfHours: number | null
  readonly mostHours: number | null
}

const HOUR_MS = 3_600_000

export function outlookOf({ judge, steps, shadow, usual, maxDurationMs }: RolloutPlan): Outlook {
  const supposed: string[] = []
  const withoutShare: string[] = []
  const baselines: Record<string, Baseline> = {}
  for (const { id, role, kind } of judge.metrics) {
    if (role === 'diagnostic' || kind === 'quantile') continue
    const said = usual?.[id]
    const common = cardOf(id)?.usual
    if (said !== undefined) baselines[id] = said
    else if (common !== undefined) {
      baselines[id] = { mean: common }
      supposed.push(id)
    } else withoutShare.push(id)
  }
  const known = judge.metrics.filter(({ id }) => baselines[id] !== undefined)
  const planned = planAhead({ ...judge, metrics: known }, baselines, steps, maxDurationMs - shadow.minDwellMs)
  const shadowHours = shadow.minDwellMs / HOUR_MS
  const longest = Math.max(0, ...judge.metrics.map(({ horizonMs }) => horizonMs)) / HOUR_MS
  const soonestHours = shadowHours + Math.max(longest, steps.reduce((sum, { minDwellMs }) => sum + minDwellMs, 0) / HOUR_MS)
  const after = (hours: number | null): number | null => (hours === null ? null : Math.max(soonestHours, shadowHours + hours))
  return {
    planned,
    supposed,
    withoutShare,
    soonestHours,
    halfHours: after(planned.hoursHalf),
    mostHours: after(planned.hoursMost),
  }
}
