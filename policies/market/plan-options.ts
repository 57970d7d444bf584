import type { Params } from '../../sim/policy.ts'
import { HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import type { PlanOptions } from './plan-prices.ts'

/** The knobs of a plan that is made again and again, as policies have them unless somebody turns them. */
export const PLANNING = { everyMinutes: 60, horizonHours: 24, slotMinutes: 60 } as const

/**
 * What a policy's knobs ask of a plan. Of those it does not have: without `everyMinutes` it plans once and never again, trouble is taken to last four
 * hours, and demand is planned for as it is expected.
 */
export const planOptions = ({
  everyMinutes = Number.POSITIVE_INFINITY,
  horizonHours,
  slotMinutes,
  troubleHours = 4,
  demandFactor = 1,
  gap,
}: Params): PlanOptions => ({
  everyMs: everyMinutes * MINUTE_MS,
  horizonMs: horizonHours * HOUR_MS,
  slotMs: slotMinutes * MINUTE_MS,
  troubleMs: troubleHours * HOUR_MS,
  demandFactor,
  gap,
})
