import { record, Type } from './type.ts'

const number = (description: string) => Type.Number({ description })
const positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description })
const probabilities = Type.Array(Type.Number({ minimum: 0, maximum: 1 }), {
  minItems: 2,
  description: 'Probabilities, rising from 0 to 1.',
})

const Constant = record({ law: Type.Literal('constant'), value: number('Always this.') }, 'Always the same value.')
const Uniform = record(
  { law: Type.Literal('uniform'), low: number('Smallest value.'), high: number('Largest value.') },
  'Anything between low and high, equally likely.',
)
const Exponential = record(
  { law: Type.Literal('exponential'), mean: positive('Mean value.') },
  'Memoryless: many short ones and a few long ones.',
)
const Lognormal = record(
  {
    law: Type.Literal('lognormal'),
    median: positive('Half of the values are below this.'),
    sigma: Type.Number({ minimum: 0, description: 'Standard deviation of the natural logarithm; 0.5 is moderate, 1 is wild.' }),
  },
  'Skewed to the right, as times of work and travel are.',
)
const Gamma = record(
  {
    law: Type.Literal('gamma'),
    mean: positive('Mean value.'),
    shape: positive('1 is an exponential, a whole number k the sum of k of them (Erlang); the larger, the more even.'),
  },
  'Work in several steps: more even than an exponential where the shape is above 1.',
)
const Hyperexponential = record(
  {
    law: Type.Literal('hyperexponential'),
    shares: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1, description: 'Parts, any positive scale.' }),
    means: Type.Array(positive('Mean of one part.'), {
      minItems: 1,
      description: 'Mean of each part, as many as there are shares.',
    }),
  },
  'Mostly short, sometimes very long: an exponential of one mean or another.',
)
const Quantiles = record(
  {
    law: Type.Literal('quantiles'),
    at: probabilities,
    value: Type.Array(Type.Number(), { minItems: 2, description: 'Value at each probability, never falling.' }),
  },
  'Straight lines between measured quantiles.',
)

/** A law of probability; the description says of what, and in which unit. */
export function law(description: string, example: object) {
  return Type.Union([Constant, Uniform, Exponential, Lognormal, Gamma, Hyperexponential, Quantiles], {
    description,
    examples: [example],
  })
}
