import { InputError } from '../../scenarios/read/problem.ts'
import type { EventLog } from '../log/event-log.ts'

/**
 * The book of what people and the judge did: versions registered, rollouts moved, approvals given, roles changed. It is an event log of its own,
 * with its own chain of hashes, because it is small, must never be compacted, and says who answers for what. Whatever it says is a fold over its
 * entries; what is not in the book did not happen.
 */
export type BookEntry = {
  /** From 1 without gaps. */
  readonly seq: number
  /**
   * By the twin's clock: durations of rollouts are differences of these, never of clients' clocks. Where that goes by what is told and nothing was told
   * yet, by this machine's, and the same as `wallMs`.
   */
  readonly atMs: number
  /** By this machine's clock, where the twin's is another: what people may do when goes by this. */
  readonly wallMs?: number
  /** Who did it: the name of a key or token, or `judge`, `clock`. */
  readonly who: string
  /** What it is about, such as `rollout:r-3`, `version:routing/bid-price@4f2a…`, `alias:stable`. */
  readonly about: string
  /** What was done, such as `rollout.held`; the room that folds it says what `body` holds. */
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

export type NewEntry = Omit<BookEntry, 'seq' | 'atMs' | 'wallMs'>

/** When somebody did it, by a clock on the wall. */
export const wallMsOf = ({ wallMs, atMs }: Pick<BookEntry, 'wallMs' | 'atMs'>): number => wallMs ?? atMs

/** Whether the twin's clock had not begun when it was written. */
export const isBeforeTold = ({ wallMs, atMs }: Pick<BookEntry, 'wallMs' | 'atMs'>): boolean => wallMs === atMs

export type Book = {
  /** All entries, in order. */
  entries(): readonly BookEntry[]
  last(): number
  /**
   * Writes an entry and resolves once it would survive a power cut. Where `expected` is given and the book has gone on since, nothing is written
   * and null is returned: look again, and decide again.
   */
  append(entry: NewEntry, expected?: number): Promise<BookEntry | null>
  /** Called with every entry after it is durable, in order. Returns what ends the listening. */
  onEntry(listener: (entry: BookEntry) => void): () => void
  close(): Promise<void>
}

/** Reads a book from its beginning. `wallNow`: this machine's clock, where `now` is another, which stands at 0 before it begins. */
export async function openBook(log: EventLog, now: () => number, wallNow: (() => number) | null = null): Promise<Book> {
  const entries: BookEntry[] = []
  const listeners = new Set<(entry: BookEntry) => void>()
  for await (const { number, bytes } of log.read(1)) {
    const entry = JSON.parse(Buffer.from(bytes).toString()) as BookEntry
    if (entry.seq !== number) throw torn(number, entry.seq)
    entries.push(entry)
  }
  // One after the other, so that `expected` is held against all that was written before.
  let tail: Promise<unknown> = Promise.resolve()
  const write = async (entry: NewEntry, expected: number | undefined): Promise<BookEntry | null> => {
    if (expected !== undefined && expected !== entries.length) return null
    const { who, about, type, body } = entry
    const seq = entries.length + 1
    const wallMs = wallNow?.()
    const whole: BookEntry =
      wallMs === undefined
        ? { seq, atMs: now(), who, about, type, body }
        : { seq, atMs: now() || wallMs, wallMs, who, about, type, body }
    await log.append({ kind: 'act', receivedMs: whole.atMs, bytes: Buffer.from(JSON.stringify(whole)) })
    entries.push(whole)
    for (const listener of listeners) listener(whole)
    return whole
  }
  return {
    entries: () => entries,
    last: () => entries.length,
    append: (entry, expected) => {
      const done = tail.then(() => write(entry, expected))
      tail = done.catch(() => {})
      return done
    },
    onEntry: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await tail
      await log.close()
    },
  }
}

function torn(number: number, seq: number): InputError {
  const fix = 'this is no book, or somebody wrote into it; `orrery audit` says where its chain breaks'
  return new InputError([{ file: 'book', line: number, field: 'seq', found: String(seq), fix }])
}
