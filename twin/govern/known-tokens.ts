import { createHash } from 'node:crypto'
import type { Access, Caller } from '../server/access.ts'
import { looksLikeToken } from './jwt.ts'

/**
 * Callers of tokens that were checked a moment ago, by the hash of the token, for where a signature at each request would cost more than the
 * request: found at once, without a promise. A check holds for a minute, so that keys that are taken back are noticed as soon as elsewhere; for half
 * a minute more it holds while the next check is under way, so that nobody waits for a provider that is slow. Nothing outlives its token.
 */
const HOLDS_MS = 60_000
const MEANWHILE_MS = 30_000
/** The oldest are forgotten beyond that. */
const KNOWN_MAX = 10_000

type Known = { readonly caller: Caller; readonly untilMs: number; readonly endsMs: number }

/** The same callers; `callerOf` knows those of tokens too once `identify` has found them. */
export function withKnownTokens(access: Access, now: () => number): Access {
  const { identify } = access
  if (identify === undefined) return access
  const known = new Map<string, Known>()
  const checking = new Map<string, Promise<Caller | null>>()
  const check = (token: string, digest: string): Promise<Caller | null> => {
    const underWay = checking.get(digest)
    if (underWay !== undefined) return underWay
    const done = identify(token)
      .then((caller) => {
        known.delete(digest)
        if (caller?.token === undefined) return caller
        // It may have ended while its provider was asked for keys.
        if (now() >= caller.token.endsMs) return null
        keep(digest, caller, caller.token.endsMs)
        return caller
      })
      .finally(() => checking.delete(digest))
    checking.set(digest, done)
    return done
  }
  const keep = (digest: string, caller: Caller, tokenEndsMs: number): void => {
    const nowMs = now()
    const untilMs = Math.min(tokenEndsMs, nowMs + HOLDS_MS)
    known.set(digest, { caller, untilMs, endsMs: Math.min(tokenEndsMs, untilMs + MEANWHILE_MS) })
    if (known.size <= KNOWN_MAX) return
    const [oldest] = known.keys()
    known.delete(oldest)
  }
  const callerOf = (key: string | null): Caller | null => {
    if (key === null || !looksLikeToken(key)) return access.callerOf(key)
    const digest = digestOf(key)
    const found = known.get(digest)
    if (found === undefined) return null
    const nowMs = now()
    if (nowMs >= found.endsMs) {
      known.delete(digest)
      return null
    }
    // Where it fails the next request is told so.
    if (nowMs >= found.untilMs) check(key, digest).catch(() => known.delete(digest))
    return found.caller
  }
  return {
    ...access,
    callerOf,
    identify: async (key) => {
      if (key === null || !looksLikeToken(key)) return identify(key)
      return callerOf(key) ?? (await check(key, digestOf(key)))
    },
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64')
