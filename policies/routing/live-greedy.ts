import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'

/**
 * Cost plus what lateness is expected to cost, at the live state of queues, departures and weather: a selfish best response. It sees
 * the queue it joins but not the harm it does to those who come after.
 *
 * - `lateWeight`: multiplies the business's own price of lateness.
 * - `carbonCentsPerKg`: what a kilogram CO2e is taken to cost beside them, from 0; it is weighed, not booked.
 */
export default policy('routing', {
  about: 'Cost plus expected cost of lateness at the live queues, departures and weather.',
  params: { lateWeight: 1, carbonCentsPerKg: 0 },
  floor: costFloor,
  price: (option, { lateWeight, carbonCentsPerKg }) =>
    option.costCents +
    (carbonCentsPerKg / 1000) * option.co2Grams +
    lateWeight * (option.lateShare * option.latePerOrderCents + (option.expectedLateMs / 3_600_000) * option.latePerHourCents),
  terms: (option, { lateWeight, carbonCentsPerKg }) => [
    money('cost', option.costCents),
    money('carbon', (carbonCentsPerKg / 1000) * option.co2Grams),
    money(
      'lateness',
      lateWeight * (option.lateShare * option.latePerOrderCents + (option.expectedLateMs / 3_600_000) * option.latePerHourCents),
    ),
  ],
})
