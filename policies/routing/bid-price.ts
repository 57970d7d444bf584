import { normalCdf } from '../../sim/normal.ts'
import { costFloor, type Params, policy, type RoutingOption } from '../../sim/policy.ts'
import { money, RUNGS } from '../../sim/term.ts'
import { HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { comesTooSoon, type Heading, headFor } from '../market/heading.ts'
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
 * - `budgetSeconds`: what a plan may cost, in seconds of one core counted in steps; where that does not do the last prices are kept.
 * - `poolMinutes`: above 0, orders wait in a pool while the hands of their warehouse have more to do than this. Who is in more of a hurry leaves it first, and
 *   an order may head for a later truck than the next (`policies/market/heading.ts`), so that hands come nearer to serving the most urgent first, as
 *   the program takes them to. Twenty minutes, two pulses, keep hands busy and leave all else to what is known later.
 * - `urgentMinutes`: who must be packed this soon, the queue taken off, waits for nobody. Each pulse asks all that wait twice, so that a pool is dear in
 *   a large network.
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
    urgentMinutes: 20,
    inTurn: 0,
    spreadCents: 10,
    tollMinutes: 45,
  },
  floor: costFloor,
  price: (option, params) => {
    const { carbonCentsPerKg, drift, staleDrift } = params
    const share = aim(option, params)
    const own = option.costCents + (carbonCentsPerKg / 1000) * option.co2Grams + heading.lateCents
    const scarce = heading.workCents + heading.roomCents + option.stockPriceCents
    return own + share * scarce + queueToll(share, drift, staleDrift) * (option.queueMs / HOUR_MS)
  },
  terms: (option, params) => {
    const { carbonCentsPerKg, drift, staleDrift } = params
    const share = aim(option, params)
    return [
      money('cost', option.costCents),
      money('carbon', (carbonCentsPerKg / 1000) * option.co2Grams),
      money('lateness', heading.lateCents),
      ...(share === 0
        ? []
        : [money('hands', heading.workCents), money('truckRoom', heading.roomCents), money('goods', option.stockPriceCents)]),
      money('queue', queueToll(share, drift, staleDrift) * (option.queueMs / HOUR_MS)),
    ]
  },
  rung: ({ planAgeMs }, { staleMinutes }) => RUNGS[pricesRung(planAgeMs, staleMinutes)],
  release: (option, params) => {
    if (params.poolMinutes <= 0) return true
    aim(option, params)
    // Between two pulses only what the last one left free: who comes then is in no more of a hurry than those who wait.
    const freeMs = params.poolMinutes * MINUTE_MS - option.stateAgeMs - option.handsMs
    // By the next pulse hands that have less than half as much to do would stand idle.
    if (comesTooSoon(option, ownLateCents(option, params), heading, freeMs > (params.poolMinutes * MINUTE_MS) / 2)) return false
    return freeMs > 0 || slackMs(option) - option.queueMs - option.ownWorkMs < params.urgentMinutes * MINUTE_MS
  },
  hurry: (option, params) => {
    if (params.poolMinutes <= 0) return 0
    aim(option, params)
    return slackMs(option)
  },
  plan: (situation, params) => {
    const { inTurn, paceSd, tollMinutes, spreadCents } = params
    const tolls = { sdShare: paceSd, sdMs: tollMinutes * MINUTE_MS, sweeps: inTurn, spreadCents }
    return planPrices(situation, { ...planOptions(params), ...(inTurn > 0 ? { tolls } : {}) })
  },
})

/** Written anew for each option that is asked about, and read at once. */
const heading: Heading = { isLater: false, lateCents: 0.5, workCents: 0.5, roomCents: 0.5, waitedWorkCents: 0.5 }

/** Finds which departure the order would go by; returns how much of the plan is believed. */
function aim(option: RoutingOption, params: Params): number {
  const share = believed(option.planAgeMs, params.staleMinutes, params.staleMinutes)
  headFor(option, ownLateCents(option, params), params.lateWeight, params.poolMinutes > 0 && share > 0, heading)
  return share
}

/** How long the order can wait, by the departure it is heading for. */
const slackMs = (option: RoutingOption): number => (heading.isLater ? option.later().slackMs : option.slackMs)

const ownLateCents = (option: RoutingOption, { lateWeight, paceSd, paceMinutes }: Params): number =>
  lateWeight * latenessCents(option, paceSd, paceMinutes)

/** Expected lateness in cents: by the departure it is heading for, or, as far as it may miss that, by the next. */
function latenessCents(option: RoutingOption, paceSd: number, paceMinutes: number): number {
  const { latePerOrderCents, latePerHourCents } = option
  const planned = lateCents(option)
  const sdMs = paceSd * option.queueMs + paceMinutes * MINUTE_MS
  const z = (option.truckSlackMs - option.ownWorkMs) / sdMs
  if (z > 3) return planned
  const missed = option.missedLateShare * latePerOrderCents + (option.missedExpectedLateMs / HOUR_MS) * latePerHourCents
  const misses = 1 - normalCdf(z)
  return planned + misses * Math.max(0, missed - planned)
}
