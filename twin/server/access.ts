import { createHash } from 'node:crypto'
import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { asItLooks } from './look-alikes.ts'

/** Who may see and do what: the roles a key or a token can have. */
export const ROLES = ['viewer', 'planner', 'approver', 'operator', 'integrator', 'customer'] as const
export type Role = (typeof ROLES)[number]

/** Words of earlier releases, still understood where keys are read. */
const FORMER: Readonly<Record<string, Role>> = { partner: 'integrator', admin: 'operator' }

const HOUSE: readonly Role[] = ['viewer', 'planner', 'approver', 'operator']

/**
 * What a route may be for, and which roles it takes: the whole table of rights. A route names its row (`config: { may: MAY.house }`); one that
 * names none takes `plan`.
 */
export const MAY = {
  /** One order: a customer sees his own only. */
  order: ROLES,
  /** What partners must see to do their part: sites, stock, feeds. */
  partner: [...HOUSE, 'integrator'],
  /** Everything else that is known, read only. */
  house: HOUSE,
  /** Events from feeds. */
  tell: ['integrator', 'operator'],
  /** Decisions that set goods aside, promises, outcomes. */
  decide: ['integrator', 'operator'],
  /** The same without a trace: dry runs. */
  ask: ['integrator', 'planner', 'operator'],
  /** What could not be used is put right; versions and rollouts are prepared; the candidate is pointed at. */
  plan: ['planner', 'operator'],
  /** Somebody else's request is agreed to or turned down. */
  approve: ['approver'],
  /** Rollouts are held, moved and taken back. */
  operate: ['operator'],
  /** Back to stable, which must be easy. */
  back: ['planner', 'approver', 'operator'],
  /** Personal data is erased, much is taken out at once: with a second person. */
  erase: ['operator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

/** What acts by itself; no key or token may take these names. */
export const OWN_NAMES: readonly string[] = ['anybody', 'judge', 'clock', 'serve', 'orrery']

/**
 * Who asks. One person may hold several keys and tokens: `identityOf` says which are the same. `role` is the one by which fields are shown;
 * a token may bring several in `roles`.
 */
export type Caller = {
  readonly name: string
  readonly role: Role
  readonly roles?: readonly Role[]
  /** Whose orders a customer may see. */
  readonly customer?: string
  /** Of a token: its own number, and when it was made, ms; what is approved with it counts once. */
  readonly token?: {
    readonly id: string | null
    readonly madeMs: number | null
    /** When it is over, leeway included. */
    readonly endsMs: number
    readonly approves: string | null
  }
}

export const rolesOf = ({ role, roles }: Caller): readonly Role[] => roles ?? [role]

/**
 * Two names are one person where they differ in nothing but case, blanks, signs that nobody sees, the way their letters are put together, and letters of
 * other scripts that look the same: whoever can name himself must not be his own second person.
 */
export const identityOf = (name: string): string =>
  asItLooks(
    name
      .normalize('NFKC')
      .replace(/\s+/g, ' ')
      .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
      .trim(),
  )
    .toLowerCase()
    .normalize('NFKC')

export type Access = {
  /** Whether callers are told apart at all; where they are not, everybody on this machine is one operator. */
  readonly keyed: boolean
  /** The caller of a key; null where the key is not known. */
  callerOf(key: string | null): Caller | null
  /** The same for tokens too, which may take a look at who signs them. Without it keys are all there is. */
  readonly identify?: (key: string | null) => Promise<Caller | null>
  /** Where people come by tokens, keys are for programs: they neither ask for nor agree to what takes two. */
  readonly peopleByToken?: boolean
  /** What whoever starts the server should know of the keys. */
  readonly notices?: readonly string[]
}

/**
 * Everybody is the same person here. So whatever one person may do can be done, and nothing that takes two.
 */
export const NOBODY_ASKED: Access = {
  keyed: false,
  callerOf: () => ({
    name: 'anybody',
    role: 'operator',
    roles: ['operator', 'planner', 'approver', 'integrator', 'viewer'],
  }),
}

const FILE = 'ORRERY_KEYS'
const LEAST_CHARS = 16

/** The role a word stands for, and a word of advice where it is an old one; null where there is none. */
export function roleCalled(word: string): { readonly role: Role; readonly notice: string | null } | null {
  const role = ROLES.find((one) => one === word)
  if (role !== undefined) return { role, notice: null }
  const now = Object.hasOwn(FORMER, word) ? FORMER[word] : undefined
  return now === undefined ? null : { role: now, notice: `the role ${word} is called ${now} now` }
}

/**
 * `{"KEY": {"name": "wms-recife", "role": "integrator"}}`, from the environment; without it nobody is asked for a key. A customer's key says
 * whose orders it opens: `{"name": "app", "role": "customer", "customer": "c-88"}`.
 */
export function readAccess(text: string | undefined): Access {
  if (text === undefined || text.trim() === '') return NOBODY_ASKED
  const wrong = (field: string, found: string, fix: string): InputError =>
    new InputError([{ file: FILE, line: null, field, found, fix }])
  const form = 'write {"KEY": {"name": "wms-recife", "role": "integrator"}}'
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong('keys', 'text that is no JSON', form)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong('keys', 'no map', form)
  const byDigest = new Map<string, Caller>()
  const notices = new Set<string>()
  Object.entries(parsed).forEach(([key, said], i) => {
    // The key itself is a secret: errors name its place.
    const field = `key ${i + 1}`
    if (key.length < LEAST_CHARS)
      throw wrong(field, `${key.length} characters`, `use at least ${LEAST_CHARS}, such as from \`openssl rand -hex 16\``)
    const { name, role, customer } = (said ?? {}) as { name?: unknown; role?: unknown; customer?: unknown }
    if (typeof name !== 'string' || identityOf(name) === '') throw wrong(`${field}.name`, 'nothing', 'say who holds the key')
    if (OWN_NAMES.includes(identityOf(name)))
      throw wrong(`${field}.name`, name, 'that is what the twin calls itself; take another')
    const known = roleCalled(String(role))
    if (known === null) throw wrong(`${field}.role`, String(role), didYouMean(String(role), ROLES))
    if (known.notice !== null) notices.add(`${FILE}: ${known.notice}; the old word will go.`)
    if (known.role !== 'customer') byDigest.set(digest(key), { name, role: known.role })
    else if (typeof customer === 'string' && customer !== '') byDigest.set(digest(key), { name, role: 'customer', customer })
    else throw wrong(`${field}.customer`, 'nothing', 'say whose orders it opens: "customer": "c-88"')
  })
  if (byDigest.size === 0) throw wrong('keys', 'an empty map', `${form}, or unset ${FILE} to serve this machine without keys`)
  return {
    keyed: true,
    callerOf: (key) => (key === null ? null : (byDigest.get(digest(key)) ?? null)),
    notices: [...notices],
  }
}

/** Keys are looked up by their digest, so that the time it takes tells nothing of the key. */
const digest = (key: string): string => createHash('sha256').update(key).digest('base64')
