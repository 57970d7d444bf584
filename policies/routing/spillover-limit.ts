import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { lateCents } from '../market/late-cents.ts'

/** More than any shipment costs: whoever is below its limit ships only where nobody else can. */
const SPILLS = 1e12

/**
 * Cost and expected lateness; but a warehouse serves customers whose home is elsewhere only while it keeps enough for its own. Flexibility without
 * such a limit can do harm: cheap help today empties shelves that are needed at home tomorrow. DeValve, Wei, Wu & Yuan, "Understanding the
 * value of fulfillment flexibility in an online retailing environment", M&SOM 25 (2023). They find a limit for each shelf by solving
 * programs offline; here it is one part of the opening stock for all. One look an option and line.
 *
 * - `keepShare`: part of a shelf's opening stock that is kept for customers at home.
 */
export default policy('routing', {
  about: 'Cost and expected lateness; a warehouse helps out elsewhere only while it keeps enough for its own customers.',
  params: { keepShare: 0.05 },
  floor: costFloor,
  price: (option, { keepShare }) => option.costCents + lateCents(option) + (option.foreignShare < keepShare ? SPILLS : 0),
  terms: (option, { keepShare }) => [
    ...(option.foreignShare < keepShare ? [{ name: 'keptForHome', amount: 1, weight: SPILLS } as const] : []),
    money('cost', option.costCents),
    money('lateness', lateCents(option)),
  ],
})
