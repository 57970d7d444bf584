import type { Entry } from './event-log.ts'

type Waiting = { readonly entry: Entry; readonly done: (number: number) => void; readonly fail: (error: Error) => void }

/**
 * Group commit for a store that is asked and answers later: while one commit is under way what comes is collected, and goes into the next
 * one together. `commit` returns the number of the first entry once all are durable.
 */
export class Group {
  private waiting: Waiting[] = []
  private bytes = 0
  private underWay: Promise<void> | null = null
  private readonly commit: (entries: readonly Entry[]) => Promise<number>
  private readonly mostBytes: number

  constructor(commit: (entries: readonly Entry[]) => Promise<number>, mostBytes: number) {
    this.commit = commit
    this.mostBytes = mostBytes
  }

  append(entry: Entry): Promise<number> {
    return new Promise((done, fail) => {
      this.waiting.push({ entry, done, fail })
      this.bytes += entry.bytes.byteLength
      this.underWay ??= this.drain()
    })
  }

  pendingBytes(): number {
    return this.bytes
  }

  /** Resolves when nothing is pending. */
  async idle(): Promise<void> {
    while (this.underWay !== null) await this.underWay
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.take()
      const bytes = group.reduce((sum, { entry }) => sum + entry.bytes.byteLength, 0)
      try {
        const first = await this.commit(group.map(({ entry }) => entry))
        this.bytes -= bytes
        for (let i = 0; i < group.length; i++) group[i].done(first + i)
      } catch (error) {
        this.bytes -= bytes
        for (const { fail } of group) fail(error as Error)
      }
    }
    this.underWay = null
  }

  private take(): Waiting[] {
    let bytes = 0
    let count = 0
    while (count < this.waiting.length && bytes < this.mostBytes) bytes += this.waiting[count++].entry.bytes.byteLength
    return this.waiting.splice(0, count)
  }
}
