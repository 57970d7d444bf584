import { normalCdf } from '../../sim/normal.ts'
import { costFloor, type Params, policy, type RoutingOption } from '../../sim/policy.ts'
import { money, RUNGS } from '../../sim/term.ts'
import { HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { believed, pricesRung } from '../market/ladder.ts'
import { lateCents } from '../market/late-cents.ts'
import { PLANNING, planOptions } from '../market/plan-options.ts'
import { planPrices } from '../market/plan-prices.ts'
import { queueToll } from '../market/scarcity.ts'

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
  price: (option, params) => {
    const { carbonCentsPerKg, drift, staleDrift, staleMinutes } = params
    const share = believed(option.planAgeMs, staleMinutes, staleMinutes)
    const way = headingFor(option, params, share)
    const own = option.costCents + (carbonCentsPerKg / 1000) * option.co2Grams + way.lateCents
    const queue = queueToll(share, drift, staleDrift) * (option.queueMs / HOUR_MS)
    return own + share * (way.workCents + way.roomCents + option.stockPriceCents) + queue
  },
  terms: (option, params) => {
    const { carbonCentsPerKg, drift, staleDrift, staleMinutes } = params
    const share = believed(option.planAgeMs, staleMinutes, staleMinutes)
    const way = headingFor(option, params, share)
    return [
      money('cost', option.costCents),
      money('carbon', (carbonCentsPerKg / 1000) * option.co2Grams),
      money('lateness', way.lateCents),
      ...(share === 0
        ? []
        : [money('hands', way.workCents), money('truckRoom', way.roomCents), money('goods', option.stockPriceCents)]),
      money('queue', queueToll(share, drift, staleDrift) * (option.queueMs / HOUR_MS)),
    ]
  },
  rung: (planAgeMs, { staleMinutes }) => RUNGS[pricesRung(planAgeMs, staleMinutes)],
  release: (option, params) => {
    const { poolMinutes, urgentMinutes, staleMinutes } = params
    if (poolMinutes <= 0) return true
    const share = believed(option.planAgeMs, staleMinutes, staleMinutes)
    const own = ownCents(option, params)
    const ownRoom = option.roomPriceCents
    const way = headingFor(option, params, share)
    // What leaves sooner than it should is late by it, or takes a place from others.
    if (way.isLater && own + ownRoom > way.lateCents + way.roomCents + 1) return false
    if (way.slackMs - option.queueMs < urgentMinutes * MINUTE_MS) return true
    return option.queueMs < poolMinutes * MINUTE_MS - option.stateAgeMs
  },
  hurry: (option, params) => {
    const share = believed(option.planAgeMs, params.staleMinutes, params.staleMinutes)
    return headingFor(option, params, share).slackMs
  },
  plan: (situation, params) => {
    const { inTurn, paceSd, tollMinutes, spreadCents } = params
    const tolls = { sdShare: paceSd, sdMs: tollMinutes * MINUTE_MS, sweeps: inTurn, spreadCents }
    return planPrices(situation, { ...planOptions(params), ...(inTurn > 0 ? { tolls } : {}) })
  },
})

/** What the departure that an order heads for by an option asks of it. The object is used again. */
type Heading = { isLater: boolean; lateCents: number; workCents: number; roomCents: number; slackMs: number }
const HEADING: Heading = { isLater: false, lateCents: 0.5, workCents: 0.5, roomCents: 0.5, slackMs: 0.5 }


const ownCents = (option: RoutingOption, { lateWeight, paceSd, paceMinutes }: Params): number =>
  lateWeight * latenessCents(option, paceSd, paceMinutes)

/** The option's own departure; where orders can wait in the pool, a later one if that comes to less. */
function headingFor(option: RoutingOption, knobs: Params, share: number): Heading {
  HEADING.isLater = false
  HEADING.lateCents = ownCents(option, knobs)
  HEADING.workCents = option.workPriceCents
  HEADING.roomCents = option.roomPriceCents
  if (knobs.poolMinutes <= 0 || share === 0) return HEADING
  HEADING.slackMs = option.slackMs
  const least = HEADING.lateCents + HEADING.workCents + HEADING.roomCents
  if (least < 1) return HEADING
  const later = option.later()
  const lateCents = knobs.lateWeight * later.lateCents
  if (lateCents + later.workCents + later.roomCents > least - 1) return HEADING
  HEADING.isLater = true
  HEADING.lateCents = lateCents
  HEADING.workCents = later.workCents
  HEADING.roomCents = later.roomCents
  HEADING.slackMs = later.slackMs
  return HEADING
}

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
