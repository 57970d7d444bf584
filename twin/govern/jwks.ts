import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { InputError } from '../../scenarios/read/problem.ts'

/**
 * The keys an identity provider signs with (RFC 7517), from a file or by HTTPS: kept, asked for again when a key is named that is not known, which is
 * how providers rotate, and when they are old. Where they cannot be had, those that were last had go on for a while.
 */
export type SigningKey = { readonly kid: string | null; readonly alg: string | null; readonly key: KeyObject }
export type Jwks = { keysFor(kid: string | null): Promise<readonly SigningKey[]> }

export type JwksSettings = {
  readonly now?: () => number
  /** Asked for again after so long. */
  readonly freshMs?: number
  /** A name nobody knows does not make it ask more often than this: tokens are made up for nothing. */
  readonly againMs?: number
  /** Keys that could not be asked for again are used no longer than this. */
  readonly staleMs?: number
}

const BYTES_MAX = 1_000_000
const TIMEOUT_MS = 5000
const RSA_BITS_MIN = 2048
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

export function openJwks(source: string, settings: JwksSettings = {}): Jwks {
  const { now = Date.now, freshMs = 600_000, againMs = 30_000, staleMs = 86_400_000 } = settings
  const read = readerOf(source)
  let kept: readonly SigningKey[] = []
  let hadMs = Number.NEGATIVE_INFINITY
  let triedMs = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null
  const ask = async (): Promise<void> => {
    triedMs = now()
    try {
      kept = keysIn(await read())
      hadMs = now()
    } catch (error) {
      if (now() - hadMs > staleMs) kept = []
      if (kept.length === 0) throw error
    } finally {
      asking = null
    }
  }
  const again = (): Promise<void> => {
    asking ??= ask()
    return asking
  }
  const fitting = (kid: string | null): readonly SigningKey[] =>
    kid === null ? kept : kept.filter((one) => one.kid === kid || one.kid === null)
  return {
    keysFor: async (kid) => {
      if (now() - hadMs > freshMs && now() - triedMs > Math.min(againMs, freshMs)) await again()
      else if (asking !== null && kept.length === 0) await asking
      if (fitting(kid).length === 0 && now() - triedMs > againMs) await again()
      return fitting(kid)
    },
  }
}

function readerOf(source: string): () => Promise<string> {
  if (!/^[a-z]+:\/\//i.test(source)) return () => readFile(source, 'utf8')
  const wrong = (found: string, fix: string): InputError =>
    new InputError([{ file: 'ORRERY_JWT', line: null, field: 'jwks', found, fix }])
  if (!URL.canParse(source)) throw wrong('no address', 'write https://… or the path of a file')
  const url = new URL(source)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    throw wrong(url.protocol, 'keys come by https, or from this machine: anybody in between could put in his own')
  return async () => {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json' },
    })
    if (!response.ok) throw new Error(`${url.origin} answered ${response.status}`)
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength
      if (bytes > BYTES_MAX) throw new Error(`${url.origin} answered with more than ${BYTES_MAX} bytes`)
      pieces.push(piece)
    }
    return Buffer.concat(pieces).toString()
  }
}

/** Keys that are for signing and strong enough; a set may hold others, which are passed over. */
function keysIn(text: string): SigningKey[] {
  const { keys } = JSON.parse(text) as { keys?: unknown }
  if (!Array.isArray(keys)) throw new Error('no set of keys')
  return (keys as (JsonWebKey & { kid?: string; alg?: string; use?: string })[]).flatMap((jwk) => {
    // A secret has no place in a public set; and whoever knows the set would know it.
    if (jwk === null || typeof jwk !== 'object' || jwk.kty === 'oct' || (jwk.use !== undefined && jwk.use !== 'sig')) return []
    try {
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      if (jwk.kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS_MIN) return []
      return [{ kid: jwk.kid ?? null, alg: jwk.alg ?? null, key }]
    } catch {
      return []
    }
  })
}
