import { Buffer } from 'node:buffer'
import type { LiveEvent } from '../../event/feeds.ts'
import type { EventLog } from '../../log/event-log.ts'
import type { Place } from '../../state/live-state.ts'

/** An entry of the log, and where each of its lines begins. */
type Opened = { readonly bytes: Buffer; readonly starts: readonly number[] }

/** Entries a reader keeps open; a life told in more of them is read all the same. */
const KEPT_MAX = 32
const NEWLINE = 10

/** The event that lies at a place of the log; null where the log no longer holds it. */
export const eventAt = (log: EventLog, place: Place): Promise<LiveEvent | null> => eventReader(log)(place)

/**
 * Reads events of one order, of which many lie in the same entry: an entry may hold thousands of lines, so it is fetched once and of its lines only
 * those are parsed that are asked for.
 */
export function eventReader(log: EventLog): (place: Place) => Promise<LiveEvent | null> {
  const kept = new Map<number, Promise<Opened | null>>()
  return async ({ entry, line }) => {
    let opened = kept.get(entry)
    if (opened === undefined) {
      opened = log.get(entry).then((stored) => (stored === null ? null : openedOf(stored.bytes)))
      if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value as number)
      kept.set(entry, opened)
    }
    const found = await opened
    if (found === null || line >= found.starts.length) return null
    return JSON.parse(found.bytes.toString('utf8', found.starts[line], found.starts[line + 1])) as LiveEvent
  }
}

/** Events are stored one a line, without blank ones (twin/ingest/intake). */
function openedOf(stored: Uint8Array): Opened {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const starts: number[] = []
  for (let at = 0; at < bytes.length; ) {
    starts.push(at)
    const end = bytes.indexOf(NEWLINE, at)
    at = end < 0 ? bytes.length : end + 1
  }
  return { bytes, starts }
}
