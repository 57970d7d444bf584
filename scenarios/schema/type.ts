/**
 * The one door to typebox. A schema is written once: the compiler reads a type from it, ajv checks files with it, and editors
 * complete from the JSON it is. The helpers below keep every field's description in one form: what it is, its unit, an example.
 */
import { type Static, type TSchema, Type } from 'typebox'
import { CLOCK_PATTERN, WHEN_PATTERN } from '../../sim/when.ts'

export { type Static, type TSchema, Type }

/** An object that takes no keys but its own, so that a mistyped key is found. */
export function record<P extends Parameters<typeof Type.Object>[0]>(properties: P, description?: string) {
  return Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) })
}

export function text(description: string, example: string) {
  return Type.String({ minLength: 1, description, examples: [example] })
}

/** Letters, digits, dot, dash and underscore, so that ids can stand in a list parted by spaces and in a command line. */
export function id(description: string, example: string) {
  return Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', description, examples: [example] })
}

export function anyNumber(description: string, example: number) {
  return Type.Number({ description, examples: [example] })
}

export function aboveZero(description: string, example: number) {
  return Type.Number({ exclusiveMinimum: 0, description, examples: [example] })
}

export function zeroOrMore(description: string, example: number) {
  return Type.Number({ minimum: 0, description, examples: [example] })
}

export function countOf(description: string, example: number) {
  return Type.Integer({ minimum: 0, description, examples: [example] })
}

/** A part of a whole, 0 to 1. */
export function part(description: string, example: number) {
  return Type.Number({ minimum: 0, maximum: 1, description, examples: [example] })
}

export function latitude() {
  return Type.Number({
    minimum: -90,
    maximum: 90,
    description: 'Degrees north of the equator; south is negative.',
    examples: [-23.55],
  })
}

export function longitude() {
  return Type.Number({
    minimum: -180,
    maximum: 180,
    description: 'Degrees east of Greenwich; west is negative.',
    examples: [-46.63],
  })
}

export function clock(description: string, example: string) {
  return Type.String({ pattern: CLOCK_PATTERN, description: `${description} "HH:MM", local time.`, examples: [example] })
}

export function moment(description: string, example: string) {
  return Type.String({
    pattern: WHEN_PATTERN,
    description: `${description} "day N HH:MM"; day 0 is the first measured day.`,
    examples: [example],
  })
}

/** Parts of a whole on any scale; they are normalised when the network is compiled. */
export function sharesOf(description: string, count: { exactly: number } | { atMost: number }, example: readonly number[]) {
  const [minItems, maxItems] = 'exactly' in count ? [count.exactly, count.exactly] : [1, count.atMost]
  return Type.Array(Type.Number({ minimum: 0 }), { minItems, maxItems, description, examples: [example] })
}
