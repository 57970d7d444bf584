import fc from 'fast-check'
import type { Json, OpenApi } from './document.ts'

/**
 * Bodies and queries for a route as its schema describes them, more or less: most of them right in most places, so that a run gets behind the first
 * check, and wrong somewhere, so that it is worth a run.
 */
type Node = {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly minimum?: number
  readonly maximum?: number
  readonly examples?: readonly unknown[]
  readonly pattern?: string
  readonly minItems?: number
}

const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '__proto__',
    -1,
    0,
    1e308,
    1.5,
    [],
    {},
    true,
    '\u0000',
    '2026-11-11T20:00:03Z',
    '9'.repeat(300),
    [[[]]],
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ maxLength: 8, unit: 'binary' }),
)

/** Texts that mean something to the server that is asked, such as ids of its network, by the field they belong in; '' for any other. */
export type Words = Readonly<Record<string, readonly string[]>>

/** `field`: the one the value is for. */
export function scribbles(document: OpenApi, schema: Json, words: Words, field = '', depth = 0): fc.Arbitrary<unknown> {
  const node = schema as Node
  const deeper = (inner: Node, of = field): fc.Arbitrary<unknown> => scribbles(document, inner as Json, words, of, depth + 1)
  const right = (): fc.Arbitrary<unknown> => {
    if (depth > 12) return fc.constant(null)
    if (node.$ref !== undefined) {
      const name = node.$ref.split('/').at(-1) ?? ''
      return scribbles(document, document.components.schemas[name], words, field, depth + 1)
    }
    if (node.enum !== undefined) return fc.constantFrom(...node.enum)
    if ('const' in node) return fc.constant(node.const)
    if (node.anyOf !== undefined) return fc.oneof(...node.anyOf.map((inner) => deeper(inner)))
    switch (node.type) {
      case 'object':
        return objectOf(node, deeper)
      case 'array':
        return fc.array(node.items === undefined ? JUNK : deeper(node.items), {
          minLength: Math.min(node.minItems ?? 0, 3),
          maxLength: 3,
        })
      case 'integer':
        return fc.integer({ min: Math.max(node.minimum ?? -5, -5), max: Math.min(node.maximum ?? 20, 20) })
      case 'number':
        return fc.double({ min: Math.max(node.minimum ?? -5, -5), max: Math.min(node.maximum ?? 20, 20), noNaN: true })
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case 'string':
        if (node.pattern !== undefined && node.examples !== undefined && words[field] === undefined)
          return fc.constantFrom(...node.examples)
        return fc.constantFrom<unknown>(...(words[field] ?? [...words[''], ...(node.examples ?? [])]))
      default:
        return JUNK
    }
  }
  return fc.oneof({ weight: 60, arbitrary: right() }, { weight: 1, arbitrary: JUNK })
}

function objectOf(
  { properties = {}, required = [] }: Node,
  deeper: (inner: Node, of: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, deeper(inner, key)]))
  // One in many lacks what it needs; the rest has a few of what it may have.
  const needed = required.filter((key) => key in fields)
  const optional = Object.keys(fields).filter((key) => !needed.includes(key))
  const whole = fc
    .subarray(optional, { maxLength: Math.min(3, optional.length) })
    .chain((some) => fc.record(Object.fromEntries([...needed, ...some].map((key) => [key, fields[key]]))))
  const lacking = fc.record(fields, { requiredKeys: [] })
  const strange = fc.tuple(whole, fc.constantFrom('surprise', '__proto__', 'constructor'), JUNK).map(([all, key, value]) => {
    const copy = { ...(all as Record<string, unknown>) }
    Object.defineProperty(copy, key, { value, enumerable: true })
    return copy
  })
  return fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: lacking }, { weight: 1, arbitrary: strange })
}
