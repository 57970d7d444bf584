import pg from 'pg'
import { InputError } from '../../scenarios/read/problem.ts'
import type { Checkpoint, Entry, EventLog, Flawed, LogReader, StoredEntry } from './event-log.ts'
import { Group } from './group.ts'
import { CHAIN_START, digestOf, flawOf, linkOf, pack, type Row, unpack } from './packed.ts'

/**
 * The log in PostgreSQL, for those who keep one anyway; the one door to pg. The same commits and the same chain as `sqlite.ts`, one row
 * each; durable by the server's `synchronous_commit`, which is demanded. One writer: an advisory lock of the session, which the server lets
 * go of when the connection dies.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS orrery_commits (
  first BIGINT PRIMARY KEY,
  count INTEGER NOT NULL,
  at TIMESTAMPTZ NOT NULL DEFAULT now(),
  digest BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  bytes BYTEA
);
CREATE TABLE IF NOT EXISTS orrery_checkpoints (entry BIGINT PRIMARY KEY, bytes BYTEA NOT NULL);
`
/** A number of ours, so that nobody else's lock is taken for it. */
const LOCK = 0x0f_5e_11
const MOST_BYTES = 16 * 2 ** 20
const COLUMNS = 'first::float8 AS first, count, digest, hash, bytes'

/** It knows where its chain ends without being asked: everything in it went through here. */
export type LogInPostgres = EventLog & { tip(): { readonly entry: number; readonly hash: string } }

export async function openPostgresLog(url: string): Promise<LogInPostgres> {
  const writer = await connected(url, 'orrery log')
  const held = await writer.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK])
  if (!held.rows[0].held) {
    await writer.end()
    throw wrong(url, 'a log that another process writes to', 'stop that process, or name another database')
  }
  await writer.query(`SET synchronous_commit = on; ${TABLES}`)
  const { rows } = await writer.query<Row>(`SELECT ${COLUMNS} FROM orrery_commits ORDER BY first DESC LIMIT 1`)
  return new PostgresLog(writer, new Reader(url), rows[0])
}

/** A log to look at, while somebody else may be writing to it. */
export async function readPostgresLog(url: string): Promise<LogReader> {
  const client = await connected(url, 'orrery reader')
  const { rows } = await client.query<{ has: boolean }>("SELECT to_regclass('orrery_commits') IS NOT NULL AS has")
  await client.end()
  if (!rows[0].has)
    throw wrong(url, 'a database without a log of orrery', 'name the one that `orrery serve` writes to, with --db')
  const reader = new Reader(url)
  const last = await reader.last()
  return {
    last: () => last,
    get: (number) => reader.get(number),
    read: (from) => reader.read(from, last),
    lastCheckpoint: () => reader.lastCheckpoint(),
    close: () => reader.close(),
  }
}

/** The chain from its beginning, link by link, read beside its writer; then what is wrong with it, or null. */
export async function* linksInPostgres(
  url: string,
): AsyncGenerator<{ readonly entry: number; readonly hash: Uint8Array }, Flawed | null> {
  const log = await readPostgresLog(url)
  await log.close()
  const reader = new Reader(url)
  try {
    let before: Uint8Array = CHAIN_START
    let expected = 1
    for await (const row of reader.rows(1)) {
      const flaw = flawOf(row, before, expected)
      if (flaw !== null) return { entry: Math.min(row.first, expected), what: flaw }
      before = row.hash
      expected = row.first + row.count
      yield { entry: expected - 1, hash: row.hash }
    }
    return null
  } finally {
    await reader.close()
  }
}

const wrong = (url: string, found: string, fix: string): InputError =>
  new InputError([{ file: hidden(url), line: null, field: 'log', found, fix }])

async function connected(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  try {
    await client.connect()
    return client
  } catch (error) {
    throw wrong(url, `no PostgreSQL that answers (${(error as Error).message})`, 'start it, or correct the address')
  }
}

/** The address without its password; a file as it is. */
export const hidden = (db: string): string => db.replace(/:[^:@/]*@/, ':…@')

/** What is committed, as anybody may read it who stands in nobody's way. */
class Reader {
  private readonly pool: pg.Pool

