import { costFloor, policy } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'

/** The lowest handling and freight, whatever it does to the promise. */
export default policy('routing', {
  about: 'Take the option with the lowest handling and freight, late or not.',
  params: {},
  floor: costFloor,
  price: (option) => option.costCents,
  terms: (option) => [money('cost', option.costCents)],
})
