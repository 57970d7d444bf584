import { openPseudonyms } from '../../govern/pseudonym.ts'

const KEPT = 10_000

/** Customers by the pseudonyms of the house, so that one customer is one word in all records; those of late are remembered. */
export function pseudonyms(key: string): (customer: string) => string {
  const house = openPseudonyms(key)
  const known = new Map<string, string>()
  return (customer) => {
    const found = known.get(customer)
    if (found !== undefined) return found
    const made = house.of('customer', customer)
    if (known.size >= KEPT) known.clear()
    known.set(customer, made)
    return made
  }
}
