import { createHash } from 'node:crypto'
import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'

/** Who may see and do what: the roles a key can have. */
export const ROLES = ['customer', 'partner', 'planner', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who asks. `sources`: what a partner may send events as; without it, as anybody. */
export type Caller = { readonly name: string; readonly role: Role }

export type Access = {
  /** Whether there are keys at all; where there are none, everybody on this machine is an admin. */
  readonly keyed: boolean
  /** The caller of a key; null where the key is not known. */
  callerOf(key: string | null): Caller | null
}

export const NOBODY_ASKED: Access = { keyed: false, callerOf: () => ({ name: 'anybody', role: 'admin' }) }

const FILE = 'ORRERY_KEYS'
const LEAST_CHARS = 16

/** `{"KEY": {"name": "wms-recife", "role": "partner"}}`, from the environment; without it nobody is asked for a key. */
export function readAccess(text: string | undefined): Access {
  if (text === undefined || text.trim() === '') return NOBODY_ASKED
  const wrong = (field: string, found: string, fix: string): InputError =>
    new InputError([{ file: FILE, line: null, field, found, fix }])
  const form = 'write {"KEY": {"name": "wms-recife", "role": "partner"}}'
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong('keys', 'text that is no JSON', form)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong('keys', 'no map', form)
  const byDigest = new Map<string, Caller>()
  Object.entries(parsed).forEach(([key, said], i) => {
    // The key itself is a secret: errors name its place.
    const field = `key ${i + 1}`
    if (key.length < LEAST_CHARS)
      throw wrong(field, `${key.length} characters`, `use at least ${LEAST_CHARS}, such as from \`openssl rand -hex 16\``)
    const { name, role } = (said ?? {}) as { name?: unknown; role?: unknown }
    if (typeof name !== 'string' || name === '') throw wrong(`${field}.name`, 'nothing', 'say who holds the key')
    const known = ROLES.find((one) => one === role)
    if (known === undefined) throw wrong(`${field}.role`, String(role), didYouMean(String(role), ROLES))
    byDigest.set(digest(key), { name, role: known })
  })
  if (byDigest.size === 0) throw wrong('keys', 'an empty map', `${form}, or unset ${FILE} to serve this machine without keys`)
  return { keyed: true, callerOf: (key) => (key === null ? null : (byDigest.get(digest(key)) ?? null)) }
}

/** Keys are looked up by their digest, so that the time it takes tells nothing of the key. */
const digest = (key: string): string => createHash('sha256').update(key).digest('base64')
