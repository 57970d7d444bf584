import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { lateCents } from '../market/late-cents.ts'

/**
 * Drift plus penalty: cost and expected lateness, and a toll on the queue that is joined in proportion to its length, which minimises a bound on
 * V · cost + growth of Σ queue². No forecast; mean cost is within O(1/V) of the best any policy could do, at queues of O(V). Neely,
 * Stochastic Network Optimization (Morgan & Claypool, 2010). One look an option.
 *
 * - `hourShare`: the toll on an hour of queue, in parts of what the business pays for a late order; 1/V.
 * - `lateWeight`: multiplies the business's own price of lateness.
 */
export default policy('routing', {
  about: 'Cost, expected lateness, and a toll on each hour of queue before the order.',
  params: { hourShare: 0.05, lateWeight: 1 },
  floor: costFloor,
  price: (option, { hourShare, lateWeight }) =>
    option.costCents + lateWeight * lateCents(option) + hourShare * option.latePerOrderCents * (option.queueMs / HOUR_MS),
  terms: (option, { hourShare, lateWeight }) => [
    money('cost', option.costCents),
    money('lateness', lateWeight * lateCents(option)),
    money('queue', hourShare * option.latePerOrderCents * (option.queueMs / HOUR_MS)),
  ],
})
