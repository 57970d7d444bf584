import { setImmediate, setTimeout } from 'node:timers/promises'
import { Commits } from '../../log/commits.ts'
import type { Decision } from '../decision.ts'
import { KeptReader } from './kept-reader.ts'
import { headOf, indexLines, readKept } from './line.ts'
import { type NoteMemory, Notes } from './notes.ts'
import { OrderIndex, type OrderIndexMemory } from './order-index.ts'
import { linesIn, unpacked } from './packed-lines.ts'

/** Called with decisions after they are durable, in the order of the log. */
export type DecisionListener = (decisions: readonly Decision[], entry: number) => void

const LOOK_AGAIN_MS = 1
/** So often; then whoever was to note it is no more, and it is read. */
const PATIENCE = 1000

export type KeptParts = {
  readonly file: string
  readonly index: OrderIndexMemory
  readonly notes: NoteMemory
  /** The last entry that is durable. */
  readonly lastDurable: () => number
  /** What the ids of a thread begin with, by its owner. */
  readonly idsBeginOf: (owner: number) => string
}

/**
 * What has been decided: where each decision lies, by its id and by its order; the decisions themselves stay in the log. What was there at the start is
 * read once; of what comes the thread that writes says where it puts it, so that nothing is read again, unless somebody listens.
 */
export class Kept {
  private readonly parts: KeptParts
  private readonly commits: Commits
  private readonly lines: KeptReader
  private readonly notes: Notes
  private upTo = 0
  private toldUpTo = 0
  private readonly listeners = new Set<DecisionListener>()
  /** By the beginning of an id, which is of one thread of one start: first numbers of entries, what follows their last, and the entries. */
  private readonly byThread = new Map<
    string,
    { readonly firsts: number[]; readonly ends: number[]; readonly entries: number[] }
  >()
  private readonly byOrder: OrderIndex
  private reading: Promise<void> | null = null

  constructor(parts: KeptParts) {
    this.parts = parts
    this.commits = new Commits(parts.file)
    this.lines = new KeptReader(parts.file)
    this.notes = new Notes(parts.notes)
    this.byOrder = new OrderIndex(parts.index)
  }

  /** Reads what is in the log from an entry on, before anybody writes to it. */
  async begin(from: number): Promise<void> {
    for (const { number, kind, bytes } of this.commits.from(from)) {
      if (kind !== 'decisions') continue
      this.learn(number, bytes, this.byOrder)
      await setImmediate()
    }
    this.upTo = this.parts.lastDurable()
    this.toldUpTo = this.upTo
  }

  /** From what has been taken in until now on. */
  onDecisions(listener: DecisionListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Takes in what is durable when asked. */
  async follow(): Promise<void> {
    // One at a time; who comes meanwhile may want more than that takes in.
    while (this.reading !== null) await this.reading
    this.reading = this.takeIn()
    try {
      await this.reading
    } finally {
      this.reading = null
    }
  }

  async byId(id: string): Promise<Decision | null> {
    await this.follow()
    const place = this.placeOf(id)
    return place === null ? null : readKept(this.lines.line(place.entry, place.line))
  }

  /** Where the decision of an id lies, as far as the log has been read; null where it does not. Ids of an entry follow each other. */
  placeOf(id: string): { readonly entry: number; readonly line: number } | null {
    const end = id.lastIndexOf('-') + 1
    const found = this.byThread.get(id.slice(0, end))
    const number = Number.parseInt(id.slice(end), 36)
    if (found === undefined || number.toString(36) !== id.slice(end)) return null
    const { firsts, entries, ends } = found
    let [low, high] = [0, firsts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (firsts[middle] <= number) low = middle + 1
      else high = middle
    }
    return low === 0 || number >= ends[low - 1] ? null : { entry: entries[low - 1], line: number - firsts[low - 1] }
  }

  /** All decisions about an order, the first of them first. */
  async ofOrder(order: string): Promise<Decision[]> {
    await this.follow()
    const entries = this.byOrder.entriesOf(order)
    return entries.flatMap((entry) =>
      this.lines
        .all(entry)
        .filter((line) => headOf(line).order === order)
        .map(readKept),
    )
  }

  close(): void {
    this.commits.close()
    this.lines.close()
  }

  private async takeIn(): Promise<void> {
    const last = this.parts.lastDurable()
    for (let tries = 0; ; tries++) {
      for (const { entry, owner, first, lines } of this.notes.since()) {
        if (entry <= this.upTo) continue
        if (entry > this.upTo + 1) this.readMissed(entry - 1)
        this.note(this.parts.idsBeginOf(owner), first, lines, entry)
        this.upTo = entry
      }
      if (this.upTo >= last) break
      // What is durable is told before it is noted.
      if (tries > PATIENCE) this.readMissed(last)
      else await setTimeout(LOOK_AGAIN_MS)
    }
    if (this.listeners.size === 0) this.toldUpTo = this.upTo
    else await this.tell(this.upTo)
  }

  /** Nobody looked for so long that notes were overwritten. */
  private readMissed(last: number): void {
    for (const { number, kind, bytes } of this.commits.from(this.upTo + 1)) {
      if (number > last) break
      if (kind === 'decisions') this.learn(number, bytes, null)
    }
    this.upTo = last
  }

  private learn(entry: number, bytes: Uint8Array, index: OrderIndex | null): void {
    const { begin, first, lines } = indexLines(unpacked(bytes), entry, index)
    this.note(begin, first, lines, entry)
  }

  private note(thread: string, first: number, lines: number, entry: number): void {
    let found = this.byThread.get(thread)
    if (found === undefined) {
      found = { firsts: [], ends: [], entries: [] }
      this.byThread.set(thread, found)
    }
    found.firsts.push(first)
    found.ends.push(first + lines)
    found.entries.push(entry)
  }

  private async tell(last: number): Promise<void> {
    for (const { number, kind, bytes } of this.commits.from(this.toldUpTo + 1)) {
      if (number > last) break
      if (kind === 'decisions') {
        const decisions = linesIn(bytes).map(readKept)
        for (const listener of this.listeners) listener(decisions, number)
      }
      this.toldUpTo = number
      await setImmediate()
    }
    this.toldUpTo = last
  }
}
