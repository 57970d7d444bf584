import type { MessagePort } from 'node:worker_threads'
import type { RingMemory } from './ring.ts'

/** What the thread that writes the decision log is told, and what it says. */
export type LogOrder = {
  readonly file: string
  /** FULL: what was answered survives a power cut. OFF is for the test that must lose. */
  readonly synchronous: 'FULL' | 'OFF'
  /** Commits begin at least so far apart, ms: each costs a flush. */
  readonly paceMs: number
  readonly walBytes: number
  /** RUNG is rung after something was put into a ring, and after a message; LAST is the last durable entry. */
  readonly bell: SharedArrayBuffer
}

export const RUNG = 0
export const LAST = 1

export type ToLog =
  /** Lines of a decision thread come through this ring; it is told through the port what became of them. */
  | { readonly what: 'join'; readonly ring: RingMemory; readonly port: MessagePort }
  | { readonly what: 'compact'; readonly before: number }
  | { readonly what: 'close' }

export type FromLog =
  | { readonly what: 'open'; readonly last: number }
  | { readonly what: 'compacted'; readonly commits: number }
  | { readonly what: 'troubled'; readonly why: string }
  | { readonly what: 'closed' }

/** To a decision thread, about the lines it has put into its ring, in that order. */
export type AboutLines =
  | { readonly what: 'durable'; readonly entry: number; readonly lines: number }
  | { readonly what: 'failed'; readonly lines: number; readonly why: string }
