import { costFloor, policy } from '../../sim/policy.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { byTimetable, termsByTimetable } from '../market/timetable.ts'

const CENTS_PER_KM = 1e9
/** More than any distance on earth costs. */
const OVER = 1e15

/**
 * The nearest warehouse that has the goods and would have the order packed within so many hours, by its cheapest service that keeps the promise by
 * the timetable; where none would, the nearest. The rule of order-management systems that count a backlog. One look an option.
 *
 * - `capHours`: hours of queue, closed hours among them, from which a warehouse is passed over.
 */
export default policy('routing', {
  about: 'Ship from the nearest warehouse whose backlog is below a cap.',
  params: { capHours: 6 },
  floor: costFloor,
  price: (option, { capHours }) =>
    (option.queueMs >= capHours * HOUR_MS ? OVER : 0) + option.km * CENTS_PER_KM + byTimetable(option),
  terms: (option, { capHours }) => [
    { name: 'pastCap', amount: option.queueMs >= capHours * HOUR_MS ? 1 : 0, weight: OVER },
    { name: 'distance', amount: option.km, weight: CENTS_PER_KM },
    ...termsByTimetable(option),
  ],
})
