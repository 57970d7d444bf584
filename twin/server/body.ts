import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { HttpProblem } from './problem-json.ts'

/** A body that is an object with these fields and no others; a field that is not known is a slip of the pen somebody should hear of. */
export function bodyOf(body: unknown, fields: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new HttpProblem(400, `The body is JSON: an object with ${fields.join(', ')}.`)
  for (const field of Object.keys(body))
    if (!fields.includes(field))
      throw new HttpProblem(400, `${field.slice(0, 50)}: no such field; ${didYouMean(field.slice(0, 50), fields)}`, {
        field: field.slice(0, 50),
      })
  return body as Readonly<Record<string, unknown>>
}

export function wordIn(body: Readonly<Record<string, unknown>>, field: string, form: RegExp, what: string): string {
  const value = body[field]
  if (typeof value === 'string' && form.test(value)) return value
  throw new HttpProblem(400, `${field}: write ${what}.`, { field })
}

/** What is wrong with what was asked is the asker's to put right; files of this machine are not named to him. */
export async function askedHere<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [{ line, field, found, fix }] = error.problems
    throw new HttpProblem(422, `${line === null ? '' : `line ${line}, `}${field}: found ${found}; ${fix}`, { field })
  }
}
