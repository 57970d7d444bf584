import { policy } from '../../sim/policy.ts'

/**
 * (s, S): when the position has fallen to the reorder point or below, order up to a fixed level; it looks at no forecast. Optimal for fixed
 * costs of ordering (Scarf 1960; Zheng & Federgruen, Oper. Res. 39, 1991). Position = on hand − reserved + on order − waited for.
 */
export default policy('replenishment', {
  about: 'Order up to a fixed level whenever the position has fallen to the reorder point.',
  params: { reorderPointUnits: 20, orderUpToUnits: 60 },
  order(shelf, { reorderPointUnits, orderUpToUnits }) {
    const position = shelf.onHandUnits - shelf.reservedUnits + shelf.onOrderUnits - shelf.waitingUnits
    return position <= reorderPointUnits ? Math.max(0, orderUpToUnits - position) : 0
  },
})
