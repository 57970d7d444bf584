import { type Params, policy, type RoutingOption } from '../../sim/policy.ts'
import { byTimetable, termsByTimetable } from '../market/timetable.ts'

/** More than any service costs, so that the list decides and the rest only chooses between services. */
const CENTS_PER_PLACE = 1e9

/**
 * The first warehouse of a list that has the goods, by its cheapest service that keeps the promise by the timetable. The list is that of the
 * network's file, but for those named here, which come before all others. What order management calls "location priority"; it looks
 * at no distance and no queue. One look an option.
 *
 * - `first`: which warehouse comes before all others, by its place in the network's list, counted from 0; −1 for none.
 * - `second`: which comes after that one.
 * - `third`: which comes after those two.
 */
export default policy('routing', {
  about: 'Ship from the first warehouse of a fixed list that has the goods, by its cheapest service in time.',
  params: { first: -1, second: -1, third: -1 },
  floor: (option, list) => placeOf(option, list) * CENTS_PER_PLACE + option.costCents,
  price: (option, list) => placeOf(option, list) * CENTS_PER_PLACE + byTimetable(option),
  terms: (option, list) => [
    { name: 'listPlace', amount: placeOf(option, list), weight: CENTS_PER_PLACE },
    ...termsByTimetable(option),
  ],
})

const placeOf = ({ warehouse }: RoutingOption, { first, second, third }: Params): number =>
  warehouse === first ? 0 : warehouse === second ? 1 : warehouse === third ? 2 : 3 + warehouse
