import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { InputError } from '../../../scenarios/read/problem.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { withTokens } from '../../govern/tokens.ts'
import { Commits } from '../../log/commits.ts'
import { lockLog } from '../../log/lock.ts'
import type { Assignment } from '../../rollout/assignment.ts'
import { readAccess } from '../../server/access.ts'
import { type Paces, readPaces } from '../../server/pace.ts'
import type { Decision } from '../decision.ts'
import { type DecisionListener, Kept } from './kept.ts'
import { type KeyMemory, Keys, keyMemory } from './keys.ts'
import { learnKeys } from './learn-keys.ts'
import { Bell, bellMemory, type FromLog, type LogOrder, type ToLog } from './log-words.ts'
import { noteMemory } from './notes.ts'
import { orderIndexMemory } from './order-index.ts'
import { ringMemory } from './ring.ts'
import { type PaceMemory, paceMemory } from './shared-pace.ts'
import type { DeciderAt, FromDecider, ThreadOrder, ToDecider } from './thread-words.ts'

export type PlaneOptions = {
  readonly spec: NetworkSpec
  readonly host: string
  /** 0: any that is free; all threads then listen on that. */
  readonly port: number
  readonly threads: number
  /** File of the decision log. */
  readonly file: string
  /** Asked for anew for each thread that starts. */
  readonly decider: () => DeciderAt
  /** Gives back what a decision had set aside whose thread is no more. */
  readonly release: (id: string) => void
  /** Called when the log is open and nobody decides yet: what was promised before a restart is remembered here. */
  readonly beforeListening?: () => Promise<void>
  /** A decision thread is no more, by its own number. */
  readonly onEnded?: (threadId: number) => void
  readonly assignment: Assignment
  /** As in ORRERY_KEYS; undefined: nobody is asked for a key, on this machine only. */
  readonly accessKeys?: string | undefined
  /** Whose tokens are taken beside keys, as in ORRERY_JWT. */
  readonly tokens?: string | undefined
  /** How often callers may ask, as in ORRERY_PACES. */
  readonly paces?: string | undefined
  /** Customers are kept as hashes with this key; without it with one of this start. */
  readonly pseudonymKey?: string | undefined
  /** Keys that are surely known again: the newest so many decisions. */
  readonly keysMax?: number
  /** Decisions that may be under way on each thread. */
  readonly room?: number
  readonly paceMs?: number
  /** Only for tests that must lose. */
  readonly synchronous?: LogOrder['synchronous']
  readonly isEarly?: boolean
  readonly onTrouble: (what: string) => void
}

/** The data plane: threads that decide, one that makes decisions durable, and what has been decided. */
export type Plane = {
  readonly url: string
  readonly port: number
  byId(id: string): Promise<Decision | null>
  ofOrder(order: string): Promise<Decision[]>
  /** Called with all decisions from now on, after they are durable. Returns what ends the listening. */
  onDecisions(listener: DecisionListener): () => void
  /** From now on, on all threads. */
  assign(assignment: Assignment): void
  /** News for the decider of each thread that lives. */
  tell(news: unknown): void
  /**
   * Ends a thread by its own number (as in `worker_threads`), whatever it is at, and starts another: what it had not made durable is as if nobody
   * had asked. Resolves when the other listens, or at once where there is no such thread any more.
   */
  replace(threadId: number): Promise<void>
  /** What the twin's clock says, where it is not this machine's. */
  setClock(nowMs: number): void
  /** Reads decisions that became durable meanwhile. */
  follow(): Promise<void>
  /** Numbers of the threads that decide. */
  threadIds(): readonly number[]
  /** Last durable entry of the log. */
  lastEntry(): number
  /** Answers what is under way, then ends. */
  stop(): Promise<void>
}

const KEYS_MAX = 1_000_000
const ROOM = 16_384
const RING_BYTES = 16 * 2 ** 20
const PACE_MS = 1
/** The journal is moved into the file when it has grown by so much: little enough that nobody waits long for it. */
const WAL_BYTES = 4 * 2 ** 20
const FOLLOW_MS = 25
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

