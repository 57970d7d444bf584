import { normalCdf } from '../../sim/normal.ts'
import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { planPrices } from '../market/plan-prices.ts'

/**
 * Cost, expected lateness, and what the hands, the place on the truck and the goods are worth to the orders still to come: the duals of a linear
 * program over the expected orders, solved again while the day runs. A decision costs no more than live-greedy's; a plan is solved by
 * column and row generation (`policies/market/solve.ts`).
 *
 * Prices know of no order that came against expectation, so that a queue that grows between two plans would be joined by all: `drift` puts a price on
 * the wait itself (Neely's drift plus penalty, 2010), a little always, and alone where a plan is older than `staleMinutes`.
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
 * - `budgetSeconds`: what a plan may cost, in seconds of one core counted in steps; where that does not do the last prices are kept.
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
    everyMinutes: 60,
    horizonHours: 24,
    slotMinutes: 60,
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
    budgetSeconds: 6,
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
    const queue = option.queueMs / HOUR_MS
    if (isStale(option.planAgeMs, staleMinutes)) return own + staleDrift * queue
    return own + scarcity(option) + drift * queue
  },
  terms: (option, { lateWeight, carbonCentsPerKg, drift, staleDrift, staleMinutes, paceSd, paceMinutes }) => {
    const late = latenessCents(option, paceSd, paceMinutes)
    const stale = isStale(option.planAgeMs, staleMinutes)
    return [
      money('cost', option.costCents),
      money('carbon', (carbonCentsPerKg / 1000) * option.co2Grams),
      money('lateness', lateWeight * late),
      ...(stale
        ? []
        : [
            money('hands', option.workPriceCents),
            money('truckRoom', option.roomPriceCents),
            money('goods', option.stockPriceCents),
          ]),
      money('queue', (stale ? staleDrift : drift) * (option.queueMs / HOUR_MS)),
    ]
  },
  rung: (planAgeMs, { staleMinutes }) => (isStale(planAgeMs, staleMinutes) ? 'stale prices' : 'fresh prices'),
  release: (option, { poolMinutes, urgentMinutes }) =>
    poolMinutes <= 0 || option.queueMs < poolMinutes * 60_000 || option.slackMs - option.queueMs < urgentMinutes * 60_000,
  plan: (
    situation,
    {
      everyMinutes,
      horizonHours,
      slotMinutes,
      troubleHours,
      demandFactor,
      gap,
      budgetSeconds,
      paceSd,
      inTurn,
      spreadCents,
      tollMinutes,
    },
  ) =>
    planPrices(situation, {
      everyMs: everyMinutes * 60_000,
      horizonMs: horizonHours * HOUR_MS,
      slotMs: slotMinutes * 60_000,
      troubleMs: troubleHours * HOUR_MS,
      demandFactor,
      gap,
      seconds: budgetSeconds,
      withGoods: true,
      withHands: true,
      ...(inTurn > 0 ? { tolls: { sdShare: paceSd, sdMs: tollMinutes * 60_000, sweeps: inTurn, spreadCents } } : {}),
    }),
})

/** Expected lateness in cents: by the departure it is heading for, or, as far as it may miss that, by the next. */
function latenessCents(option: RoutingOption, paceSd: number, paceMinutes: number): number {
  const { latePerOrderCents, latePerHourCents } = option
  const planned = option.lateShare * latePerOrderCents + (option.expectedLateMs / HOUR_MS) * latePerHourCents
  const sdMs = paceSd * option.queueMs + paceMinutes * 60_000
  const z = option.truckSlackMs / sdMs
  if (z > 3) return planned
  const missed = option.missedLateShare * latePerOrderCents + (option.missedExpectedLateMs / HOUR_MS) * latePerHourCents
  const misses = 1 - normalCdf(z)
  return planned + misses * Math.max(0, missed - planned)
}

const scarcity = ({ workPriceCents, roomPriceCents, stockPriceCents }: RoutingOption): number =>
  workPriceCents + roomPriceCents + stockPriceCents

const isStale = (planAgeMs: number, staleMinutes: number): boolean => planAgeMs > staleMinutes * 60_000
