import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Entry } from './event-log.ts'
import { CHAIN_START, digestOf, linkOf, pack } from './packed.ts'
import { type FromThread, LAYOUT, type ThreadOrder, type ToThread } from './sqlite-words.ts'

/**
 * The thread that writes. What has come while the last commit ran goes into the next one together (group commit): under load a commit is
 * large and seldom, at rest small and at once. It waits for the disk, which is why it is a thread of its own.
 */
const { file, synchronous, paceMs, walBytes } = workerData as ThreadOrder
const port = parentPort as MessagePort

/** A commit of fewer entries than this was made at rest: the next waits a little, so that a trickle does not cost a flush each. */
const SMALL = 4
/** So much goes into one commit at most; a larger one would make all that wait behind it late. */
const LARGEST_BYTES = 16 * 2 ** 20

const db = new DatabaseSync(file)
db.exec(
  `PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 0; ${LAYOUT}`,
)
const newest = db.prepare('SELECT first, count, hash FROM commits ORDER BY first DESC LIMIT 1')
const insert: StatementSync = db.prepare('INSERT INTO commits (first, count, at, digest, hash, bytes) VALUES (?, ?, ?, ?, ?, ?)')
const still = new Int32Array(new SharedArrayBuffer(4))

const head = newest.get() as { first: number; count: number; hash: Uint8Array } | undefined
let next = head === undefined ? 1 : head.first + head.count
let chain: Uint8Array = head?.hash ?? CHAIN_START
let writtenBytes = 0
let lastEndedMs = Number.NEGATIVE_INFINITY
let wasSmall = false

const say = (words: FromThread): void => port.postMessage(words)
say({ what: 'open', last: next - 1 })

port.on('message', (first: ToThread) => {
  for (let message: ToThread | undefined = first; message !== undefined; ) message = take(message)
})

/** Does what was asked, with all entries that have come up to now in one commit, and returns what came behind them. */
function take(message: ToThread): ToThread | undefined {
  if (message.what === 'close') {
    db.close()
    say({ what: 'closed' })
    port.close()
    return undefined
  }
  if (message.what === 'compact') {
    compact(message.before)
    return received()
  }
  const restMs = wasSmall ? lastEndedMs + paceMs - performance.now() : 0
  if (restMs > 0) Atomics.wait(still, 0, 0, restMs)
  const entries: Entry[] = []
  let bytes = 0
  let behind: ToThread | undefined = message
  for (; behind?.what === 'append' && bytes < LARGEST_BYTES; behind = received()) {
    entries.push(behind.entry)
    bytes += behind.entry.bytes.byteLength
  }
  commit(entries, bytes)
  return behind
}

const received = (): ToThread | undefined => (receiveMessageOnPort(port) as { message: ToThread } | undefined)?.message

function commit(entries: readonly Entry[], bytes: number): void {
  const blob = pack(entries)
  const digest = digestOf(blob)
  const hash = linkOf(chain, next, entries.length, digest)
  try {
    // One statement is one transaction: it has been flushed when it returns.
    insert.run(next, entries.length, Date.now(), digest, hash, blob)
  } catch (error) {
    say({ what: 'failed', count: entries.length, bytes, why: (error as Error).message })
    return
  }
  say({ what: 'durable', first: next, count: entries.length, bytes })
  next += entries.length
  chain = hash
  writtenBytes += blob.byteLength
  wasSmall = entries.length < SMALL
  if (writtenBytes > walBytes) moveBack()
  lastEndedMs = performance.now()
}

/** Moves what has been committed from the journal to the file: after the answer, since the answer does not depend on it. */
function moveBack(): void {
  try {
    db.exec('PRAGMA wal_checkpoint(PASSIVE)')
    writtenBytes = 0
  } catch {
    // The disk is full or a reader is in the way: the journal grows, nothing is lost, and the next commit tries again.
  }
}

function compact(before: number): void {
  try {
    const { changes } = db.prepare('UPDATE commits SET bytes = NULL WHERE first + count <= ? AND bytes IS NOT NULL').run(before)
    say({ what: 'compacted', commits: Number(changes) })
  } catch (error) {
    say({ what: 'not compacted', why: (error as Error).message })
  }
}
