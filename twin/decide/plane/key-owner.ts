import { createHash } from 'node:crypto'
import { identityOf } from '../../server/access.ts'

/**
 * Keys of requests belong to who sent them: what is told of a key, and that it is taken, is told to nobody who merely guesses it. In the log and in the
 * table of keys a key begins with the mark of its owner, `3f1c…|order:A-1`: a hash, for names may be those of people. Where nobody is asked for a key of
 * access, all are one, and keys have no mark; so they have none in logs of before there were marks, and those stay everybody's.
 */
const MARK = /^(?:[0-9a-f]|-){12}\|/
/**
 * Of keys that nobody chose: who names none asks by the order, and an order is decided once, whoever tells of it. No hash of a name.
 */
const OF_ORDERS = '------------|'
/** Who comes where nobody is asked; no key of access may have this name. */
const NOBODY = 'anybody'
const KNOWN_MAX = 10_000
const known = new Map<string, string>()

export function markOf(caller: string): string {
  const found = known.get(caller)
  if (found !== undefined) return found
  const person = identityOf(caller)
  const mark = person === NOBODY ? '' : `${createHash('sha256').update(person).digest('hex').slice(0, 12)}|`
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(caller, mark)
  return mark
}

/** A key as it is kept: `own` is what its sender, who has the mark, chose, or null. */
export function keptKey(mark: string, own: string | null, order: string): string {
  if (own !== null) return mark + own
  return `${mark === '' ? '' : OF_ORDERS}order:${order}`
}

export const isMarked = (key: string): boolean => MARK.test(key)
/** As its owner wrote it. */
export const plainKey = (key: string): string => key.replace(MARK, '')
