import { type KeyObject, verify } from 'node:crypto'
import type { Jwks } from './jwks.ts'

/**
 * Tokens of an identity provider (RFC 7519, checked as RFC 8725 asks): the algorithm must be one of ours and fit the key, so that neither `none` nor a
 * public key taken for a secret gets through; issuer and audience must be those expected; time is held against ours, with a little leeway.
 */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export type TokenRules = {
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly Algorithm[]
  readonly leewayMs: number
  /** No token is taken whose life is longer than this, ms: one that was stolen must end. */
  readonly lifeMaxMs: number
}

export type Claims = Readonly<Record<string, unknown>>
/** What is wrong with a token, in a word for the log; callers are told only that it is not known. */
export type Refused = { readonly refused: string }
type Read = Refused | { readonly claims: Claims }

const CHARS_MAX = 8192
const ANY_TEXT = /^[A-Za-z0-9_-]+$/

export const looksLikeToken = (key: string): boolean => key.startsWith('eyJ') && key.split('.').length === 3

export async function claimsOf(token: string, jwks: Jwks, rules: TokenRules, nowMs: number): Promise<Read> {
  const parts = token.split('.')
  if (token.length > CHARS_MAX || parts.length !== 3 || !parts.every((part) => ANY_TEXT.test(part))) return no('shape')
  const header = read(parts[0])
  const claims = read(parts[1])
  if (header === null || claims === null) return no('shape')
  const { alg, kid, crit, b64 } = header
  const algorithm = rules.algorithms.find((one) => one === alg)
  if (algorithm === undefined) return no('algorithm')
  // Extensions that must be understood are not.
  if (crit !== undefined || b64 !== undefined) return no('extension')
  if (kid !== undefined && typeof kid !== 'string') return no('shape')
  const keys = (await jwks.keysFor(kid ?? null)).filter((one) => fits(one.key, one.alg, algorithm))
  if (keys.length === 0) return no('key')
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`)
  const signature = Buffer.from(parts[2], 'base64url')
  if (!keys.some(({ key }) => isSigned(algorithm, signed, key, signature))) return no('signature')
  return wrongClaim(claims, rules, nowMs) ?? { claims }
}

const no = (refused: string): Refused => ({ refused })

function read(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function fits(key: KeyObject, said: string | null, algorithm: Algorithm): boolean {
  if (said !== null && said !== algorithm) return false
  switch (algorithm) {
    case 'RS256':
      return key.asymmetricKeyType === 'rsa'
    case 'ES256':
      return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    case 'EdDSA':
      return key.asymmetricKeyType === 'ed25519'
  }
}

function isSigned(algorithm: Algorithm, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  switch (algorithm) {
    case 'RS256':
      return verify('RSA-SHA256', signed, key, signature)
    case 'ES256':
      return signature.byteLength === 64 && verify('SHA256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
    case 'EdDSA':
      return verify(null, signed, key, signature)
  }
}

function wrongClaim(claims: Claims, { issuer, audience, leewayMs, lifeMaxMs }: TokenRules, nowMs: number): Refused | null {
  const { iss, aud, exp, nbf, iat } = claims
  if (iss !== issuer) return no('issuer')
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) return no('audience')
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return no('no end')
  if (nowMs >= exp * 1000 + leewayMs) return no('over')
  if (exp * 1000 - nowMs > lifeMaxMs + leewayMs) return no('too long a life')
  if (nbf !== undefined && !(typeof nbf === 'number' && nowMs >= nbf * 1000 - leewayMs)) return no('not yet')
  if (iat !== undefined && !(typeof iat === 'number' && nowMs >= iat * 1000 - leewayMs)) return no('not yet')
  return null
}
