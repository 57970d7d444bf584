import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { InputError } from '../../scenarios/read/problem.ts'
import { newestCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { Commits } from './commits.ts'
import type { Entry, EventLog } from './event-log.ts'
import { lockLog } from './lock.ts'
import type { FromThread, ThreadOrder, ToThread } from './sqlite-words.ts'

/**
 * The embedded store: one file of SQLite, written by a thread of its own, flushed before anything is acknowledged. See `event-log.ts` for
 * what it promises.
 */
export async function openSqliteLog(path: string, settings: Partial<Omit<ThreadOrder, 'file'>> = {}): Promise<EventLog> {
  const file = resolve(path)
  mkdirSync(dirname(file), { recursive: true })
  const lock = lockLog(file)
  const data: ThreadOrder = { synchronous: 'FULL', paceMs: 1, walBytes: 64 * 2 ** 20, ...settings, file }
  const thread = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: data })
  let durable: number
  try {
    durable = await opened(thread, file)
  } catch (error) {
    lock.release()
    throw error
  }
  return new SqliteLog(file, thread, lock, durable)
}

/** A log to look at, while somebody else may be writing to it. */
export function readSqliteLog(path: string): Commits {
  const file = resolve(path)
  if (!existsSync(file)) {
    const fix = 'name the file that `orrery serve` writes to, with --db'
    throw new InputError([{ file: path, line: null, field: 'log', found: 'no such file', fix }])
  }
  try {
    return new Commits(file)
  } catch (error) {
    throw notALog(path, error as Error)
  }
}

const notALog = (file: string, error: Error): InputError =>
  new InputError([
    {
      file,
      line: null,
      field: 'log',
      found: `a file that is no log (${error.message})`,
      fix: 'name the file that `orrery serve` writes to',
    },
  ])

function opened(thread: Worker, file: string): Promise<number> {
  return new Promise((done, fail) => {
    thread.once('error', (error) => fail(notALog(file, error as Error)))
    thread.once('message', (words: FromThread) => done(words.what === 'open' ? words.last : 0))
  })
}

type Waiter = { readonly done: (number: number) => void; readonly fail: (error: Error) => void }

class SqliteLog implements EventLog {
  private readonly file: string
  private readonly thread: Worker
  private readonly lock: { release(): void }
  /** Made when something is read first: a log that was just made has no tables before its thread has opened it. */
  private commits: Commits | null = null
  private durable: number
  private pending = 0
  /** First in, first out, as the thread commits: a queue by two ends, since thousands may wait. */
  private waiters: Waiter[] = []
  private served = 0
  private dead: Error | null = null
  private closing: (() => void) | null = null
  private compacting: Waiter | null = null

  constructor(file: string, thread: Worker, lock: { release(): void }, durable: number) {
    this.file = file
    this.thread = thread
    this.lock = lock
    this.durable = durable
    thread.on('message', (words: FromThread) => this.hear(words))
    thread.on('error', (error) => this.die(error as Error))
  }

  append(entry: Entry): Promise<number> {
    if (this.dead !== null) return Promise.reject(this.dead)
    const { bytes } = entry
    this.pending += bytes.byteLength
    return new Promise((done, fail) => {
      this.waiters.push({ done, fail })
      // A view of a larger buffer is copied, or its neighbours would go along.
      const whole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
      const message: ToThread = { what: 'append', entry: whole ? entry : { ...entry, bytes: bytes.slice() } }
      this.thread.postMessage(message, whole ? [bytes.buffer as ArrayBuffer] : [])
    })
  }

  async get(number: number) {
    return this.reading().get(number)
  }

  async *read(from: number) {
    const upTo = this.durable
    let rest = 0
    for (const entry of this.reading().from(from)) {
      if (entry.number > upTo) return
      yield entry
      // Opening a long log must not keep the process from answering.
      rest += entry.bytes.byteLength
      if (rest > 2 ** 20) {
        rest = 0
        await setImmediate()
      }
    }
  }

  last(): number {
    return this.durable
  }
  pendingBytes(): number {
    return this.pending
  }

  async verify(onProgress: (entry: number) => void = () => {}) {
    const links = this.reading().verify()
    for (;;) {
      const { done, value } = links.next()
      if (done) return value
      onProgress(value.entry)
      await setImmediate()
    }
  }

  async lastCheckpoint() {
    const kept = newestCheckpoint(this.file)
    // One that is ahead of the log is of another log that lay here before.
    return kept === null || kept.entry > this.durable ? null : kept
  }
  async checkpoint(entry: number, bytes: Uint8Array) {
    writeCheckpoint(this.file, { entry, bytes })
  }

  async compact(before: number) {
    const covered = (await this.lastCheckpoint())?.entry ?? 0
    if (before > covered + 1)
      throw new Error(`entries up to ${covered} are in a checkpoint; those up to ${before - 1} cannot be dropped`)
    await new Promise<number>((done, fail) => {
      this.compacting = { done, fail }
      this.thread.postMessage({ what: 'compact', before } satisfies ToThread)
    })
  }

  async close() {
    if (this.dead === null) {
      await new Promise<void>((done) => {
        this.closing = done
        this.thread.postMessage({ what: 'close' } satisfies ToThread)
      })
    }
    this.commits?.close()
    await this.thread.terminate()
    this.lock.release()
    this.dead ??= new Error('the log is closed')
  }

  private reading(): Commits {
    this.commits ??= new Commits(this.file)
    return this.commits
  }

  private hear(words: FromThread): void {
    switch (words.what) {
      case 'durable':
        this.durable = words.first + words.count - 1
        this.pending -= words.bytes
        for (let i = 0; i < words.count; i++) this.next().done(words.first + i)
        break
      case 'failed': {
        this.pending -= words.bytes
        const error = new Error(`the log ${this.file} cannot be written to: ${words.why}; nothing of this was accepted`)
        for (let i = 0; i < words.count; i++) this.next().fail(error)
        break
      }
      case 'compacted':
        this.compacting?.done(words.commits)
        break
      case 'not compacted':
        this.compacting?.fail(new Error(`the log ${this.file} could not be compacted: ${words.why}`))
        break
      case 'closed':
        this.closing?.()
        break
      case 'open':
        break
    }
  }

  private next(): Waiter {
    const waiter = this.waiters[this.served++]
    if (this.served > 1024 && this.served * 2 > this.waiters.length) {
      this.waiters = this.waiters.slice(this.served)
      this.served = 0
    }
    return waiter
  }

  private die(error: Error): void {
    this.dead = new Error(`the thread that writes the log ${this.file} died: ${error.message}`)
    while (this.served < this.waiters.length) this.next().fail(this.dead)
    this.closing?.()
  }
}
