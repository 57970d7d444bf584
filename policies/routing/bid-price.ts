import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
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
 * - `gap`: how near to its optimum a program is solved.
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
    gap: 1e-3,
  },
  floor: costFloor,
  price: (option, { lateWeight, carbonCentsPerKg, drift, staleDrift, staleMinutes }) => {
    const late = option.lateShare * option.latePerOrderCents + (option.expectedLateMs / HOUR_MS) * option.latePerHourCents
    const own = option.costCents + (carbonCentsPerKg / 1000) * option.co2Grams + lateWeight * late
    const queue = option.queueMs / HOUR_MS
    if (option.planAgeMs > staleMinutes * 60_000) return own + staleDrift * queue
    return own + scarcity(option) + drift * queue
  },
  plan: (situation, { everyMinutes, horizonHours, slotMinutes, troubleHours, demandFactor, gap }) =>
    planPrices(situation, {
      everyMs: everyMinutes * 60_000,
      horizonMs: horizonHours * HOUR_MS,
      slotMs: slotMinutes * 60_000,
      troubleMs: troubleHours * HOUR_MS,
      demandFactor,
      gap,
      withGoods: true,
      withHands: true,
    }),
})

const scarcity = ({ workPriceCents, roomPriceCents, stockPriceCents }: RoutingOption): number =>
  workPriceCents + roomPriceCents + stockPriceCents
