import { hash } from 'node:crypto'

/**
 * One way to write a value: JSON with the keys of every object sorted by their code points, no blanks, numbers as JSON.stringify has them (the part
 * of RFC 8785 that plain data needs). What is undefined is left out. Digests and signatures are over this text in UTF-8.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined)
    fields.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} cannot be written as JSON`)
  return JSON.stringify(value) ?? 'null'
}

/** SHA-256 over the canonical text, in hexadecimal. */
export const digestOfValue = (value: unknown): string => hash('sha256', canonical(value), 'hex')

/** SHA-256 of bytes or text, in hexadecimal. */
export const digestOfBytes = (bytes: Uint8Array | string): string => hash('sha256', bytes, 'hex')

/** What the first record of a chain names as the one before it. */
export const NO_RECORD = '0'.repeat(64)

/** A record of a chain by its hash: each names the hash of the one before it in `prev`, and its own place in `seq`. */
export type Linked = { readonly seq: number; readonly prev: string }

/** The first record that does not follow from the one before it, by its place in the list, and why; null where all do. */
export function brokenLink(records: readonly Linked[]): { readonly at: number; readonly what: string } | null {
  let prev = NO_RECORD
  for (const [at, record] of records.entries()) {
    if (record.seq !== at) return { at, what: `it says it is number ${record.seq}` }
    if (record.prev !== prev) return { at, what: 'it does not follow from the one before it' }
    prev = digestOfValue(record)
  }
  return null
}
