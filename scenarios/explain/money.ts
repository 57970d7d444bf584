import { TERMS, type Term, type TermName } from '../../sim/term.ts'

/** Terms as a planner adds them up: money in whole cents that are the whole cents of the price, and what decides where prices are none. */

export type Summand = { readonly name: TermName; readonly cents: number }

/** True where a price is a sum of money. */
export const isInMoney = (terms: readonly Term[]): boolean =>
  terms.length > 0 && terms.every(({ name, weight }) => weight === 1 && TERMS[name] === 'cents')

/**
 * Rounded to whole cents so that the summands add up to the rounded sum: all are rounded down, and what is missing goes to those that lost
 * most (largest remainder; of equals the first).
 */
export function wholeCents(terms: readonly Term[]): Summand[] {
  const total = Math.round(terms.reduce((sum, { amount }) => sum + amount, 0))
  const floors = terms.map(({ amount }) => Math.floor(amount))
  const missing = total - floors.reduce((sum, cents) => sum + cents, 0)
  const lost = (i: number): number => terms[i].amount - floors[i]
  const order = [...terms.keys()].sort((a, b) => lost(b) - lost(a) || a - b)
  const more = new Set(order.slice(0, missing))
  return terms.map(({ name }, i) => ({ name, cents: floors[i] + (more.has(i) ? 1 : 0) }))
}

export const sumOf = (summands: readonly Summand[]): number => summands.reduce((sum, { cents }) => sum + cents, 0)

/** What each term of one sum has more than in another: whole cents, so that the differences add up to the difference of the sums. */
export function differences(of: readonly Summand[], than: readonly Summand[]): Summand[] {
  const cents = new Map<TermName, number>()
  for (const one of than) cents.set(one.name, (cents.get(one.name) ?? 0) - one.cents)
  for (const one of of) cents.set(one.name, (cents.get(one.name) ?? 0) + one.cents)
  return [...cents].filter(([, more]) => more !== 0).map(([name, more]) => ({ name, cents: more }))
}

/** Of two prices that are no money: the term, there and here, that sets them furthest apart. Null where nothing does. */
export function decisive(there: readonly Term[], here: readonly Term[]): { here: Term; there: Term } | null {
  let best: { here: Term; there: Term } | null = null
  let most = 0
  for (const { name } of [...there, ...here]) {
    const one = { there: there.find((term) => term.name === name), here: here.find((term) => term.name === name) }
    const apart = Math.abs(worth(one.there) - worth(one.here))
    if (apart <= most) continue
    const known = one.there ?? one.here
    if (known === undefined) continue
    most = apart
    // What one of them does not have it has none of.
    best = { there: one.there ?? { ...known, amount: 0 }, here: one.here ?? { ...known, amount: 0 } }
  }
  return best
}

const worth = (term: Term | undefined): number => (term === undefined ? 0 : term.amount * term.weight)
