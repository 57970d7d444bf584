import { setTimeout as pause } from 'node:timers/promises'
import type { Accept } from './intake.ts'

/**
 * Messages that come one at a time, gathered into bodies: a flush of the disk costs the same for one and for a thousand. What was added is
 * durable when its promise resolves; a log that cannot be written to is tried again, for there is nobody to hand the message back to.
 */
export class Gatherer {
  private readonly accept: Accept
  private readonly from: string
  private readonly onTrouble: (error: Error) => void
  private lines: string[] = []
  private chars = 0
  private whole: Promise<void> | null = null
  private closed = false
  private storing: Promise<void> = Promise.resolve()

  constructor(accept: Accept, from: string, onTrouble: (error: Error) => void) {
    this.accept = accept
    this.from = from
    this.onTrouble = onTrouble
  }

  add(line: string): Promise<void> {
    this.lines.push(line)
    this.chars += line.length
    if (this.lines.length >= BODY_LINES || this.chars >= BODY_CHARS) return this.flush()
    this.whole ??= pause(WAIT_MS).then(() => this.flush())
    return this.whole
  }

  /** Waits for what is under way; nothing may be added after it. */
  async close(): Promise<void> {
    this.closed = true
    await this.flush()
  }

  private flush(): Promise<void> {
    const { lines } = this
    this.whole = null
    if (lines.length === 0) return this.storing
    this.lines = []
    this.chars = 0
    this.storing = this.storing.then(() => this.store(Buffer.from(lines.join('\n'))))
    return this.storing
  }

  private async store(body: Buffer): Promise<void> {
    for (let waitMs = 100; ; waitMs = Math.min(10_000, 2 * waitMs)) {
      try {
        await this.accept(Buffer.from(body), this.from, 'lines')
        return
      } catch (error) {
        this.onTrouble(error as Error)
        if (this.closed) throw error
        await pause(waitMs)
      }
    }
  }
}

const BODY_LINES = 1000
const BODY_CHARS = 200_000
const WAIT_MS = 2

/** A message as lines of NDJSON: one that was written over several lines is put on one, whatever else it is goes through as it is. */
export function asLines(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.includes('\n')) return trimmed
  try {
    const value: unknown = JSON.parse(trimmed)
    return Array.isArray(value) ? value.map((one) => JSON.stringify(one)).join('\n') : JSON.stringify(value)
  } catch {
    return trimmed
  }
}
