import { costFloor, policy } from '../../sim/policy.ts'
import { money, RUNGS } from '../../sim/term.ts'
import { believed, pricesRung } from '../market/ladder.ts'
import { lateCents } from '../market/late-cents.ts'
import { PLANNING, planOptions } from '../market/plan-options.ts'
import { planPrices } from '../market/plan-prices.ts'
import { bidPrice, bidTerms } from '../market/scarcity.ts'

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
 */
export default policy('routing', {
  about: 'The prices of bid-price, asked again for orders that nobody has begun to pick: they move where that pays.',
  params: {
    reconsiderMinutes: 10,
    mostMoves: 3,
    switchCents: 200,
    ...PLANNING,
    troubleHours: 4,
    drift: 2,
    staleDrift: 20,
    staleMinutes: 240,
    gap: 1e-3,
  },
  floor: costFloor,
  price: (option, { drift, staleDrift, staleMinutes }) => {
    const share = believed(option.planAgeMs, staleMinutes, staleMinutes)
    return bidPrice(option.costCents + lateCents(option), option, share, drift, staleDrift)
  },
  terms: (option, { drift, staleDrift, staleMinutes }) => [
    money('cost', option.costCents),
    money('lateness', lateCents(option)),
    ...bidTerms(option, believed(option.planAgeMs, staleMinutes, staleMinutes), drift, staleDrift),
  ],
  rung: ({ planAgeMs }, { staleMinutes }) => RUNGS[pricesRung(planAgeMs, staleMinutes)],
  plan: (situation, params) => planPrices(situation, planOptions(params)),
  reconsider: ({ reconsiderMinutes, mostMoves, switchCents }) => ({ everyMinutes: reconsiderMinutes, mostMoves, switchCents }),
})
