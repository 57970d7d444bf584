import { policy } from '../../sim/policy.ts'

/** The lowest handling and freight, whatever it does to the promise. */
export default policy('routing', {
  about: 'Take the option with the lowest handling and freight, late or not.',
  params: {},
  floor: (option) => option.costCents,
  price: (option) => option.costCents,
})
