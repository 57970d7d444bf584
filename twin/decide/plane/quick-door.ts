import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { HEADERS } from '../../server/http.ts'
import { HttpProblem, PROBLEM_JSON } from '../../server/problem-json.ts'
import { type Desk, type Reply, refuse } from './desk.ts'
import type { Admitted, DoorKeeper } from './door-keeper.ts'
import { jsonIn } from './json-text.ts'
import { place, type Sending } from './lent-buffers.ts'
import { plainHead } from './plain-head.ts'

/**
 * Single decisions over HTTP, read and answered by hand: half of what a request costs goes into machinery that this one route does not need. A
 * connection is handed over to the server proper, for good, as soon as anything on it looks unusual; the next request of it, and all errors of
 * who may do what, are answered there.
 */
export type QuickDoor = {
  readonly desk: Desk
  readonly keeper: DoorKeeper
  /** Where other connections go. */
  handOver(socket: Socket): void
}

const HEAD_MAX = 16_384
const BODY_MAX = 65_536
/** Requests on one connection that are not answered yet; then it is not read on. */
const AHEAD_MAX = 64
const HALF_SENT_MS = 20_000
const IDLE_MS = 72_000
const SWEEP_MS = 5000
/** Who may do what can change: looked at again after so long. */
const CALLER_MS = 1000

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const SAME_FOR_ALL = Object.entries(HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

export class QuickConnections {
  private readonly all = new Set<Connection>()
  private readonly sweeping: NodeJS.Timeout
  private readonly door: QuickDoor
  private closing = false

  constructor(door: QuickDoor) {
    this.door = door
    this.sweeping = setInterval(() => this.sweep(), SWEEP_MS)
  }

  take(socket: Socket): void {
    const connection = new Connection(socket, this.door, () => this.all.delete(connection))
    this.all.add(connection)
  }

  /** Ends those on which nothing is under way; the others when it is answered. */
  close(): void {
    this.closing = true
    clearInterval(this.sweeping)
    for (const connection of this.all) connection.endWhenAnswered()
  }

  /** Whatever is left. */
  destroy(): void {
    for (const connection of this.all) connection.destroy()
  }

  count(): number {
    return this.all.size
  }

  private sweep(): void {
    if (this.closing) return
    const nowMs = performance.now()
    for (const connection of this.all) connection.sweep(nowMs)
  }
}

class Slot implements Reply {
  readonly connection: Connection
  answer: Sending | null = null

  constructor(connection: Connection) {
    this.connection = connection
  }

  settle(status: number, text: string, retryAfterS: number): void {
    const length = Buffer.byteLength(text)
    this.answer = { bytes: Buffer.from(headOf(status, length, retryAfterS) + text), sent: () => {} }
    soon(this.connection)
  }

  deliver(bytes: Buffer, from: number, to: number): void {
    const head = headOf(200, to - from, 0)
    const answer = place(head.length + to - from)
    answer.bytes.write(head, 0, 'latin1')
    bytes.copy(answer.bytes, head.length, from, to)
    this.answer = answer
    soon(this.connection)
  }
}

class Connection {
  isDirty = false
  private readonly socket: Socket
  private readonly door: QuickDoor
  private readonly onGone: () => void
  private rest: Buffer | null = null
  /** In the order of the requests, which is that of the answers. */
  private slots: Slot[] = []
  private lastHead = ''
  private length = 0
  private caller: Admitted | null = null
  /** A token is being checked: what has come waits for that. */
  private checking = false
  private checked = false
  private callerMs = Number.NEGATIVE_INFINITY
  private heardMs = performance.now()
  private leaving = false
  private ending = false

  constructor(socket: Socket, door: QuickDoor, onGone: () => void) {
    this.socket = socket
    this.door = door
    this.onGone = onGone
    socket.setNoDelay(true)
    socket.on('data', this.hear)
    socket.on('error', this.fail)
    socket.on('close', this.gone)
  }

  sweep(nowMs: number): void {
    const silentMs = nowMs - this.heardMs
    if (this.slots.length > 0 || this.checking) return
    if (this.rest !== null ? silentMs > HALF_SENT_MS : silentMs > IDLE_MS) this.socket.destroy()
  }

  endWhenAnswered(): void {
    this.ending = true
    if (this.slots.length === 0 && !this.checking) this.socket.end()
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Writes the answers that are there, in order, at once. */
  flush(): void {
    this.isDirty = false
    const { slots, socket } = this
    let ready = 0
    while (ready < slots.length && slots[ready].answer !== null) ready++
    if (ready === 0) return
    this.slots = ready === slots.length ? [] : slots.slice(ready)
    for (let i = 0; i < ready; i++) {
      const { answer } = slots[i]
      if (answer === null) continue
      if (socket.writable) socket.write(answer.bytes, answer.sent)
      else answer.sent()
    }
    if (!socket.writable) return
    if (this.slots.length > 0) return
    if (this.ending) socket.end()
    else if (this.leaving) this.leave()
    else if (socket.isPaused() && !this.checking) {
      socket.resume()
      if (this.rest !== null) this.read(this.rest)
    }
  }

  private readonly hear = (chunk: Buffer): void => {
    this.heardMs = performance.now()
    this.read(this.rest === null ? chunk : Buffer.concat([this.rest, chunk]))
  }

  private readonly fail = (): void => {
    this.socket.destroy()
  }

  private readonly gone = (): void => this.onGone()

  private read(data: Buffer): void {
    let at = 0
    while (at < data.length && !this.leaving && !this.checking) {
      if (this.slots.length >= AHEAD_MAX) {
        this.socket.pause()
        break
      }
      const end = data.indexOf(END_OF_HEAD, at)
      if (end < 0) {
        if (data.length - at > HEAD_MAX || !couldBeOurs(data, at)) this.leaving = true
        break
      }
      if (!this.knows(data.toString('latin1', at, end))) {
        this.leaving = !this.checking
        break
      }
      const from = end + END_OF_HEAD.length
      if (data.length - from < this.length) break
      at = from + this.length
      this.ask(data, from, at)
    }
    this.rest = at < data.length ? data.subarray(at) : null
    if (this.leaving) {
      this.socket.pause()
      if (this.slots.length === 0) this.leave()
    }
  }

  /** A connection sends the same head again and again: it is read once, and for a while known. */
  private knows(head: string): boolean {
    const nowMs = this.heardMs
    if (head === this.lastHead && nowMs - this.callerMs < CALLER_MS) return true
    const { keeper } = this.door
    const found = plainHead(head)
    if (found === null || found.length > BODY_MAX) return false
    const caller = keeper.admit(found.host, found.authorization, found.apiKey)
    if (caller instanceof Promise) {
      if (!this.checked) this.check(caller)
      return false
    }
    this.checked = false
    if (caller === null) return false
    this.lastHead = head
    this.length = found.length
    this.caller = caller
    this.callerMs = nowMs
    return true
  }

  /** Once for a head: whoever is not known after that is the server proper's affair. */
  private check(done: Promise<unknown>): void {
    this.checking = true
    this.checked = true
    this.socket.pause()
    const goOn = (): void => {
      this.checking = false
      if (this.socket.destroyed) return
      this.socket.resume()
      if (this.rest !== null) this.read(this.rest)
      if (this.ending && this.slots.length === 0 && !this.leaving) this.socket.end()
    }
    done.then(goOn, goOn)
  }

  private ask(data: Buffer, from: number, to: number): void {
    const slot = new Slot(this)
    this.slots.push(slot)
    const caller = this.caller as Admitted
    const tooOften = this.door.keeper.tooOften(caller, 1)
    if (tooOften !== null) {
      refuse(slot, tooOften)
      return
    }
    let body: unknown
    try {
      body = jsonIn(data, from, to)
    } catch {
      refuse(slot, new HttpProblem(400, 'The body is no JSON; send one object as docs of POST /v1/decisions say.'))
      return
    }
    this.door.desk.take(body, false, caller.name, slot)
  }

  private leave(): void {
    const { socket, rest } = this
    socket.off('data', this.hear)
    socket.off('error', this.fail)
    socket.off('close', this.gone)
    this.onGone()
    if (rest !== null) socket.unshift(rest)
    this.door.handOver(socket)
    socket.resume()
  }
}

/** Whether the beginning of a head may become one of ours: else it is not waited for. */
function couldBeOurs(data: Buffer, at: number): boolean {
  const length = Math.min(BEGINS.length, data.length - at)
  return data.compare(BEGINS, 0, length, at, at + length) === 0
}
const BEGINS = Buffer.from('POST /v1/decisions HTTP/1.1\r\n')

/** Connections with answers, until all that became durable together has been told. */
let dirty: Connection[] = []
function soon(connection: Connection): void {
  if (connection.isDirty) return
  connection.isDirty = true
  if (dirty.push(connection) > 1) return
  queueMicrotask(() => {
    const some = dirty
    dirty = []
    for (const one of some) one.flush()
  })
}

let dateMs = 0
let date = ''
function headOf(status: number, length: number, retryAfterS: number): string {
  const nowMs = Date.now()
  if (nowMs - dateMs >= 1000) {
    dateMs = nowMs - (nowMs % 1000)
    date = `${SAME_FOR_ALL}date: ${new Date(nowMs).toUTCString()}\r\ncontent-length: `
  }
  if (status === 200) return `${FINE}${date}${length}\r\n\r\n`
  const retry = retryAfterS > 0 ? `retry-after: ${retryAfterS}\r\n` : ''
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_JSON}\r\n${retry}${date}${length}\r\n\r\n`
}
const FINE = 'HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n'
