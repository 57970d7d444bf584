import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { type Access, type Caller, identityOf, OWN_NAMES, ROLES, type Role, roleCalled } from '../server/access.ts'
import { type JwksSettings, openJwks } from './jwks.ts'
import { ALGORITHMS, type Algorithm, type Claims, claimsOf, looksLikeToken, type TokenRules } from './jwt.ts'

/** How callers are read from tokens, in ORRERY_JWT. */
type TokenSettings = TokenRules & {
  readonly jwks: string
  /** Claims, with dots into what lies within: `realm_access.roles`. */
  readonly rolesClaim: string
  readonly nameClaim: string
  readonly customerClaim: string
  /** What the provider calls a role, and which of ours it is; a word that is one of ours needs no line. */
  readonly roles: Readonly<Record<string, Role>>
}

const FILE = 'ORRERY_JWT'
const FORM =
  'write {"issuer": "https://id.example", "audience": "orrery", "jwks": "https://id.example/keys"}; also rolesClaim, nameClaim, customerClaim, roles, algorithms, leewaySeconds, lifeMaxHours'

/** From widest to narrowest: by the first a caller has, fields are shown. */
const WIDEST: readonly Role[] = ['operator', 'approver', 'planner', 'viewer', 'integrator', 'customer']

/** Keys, and tokens beside them where ORRERY_JWT says whose. */
export function withTokens(
  access: Access,
  text: string | undefined,
  now: () => number,
  onRefused: (why: string) => void = () => {},
  jwksSettings: JwksSettings = {},
): Access {
  if (text === undefined || text.trim() === '') return access
  const settings = readSettings(text)
  const jwks = openJwks(settings.jwks, { now, ...jwksSettings })
  const keyOf: Access['callerOf'] = (key) => (access.keyed ? access.callerOf(key) : null)
  return {
    keyed: true,
    notices: access.notices ?? [],
    peopleByToken: true,
    callerOf: keyOf,
    identify: async (key) => {
      if (key === null || !looksLikeToken(key)) return keyOf(key)
      const read = await claimsOf(key, jwks, settings, now()).catch((error: Error) => ({ refused: `keys: ${error.message}` }))
      const caller = 'refused' in read ? read.refused : callerIn(read.claims, settings)
      if (typeof caller !== 'string') return caller
      onRefused(caller)
      return null
    },
  }
}

function callerIn(claims: Claims, { nameClaim, rolesClaim, customerClaim, roles, leewayMs }: TokenSettings): Caller | string {
  const name = claimAt(claims, nameClaim)
  if (typeof name !== 'string' || identityOf(name) === '' || name.length > 200) return 'no name'
  if (OWN_NAMES.includes(identityOf(name))) return 'a name of ours'
  const said = claimAt(claims, rolesClaim)
  const words = Array.isArray(said) ? said : typeof said === 'string' ? said.split(' ') : []
  const held = words.flatMap((word) => {
    if (typeof word !== 'string') return []
    const role = Object.hasOwn(roles, word) ? roles[word] : roleCalled(word)?.role
    return role === undefined ? [] : [role]
  })
  const customer = claimAt(claims, customerClaim)
  // A customer of nobody sees nothing.
  const own = WIDEST.filter((role) => held.includes(role) && (role !== 'customer' || typeof customer === 'string'))
  if (own.length === 0) return 'no role'
  const { jti, iat, exp, approves } = claims
  return {
    name,
    role: own[0],
    roles: own,
    ...(typeof customer === 'string' ? { customer } : {}),
    token: {
      id: typeof jti === 'string' && jti !== '' && jti.length <= 200 ? jti : null,
      madeMs: typeof iat === 'number' ? iat * 1000 : null,
      // Held against the clock before: a number.
      endsMs: Number(exp) * 1000 + leewayMs,
      approves: typeof approves === 'string' ? approves : null,
    },
  }
}

function claimAt(claims: Claims, path: string): unknown {
  // A claim may have dots in its own name, as those that are addresses do.
  if (Object.hasOwn(claims, path)) return claims[path]
  let value: unknown = claims
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function readSettings(text: string): TokenSettings {
  const wrong = (field: string, found: string, fix: string): InputError =>
    new InputError([{ file: FILE, line: null, field, found, fix }])
  let said: Record<string, unknown>
  try {
    said = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw wrong('settings', 'text that is no JSON', FORM)
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw wrong('settings', 'no map', FORM)
  const word = (field: string, usual: string | null): string => {
    const value = said[field] ?? usual
    if (typeof value === 'string' && value !== '') return value
    throw wrong(field, 'nothing', FORM)
  }
  const number = (field: string, usual: number, most: number): number => {
    const value = said[field] ?? usual
    if (typeof value === 'number' && value >= 0 && value <= most) return value
    throw wrong(field, String(value), `write a number from 0 to ${most}`)
  }
  const algorithms = (said.algorithms ?? ALGORITHMS) as readonly unknown[]
  if (!Array.isArray(algorithms) || algorithms.length === 0) throw wrong('algorithms', 'no list', FORM)
  for (const one of algorithms)
    if (!(ALGORITHMS as readonly unknown[]).includes(one))
      throw wrong(
        'algorithms',
        String(one),
        `use some of ${ALGORITHMS.join(', ')}; secrets that are shared, and none, are not taken`,
      )
  const roles = Object.entries((said.roles ?? {}) as Record<string, unknown>).map(([theirs, ours]): [string, Role] => {
    const role = roleCalled(String(ours))?.role
    if (role === undefined) throw wrong(`roles.${theirs}`, String(ours), didYouMean(String(ours), ROLES))
    return [theirs, role]
  })
  return {
    issuer: word('issuer', null),
    audience: word('audience', null),
    jwks: word('jwks', null),
    rolesClaim: word('rolesClaim', 'roles'),
    nameClaim: word('nameClaim', 'sub'),
    customerClaim: word('customerClaim', 'customer'),
    roles: Object.fromEntries(roles),
    algorithms: algorithms as readonly Algorithm[],
    leewayMs: number('leewaySeconds', 60, 300) * 1000,
    lifeMaxMs: number('lifeMaxHours', 24, 24 * 31) * 3_600_000,
  }
}
