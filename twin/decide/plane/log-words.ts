import type { MessagePort } from 'node:worker_threads'
import type { NoteMemory } from './notes.ts'
import type { OrderIndexMemory } from './order-index.ts'
import type { RingMemory } from './ring.ts'

/** What the thread that writes the decision log is told, and what it says. */
export type LogOrder = {
  readonly file: string
  /** FULL: what was answered survives a power cut. OFF is for the test that must lose. */
  readonly synchronous: 'FULL' | 'OFF'
  /** Commits begin at least so far apart, ms: each costs a flush. */
  readonly paceMs: number
  readonly walBytes: number
  readonly bell: SharedArrayBuffer
  /** Where it is noted what went into which entry. */
  readonly index: OrderIndexMemory
  readonly notes: NoteMemory
}

/** Words of the bell: rung after something was put into a ring, and after a message; the last durable entry; whether the thread that writes sleeps. */
const RUNG = 0
const LAST = 1
const SLEEPS = 2

export const bellMemory = (): SharedArrayBuffer => new SharedArrayBuffer(12)

/** What wakes the thread that writes. To wake somebody costs a call of the system, so it is not done where nobody sleeps. */
export class Bell {
  private readonly words: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory)
  }

  ring(): void {
    Atomics.add(this.words, RUNG, 1)
    if (Atomics.load(this.words, SLEEPS) === 1) Atomics.notify(this.words, RUNG)
  }

  /** How often it was rung: asked before looking for work, told to `sleep` where there was none. */
  rung(): number {
    return Atomics.load(this.words, RUNG)
  }

  /** Until it is rung, or was rung since it was asked. */
  sleep(rung: number, mostMs: number): void {
    Atomics.store(this.words, SLEEPS, 1)
    Atomics.wait(this.words, RUNG, rung, mostMs)
    Atomics.store(this.words, SLEEPS, 0)
  }

  last(): number {
    return Atomics.load(this.words, LAST)
  }
  tellLast(entry: number): void {
    Atomics.store(this.words, LAST, entry)
  }
}

export type ToLog =
  /** Lines of a decision thread come through this ring; it is told through the port what became of them. */
  | { readonly what: 'join'; readonly owner: number; readonly ring: RingMemory; readonly port: MessagePort }
  /** That thread is no more: what it has put into its ring is made durable, and nobody is told but the main thread. */
  | { readonly what: 'leave'; readonly owner: number }
  | { readonly what: 'close' }

export type FromLog =
  | { readonly what: 'open'; readonly last: number }
  | { readonly what: 'left'; readonly owner: number }
  | { readonly what: 'troubled'; readonly why: string }
  | { readonly what: 'closed' }

/** To a decision thread, about the lines it has put into its ring, in that order. */
export type AboutLines =
  | { readonly what: 'durable'; readonly entry: number; readonly lines: number }
  | { readonly what: 'failed'; readonly lines: number; readonly why: string }
