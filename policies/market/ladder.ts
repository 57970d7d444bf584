import type { Params, RoutingOption } from '../../sim/policy.ts'

/**
 * What a decision rests on, from best to last resort: a plan whose prices are fresh; one whose prices are stale, so that less and less of them is
 * believed and a toll on queues takes their place; rules, where there is no plan to speak of or the state is too old for odds; and what never
 * changes, distances and timetables, where nobody knows the state any more.
 */
export const RUNGS = ['fresh prices', 'stale prices', 'rules', 'static'] as const
export const RUNG = { fresh: 0, stale: 1, rules: 2, static: 3 } as const

/** The knobs that say where one rung ends and the next begins; all in minutes of age. */
export const LADDER = { stalePlanMinutes: 120, voidPlanMinutes: 720, staleStateMinutes: 30, lostStateMinutes: 240 } as const

type Ages = Pick<RoutingOption, 'planAgeMs' | 'stateAgeMs'>
const MINUTE_MS = 60_000

/**
 * The rung that a decision stands on, as its place in RUNGS. All options of a decision share it, and who explains the decision asks here as well. Ages
 * that nobody knows are Infinity; an age that is no number is taken for that.
 */
export function rungOf(
  { planAgeMs, stateAgeMs }: Ages,
  { stalePlanMinutes, voidPlanMinutes, staleStateMinutes, lostStateMinutes }: Params,
): number {
  if (!(stateAgeMs <= lostStateMinutes * MINUTE_MS)) return RUNG.static
  if (!(stateAgeMs <= staleStateMinutes * MINUTE_MS && planAgeMs <= voidPlanMinutes * MINUTE_MS)) return RUNG.rules
  return planAgeMs <= stalePlanMinutes * MINUTE_MS ? RUNG.fresh : RUNG.stale
}

/** How much of a plan's prices is still believed: all while it is fresh, then less with each minute, nothing when it is void. */
export function believed({ planAgeMs }: Ages, { stalePlanMinutes, voidPlanMinutes }: Params): number {
  const left = (voidPlanMinutes * MINUTE_MS - planAgeMs) / ((voidPlanMinutes - stalePlanMinutes) * MINUTE_MS)
  return planAgeMs <= stalePlanMinutes * MINUTE_MS ? 1 : Math.max(0, Math.min(1, left))
}
