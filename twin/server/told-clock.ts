import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { readLines } from '../ingest/read-lines.ts'
import type { EventLog } from '../log/event-log.ts'

/** Beyond these, further sources do not move the clock: a flood of made-up ones must not fill the memory. */
const SOURCES_MAX = 10_000
/** Entries of the log that are read again at the opening to know where sources were. */
const READ_AGAIN = 400

/**
 * A clock that goes by what is told: it stands at the latest instant that two sources have come to, so that one with a wrong clock does not move it;
 * where there is only one source, at its latest. It never goes back. With it a world that is played a thousand times as fast ages plans, cohorts
 * and rollouts at its own pace. Before anything was told it stands at 0.
 */
export class ToldClock {
  private readonly latest = new Map<string, number>()
  private first = ''
  private firstMs = 0
  private secondMs = 0
  private atMs: number

  /** It does not stand before `fromMs`, such as the last act in a book that was written by it. */
  constructor(fromMs = 0) {
    this.atMs = fromMs
  }

  now(): number {
    return this.atMs
  }

  heard(source: string, atMs: number): void {
    if (!(atMs > (this.latest.get(source) ?? 0))) return
    if (this.latest.size >= SOURCES_MAX && !this.latest.has(source)) return
    this.latest.set(source, atMs)
    if (source === this.first) this.firstMs = atMs
    else if (atMs > this.firstMs) {
      this.secondMs = this.firstMs
      this.first = source
      this.firstMs = atMs
    } else if (atMs > this.secondMs) this.secondMs = atMs
    this.notBefore(this.latest.size === 1 ? this.firstMs : this.secondMs)
  }

  notBefore(atMs: number): void {
    if (atMs > this.atMs) this.atMs = atMs
  }
}

/** Where the clock stood when the log was closed: by its last entries, and not before the last of them was received. */
export async function toldClockOf(log: EventLog): Promise<ToldClock> {
  const clock = new ToldClock()
  for await (const { kind, bytes, receivedMs } of log.read(Math.max(1, log.last() - READ_AGAIN + 1))) {
    clock.notBefore(receivedMs)
    if (kind !== 'events') continue
    for (const event of readLines(bytes).values as LiveEvent[]) clock.heard(event.source, readMoment(event.at))
  }
  return clock
}