  constructor(url: string) {
    this.pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'orrery readers' })
    this.pool.on('error', () => {
      // A reader that breaks off is opened anew at the next question.
    })
  }

  async last(): Promise<number> {
    const sql = 'SELECT (first + count - 1)::float8 AS last FROM orrery_commits ORDER BY first DESC LIMIT 1'
    return (await this.pool.query<{ last: number }>(sql)).rows.at(0)?.last ?? 0
  }

  async get(number: number): Promise<StoredEntry | null> {
    const sql = `SELECT ${COLUMNS} FROM orrery_commits WHERE first <= $1 ORDER BY first DESC LIMIT 1`
    const { rows } = await this.pool.query<Row>(sql, [number])
    const row = rows.at(0)
    if (row === undefined || row.bytes === null || number >= row.first + row.count) return null
    return unpack(row.bytes, row.first)[number - row.first]
  }

  async *read(from: number, upTo: number): AsyncGenerator<StoredEntry> {
    for await (const row of this.rows(from)) {
      if (row.bytes === null) continue
      for (const entry of unpack(row.bytes, row.first)) {
        if (entry.number > upTo) return
        if (entry.number >= from) yield entry
      }
    }
  }

  async lastCheckpoint(): Promise<Checkpoint | null> {
    const sql = 'SELECT entry::float8 AS entry, bytes FROM orrery_checkpoints ORDER BY entry DESC LIMIT 1'
    return (await this.pool.query<Checkpoint>(sql)).rows.at(0) ?? null
  }

  /** Commits from the one that holds `from`, a few at a time. */
  async *rows(from: number): AsyncGenerator<Row> {
    const sql = `SELECT ${COLUMNS} FROM orrery_commits WHERE first + count > $1 ORDER BY first LIMIT 64`
    for (let next = from; ; ) {
      const { rows } = await this.pool.query<Row>(sql, [next])
      yield* rows
      const last = rows.at(-1)
      if (last === undefined) return
      next = last.first + last.count
    }
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<void> {
    await this.pool.query(sql, [...values])
  }
  close(): Promise<void> {
    return this.pool.end()
  }
}

class PostgresLog implements LogInPostgres {
  private readonly writer: pg.Client
  private readonly reader: Reader
  private readonly group: Group
  private durable: number
  private chain: Uint8Array
  private dead: Error | null = null

  constructor(writer: pg.Client, reader: Reader, newest: Row | undefined) {
    this.writer = writer
    this.reader = reader
    this.durable = newest === undefined ? 0 : newest.first + newest.count - 1
    this.chain = newest?.hash ?? CHAIN_START
    this.group = new Group((entries) => this.commit(entries), MOST_BYTES)
    const die = (error: Error): void => {
      this.dead ??= new Error(`the connection to PostgreSQL was lost: ${error.message}`)
    }
    writer.on('error', die)
  }

  append(entry: Entry): Promise<number> {
    if (this.dead !== null) return Promise.reject(this.dead)
    return this.group.append(entry)
  }

  private async commit(entries: readonly Entry[]): Promise<number> {
    if (this.dead !== null) throw this.dead
    const first = this.durable + 1
    const blob = pack(entries)
    const digest = digestOf(blob)
    const hash = linkOf(this.chain, first, entries.length, digest)
    const sql = 'INSERT INTO orrery_commits (first, count, digest, hash, bytes) VALUES ($1, $2, $3, $4, $5)'
    await this.writer.query({ name: 'commit', text: sql, values: [first, entries.length, digest, hash, blob] })
    this.durable = first + entries.length - 1
    this.chain = hash
    return first
  }

  get(number: number): Promise<StoredEntry | null> {
    return this.reader.get(number)
  }
  read(from: number): AsyncGenerator<StoredEntry> {
    return this.reader.read(from, this.durable)
  }
  last(): number {
    return this.durable
  }
  tip(): { readonly entry: number; readonly hash: string } {
    return { entry: this.durable, hash: Buffer.from(this.chain).toString('hex') }
  }
  pendingBytes(): number {
    return this.group.pendingBytes()
  }

  async verify(onProgress: (entry: number) => void = () => {}): Promise<Flawed | null> {
    let before: Uint8Array = CHAIN_START
    let expected = 1
    for await (const row of this.reader.rows(1)) {
      const flaw = flawOf(row, before, expected)
      if (flaw !== null) return { entry: Math.min(row.first, expected), what: flaw }
      before = row.hash
      expected = row.first + row.count
      onProgress(expected - 1)
    }
    return null
  }

  lastCheckpoint(): Promise<Checkpoint | null> {
    return this.reader.lastCheckpoint()
  }
  async checkpoint(entry: number, bytes: Uint8Array): Promise<void> {
    await this.reader.run(
      'INSERT INTO orrery_checkpoints (entry, bytes) VALUES ($1, $2) ON CONFLICT (entry) DO UPDATE SET bytes = EXCLUDED.bytes',
      [entry, bytes],
    )
    await this.reader.run(
      'DELETE FROM orrery_checkpoints WHERE entry NOT IN (SELECT entry FROM orrery_checkpoints ORDER BY entry DESC LIMIT 2)',
    )
  }

  async compact(before: number): Promise<void> {
    const covered = (await this.lastCheckpoint())?.entry ?? 0
    if (before > covered + 1)
      throw new Error(`entries up to ${covered} are in a checkpoint; those up to ${before - 1} cannot be dropped`)
    await this.reader.run('UPDATE orrery_commits SET bytes = NULL WHERE first + count <= $1 AND bytes IS NOT NULL', [before])
  }

  async close(): Promise<void> {
    await this.group.idle()
    this.dead ??= new Error('the log is closed')
    await this.reader.close()
    await this.writer.end()
  }
}