export async function openPlane(options: PlaneOptions): Promise<Plane> {
  const { host, onTrouble } = options
  const paces = readPaces(options.paces)
  // Read here too: what is wrong with it is said before a thread starts.
  if (!withTokens(readAccess(options.accessKeys), options.tokens, Date.now).keyed && !LOOPBACK.test(host)) {
    const fix = 'set ORRERY_KEYS to {"KEY": {"name": "…", "role": "integrator"}}, or listen on 127.0.0.1'
    throw new InputError([{ file: 'decisions', line: null, field: 'host', found: `${host}, and no keys`, fix }])
  }
  const file = resolve(options.file)
  mkdirSync(dirname(file), { recursive: true })
  const lock = lockLog(file)
  const bell = bellMemory()
  const keysMax = options.keysMax ?? KEYS_MAX
  const index = orderIndexMemory(2 * keysMax)
  const notes = noteMemory()
  const log = new LogThread(
    {
      file,
      synchronous: options.synchronous ?? 'FULL',
      paceMs: options.paceMs ?? PACE_MS,
      walBytes: WAL_BYTES,
      bell,
      index,
      notes,
    },
    onTrouble,
  )
  try {
    const last = await log.opened
    const keys = keyMemory(keysMax, randomInt(2 ** 32 - 1))
    const table = new Keys(keys)
    const commits = new Commits(file)
    const from = learnKeys(commits, table, keysMax)
    commits.close()
    const bellOfLog = new Bell(bell)
    const kept = new Kept({
      file,
      index,
      notes,
      lastDurable: () => bellOfLog.last(),
      idsBeginOf: (owner) => idsBeginOf(last, owner),
    })
    await kept.begin(from)
    await options.beforeListening?.()
    return await new Running(options, { file, lock, bell, log, last, keys, table, kept, paces }).start()
  } catch (error) {
    await log.close()
    lock.release()
    throw error
  }
}

/** Unlike all before: the log has gone on since any earlier start that kept a decision. */
const idsBeginOf = (last: number, owner: number): string => `d${(last + 1).toString(36)}-${owner.toString(36)}-`

/** The thread that writes. */
class LogThread {
  /** Resolves with the last entry there was. */
  readonly opened: Promise<number>
  private readonly thread: Worker
  private readonly bell: Bell
  private readonly closed: Promise<void>
  private readonly leaving = new Map<number, () => void>()

  constructor(order: LogOrder, onTrouble: (what: string) => void) {
    this.bell = new Bell(order.bell)
    this.thread = new Worker(new URL('./log-thread.ts', import.meta.url), { workerData: order })
    let isClosed: () => void = () => {}
    this.closed = new Promise((done) => {
      isClosed = done
    })
    this.opened = new Promise((done, fail) => {
      this.thread.on('message', (words: FromLog) => {
        if (words.what === 'open') done(words.last)
        else if (words.what === 'troubled') onTrouble(`the decision log: ${words.why}`)
        else if (words.what === 'closed') isClosed()
        else if (words.what === 'left') {
          this.leaving.get(words.owner)?.()
          this.leaving.delete(words.owner)
        }
      })
      this.thread.on('error', (error) => {
        fail(error)
        isClosed()
        onTrouble(`the thread that writes decisions died: ${(error as Error).message}`)
      })
    })
  }

  tell(words: ToLog): void {
    this.thread.postMessage(words, words.what === 'join' ? [words.port] : [])
    this.bell.ring()
  }

  /** Resolves when all that a thread which is no more had put into its ring is durable. */
  leave(owner: number): Promise<void> {
    return new Promise((done) => {
      this.leaving.set(owner, done)
      this.tell({ what: 'leave', owner })
    })
  }

  async close(): Promise<void> {
    this.tell({ what: 'close' })
    await this.closed
    await this.thread.terminate()
  }
}

type Parts = {
  readonly file: string
  readonly lock: { release(): void }
  readonly bell: SharedArrayBuffer
  readonly log: LogThread
  readonly last: number
  readonly keys: KeyMemory
  readonly table: Keys
  readonly kept: Kept
  readonly paces: Paces
}

type Deciding = {
  readonly thread: Worker
  readonly threadId: number
  readonly drained: Promise<void>
  readonly owner: number
  readonly idsBegin: string
}

class Running {
  private readonly options: PlaneOptions
  private readonly parts: Parts
  private readonly clock = new Float64Array(new SharedArrayBuffer(8)).fill(Number.NaN)
  private readonly pseudonymKey: string
  private readonly pace: PaceMemory
  private readonly threads: Deciding[] = []
  private assignment: Assignment
  private owners = 0
  private port = 0
  /** Threads that are being replaced. */
  private readonly leaving = new Set<number>()
  private stopping = false

  constructor(options: PlaneOptions, parts: Parts) {
    this.options = options
    this.parts = parts
    this.assignment = options.assignment
    this.pseudonymKey = options.pseudonymKey ?? randomBytes(32).toString('hex')
    this.pace = paceMemory(parts.paces.decide, randomInt(2 ** 32 - 1))
  }

