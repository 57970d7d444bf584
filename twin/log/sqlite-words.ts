import type { Entry } from './event-log.ts'

/** What the log and the thread that writes it say to each other. */
export type ThreadOrder = {
  readonly file: string
  /** FULL: an acknowledged entry survives a power cut. OFF is for the test that must lose. */
  readonly synchronous: 'FULL' | 'OFF'
  /** How long a commit waits after a small one. */
  readonly paceMs: number
  /** The journal is moved into the file when it has grown by so much. */
  readonly walBytes: number
}

export type ToThread =
  | { readonly what: 'append'; readonly entry: Entry }
  | { readonly what: 'compact'; readonly before: number }
  | { readonly what: 'close' }

export type FromThread =
  | { readonly what: 'open'; readonly last: number }
  | { readonly what: 'durable'; readonly first: number; readonly count: number; readonly bytes: number }
  | { readonly what: 'failed'; readonly count: number; readonly bytes: number; readonly why: string }
  | { readonly what: 'compacted'; readonly commits: number }
  | { readonly what: 'not compacted'; readonly why: string }
  | { readonly what: 'closed' }

/** One row a commit. `bytes` is null where they have been dropped; `digest` is theirs all the same. */
export const LAYOUT = `
CREATE TABLE IF NOT EXISTS commits (
  first INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  at REAL NOT NULL,
  digest BLOB NOT NULL,
  hash BLOB NOT NULL,
  bytes BLOB
);
`
