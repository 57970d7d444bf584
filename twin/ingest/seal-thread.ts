import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

/**
 * The thread that makes keys: it waits for the disk, which the thread that answers must not. What has come while the last commit ran goes
 * into the next one together.
 */
export type KeysWanted = {
  readonly turn: number
  readonly persons: readonly string[]
  /** Person and order that belong together. */
  readonly links: readonly (readonly [person: string, order: string])[]
}
export type KeysMade =
  | {
      readonly turn: number
      readonly keys: readonly { readonly person: string; readonly number: number; readonly key: Uint8Array }[]
    }
  | { readonly turn: number; readonly why: string }

const { file } = workerData as { file: string }
const port = parentPort as MessagePort
const db = new DatabaseSync(file)
db.exec('PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
const find = db.prepare('SELECT number, key FROM keys WHERE person = ?')
const add = db.prepare('INSERT INTO keys (person, key) VALUES (?, ?)')
const link = db.prepare('INSERT OR IGNORE INTO orders (person, placed) VALUES (?, ?)')

port.on('message', (first: KeysWanted) => {
  const all = [first]
  for (let next = received(); next !== undefined; next = received()) all.push(next)
  let made: KeysMade[]
  try {
    db.exec('BEGIN IMMEDIATE')
    made = all.map(make)
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    made = all.map(({ turn }) => ({ turn, why: (error as Error).message }))
  }
  for (const one of made) port.postMessage(one)
})

const received = (): KeysWanted | undefined => (receiveMessageOnPort(port) as { message: KeysWanted } | undefined)?.message

function make({ turn, persons, links }: KeysWanted): KeysMade {
  for (const [person, order] of links) link.run(person, order)
  const keys = persons.map((person) => {
    const found = find.get(person) as { number: number; key: Uint8Array } | undefined
    if (found !== undefined) return { person, number: found.number, key: found.key }
    const key = new Uint8Array(randomBytes(32))
    return { person, number: Number(add.run(person, key).lastInsertRowid), key }
  })
  return { turn, keys }
}
