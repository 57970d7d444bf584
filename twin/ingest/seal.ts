import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/**
 * Keys of persons, apart from the log. What is personal is sealed with AES-256-GCM (NIST SP 800-38D) before it is logged; to erase a person is to
 * drop the key, and the log stays as it was written. A sealed text is `sealed:KEY:` and then nonce, tag and cipher in base64url; it is
 * bound to the event it was sealed for, so that it cannot be moved to another.
 */
export type KeyStore = {
  /** Texts sealed for their persons, keys made where there are none. The keys are durable when it returns. */
  seal(asks: readonly SealAsk[]): string[]
  /** The text again; null where its key was dropped, or it was sealed for another event. */
  open(sealed: string, boundTo: string): string | null
  /** Numbers of the keys of a person, and of the orders that were that person's. */
  keysOf(person: string): number[]
  /** Numbers of the keys of persons whose name begins so, and comes before `before` in the alphabet. */
  keysBefore(beginning: string, before: string): number[]
  /** Drops keys; those that are gone already are passed over. */
  drop(keys: readonly number[]): void
  close(): void
}

export type SealAsk = {
  /** `customer:ID`, or `order:ID` where the customer is not said. */
  readonly person: string
  /** An order that is this person's, so that what was sealed under the order alone is erased along. */
  readonly order: string | null
  readonly boundTo: string
  readonly text: string
}

type Key = { readonly number: number; readonly key: Uint8Array }

const NONCE = 12
const TAG = 16
/** Keys held in memory; beyond this they are asked of the store again. */
const HELD_MAX = 200_000

export function openKeyStore(path: string): KeyStore {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path)
  // A key that was dropped must not lie about in free pages, nor in the write-ahead log.
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS keys (number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL UNIQUE, key BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS orders (person TEXT NOT NULL, placed TEXT NOT NULL, PRIMARY KEY (person, placed)) STRICT, WITHOUT ROWID;
  `)
  if (path !== ':memory:') chmodSync(path, 0o600)
  return new SqliteKeys(db)
}

class SqliteKeys implements KeyStore {
  private readonly db: DatabaseSync
  private readonly held = new Map<string, Key>()
  private readonly linked = new Set<string>()
  private readonly find: StatementSync
  private readonly findNumber: StatementSync
  private readonly add: StatementSync
  private readonly link: StatementSync
  private readonly all: StatementSync
  private readonly remove: StatementSync

  constructor(db: DatabaseSync) {
    this.db = db
    this.find = db.prepare('SELECT number, key FROM keys WHERE person = ?')
    this.findNumber = db.prepare('SELECT key FROM keys WHERE number = ?')
    this.add = db.prepare('INSERT INTO keys (person, key) VALUES (?, ?)')
    this.link = db.prepare('INSERT OR IGNORE INTO orders (person, placed) VALUES (?, ?)')
    this.all = db.prepare(
      `SELECT number FROM keys WHERE person = ?1 OR person IN (SELECT 'order:' || placed FROM orders WHERE person = ?1) ORDER BY number`,
    )
    this.remove = db.prepare('DELETE FROM keys WHERE number = ?')
  }

  seal(asks: readonly SealAsk[]): string[] {
    if (this.held.size > HELD_MAX) this.held.clear()
    if (this.linked.size > HELD_MAX) this.linked.clear()
    const missing = asks.filter(({ person }) => !this.held.has(person))
    const links = asks.filter(({ person, order }) => order !== null && !this.linked.has(linkOf(person, order)))
    if (missing.length > 0 || links.length > 0) this.make(missing, links)
    return asks.map((ask) => sealedWith(this.held.get(ask.person) as Key, ask))
  }

  open(sealed: string, boundTo: string): string | null {
    const parts = /^sealed:(\d+):([\w-]+)$/.exec(sealed)
    if (parts === null) return null
    const found = this.findNumber.get(Number(parts[1])) as { key: Uint8Array } | undefined
    if (found === undefined) return null
    const bytes = Buffer.from(parts[2], 'base64url')
    const cipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(0, NONCE))
    cipher.setAAD(Buffer.from(boundTo))
    cipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    try {
      return Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }

  keysOf(person: string): number[] {
    return (this.all.all(person) as { number: number }[]).map(({ number }) => number)
  }

  keysBefore(beginning: string, before: string): number[] {
    const found = this.db.prepare('SELECT number FROM keys WHERE person >= ? AND person < ?').all(beginning, before)
    return (found as { number: number }[]).map(({ number }) => number)
  }

  drop(keys: readonly number[]): void {
    if (keys.length === 0) return
    const gone = new Set(keys)
    for (const number of keys) this.remove.run(number)
    for (const [person, { number }] of this.held) if (gone.has(number)) this.held.delete(person)
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  close(): void {
    this.db.close()
  }

  /** In one transaction, and so with one flush to the disk. */
  private make(missing: readonly SealAsk[], links: readonly SealAsk[]): void {
    this.db.exec('BEGIN IMMEDIATE')
    try {
      for (const { person } of missing) {
        if (this.held.has(person)) continue
        const found = this.find.get(person) as Key | undefined
        if (found !== undefined) {
          this.held.set(person, { number: found.number, key: found.key })
          continue
        }
        const key = randomBytes(32)
        const { lastInsertRowid } = this.add.run(person, key)
        this.held.set(person, { number: Number(lastInsertRowid), key })
      }
      for (const { person, order } of links) this.link.run(person, order)
      this.db.exec('COMMIT')
    } catch (error) {
      this.db.exec('ROLLBACK')
      this.held.clear()
      throw error
    }
    for (const { person, order } of links) if (order !== null) this.linked.add(linkOf(person, order))
  }
}

const linkOf = (person: string, order: string): string => `${person}\n${order}`

function sealedWith({ number, key }: Key, { boundTo, text }: SealAsk): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(boundTo))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `sealed:${number}:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
}
