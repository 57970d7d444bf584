import type { LiveEvent } from '../../event/feeds.ts'
import { readLines } from '../../ingest/read-lines.ts'
import type { EventLog } from '../../log/event-log.ts'
import type { Place } from '../../state/live-state.ts'

/** The event that lies at a place of the log; null where the log no longer holds it. */
export async function eventAt(log: EventLog, { entry, line }: Place): Promise<LiveEvent | null> {
  const stored = await log.get(entry)
  return stored === null ? null : ((readLines(stored.bytes).values.at(line) as LiveEvent | undefined) ?? null)
}
