import { policy } from '../../sim/policy.ts'

/** Any option that is expected in time is better than any that is not; among the late ones the fastest wins. */
const LATE = 1e12

/**
 * Of all options whose median arrival keeps the promise, the cheapest; if none keeps it, the fastest.
 *
 * - `slackHours`: an option counts as in time when it arrives this long before the promise.
 */
export default policy('routing', {
  about: 'Cheapest option that is expected to keep the promise; the fastest where none does.',
  params: { slackHours: 24 },
  price: (option, { slackHours }) =>
    option.etaMs + slackHours * 3_600_000 <= option.promisedMs ? option.costCents : LATE + (option.etaMs - option.placedMs),
})
