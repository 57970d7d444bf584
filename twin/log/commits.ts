import { DatabaseSync } from 'node:sqlite'
import type { Flawed, StoredEntry } from './event-log.ts'
import { CHAIN_START, flawOf, type Row, unpack } from './packed.ts'

/** Reading a log that somebody may be writing to: readers see what is committed and stand in nobody's way. */
export class Commits {
  private readonly db: DatabaseSync
  private readonly holding
  private readonly following
  private readonly lastOne
  /** The commit that was asked for last: a dossier reads many events that lie close together. */
  private kept: { first: number; entries: StoredEntry[] } | null = null

  constructor(file: string) {
    this.db = new DatabaseSync(file, { readOnly: true })
    const row = 'SELECT first, count, digest, hash, bytes FROM commits'
    try {
      this.holding = this.db.prepare(`${row} WHERE first <= ? ORDER BY first DESC LIMIT 1`)
      this.following = this.db.prepare(`${row} WHERE first > ? ORDER BY first LIMIT 1`)
      this.lastOne = this.db.prepare('SELECT first + count - 1 AS last FROM commits ORDER BY first DESC LIMIT 1')
    } catch (error) {
      // A file that is no log is let go of.
      this.db.close()
      throw error
    }
  }

  last(): number {
    return (this.lastOne.get() as { last: number } | undefined)?.last ?? 0
  }

  get(number: number): StoredEntry | null {
    if (this.kept === null || number < this.kept.first || number >= this.kept.first + this.kept.entries.length) {
      const row = this.holding.get(number) as Row | undefined
      if (row === undefined || row.bytes === null || number >= row.first + row.count) return null
      this.kept = { first: row.first, entries: unpack(row.bytes, row.first) }
    }
    return this.kept.entries[number - this.kept.first]
  }

  /** Entries from a number on; those whose bytes were dropped are left out. */
  *from(number: number): Generator<StoredEntry> {
    let row = (this.holding.get(number) ?? this.following.get(number)) as Row | undefined
    for (; row !== undefined; row = this.following.get(row.first) as Row | undefined) {
      if (row.bytes === null) continue
      for (const entry of unpack(row.bytes, row.first)) if (entry.number >= number) yield entry
    }
  }

  /** The chain from its beginning, link by link; after each commit its hash and the number of its last entry are told. */
  *verify(): Generator<{ readonly entry: number; readonly hash: Uint8Array }, Flawed | null> {
    let before: Uint8Array = CHAIN_START
    let expected = 1
    for (
      let row = this.following.get(0) as Row | undefined;
      row !== undefined;
      row = this.following.get(row.first) as Row | undefined
    ) {
      const flaw = flawOf(row, before, expected)
      if (flaw !== null) return { entry: Math.min(row.first, expected), what: flaw }
      before = row.hash
      expected = row.first + row.count
      yield { entry: expected - 1, hash: row.hash }
    }
    return null
  }

  /** Where the chain ends, in one look while somebody may be writing: the last entry and the hash of its commit. */
  tip(): { readonly entry: number; readonly hash: string } {
    const row = this.db.prepare('SELECT first, count, hash FROM commits ORDER BY first DESC LIMIT 1').get() as Row | undefined
    return row === undefined
      ? { entry: 0, hash: Buffer.from(CHAIN_START).toString('hex') }
      : { entry: row.first + row.count - 1, hash: Buffer.from(row.hash).toString('hex') }
  }

  head(): Uint8Array {
    return (this.db.prepare('SELECT hash FROM commits ORDER BY first DESC LIMIT 1').get() as Row | undefined)?.hash ?? CHAIN_START
  }

  close(): void {
    this.db.close()
  }
}
