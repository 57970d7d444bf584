import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import type { KeysMade, KeysWanted } from './seal-thread.ts'

/**
 * Keys of persons, apart from the log. What is personal is sealed with AES-256-GCM (NIST SP 800-38D) before it is logged; to erase a person is to
 * drop the key, and the log stays as it was written. A sealed text is `sealed:KEY:` and then nonce, tag and cipher in base64url; it is
 * bound to the event it was sealed for, so that it cannot be moved to another.
 */
export type KeyStore = {
  /** Texts sealed for their persons, keys made where there are none. The keys are durable when it resolves. */
  seal(asks: readonly SealAsk[]): Promise<string[]>
  /** The text again; null where its key was dropped, or it was sealed for another event. */
  open(sealed: string, boundTo: string): string | null
  /** Numbers of the keys of a person, and of the orders that were that person's. */
  keysOf(person: string): number[]
  /** Numbers of the keys of persons whose name begins so, and comes before `before` in the alphabet. */
  keysBefore(beginning: string, before: string): number[]
  /** Drops keys; those that are gone already are passed over. */
  drop(keys: readonly number[]): void
  close(): Promise<void>
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
  mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path)
  // A key that was dropped must not lie about in free pages, nor in the write-ahead log.
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA busy_timeout = 10000;
    CREATE TABLE IF NOT EXISTS keys (number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL UNIQUE, key BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS orders (person TEXT NOT NULL, placed TEXT NOT NULL, PRIMARY KEY (person, placed)) STRICT, WITHOUT ROWID;
  `)
  chmodSync(path, 0o600)
  return new SqliteKeys(db, path)
}

type Waiting = { readonly done: (made: readonly HeldKey[]) => void; readonly fail: (error: Error) => void }
type HeldKey = Key & { readonly person: string }

class SqliteKeys implements KeyStore {
  private readonly db: DatabaseSync
  private readonly file: string
  private readonly held = new Map<string, Key>()
  private readonly linked = new Set<string>()
  /** What was dropped while this runs: a key that is just being fetched must not be held after all. */
  private readonly gone = new Set<number>()
  private readonly findNumber: StatementSync
  private readonly all: StatementSync
  private readonly remove: StatementSync
  /** Begun when the first key is wanted: who only reads needs none. */
  private thread: Worker | null = null
  private readonly waiting = new Map<number, Waiting>()
  private turn = 0

  constructor(db: DatabaseSync, file: string) {
    this.db = db
    this.file = file
    this.findNumber = db.prepare('SELECT key FROM keys WHERE number = ?')
    this.all = db.prepare(
      `SELECT number FROM keys WHERE person = ?1 OR person IN (SELECT 'order:' || placed FROM orders WHERE person = ?1) ORDER BY number`,
    )
    this.remove = db.prepare('DELETE FROM keys WHERE number = ?')
  }

  async seal(asks: readonly SealAsk[]): Promise<string[]> {
    const own = new Map<string, Key>()
    const persons = new Set<string>()
    const links: [string, string][] = []
    for (const { person, order } of asks) {
      const known = this.held.get(person)
      if (known === undefined) persons.add(person)
      else own.set(person, known)
      if (order !== null && !this.linked.has(linkOf(person, order))) links.push([person, order])
    }
    if (persons.size > 0 || links.length > 0) {
      for (const { person, number, key } of await this.made([...persons], links)) {
        own.set(person, { number, key })
        if (!this.gone.has(number)) this.held.set(person, { number, key })
      }
      for (const [person, order] of links) this.linked.add(linkOf(person, order))
      if (this.held.size > HELD_MAX) this.held.clear()
      if (this.linked.size > HELD_MAX) this.linked.clear()
    }
    return asks.map((ask) => sealedWith(own.get(ask.person) as Key, ask))
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
    for (const number of keys) {
      this.remove.run(number)
      this.gone.add(number)
    }
    for (const [person, { number }] of this.held) if (this.gone.has(number)) this.held.delete(person)
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  async close(): Promise<void> {
    await this.thread?.terminate()
    this.db.close()
  }

  /** In one transaction with whatever else is wanted at the time, and so with one flush to the disk. */
  private made(persons: readonly string[], links: KeysWanted['links']): Promise<readonly HeldKey[]> {
    const turn = this.turn++
    this.thread ??= this.begun()
    this.thread.postMessage({ turn, persons, links } satisfies KeysWanted)
    return new Promise((done, fail) => this.waiting.set(turn, { done, fail }))
  }

  private begun(): Worker {
    const thread = new Worker(new URL('./seal-thread.ts', import.meta.url), { workerData: { file: this.file } })
    thread.on('message', (words: KeysMade) => {
      const waiting = this.waiting.get(words.turn)
      this.waiting.delete(words.turn)
      if ('keys' in words) waiting?.done(words.keys)
      else waiting?.fail(new Error(`keys cannot be written to ${this.file}: ${words.why}`))
    })
    thread.on('error', (error) => {
      for (const { fail } of this.waiting.values()) fail(error as Error)
      this.waiting.clear()
      this.thread = null
    })
    thread.unref()
    return thread
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
