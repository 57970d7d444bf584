import { createHash } from 'node:crypto'
import { ENTRY_KINDS, type Entry, type StoredEntry } from './event-log.ts'

/**
 * Entries of one commit as one blob, and the chain of hashes over commits.
 *
 *     u32 entries, then for each: u8 kind, f64 received ms, u32 bytes; then the bytes of all, one after the other. Little-endian.
 */
const HEAD = 4
const EACH = 13

export function pack(entries: readonly Entry[]): Uint8Array {
  const room = entries.reduce((sum, { bytes }) => sum + bytes.byteLength, HEAD + EACH * entries.length)
  const blob = new Uint8Array(room)
  const view = new DataView(blob.buffer)
  view.setUint32(0, entries.length, true)
  let head = HEAD
  let at = HEAD + EACH * entries.length
  for (const { kind, receivedMs, bytes } of entries) {
    view.setUint8(head, ENTRY_KINDS.indexOf(kind))
    view.setFloat64(head + 1, receivedMs, true)
    view.setUint32(head + 9, bytes.byteLength, true)
    blob.set(bytes, at)
    head += EACH
    at += bytes.byteLength
  }
  return blob
}

/** The entries of a blob; `first` is the number of its first. They look into the blob, nothing is copied. */
export function unpack(blob: Uint8Array, first: number): StoredEntry[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const count = view.getUint32(0, true)
  const entries: StoredEntry[] = []
  let at = HEAD + EACH * count
  for (let i = 0; i < count; i++) {
    const head = HEAD + EACH * i
    const length = view.getUint32(head + 9, true)
    entries.push({
      number: first + i,
      kind: ENTRY_KINDS[view.getUint8(head)],
      receivedMs: view.getFloat64(head + 1, true),
      bytes: blob.subarray(at, at + length),
    })
    at += length
  }
  return entries
}

/** What the chain hangs on: before the first commit nothing was. */
export const CHAIN_START: Uint8Array = new Uint8Array(32)

export const digestOf = (blob: Uint8Array): Uint8Array => createHash('sha256').update(blob).digest()

/**
 * The hash of a commit: over the hash of the one before, which entries it holds, and the digest of its bytes. Over the digest and not the
 * bytes, so that the chain can be verified when old bytes have been dropped.
 */
export function linkOf(before: Uint8Array, first: number, count: number, digest: Uint8Array): Uint8Array {
  const what = new DataView(new ArrayBuffer(12))
  what.setFloat64(0, first, true)
  what.setUint32(8, count, true)
  return createHash('sha256').update(before).update(new Uint8Array(what.buffer)).update(digest).digest()
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

/** A commit as it is stored; without bytes where they have been dropped. */
export type Row = {
  readonly first: number
  readonly count: number
  readonly digest: Uint8Array
  readonly hash: Uint8Array
  readonly bytes: Uint8Array | null
}

/** What is wrong with a commit that should follow the hash `before` and begin with the entry `expected`, or null. */
export function flawOf(row: Row, before: Uint8Array, expected: number): string | null {
  if (row.first !== expected) return `entries ${expected} to ${row.first - 1} are not there`
  if (!sameBytes(linkOf(before, row.first, row.count, row.digest), row.hash))
    return 'its hash does not follow from the one before it'
  if (row.bytes === null) return null
  if (!sameBytes(digestOf(row.bytes), row.digest)) return 'its bytes are not those that were written'
  return null
}
