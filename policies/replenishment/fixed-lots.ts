import { policy } from '../../sim/policy.ts'

/**
 * (r, nQ): when the position has fallen to the reorder point or below, order as few whole lots as bring it above again; pallets and case
 * packs. With lots larger than a day's demand it is the textbook's (r, Q), and with Q = √(2Kd/h) it orders by the economic order quantity
 * (Harris 1913). At reviews the position is uniform on r + 1 … r + Q whatever the demand (Hadley & Whitin, Analysis of Inventory Systems, 1963,
 * ch. 5; Zheng & Chen, Naval Research Logistics 39, 1992). Position = on hand − reserved + on order − waited for.
 */
export default policy('replenishment', {
  about: 'Order whole lots of fixed size whenever the position has fallen to the reorder point.',
  params: { reorderPointUnits: 20, lotUnits: 40 },
  order(shelf, { reorderPointUnits, lotUnits }) {
    const position = shelf.onHandUnits - shelf.reservedUnits + shelf.onOrderUnits - shelf.waitingUnits
    return position <= reorderPointUnits ? lotUnits * Math.ceil((reorderPointUnits + 1 - position) / lotUnits) : 0
  },
})
