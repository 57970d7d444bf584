import { setTimeout as pause } from 'node:timers/promises'
import { added, EMPTY_RECEIPT, type Receipt } from './receipt.ts'

/** One line of NDJSON and when it happened; where no time can be read in it, it goes along with what came before it. */
export type TimedLine = { readonly atMs: number | null; readonly line: string }

export type ReplayOptions = {
  readonly lines: AsyncIterable<TimedLine> | Iterable<TimedLine>
  /** So many seconds of the record in one second of the clock; null: as fast as it goes. */
  readonly speed: number | null
  readonly send: (body: string) => Promise<Receipt>
  /** Bodies under way at a time. They may overtake each other, which changes nothing. */
  readonly atATime?: number
  /** Lines in a body at most. */
  readonly bodyLines?: number
  readonly signal: AbortSignal
  readonly onProgress?: (sent: number, atMs: number | null) => void
}

/** Lines in a body where nothing else is said, characters in one at most, and so long a line waits for others, ms. */
const BODY_LINES = 1000
const BODY_CHARS = 200_000
const WAIT_MS = 50

/** Tells a record of the past in its own time, or faster. Returns what became of all of it. */
export async function replay(options: ReplayOptions): Promise<Receipt> {
  const { speed, send, signal, atATime = 4, bodyLines = BODY_LINES, onProgress } = options
  let receipt = EMPTY_RECEIPT
  let sent = 0
  let lines: string[] = []
  let chars = 0
  let linesBefore = 0
  const underWay = new Set<Promise<void>>()
  const failed: { error: unknown }[] = []
  const flush = async (atMs: number | null): Promise<void> => {
    if (lines.length === 0) return
    const [body, count, before] = [lines.join('\n'), lines.length, linesBefore]
    linesBefore += count
    lines = []
    chars = 0
    while (underWay.size >= atATime) await Promise.race(underWay)
    if (failed.length > 0) throw failed[0].error
    const one = send(body)
      .then((got) => {
        receipt = added(receipt, got, before)
        sent += count
        onProgress?.(sent, atMs)
      })
      .catch((error) => void failed.push({ error }))
      .finally(() => underWay.delete(one))
    underWay.add(one)
  }

  const began = performance.now()
  let first: number | null = null
  let latest: number | null = null
  for await (const { atMs, line } of options.lines) {
    if (signal.aborted) break
    first ??= atMs
    if (atMs !== null) latest = latest === null ? atMs : Math.max(latest, atMs)
    const dueMs: number = speed === null || first === null || latest === null ? 0 : began + (latest - first) / speed
    if (dueMs > performance.now() + WAIT_MS) {
      await flush(latest)
      const waitMs = dueMs - performance.now()
      if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => {})
    }
    lines.push(line)
    chars += line.length
    if (lines.length >= bodyLines || chars > BODY_CHARS) await flush(latest)
  }
  await flush(latest)
  await Promise.all(underWay)
  if (failed.length > 0) throw failed[0].error
  return receipt
}
