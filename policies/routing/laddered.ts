import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { believed, LADDER, RUNG, rungOf } from '../market/ladder.ts'
import { lateCents } from '../market/late-cents.ts'
import { planPrices } from '../market/plan-prices.ts'
import { byTimetable } from '../market/timetable.ts'

const LATE = 1e12
const CENTS_PER_KM = 1e9

/**
 * Bid prices with a way down for when they, or what is known of the world, grow old (`policies/market/ladder.ts`): fresh prices; stale ones that fade
 * while a toll on queues comes in their place (Neely 2010); the cheapest option in time; the nearest warehouse by the timetable. A decision
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
 * - `budgetSeconds`: what a plan may cost, in seconds of one core counted in steps; where that does not do the last prices are kept.
 */
export default policy('routing', {
  about: 'Bid prices that fade as they grow old, then rules, then distances: it says how it decides when it cannot plan.',
  params: {
    ...LADDER,
    everyMinutes: 60,
    horizonHours: 24,
    slotMinutes: 60,
    drift: 2,
    staleDrift: 20,
    gap: 1e-3,
    budgetSeconds: 6,
  },
  floor: costFloor,
  price: (option, params) => {
    const rung = rungOf(option, params)
    if (rung === RUNG.static) return option.km * CENTS_PER_KM + byTimetable(option)
    if (rung === RUNG.rules)
      return option.etaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.etaMsP50 - option.placedMs)
    const fresh = believed(option, params)
    const drift = fresh * params.drift + (1 - fresh) * params.staleDrift
    return option.costCents + lateCents(option) + fresh * scarcity(option) + drift * (option.queueMs / HOUR_MS)
  },
  plan: (situation, { everyMinutes, horizonHours, slotMinutes, gap, budgetSeconds }) =>
    planPrices(situation, {
      everyMs: everyMinutes * 60_000,
      horizonMs: horizonHours * HOUR_MS,
      slotMs: slotMinutes * 60_000,
      troubleMs: 4 * HOUR_MS,
      demandFactor: 1,
      gap,
      seconds: budgetSeconds,
      withGoods: true,
      withHands: true,
    }),
})

const scarcity = ({ workPriceCents, roomPriceCents, stockPriceCents }: RoutingOption): number =>
  workPriceCents + roomPriceCents + stockPriceCents
