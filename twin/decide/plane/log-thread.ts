import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Committer } from '../../log/committer.ts'
import type { Entry } from '../../log/event-log.ts'
import { indexLines } from './line.ts'
import { type AboutLines, Bell, type FromLog, type LogOrder, type ToLog } from './log-words.ts'
import { Notes } from './notes.ts'
import { OrderIndex } from './order-index.ts'
import { packLines } from './packed-lines.ts'
import { RingReader, type Taken } from './ring.ts'

/**
 * The thread that makes decisions durable: whatever all decision threads have put into their rings meanwhile goes into one commit, and they are
 * told. An entry is what came from one thread. Decisions look much alike: packed they are a tenth, so packing costs less than hashing and
 * writing them as they are.
 */
const order = workerData as LogOrder
const main = parentPort as MessagePort
/** So much goes into one commit at most, for each thread; a larger one would make all that wait behind it late. */
const LARGEST_BYTES = 4 * 2 ** 20
const IDLE_MS = 1000

type Sender = { readonly owner: number; readonly ring: RingReader; readonly port: MessagePort }

const committer = new Committer(order)
const bell = new Bell(order.bell)
const index = new OrderIndex(order.index)
const notes = new Notes(order.notes)
const still = new Int32Array(new SharedArrayBuffer(4))
const senders: Sender[] = []
let leaving: number[] = []
let closing = false
let begunMs = Number.NEGATIVE_INFINITY

const say = (words: FromLog): void => main.postMessage(words)
bell.tellLast(committer.last())
say({ what: 'open', last: committer.last() })

// A thread that waits in shared memory hears no messages: they are asked for each time round.
for (;;) {
  const rung = bell.rung()
  hear()
  const restMs = begunMs + order.paceMs - performance.now()
  if (restMs > 0 && !closing) Atomics.wait(still, 0, 0, restMs)
  const found = gather()
  if (found.length > 0) commit(found)
  // Where nothing was found, whoever is no more has left nothing either.
  else if (leaving.length > 0) leave()
  else if (closing) break
  else bell.sleep(rung, IDLE_MS)
}
committer.close()
say({ what: 'closed' })
main.close()
for (const { port } of senders) port.close()

function hear(): void {
  for (let heard = receiveMessageOnPort(main); heard !== undefined; heard = receiveMessageOnPort(main)) {
    const words = heard.message as ToLog
    if (words.what === 'join') senders.push({ owner: words.owner, ring: new RingReader(words.ring), port: words.port })
    else if (words.what === 'leave') leaving.push(words.owner)
    else closing = true
  }
}

function leave(): void {
  for (const owner of leaving) {
    const at = senders.findIndex((sender) => sender.owner === owner)
    if (at >= 0) senders.splice(at, 1)[0].port.close()
    say({ what: 'left', owner })
  }
  leaving = []
}

function gather(): { readonly sender: Sender; readonly taken: Taken }[] {
  const found = []
  for (const sender of senders) {
    const taken = sender.ring.take(LARGEST_BYTES)
    if (taken !== null) found.push({ sender, taken })
  }
  return found
}

function commit(found: readonly { readonly sender: Sender; readonly taken: Taken }[]): void {
  begunMs = performance.now()
  let first: number
  const tell = (port: MessagePort, words: AboutLines): void => port.postMessage(words)
  try {
    const receivedMs = Date.now()
    const entries = found.map(({ taken }): Entry => {
      return { kind: 'decisions', receivedMs, bytes: packLines(taken.bytes) }
    })
    first = committer.commit(entries)
    bell.tellLast(committer.last())
    found.forEach(({ sender, taken }, i) => {
      tell(sender.port, { what: 'durable', entry: first + i, lines: taken.lines })
    })
  } catch (error) {
    const why = (error as Error).message
    for (const { sender, taken } of found) tell(sender.port, { what: 'failed', lines: taken.lines, why })
    say({ what: 'troubled', why })
    return
  }
  // Whoever waits for an answer has it by now.
  for (let i = 0; i < found.length; i++) note(found[i].sender.owner, found[i].taken, first + i)
  committer.tidy()
}

function note(owner: number, { bytes }: Taken, entry: number): void {
  const { first, lines } = indexLines(bytes, entry, index)
  notes.write({ entry, owner, first, lines })
}
