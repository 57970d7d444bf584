import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'

/** Any option that is expected in time is better than any that is not; among the late ones the fastest wins. */
const LATE = 1e12

/**
 * Of all options that nine in ten times keep the promise at the live queues and weather, the cheapest; if none does, the fastest.
 *
 * - `slackHours`: an option counts as in time when it arrives this long before the promise.
 */
export default policy('routing', {
  about: 'Cheapest option that keeps the promise nine times in ten; the fastest where none does.',
  params: { slackHours: 0 },
  floor: costFloor,
  price: (option, { slackHours }) =>
    option.etaMsP90 + slackHours * 3_600_000 <= option.promisedMs ? option.costCents : LATE + (option.etaMsP50 - option.placedMs),
  terms: (option, { slackHours }) =>
    option.etaMsP90 + slackHours * 3_600_000 <= option.promisedMs
      ? [money('cost', option.costCents)]
      : [
          { name: 'notInTime', amount: 1, weight: LATE },
          { name: 'journey', amount: (option.etaMsP50 - option.placedMs) / 3_600_000, weight: 3_600_000 },
        ],
})
