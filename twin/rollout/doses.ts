import { type DoseResponse, doseResponse, sayDoses } from '../interference/dose.ts'
import { amount } from '../judge/says.ts'
import type { RolloutPlan } from './plan.ts'

export type PlannedDose = DoseResponse & {
  readonly id: string
  /** What an owner should know of it, in sentences; empty where the response goes with the dose. */
  readonly says: readonly string[]
}

/** Dose and response of each metric of which the twin foresaw them. What is less than a tenth of the margin, or than twice the twin's own doubt, is nothing. */
export function plannedDoses({ judge, foreseen = {}, doses = {} }: RolloutPlan): PlannedDose[] {
  return judge.metrics.flatMap((metric) => {
    const [known, whole] = [doses[metric.id], foreseen[metric.id]]
    if (known === undefined || whole === undefined) return []
    const response = doseResponse(known, whole.effect, Math.max(metric.margin / 10, 2 * whole.sd))
    return [{ id: metric.id, ...response, says: sayDoses(response, (effect) => amount(metric, effect)) }]
  })
}
