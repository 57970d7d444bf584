import { normalCdf } from '../../sim/normal.ts'
import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { money, RUNGS } from '../../sim/term.ts'
import { HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { believed, pricesRung } from '../market/ladder.ts'
import { lateCents } from '../market/late-cents.ts'
import { PLANNING, planOptions } from '../market/plan-options.ts'
import { planPrices } from '../market/plan-prices.ts'
import { bidPrice, bidTerms } from '../market/scarcity.ts'

/**
 * Cost, expected lateness, and what the hands, the place on the truck and the goods are worth to the orders still to come: the duals of a linear
 * program over the expected orders, solved again while the day runs. A decision costs no more than live-greedy's; a plan is solved by
 * column and row generation (`policies/market/solve.ts`).
 *
 * A toll on the wait (`policies/market/scarcity.ts`) stands beside these prices, and alone where a plan is older than `staleMinutes`.
 *
 * - `everyMinutes`: how often it plans; sooner where a site or a carrier changes.
 * - `horizonHours`: how far orders are foreseen.
 * - `slotMinutes`: how finely.
 * - `troubleHours`: how long what is out of order now is taken to stay so.
 * - `demandFactor`: times the expected demand that is planned for.
 * - `lateWeight`: multiplies the business's own price of lateness.
 * - `carbonCentsPerKg`: what a kilogram CO2e is taken to cost beside them, from 0; it is weighed, not booked, and plans do not know of it.
 * - `drift`: cents for each hour of queue.
 * - `staleDrift`: the same where the plan is stale.
 * - `staleMinutes`: age from which a plan is.
 * - `paceSd`: standard deviation of the time until a parcel is packed, as a part of it.
 * - `paceMinutes`: and beside it.
 * - `gap`: how near to its optimum a program is solved.
 * - `poolMinutes`: above 0, orders wait in a pool while the queue of their warehouse is longer than this, so that who is in more of a hurry comes first.
 * - `urgentMinutes`: who must be packed this soon, the queue taken off, waits for nobody. Each pulse asks all that wait, so that a pool is dear in a large
 *   network.
 * - `inTurn`: above 0, rounds of the search for tolls of queues that are served in turn (`policies/market/queue-tolls.ts`), which take the place of the
 *   program's prices for hands; better where hands are not short all day, worse where they are.
 * - `tollMinutes`: for these, the standard deviation of when a parcel is packed.
 * - `spreadCents`: and the difference at which orders begin to take the cheaper way.
 */
export default policy('routing', {
  about:
    'Cost, expected lateness, and what the hands, truck places and goods are worth to orders still to come, planned again as the day runs.',
  params: {
    ...PLANNING,
    troubleHours: 4,
    demandFactor: 1,
    lateWeight: 1,
    carbonCentsPerKg: 0,
    drift: 2,
    staleDrift: 20,
    staleMinutes: 240,
    paceSd: 0.15,
    paceMinutes: 5,
    gap: 1e-3,
    poolMinutes: 0,
    urgentMinutes: 360,
    inTurn: 0,
    spreadCents: 10,
    tollMinutes: 45,
  },
  floor: costFloor,
  price: (option, { lateWeight, carbonCentsPerKg, drift, staleDrift, staleMinutes, paceSd, paceMinutes }) => {
    const late = latenessCents(option, paceSd, paceMinutes)
    const own = option.costCents + (carbonCentsPerKg / 1000) * option.co2Grams + lateWeight * late
    return bidPrice(own, option, believed(option.planAgeMs, staleMinutes, staleMinutes), drift, staleDrift)
  },
  terms: (option, { lateWeight, carbonCentsPerKg, drift, staleDrift, staleMinutes, paceSd, paceMinutes }) => {
    const late = latenessCents(option, paceSd, paceMinutes)
    return [
      money('cost', option.costCents),
      money('carbon', (carbonCentsPerKg / 1000) * option.co2Grams),
      money('lateness', lateWeight * late),
      ...bidTerms(option, believed(option.planAgeMs, staleMinutes, staleMinutes), drift, staleDrift),
    ]
  },
  rung: ({ planAgeMs }, { staleMinutes }) => RUNGS[pricesRung(planAgeMs, staleMinutes)],
  release: (option, { poolMinutes, urgentMinutes }) =>
    poolMinutes <= 0 || option.queueMs < poolMinutes * MINUTE_MS || option.slackMs - option.queueMs < urgentMinutes * MINUTE_MS,
  plan: (situation, params) => {
    const { inTurn, paceSd, tollMinutes, spreadCents } = params
    const tolls = { sdShare: paceSd, sdMs: tollMinutes * MINUTE_MS, sweeps: inTurn, spreadCents }
    return planPrices(situation, { ...planOptions(params), ...(inTurn > 0 ? { tolls } : {}) })
  },
})

/** Expected lateness in cents: by the departure it is heading for, or, as far as it may miss that, by the next. */
function latenessCents(option: RoutingOption, paceSd: number, paceMinutes: number): number {
  const { latePerOrderCents, latePerHourCents } = option
  const planned = lateCents(option)
  const sdMs = paceSd * option.queueMs + paceMinutes * MINUTE_MS
  const z = option.truckSlackMs / sdMs
  if (z > 3) return planned
  const missed = option.missedLateShare * latePerOrderCents + (option.missedExpectedLateMs / HOUR_MS) * latePerHourCents
  const misses = 1 - normalCdf(z)
  return planned + misses * Math.max(0, missed - planned)
}
