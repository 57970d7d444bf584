import type { FeedId, LiveEvent } from '../event/feeds.ts'
import { type RunCalendar, stamp } from './run-calendar.ts'

/** What an event says beside its id, source, feed, type and instant. */
export type Said = Omit<LiveEvent, 'id' | 'source' | 'feed' | 'type' | 'at'> & { readonly [field: string]: unknown }

/**
 * Puts names to events. An id is the engine's number of what happened and a count within it, with leading zeros: what happens to an order within
 * one millisecond is then sorted as it happened, and the same run tells the same ids.
 */
export class Telling {
  private readonly calendar: RunCalendar
  private readonly tag: string
  private readonly sink: (event: LiveEvent, runMs: number) => void
  /** Much is told of one instant, and writing it takes as long as the rest of an event. */
  private stampedMs = Number.NaN
  private stamped = ''
  private engineEvent = '000000000'
  private count = 0

  /** `tag` stands before all ids and orders of this world, so that another world beside it is not taken for it. */
  constructor(calendar: RunCalendar, tag: string, sink: (event: LiveEvent, runMs: number) => void) {
    this.calendar = calendar
    this.tag = tag
    this.sink = sink
  }

  begin(engineEvent: number): void {
    this.engineEvent = String(engineEvent).padStart(9, '0')
    this.count = 0
  }

  at(runMs: number): string {
    if (runMs !== this.stampedMs) {
      this.stamped = stamp(this.calendar, runMs)
      this.stampedMs = runMs
    }
    return this.stamped
  }

  order(number: number): string {
    return `${this.tag}${number}`
  }

  /** Tells one event and gives its id. */
  tell(source: string, feed: FeedId, type: string, runMs: number, said: Said): string {
    const id = `${this.tag}${this.engineEvent}.${String(this.count++).padStart(6, '0')}`
    this.sink({ id, source, feed, type, at: this.at(runMs), ...said }, runMs)
    return id
  }
}
