import type { BookEntry } from '../book/book.ts'
import { identityOf } from '../server/access.ts'

/**
 * Who wanted the promotion of a rollout, from the bare entries of the book: those who agreed to the evidence it was promoted on, without its authors.
 * Read here a second time on purpose: what guards stable must not rest on the room that wants to move it. Null where `under` is no rollout.
 */
export function peopleOfRollout(
  entries: readonly BookEntry[],
  under: string | null,
  version: string,
  upTo = Number.POSITIVE_INFINITY,
): readonly string[] | null {
  if (under === null || !under.startsWith('rollout:')) return null
  const own = entries.filter(({ about, seq }) => about === under && seq <= upTo)
  const promoted = own.findLast(({ type }) => type === 'rollout.promoted')
  const drafted = own.find(({ type }) => type === 'rollout.drafted')
  const plan = drafted?.body.plan as { readonly candidate?: unknown } | undefined
  if (promoted === undefined || plan?.candidate !== version) return []
  const authors = own.flatMap(({ type, who }) =>
    type === 'rollout.drafted' || type === 'rollout.submitted' ? [identityOf(who)] : [],
  )
  const agreed = own.flatMap(({ type, who, body, seq }) =>
    type === 'rollout.approved' && body.of === promoted.body.evidence && seq < promoted.seq ? [identityOf(who)] : [],
  )
  return [...new Set(agreed)].filter((one) => !authors.includes(one))
}
