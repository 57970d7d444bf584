import { createHmac, randomBytes } from 'node:crypto'
import { InputError } from '../../scenarios/read/problem.ts'

/**
 * Stands for a person or a place in records that are kept for long: HMAC-SHA-256 (RFC 2104) with a key from the environment, cut to 128 bits. Without
 * the key nobody can try out ids until one fits; the same id is the same pseudonym as long as the key is the same.
 */
export type Pseudonyms = {
  /** Made for this session: pseudonyms differ from those of yesterday. */
  readonly isFresh: boolean
  /** `kind` keeps a customer and a place of the same spelling apart. */
  of(kind: 'customer' | 'person' | 'place', id: string): string
}

const FILE = 'ORRERY_PSEUDONYM_KEY'
const PREFIX = { customer: 'cu', person: 'pe', place: 'pl' } as const

export function openPseudonyms(keyText: string | undefined): Pseudonyms {
  const said = keyText?.trim() ?? ''
  if (said !== '' && said.length < 32) {
    const fix = 'use at least 32, such as from `openssl rand -hex 32`'
    throw new InputError([{ file: FILE, line: null, field: 'key', found: `${said.length} characters`, fix }])
  }
  const key = said === '' ? randomBytes(32) : Buffer.from(said)
  return {
    isFresh: said === '',
    of: (kind, id) =>
      `${PREFIX[kind]}_${createHmac('sha256', key).update(`${kind}\n${id}`).digest().subarray(0, 16).toString('base64url')}`,
  }
}

/** The network an address is in: /24 of IPv4, /48 of IPv6; somebody who moves about a house stays in one place. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase()
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (plain === '::1') return '127.0.0.0/24'
  const [head, tail = ''] = plain.split('%')[0].split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const missing = plain.includes('::') ? Math.max(0, 8 - front.length - back.length) : 0
  const groups = [...front, ...Array.from({ length: missing }, () => '0'), ...back]
  return `${groups
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/48`
}
