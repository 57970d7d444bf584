import { setImmediate } from 'node:timers/promises'
import { Commits } from '../../log/commits.ts'
import type { StoredEntry } from '../../log/event-log.ts'
import type { Decision } from '../decision.ts'
import { KeptReader } from './kept-reader.ts'
import { headOf, orderAt, readKept } from './line.ts'
import { OrderIndex } from './order-index.ts'
import { linesIn, NEWLINE, unpacked } from './packed-lines.ts'

/** Called with decisions after they are durable, in the order of the log. */
export type DecisionListener = (decisions: readonly Decision[], entry: number) => void

/**
 * What has been decided, as the log tells it: read behind the threads that decide, at its own pace, so that whoever looks never slows down whoever
 * decides. It knows where each decision lies, by its id and by its order; the decisions themselves stay in the log.
 */
export class Kept {
  private readonly commits: Commits
  private readonly lines: KeptReader
  private upTo: number
  private readonly listeners = new Set<DecisionListener>()
  /** By the beginning of an id, which is of one thread of one start: first numbers of entries, what follows their last, and the entries. */
  private readonly byThread = new Map<
    string,
    { readonly firsts: number[]; readonly ends: number[]; readonly entries: number[] }
  >()
  private readonly byOrder: OrderIndex
  private reading: Promise<void> | null = null

  /** `from`: the first entry that is indexed. */
  constructor(file: string, from: number, ordersMax: number) {
    this.commits = new Commits(file)
    this.lines = new KeptReader(file)
    this.upTo = from - 1
    this.byOrder = new OrderIndex(ordersMax)
  }

  /** Last entry that has been read. */
  last(): number {
    return this.upTo
  }

  onDecisions(listener: DecisionListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Reads on up to what is durable when asked. */
  async follow(): Promise<void> {
    // One reads at a time; who comes meanwhile may want more than that reads.
    while (this.reading !== null) await this.reading
    this.reading = this.readOn()
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

  private async readOn(): Promise<void> {
    const last = this.commits.last()
    if (last <= this.upTo) return
    for (const entry of this.commits.from(this.upTo + 1)) {
      if (entry.number > last) return
      if (entry.kind === 'decisions') this.learn(entry)
      this.upTo = entry.number
      await setImmediate()
    }
  }

  private learn({ number, bytes }: StoredEntry): void {
    const text = unpacked(bytes)
    let count = 0
    for (let from = 0; from < text.length; count++) {
      this.byOrder.add(orderAt(text, from), number)
      from = text.indexOf(NEWLINE, from) + 1
    }
    const { id } = headOf(text.toString('utf8', 0, text.indexOf(NEWLINE)))
    const end = id.lastIndexOf('-') + 1
    const thread = id.slice(0, end)
    let found = this.byThread.get(thread)
    if (found === undefined) {
      found = { firsts: [], ends: [], entries: [] }
      this.byThread.set(thread, found)
    }
    const first = Number.parseInt(id.slice(end), 36)
    found.firsts.push(first)
    found.ends.push(first + count)
    found.entries.push(number)
    if (this.listeners.size === 0) return
    const decisions = linesIn(bytes).map(readKept)
    for (const listener of this.listeners) listener(decisions, number)
  }
}
