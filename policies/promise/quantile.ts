import { policy } from '../../sim/policy.ts'

/**
 * Promise the end of the day by which so many of the calm-day journeys of a middle service have arrived. The newsvendor's answer to
 * "how long?": the quantile at which one more day of promise costs what a late order costs.
 *
 * - `quantile`: share of calm-day journeys that keep the promise.
 */
export default policy('promise', {
  about: 'The day by which 95 % of calm-day journeys of the middle service have arrived.',
  params: { quantile: 0.95 },
  promise: (quote, { quantile }) => quote.endOfDayMs(quote.deliveredMs(quantile, 'middle')),
})
