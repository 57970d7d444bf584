/**
 * What the twin asks of a store of events: append, and it is durable before the promise resolves; read again from anywhere; prove that nobody
 * has changed it. An entry is one accepted body, as bytes: the store never looks inside. `sqlite.ts` and `postgres.ts` are the two stores.
 */

/** What an entry holds. Numbers are written into stores: append only. */
export const ENTRY_KINDS = ['events', 'quarantine', 'act', 'decisions'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export type Entry = {
  readonly kind: EntryKind
  /** When the twin got it, ms since 1970. */
  readonly receivedMs: number
  /** NDJSON in UTF-8, one event or record a line; personal data sealed. Of decisions: the same, packed with zstd. */
  readonly bytes: Uint8Array
}

/** An entry where it lies: entries count from 1 without gaps. */
export type StoredEntry = Entry & { readonly number: number }

export type Checkpoint = { readonly entry: number; readonly bytes: Uint8Array }

/** The first entry of a commit that is not as it was written. */
export type Flawed = { readonly entry: number; readonly what: string }

/** A log as those see it who only read, while somebody else may be writing to it. */
export type LogReader = Pick<EventLog, 'get' | 'read' | 'last' | 'lastCheckpoint' | 'close'>

export type EventLog = {
  /**
   * Resolves with the entry's number once it would survive a power cut. Entries get numbers in the order of the calls. The bytes are handed
   * over: an array that fills its whole buffer is empty afterwards.
   */
  append(entry: Entry): Promise<number>
  /** One durable entry, or null where there is none of that number. */
  get(number: number): Promise<StoredEntry | null>
  /** Entries from a number on, in order, up to what is durable when asked. */
  read(from: number): AsyncIterable<StoredEntry>
  /** Number of the last durable entry; 0 where there is none. */
  last(): number
  /** Bytes accepted and not yet durable: what back-pressure goes by. */
  pendingBytes(): number
  /** Recomputes the chain of hashes: the first entry that is not as it was written, or null. */
  verify(onProgress?: (entry: number) => void): Promise<Flawed | null>
  /** The newest state that was put away beside the log, with the entry it goes up to. */
  lastCheckpoint(): Promise<Checkpoint | null>
  /** Puts away a state that entries up to `entry` have led to; opening then begins there. */
  checkpoint(entry: number, bytes: Uint8Array): Promise<void>
  /** Drops the bytes of entries before a number, which a checkpoint must cover; their hashes stay, so that the chain can still be verified. */
  compact(before: number): Promise<void>
  /** Writes what is pending, then ends. */
  close(): Promise<void>
}
