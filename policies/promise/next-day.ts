import { policy } from '../../sim/policy.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'

/**
 * What a shop writes on its page: ordered before a cut-off, delivered by an hour of the next day; a day later after it. It looks neither at where
 * the customer lives nor at any queue.
 *
 * - `cutOffHour`: orders before it count for today.
 * - `byHour`: hour of the day of delivery.
 * - `days`: from the day an order counts for to that of delivery.
 */
export default policy('promise', {
  about: 'Ordered before the cut-off, promised by an hour of the next day; a day later after it.',
  params: { cutOffHour: 20, byHour: 22, days: 1 },
  promise: (quote, { cutOffHour, byHour, days }) => {
    const midnight = quote.endOfDayMs(quote.placedMs) - DAY_MS
    const counts = quote.placedMs < midnight + cutOffHour * HOUR_MS ? 0 : 1
    return midnight + (counts + days) * DAY_MS + byHour * HOUR_MS
  },
})
