import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'

/**
 * The lowest handling and freight, whatever it does to the promise.
 *
 * - `carbonCentsPerKg`: what a kilogram CO2e is taken to cost beside them, from 0; it is weighed, not booked.
 */
export default policy('routing', {
  about: 'Take the option with the lowest handling and freight, late or not.',
  params: { carbonCentsPerKg: 0 },
  floor: costFloor,
  price: (option, { carbonCentsPerKg }) => option.costCents + (carbonCentsPerKg / 1000) * option.co2Grams,
  terms: (option, { carbonCentsPerKg }) => [
    money('cost', option.costCents),
    money('carbon', (carbonCentsPerKg / 1000) * option.co2Grams),
  ],
})
