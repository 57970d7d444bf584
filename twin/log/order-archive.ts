import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Archive } from '../state/archive.ts'

/**
 * Orders that have left the memory, in a file of SQLite beside the log. It is written just before the checkpoint that leaves them out, and flushed, so
 * that it never holds less than that does.
 */
export function openOrderArchive(path: string, { readOnly = false } = {}): Archive {
  const file = resolve(path)
  if (!readOnly) mkdirSync(dirname(file), { recursive: true })
  const db = new DatabaseSync(file, { readOnly })
  if (!readOnly) {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec('CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, packed TEXT NOT NULL) WITHOUT ROWID')
  }
  const found = db.prepare('SELECT packed FROM orders WHERE id = ?')
  const counted = db.prepare('SELECT count(*) AS count FROM orders')
  const insert = db.prepare('INSERT OR REPLACE INTO orders (id, packed) VALUES (?, ?)')
  return {
    find: (order) => (found.get(order) as { packed: string } | undefined)?.packed ?? null,
    keep: (orders) => {
      db.exec('BEGIN')
      try {
        for (const [order, packed] of orders) insert.run(order, packed)
        db.exec('COMMIT')
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
    count: () => (counted.get() as { count: number }).count,
    clear: () => db.exec('DELETE FROM orders'),
    close: () => db.close(),
  }
}
