import { didYouMean, nearest } from './suggest.ts'

/** One thing that is wrong with a value, before it is known on which line of which file it stands. */
export type Flaw = {
  readonly path: readonly (string | number)[]
  readonly found: string
  readonly fix: string
  /** Known key that an unknown one was probably meant to be. */
  readonly meant?: string | undefined
  readonly missing?: boolean
}

/** The parts of a JSON schema that words are made of. */
export type SchemaNode = {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly SchemaNode[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** What a schema checker reports, in the words of JSON schema. */
export type SchemaError = {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly parentSchema?: object | undefined
  readonly data?: unknown
}

/** One finding of the checker in words. */
export function flawOf(error: SchemaError): Flaw {
  const { keyword, params, data } = error
  const schema = (error.parentSchema ?? {}) as SchemaNode
  const path = pathOf(error.instancePath)

  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty)
    const known = Object.keys(schema.properties ?? {})
    const meant = nearest(key, known) ?? undefined
    return { path: [...path, key], found: `unknown key \`${key}\``, fix: didYouMean(key, known), meant }
  }
  if (keyword === 'required') {
    const key = String(params.missingProperty)
    return {
      path: [...path, key],
      found: 'nothing',
      fix: `add \`${key}\`: ${describe(schema.properties?.[key] ?? {})}`,
      missing: true,
    }
  }
  if (keyword === 'enum' || keyword === 'const') {
    const words = (schema.enum ?? [schema.const]).map(String)
    return { path, found: show(data), fix: didYouMean(String(data), words) }
  }
  if (keyword === 'uniqueItems') return { path, found: 'the same item twice', fix: 'keep one of them' }
  return { path, found: show(data), fix: `write ${describe(schema)}` }
}

/** None of the forms that are allowed was meant: say which there are, or which word of them is near. */
export function wrongKindFlaw(error: SchemaError, forms: readonly SchemaNode[]): Flaw {
  const path = pathOf(error.instancePath)
  const { data } = error
  const teller = tellerOf(forms)
  if (teller !== null && typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const words = forms.map((form) => String(form.properties?.[teller]?.const))
    const word: unknown = (data as Record<string, unknown>)[teller]
    return { path: [...path, teller], found: show(word), fix: didYouMean(String(word), words) }
  }
  const words = forms.flatMap((form) => (typeof form.const === 'string' ? [form.const] : []))
  if (words.length === forms.length)
    return { path, found: show(data), fix: didYouMean(typeof data === 'string' ? data : '', words) }
  const guess = typeof data === 'string' ? nearest(data, words) : null
  const schema = (error.parentSchema ?? {}) as SchemaNode
  return { path, found: show(data), fix: guess === null ? `write ${describe(schema)}` : `did you mean \`${guess}\`?` }
}

/** The key whose word tells the forms of a choice apart, as `law` does; null where there is none. */
function tellerOf(forms: readonly SchemaNode[]): string | null {
  const keys = Object.entries(forms[0]?.properties ?? {}).flatMap(([key, schema]) => (schema.const === undefined ? [] : [key]))
  return keys.find((key) => forms.every((form) => form.properties?.[key]?.const !== undefined)) ?? null
}

/** A value as the writer would recognise it. */
function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 57)}…"` : `"${value}"`
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return `a map with ${Object.keys(value).slice(0, 6).join(', ') || 'no keys'}`
  return String(value)
}

function describe(schema: SchemaNode): string {
  const example = schema.examples?.[0]
  const about = schema.description === undefined ? '' : ` (${schema.description.replace(/\.$/, '')})`
  const instance = example === undefined ? '' : `, for instance ${written(example)}`
  return `${kindOf(schema)}${instance}${about}`
}

function kindOf(schema: SchemaNode): string {
  const { minimum, maximum, exclusiveMinimum, minItems, maxItems } = schema
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (schema.anyOf !== undefined) return 'it in one of its forms'
  if (schema.type === 'array') {
    if (minItems !== undefined && minItems === maxItems) return `a list of ${minItems}`
    if (maxItems !== undefined) return `a list of ${minItems ?? 0} to ${maxItems}`
    return 'a list with at least one item'
  }
  if (schema.type === 'object') return schema.required?.length ? `a map with ${schema.required.join(', ')}` : 'a map'
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'string') return 'text'
  const number = schema.type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && maximum !== undefined) return `${number} from ${minimum} to ${maximum}`
  if (exclusiveMinimum !== undefined) return `${number} above ${exclusiveMinimum}`
  if (minimum !== undefined) return `${number} of at least ${minimum}`
  return number
}

function written(example: unknown): string {
  return typeof example === 'string'
    ? example
    : JSON.stringify(example).replaceAll('"', '').replaceAll(',', ', ').replaceAll(':', ': ')
}

/** A JSON pointer as keys; numbers are places in lists. */
function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^[0-9]+$/.test(key) ? Number(key) : key))
}