  async start(): Promise<Plane> {
    const { options, parts, threads } = this
    const { kept, table, bell } = parts
    this.port = await this.startThread(0, options.port)
    const { port } = this
    await Promise.all(Array.from({ length: options.threads - 1 }, (_, i) => this.startThread(i + 1, port)))
    const ticking = setInterval(() => {
      table.turn()
      void kept.follow()
    }, FOLLOW_MS)
    const say = (words: ToDecider): void => {
      for (const { thread } of threads) thread.postMessage(words)
    }
    const stop = async (): Promise<void> => {
      this.stopping = true
      say({ what: 'stop' })
      await Promise.all(threads.map(({ drained }) => drained))
      clearInterval(ticking)
      await parts.log.close()
      await kept.follow()
      kept.close()
      parts.lock.release()
    }
    let stopped: Promise<void> | null = null
    return {
      url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
      port,
      byId: (id) => kept.byId(id),
      ofOrder: (order) => kept.ofOrder(order),
      onDecisions: (listener) => kept.onDecisions(listener),
      assign: (assignment) => {
        this.assignment = assignment
        say({ what: 'assign', assignment })
      },
      tell: (news) => say({ what: 'news', news }),
      replace: (threadId) => this.replace(threadId),
      setClock: (nowMs) => {
        this.clock[0] = nowMs
      },
      follow: () => kept.follow(),
      threadIds: () => threads.map(({ threadId }) => threadId),
      lastEntry: () => new Bell(bell).last(),
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  }

  private async replace(threadId: number): Promise<void> {
    const { options, parts, threads } = this
    const place = threads.findIndex((one) => one.threadId === threadId)
    if (place < 0 || this.leaving.has(threadId)) return
    this.leaving.add(threadId)
    const { thread, owner, idsBegin } = threads[place]
    await thread.terminate()
    parts.table.unlockAllOf(owner)
    options.onEnded?.(threadId)
    await parts.log.leave(owner)
    await parts.kept.follow()
    for (const { slot, seq } of parts.table.leftBy(owner)) {
      const id = idsBegin + seq.toString(36)
      const kept = parts.kept.placeOf(id)
      if (kept !== null) parts.table.settle(slot, kept.entry, kept.line)
      else {
        options.release(id)
        parts.table.free(slot)
      }
    }
    await this.startThread(place, this.port)
  }

  /** Resolves with the port when the thread listens. */
  private startThread(place: number, port: number): Promise<number> {
    const { options, parts, assignment, pseudonymKey } = this
    const owner = ++this.owners
    const ring = ringMemory(RING_BYTES)
    const { port1, port2 } = new MessageChannel()
    parts.log.tell({ what: 'join', owner, ring, port: port1 })
    const idsBegin = idsBeginOf(parts.last, owner)
    const order: ThreadOrder = {
      owner,
      idsBegin,
      host: options.host,
      port,
      spec: options.spec,
      decider: options.decider(),
      assignment,
      file: parts.file,
      ring,
      keys: parts.keys,
      bell: parts.bell,
      clock: this.clock.buffer as SharedArrayBuffer,
      fromLog: port2,
      accessKeys: options.accessKeys,
      tokens: options.tokens,
      paces: parts.paces,
      pace: this.pace,
      pseudonymKey,
      room: options.room ?? ROOM,
      isEarly: options.isEarly ?? false,
    }
    const thread = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: order,
      transferList: [port2],
      // Requests and answers live shorter than it takes to fill this: hardly any is moved.
      resourceLimits: { maxYoungGenerationSizeMb: 128 },
    })
    return new Promise((listening, fail) => {
      let isDrained: () => void = () => {}
      const drained = new Promise<void>((done) => {
        isDrained = done
      })
      // A thread that has ended has no number any more.
      const { threadId } = thread
      let isListening = false
      this.threads[place] = { thread, threadId, drained, owner, idsBegin }
      thread.on('message', (words: FromDecider) => {
        if (words.what === 'listening') {
          isListening = true
          listening(words.port)
        } else isDrained()
      })
      thread.on('error', (error) => {
        fail(error)
        options.onTrouble(`a decision thread died: ${(error as Error).message}`)
      })
      thread.on('exit', () => {
        isDrained()
        // One that dies by itself, such as for want of memory, is replaced like one that is given up.
        if (isListening && !this.stopping) this.replace(threadId).catch((error: Error) => options.onTrouble(error.message))
        else fail(new Error('a decision thread ended before it listened'))
      })
    })
  }
}
