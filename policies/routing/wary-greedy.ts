import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { lateCents } from '../market/late-cents.ts'

/**
 * Live greedy that learns whose books are wrong: beside cost and expected lateness it pays for the risk that the picker finds nothing. A shelf
 * that somebody has just picked from is trusted; any other as far as others like it in that warehouse have lately proved right (an
 * exponential average over fifty or so picks). Where no pick fails it is live greedy. O(lines) an option.
 *
 * - `lateWeight`: multiplies the business's own price of lateness.
 * - `missCents`: what an order is worth that need not be routed a second time.
 */
export default policy('routing', {
  about: 'Cost plus expected lateness, plus the risk that the goods are not there, learnt from failed picks.',
  params: { lateWeight: 1, missCents: 200 },
  floor: costFloor,
  price: (option, { lateWeight, missCents }) => option.costCents + lateWeight * lateCents(option) + missCents * option.failShare,
  terms: (option, { lateWeight, missCents }) => [
    money('cost', option.costCents),
    money('lateness', lateWeight * lateCents(option)),
    money('emptyShelf', missCents * option.failShare),
  ],
})
