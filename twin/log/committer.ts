import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Entry } from './event-log.ts'
import { CHAIN_START, digestOf, linkOf, pack } from './packed.ts'
import { LAYOUT, type ThreadOrder } from './sqlite-words.ts'

type Settings = Pick<ThreadOrder, 'file' | 'synchronous' | 'walBytes'>

/**
 * Writes commits into the file of a log, each as one row that hangs on the one before it, flushed when `commit` returns. One at a time holds
 * the file (`lock.ts`), on a thread that may wait for the disk.
 */
export class Committer {
  private readonly db: DatabaseSync
  private readonly insert: StatementSync
  private readonly walBytes: number
  private next: number
  private chain: Uint8Array
  private writtenBytes = 0

  constructor({ file, synchronous, walBytes }: Settings) {
    this.db = new DatabaseSync(file)
    this.db.exec(
      `PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 0; ${LAYOUT}`,
    )
    this.insert = this.db.prepare('INSERT INTO commits (first, count, at, digest, hash, bytes) VALUES (?, ?, ?, ?, ?, ?)')
    this.walBytes = walBytes
    const newest = this.db.prepare('SELECT first, count, hash FROM commits ORDER BY first DESC LIMIT 1')
    const head = newest.get() as { first: number; count: number; hash: Uint8Array } | undefined
    this.next = head === undefined ? 1 : head.first + head.count
    this.chain = head?.hash ?? CHAIN_START
  }

  last(): number {
    return this.next - 1
  }

  /** Number of the first of the entries, which are durable now. Where it throws, none of them is. */
  commit(entries: readonly Entry[]): number {
    const first = this.next
    const blob = pack(entries)
    const digest = digestOf(blob)
    const hash = linkOf(this.chain, first, entries.length, digest)
    // One statement is one transaction: it has been flushed when it returns.
    this.insert.run(first, entries.length, Date.now(), digest, hash, blob)
    this.next += entries.length
    this.chain = hash
    this.writtenBytes += blob.byteLength
    return first
  }

  /** Moves what has been committed from the journal to the file, where that is due: after the answer, since the answer does not depend on it. */
  tidy(): void {
    if (this.writtenBytes <= this.walBytes) return
    try {
      this.db.exec('PRAGMA wal_checkpoint(PASSIVE)')
      this.writtenBytes = 0
    } catch {
      // The disk is full or a reader is in the way: the journal grows, nothing is lost, and the next commit tries again.
    }
  }

  /** Drops the bytes of commits that end before an entry. Returns how many. */
  compact(before: number): number {
    const { changes } = this.db
      .prepare('UPDATE commits SET bytes = NULL WHERE first + count <= ? AND bytes IS NOT NULL')
      .run(before)
    return Number(changes)
  }

  close(): void {
    this.db.close()
  }
}
