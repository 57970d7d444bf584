/** The one door to ajv: values checked against a schema, every flaw in words. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Static, TSchema } from '../schema/type.ts'
import { type Flaw, flawOf, type SchemaNode, wrongKindFlaw } from './flaw.ts'
import type { Problem } from './problem.ts'
import type { YamlFile } from './yaml.ts'

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly flaws: readonly Flaw[] }

/** ajv's own words are not used (`flaw.ts` has ours), and tidying the code it makes takes longer than a few checks of a file ever save. */
const ajv = new Ajv({ allErrors: true, verbose: true, messages: false, code: { optimize: false } })
const compiled = new WeakMap<TSchema, ValidateFunction>()

/** The value as what the schema says it is, or all that is wrong with it. */
export function check<S extends TSchema>(schema: S, value: unknown): Checked<Static<S>> {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  if (validate(value)) return { ok: true, value: value as Static<S> }
  return { ok: false, flaws: withoutEchoes(flatten(validate.errors ?? [])) }
}

/** Text is counted in UTF-16 units here, which is quicker and never lets through what `check` would refuse; it stops at the first flaw. */
const quickAjv = new Ajv({ unicode: false, messages: false, logger: false })

/**
 * A yes/no check for what comes by the million. A "no" is to be asked again of `check`, which says what is wrong, or that a long text
 * in a rare script is as long as it may be after all.
 */
export function quickCheck(schema: TSchema): (value: unknown) => boolean {
  return quickAjv.compile(schema)
}

/** The flaws of a YAML file, each on its line. */
export function problemsOf(file: string, yaml: YamlFile, flaws: readonly Flaw[]): Problem[] {
  return flaws
    .map((flaw) => ({ file, line: yaml.at(flaw.path), field: formatPath(flaw.path), found: flaw.found, fix: flaw.fix }))
    .sort((a, b) => a.line - b.line)
}

/** services[0].departures[1].at */
export function formatPath(path: readonly (string | number)[]): string {
  const written = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return written === '' ? 'file' : written.replace(/^\./, '')
}

/**
 * Where one of several forms is allowed, ajv reports the failings of all of them; a reader wants those of the form the writer had in
 * mind. Outermost choices first, so that a form that was not meant takes the choices inside it along.
 */
function flatten(errors: readonly ErrorObject[]): Flaw[] {
  const choice = errors.filter(({ keyword }) => keyword === 'anyOf').sort((a, b) => a.schemaPath.length - b.schemaPath.length)[0]
  if (choice === undefined) return errors.map(flawOf)
  const inside = errors.filter((error) => error !== choice && isInside(error, choice))
  const outside = errors.filter((error) => error !== choice && !isInside(error, choice))
  return [...flatten(outside), ...flattenChoice(choice, inside)]
}

function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  const sameValue = error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`)
  return sameValue && error.schemaPath.startsWith(`${choice.schemaPath}/`)
}

function flattenChoice(choice: ErrorObject, inside: readonly ErrorObject[]): Flaw[] {
  const forms = choice.schema as readonly SchemaNode[]
  const meant = forms
    .map((_, form) => inside.filter(({ schemaPath }) => schemaPath.startsWith(`${choice.schemaPath}/${form}/`)))
    .filter((failings) => !failings.some((failing) => rulesOut(failing, choice)))
    .sort((a, b) => a.length - b.length)[0]
  return meant === undefined ? [wrongKindFlaw(choice, forms)] : flatten(meant)
}

/** A value of another type, or another word in the key that tells the forms apart, means that this form was not meant. */
function rulesOut(failing: ErrorObject, choice: ErrorObject): boolean {
  const depth = failing.instancePath.slice(choice.instancePath.length).split('/').length - 1
  if (failing.keyword === 'type') return depth === 0
  // A word out of several that a key may be, on the other hand, is just wrong.
  const isOfSeveral = failing.schemaPath.slice(choice.schemaPath.length).includes('/anyOf/')
  return failing.keyword === 'const' && depth <= 1 && !isOfSeveral
}

/** A mistyped key is also a missing one; once is enough. */
function withoutEchoes(flaws: readonly Flaw[]): Flaw[] {
  const explained = new Set(flaws.flatMap(({ path, meant }) => (meant ? [formatPath([...path.slice(0, -1), meant])] : [])))
  return flaws.filter(({ path, missing }) => !(missing && explained.has(formatPath(path))))
}
