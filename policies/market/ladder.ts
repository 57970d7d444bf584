import type { Ages, Params } from '../../sim/policy.ts'
import { MINUTE_MS } from '../../sim/units.ts'

/**
 * What a decision rests on, from best to last resort, by its place in RUNGS (`sim/term.ts`): a plan whose prices are fresh; one whose prices are stale,
 * so that less and less of them is believed and a toll on queues takes their place; rules, where there is no plan to speak of or the state is
 * too old for odds; and what never changes, distances and timetables, where nobody knows the state any more.
 */
export const RUNG = { fresh: 0, stale: 1, rules: 2, static: 3 } as const

/** The knobs that say where one rung ends and the next begins; all in minutes of age. */
export const LADDER = { stalePlanMinutes: 120, voidPlanMinutes: 720, staleStateMinutes: 30, lostStateMinutes: 240 } as const

/**
 * The rung that a decision stands on. All options of a decision share it. Ages that nobody knows are Infinity; an age that is no number is taken for
 * that.
 */
export function rungOf(
  { planAgeMs, stateAgeMs }: Ages,
  { stalePlanMinutes, voidPlanMinutes, staleStateMinutes, lostStateMinutes }: Params,
): number {
  if (!(stateAgeMs <= lostStateMinutes * MINUTE_MS)) return RUNG.static
  if (!(stateAgeMs <= staleStateMinutes * MINUTE_MS && planAgeMs <= voidPlanMinutes * MINUTE_MS)) return RUNG.rules
  return pricesRung(planAgeMs, stalePlanMinutes)
}

/** The same for a policy that goes by its prices however old they, or what is known of the world, may be: it has no rules to fall back on. */
export const pricesRung = (planAgeMs: number, staleMinutes: number): number =>
  planAgeMs <= staleMinutes * MINUTE_MS ? RUNG.fresh : RUNG.stale

/**
 * How much of a plan's prices is still believed, 0 … 1: all while it is fresh, then less with each minute, nothing when it is void. Where it is void as
 * soon as it is stale: all or nothing.
 */
export function believed(planAgeMs: number, staleMinutes: number, voidMinutes: number): number {
  if (pricesRung(planAgeMs, staleMinutes) === RUNG.fresh) return 1
  if (!(planAgeMs < voidMinutes * MINUTE_MS)) return 0
  return (voidMinutes * MINUTE_MS - planAgeMs) / ((voidMinutes - staleMinutes) * MINUTE_MS)
}
