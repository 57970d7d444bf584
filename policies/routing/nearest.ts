import { policy } from '../../sim/policy.ts'

/**
 * The nearest warehouse that has the goods, by the cheapest service. What most shops do, and the floor every other policy is held to.
 *
 * Distances are compared in whole km; cost, far smaller than a km in this price, only chooses between services.
 */
export default policy('routing', {
  about: 'Ship from the nearest warehouse that has the goods, by its cheapest service.',
  params: {},
  price: (option) => option.km * 1_000_000 + option.costCents,
})
