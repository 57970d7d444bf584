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
  return Type.Union([Constant, Uniform, Exponential, Lognormal, Quantiles], { description, examples: [example] })
}
