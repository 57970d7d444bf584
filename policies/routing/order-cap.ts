import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { byTimetable, termsByTimetable } from '../market/timetable.ts'

const CENTS_PER_KM = 1e9
/** More than any distance on earth costs. */
const OVER = 1e15

/**
 * The nearest warehouse that has the goods and was not yet given its fill of orders today, by its cheapest service that keeps the promise by the
 * timetable; where all have had theirs, the nearest. The daily cap of order-management systems: reset at midnight, blind to when in
 * the day the orders come and to how fast they are worked off. One look an option.
 *
 * - `capShare`: the cap, in parts of what a warehouse's rostered hands can pick and pack in the day.
 * - `capOrders`: above 0, the same number of orders for every warehouse instead.
 */
export default policy('routing', {
  about: 'Ship from the nearest warehouse that was not given its fill of orders today.',
  params: { capShare: 0.8, capOrders: 0 },
  floor: costFloor,
  price: (option, { capShare, capOrders }) =>
    (option.parcelsToday >= capOf(option, capShare, capOrders) ? OVER : 0) + option.km * CENTS_PER_KM + byTimetable(option),
  terms: (option, { capShare, capOrders }) => [
    { name: 'pastCap', amount: option.parcelsToday >= capOf(option, capShare, capOrders) ? 1 : 0, weight: OVER },
    { name: 'distance', amount: option.km, weight: CENTS_PER_KM },
    ...termsByTimetable(option),
  ],
})

const capOf = ({ parcelsPerDay }: RoutingOption, capShare: number, capOrders: number): number =>
  capOrders > 0 ? capOrders : capShare * parcelsPerDay
