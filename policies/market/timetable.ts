import type { RoutingOption } from '../../sim/policy.ts'
import { type Term, timetableTerms } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'

const LATE = 1e6

/**
 * Ranks the services of a warehouse as a shop does that looks at no queue: the cheapest that keeps the promise by the timetable, else the one that
 * arrives first. Cents, or beyond 1e6 where late; never below the option's cost where that is below 1e6.
 */
export const byTimetable = (option: RoutingOption): number =>
  option.calmEtaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.calmEtaMsP90 - option.placedMs) / HOUR_MS

/** The same as a sum of terms. */
export const termsByTimetable = (option: RoutingOption): readonly Term[] => timetableTerms(option, LATE)
