import { createHmac } from 'node:crypto'

const KEPT = 10_000

/** Customers by a keyed hash: the same customer is the same pseudonym, and nobody without the key can tell who it is. */
export function pseudonyms(key: string): (customer: string) => string {
  const known = new Map<string, string>()
  return (customer) => {
    const found = known.get(customer)
    if (found !== undefined) return found
    const made = createHmac('sha256', key).update(customer).digest('base64url').slice(0, 22)
    if (known.size >= KEPT) known.clear()
    known.set(customer, made)
    return made
  }
}
