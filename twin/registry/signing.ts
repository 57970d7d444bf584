import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { InputError } from '../../scenarios/read/problem.ts'
import { canonical, digestOfBytes } from '../govern/canonical.ts'

/**
 * Ed25519 (RFC 8032) over canonical JSON. The key comes from the environment; who has none gets one for the session, so that what is signed with it
 * can be told apart from what somebody answers for.
 */
export type Signer = {
  /** First 16 digits of the digest of the public key. */
  readonly keyId: string
  /** SubjectPublicKeyInfo in base64: what others verify with. */
  readonly publicKey: string
  /** Made for this session alone. */
  readonly isFresh: boolean
  sign(value: unknown): string
  /** Whether the value was signed by one of the keys that are trusted here: one's own, those of ORRERY_TRUSTED_KEYS. */
  verify(value: unknown, keyId: string, signature: string): 'good' | 'wrong' | 'unknown key'
}

const FILE = 'ORRERY_SIGNING_KEY'
/** What an Ed25519 seed of 32 bytes is wrapped in to be a PKCS #8 key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** `keyText`: a PEM, or 32 bytes in base64 or hexadecimal (`openssl rand -base64 32`). `trusted`: public keys in base64, parted by commas. */
export function openSigner(keyText: string | undefined, trusted: string | undefined = undefined): Signer {
  const isFresh = keyText === undefined || keyText.trim() === ''
  const own = isFresh ? generateKeyPairSync('ed25519').privateKey : readKey(keyText.trim())
  const publicKey = publicText(createPublicKey(own))
  const keyId = idOf(publicKey)
  const known = new Map([[keyId, createPublicKey(own)]])
  for (const text of (trusted ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])))
    known.set(idOf(text), readPublic(text))
  return {
    keyId,
    publicKey,
    isFresh,
    sign: (value) => sign(null, Buffer.from(canonical(value)), own).toString('base64'),
    verify: (value, id, signature) => {
      const key = known.get(id)
      if (key === undefined) return 'unknown key'
      return verify(null, Buffer.from(canonical(value)), key, Buffer.from(signature, 'base64')) ? 'good' : 'wrong'
    },
  }
}

const publicText = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64')
const idOf = (publicKey: string): string => digestOfBytes(publicKey).slice(0, 16)

function readKey(text: string): KeyObject {
  try {
    const seed = text.includes('BEGIN') ? null : Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64')
    if (seed !== null && seed.byteLength !== 32) throw new Error('no seed')
    const key =
      seed === null
        ? createPrivateKey(text.replace(/\\n/g, '\n'))
        : createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below; what was found is a secret.
  }
  const fix = 'write an Ed25519 key: 32 bytes in base64 (`openssl rand -base64 32`), or a PEM'
  throw new InputError([{ file: FILE, line: null, field: 'key', found: 'something else', fix }])
}

function readPublic(text: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below.
  }
  const fix = 'list public keys as `orrery registry keys` prints them, parted by commas'
  throw new InputError([{ file: 'ORRERY_TRUSTED_KEYS', line: null, field: 'keys', found: `"${text.slice(0, 20)}…"`, fix }])
}
