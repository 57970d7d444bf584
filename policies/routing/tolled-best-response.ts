import { costFloor, policy } from '../../sim/policy.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { lateCents } from '../market/late-cents.ts'
import { planPrices } from '../market/plan-prices.ts'

/**
 * The prices of bid-price, and orders that nobody has begun to pick are offered them again and again: re-evaluation (Xu, Allgor & Graves, M&SOM 11,
 * 2009) of a congestion game whose players pay for the harm they do. With tolls that are marginal costs each move that saves its
 * player something lowers the cost of all by as much (Rosenthal, International J. of Game Theory 2, 1973), so that moves come to an end. A decision
 * costs what bid-price's does; a sweep as much for each order that is not begun.
 *
 * - `reconsiderMinutes`: how often orders that are not begun are looked at again.
 * - `mostMoves`: how often one order may be moved.
 * - `switchCents`: what a move costs: one that saves no more is not made.
 * - `everyMinutes`: how often it plans; sooner where a site or a carrier changes.
 * - `horizonHours`: how far orders are foreseen.
 * - `slotMinutes`: how finely.
 * - `troubleHours`: how long what is out of order now is taken to stay so.
 * - `drift`: cents for each hour of queue.
 * - `staleDrift`: the same where the plan is stale.
 * - `staleMinutes`: age from which a plan is.
 * - `gap`: how near to its optimum a program is solved.
 * - `budgetSeconds`: what a plan may cost, in seconds of one core counted in steps; where that does not do the last prices are kept.
 */
export default policy('routing', {
  about: 'The prices of bid-price, asked again for orders that nobody has begun to pick: they move where that pays.',
  params: {
    reconsiderMinutes: 10,
    mostMoves: 3,
    switchCents: 200,
    everyMinutes: 60,
    horizonHours: 24,
    slotMinutes: 60,
    troubleHours: 4,
    drift: 2,
    staleDrift: 20,
    staleMinutes: 240,
    gap: 1e-3,
    budgetSeconds: 6,
  },
  floor: costFloor,
  price: (option, { drift, staleDrift, staleMinutes }) => {
    const own = option.costCents + lateCents(option)
    const queue = option.queueMs / HOUR_MS
    if (option.planAgeMs > staleMinutes * 60_000) return own + staleDrift * queue
    return own + option.workPriceCents + option.roomPriceCents + option.stockPriceCents + drift * queue
  },
  plan: (situation, { everyMinutes, horizonHours, slotMinutes, troubleHours, gap, budgetSeconds }) =>
    planPrices(situation, {
      everyMs: everyMinutes * 60_000,
      horizonMs: horizonHours * HOUR_MS,
      slotMs: slotMinutes * 60_000,
      troubleMs: troubleHours * HOUR_MS,
      demandFactor: 1,
      gap,
      seconds: budgetSeconds,
      withGoods: true,
      withHands: true,
    }),
  reconsider: ({ reconsiderMinutes, mostMoves, switchCents }) => ({ everyMinutes: reconsiderMinutes, mostMoves, switchCents }),
})
