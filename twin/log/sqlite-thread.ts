import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Committer } from './committer.ts'
import type { Entry } from './event-log.ts'
import type { FromThread, ThreadOrder, ToThread } from './sqlite-words.ts'

/**
 * The thread that writes. What has come while the last commit ran goes into the next one together (group commit): under load a commit is
 * large and seldom, at rest small and at once. It waits for the disk, which is why it is a thread of its own.
 */
const order = workerData as ThreadOrder
const port = parentPort as MessagePort

/** A commit of fewer entries than this was made at rest: the next waits a little, so that a trickle does not cost a flush each. */
const SMALL = 4
/** So much goes into one commit at most; a larger one would make all that wait behind it late. */
const LARGEST_BYTES = 16 * 2 ** 20

const committer = new Committer(order)
const still = new Int32Array(new SharedArrayBuffer(4))
let lastEndedMs = Number.NEGATIVE_INFINITY
let wasSmall = false

const say = (words: FromThread): void => port.postMessage(words)
say({ what: 'open', last: committer.last() })

port.on('message', (first: ToThread) => {
  for (let message: ToThread | undefined = first; message !== undefined; ) message = take(message)
})

/** Does what was asked, with all entries that have come up to now in one commit, and returns what came behind them. */
function take(message: ToThread): ToThread | undefined {
  if (message.what === 'close') {
    committer.close()
    say({ what: 'closed' })
    port.close()
    return undefined
  }
  if (message.what === 'compact') {
    compact(message.before)
    return received()
  }
  const restMs = wasSmall ? lastEndedMs + order.paceMs - performance.now() : 0
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
  try {
    const first = committer.commit(entries)
    say({ what: 'durable', first, count: entries.length, bytes })
  } catch (error) {
    say({ what: 'failed', count: entries.length, bytes, why: (error as Error).message })
    return
  }
  wasSmall = entries.length < SMALL
  committer.tidy()
  lastEndedMs = performance.now()
}

function compact(before: number): void {
  try {
    say({ what: 'compacted', commits: committer.compact(before) })
  } catch (error) {
    say({ what: 'not compacted', why: (error as Error).message })
  }
}
