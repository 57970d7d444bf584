import { policy } from '../../sim/policy.ts'

/**
 * Order up to a level that covers the forecast over review and lead time plus a safety of z standard deviations:
 * S = mean + z · sd, order max(0, S − position), position = on hand − reserved + on order − waited for.
 * Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed., section 4.3.4 (base-stock policy, normal demand).
 *
 * - `safetyFactor` [z]: 1.64 covers about 95 % of the periods.
 */
export default policy('replenishment', {
  about: 'Order up to the forecast over review and lead time plus safety stock.',
  params: { safetyFactor: 1.64 },
  order(shelf, { safetyFactor }) {
    const position = shelf.onHandUnits - shelf.reservedUnits + shelf.onOrderUnits - shelf.waitingUnits
    return Math.max(0, Math.ceil(shelf.meanUnits + safetyFactor * shelf.sdUnits - position))
  },
})
