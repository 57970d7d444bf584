import { costFloor, policy } from '../../sim/policy.ts'
import { money, RUNGS } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { believed, LADDER, RUNG, rungOf } from '../market/ladder.ts'
import { lateCents } from '../market/late-cents.ts'
import { PLANNING, planOptions } from '../market/plan-options.ts'
import { planPrices } from '../market/plan-prices.ts'
import { bidPrice, bidTerms } from '../market/scarcity.ts'
import { byTimetable, termsByTimetable } from '../market/timetable.ts'

const LATE = 1e12
const CENTS_PER_KM = 1e9

/**
 * Bid prices with a way down for when they, or what is known of the world, grow old (`policies/market/ladder.ts`): fresh prices; stale ones that fade
 * while a toll on queues comes in their place; the cheapest option in time; the nearest warehouse by the timetable. A decision
 * costs what live-greedy's does.
 *
 * - `stalePlanMinutes`: age of the plan from which less and less of its prices is believed.
 * - `voidPlanMinutes`: age of the plan from which rules decide.
 * - `staleStateMinutes`: age of queues and times from which rules decide.
 * - `lostStateMinutes`: age of queues and times from which only distances and timetables count.
 * - `everyMinutes`: how often it plans; sooner where a site or a carrier changes.
 * - `horizonHours`: how far orders are foreseen.
 * - `slotMinutes`: how finely.
 * - `drift`: cents for each hour of queue while prices are fresh.
 * - `staleDrift`: the same where they have faded.
 * - `gap`: how near to its optimum a program is solved.
 */
export default policy('routing', {
  about: 'Bid prices that fade as they grow old, then rules, then distances: it says how it decides when it cannot plan.',
  params: { ...LADDER, ...PLANNING, drift: 2, staleDrift: 20, gap: 1e-3 },
  floor: costFloor,
  price: (option, params) => {
    const rung = rungOf(option, params)
    if (rung === RUNG.static) return option.km * CENTS_PER_KM + byTimetable(option)
    if (rung === RUNG.rules)
      return option.etaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.etaMsP50 - option.placedMs)
    const share = believed(option.planAgeMs, params.stalePlanMinutes, params.voidPlanMinutes)
    return bidPrice(option.costCents + lateCents(option), option, share, params.drift, params.staleDrift)
  },
  terms: (option, params) => {
    const rung = rungOf(option, params)
    if (rung === RUNG.static) return [{ name: 'distance', amount: option.km, weight: CENTS_PER_KM }, ...termsByTimetable(option)]
    if (rung === RUNG.rules)
      return option.etaMsP90 <= option.promisedMs
        ? [money('cost', option.costCents)]
        : [
            { name: 'notInTime', amount: 1, weight: LATE },
            { name: 'journey', amount: (option.etaMsP50 - option.placedMs) / HOUR_MS, weight: HOUR_MS },
          ]
    const share = believed(option.planAgeMs, params.stalePlanMinutes, params.voidPlanMinutes)
    return [
      money('cost', option.costCents),
      money('lateness', lateCents(option)),
      ...bidTerms(option, share, params.drift, params.staleDrift),
    ]
  },
  rung: (ages, params) => RUNGS[rungOf(ages, params)],
  plan: (situation, params) => planPrices(situation, planOptions(params)),
})
