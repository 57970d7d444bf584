import { InputError } from '../../scenarios/read/problem.ts'
import { text } from './command.ts'

/** Commands that talk to a running server: where it is, and the key, which comes from the environment only. */
export const SERVER = text('--server <url>', 'the server of the twin, or ORRERY_SERVER', null)

const DEFAULT = 'http://127.0.0.1:8080'
const PATIENCE_MS = 60_000

export type Answer = { readonly value: unknown; readonly text: string }
export type AskOptions = { readonly body?: unknown; readonly ifMatch?: number; readonly approval?: string | null }

/** Asks the API; an answer that is a problem becomes an `InputError` that says what the server said. */
export async function askServer(server: string | null, method: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const url = `${(server ?? process.env.ORRERY_SERVER ?? DEFAULT).replace(/\/$/, '')}${path}`
  const key = process.env.ORRERY_KEY
  const { body, ifMatch, approval = null } = options
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined || key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...(approval === null ? {} : { 'orrery-approval': approval }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
  } catch (cause) {
    const fix = 'start it with `orrery serve`, or say where it is (ORRERY_SERVER, or the option that names the server)'
    throw new InputError([{ file: url, line: null, field: 'server', found: 'nobody who answers', fix }], { cause })
  }
  const said = await response.text()
  const value = parsed(said)
  if (response.ok) return { value, text: said }
  const { detail, field } = (typeof value === 'object' && value !== null ? value : {}) as { detail?: string; field?: string }
  const fix = response.status === 401 ? 'set ORRERY_KEY to a key of yours' : (detail ?? 'look at the log of the server')
  throw new InputError([{ file: path, line: null, field: field ?? method, found: `the answer ${response.status}`, fix }])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
