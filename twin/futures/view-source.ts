import { existsSync } from 'node:fs'
import { wrongOption } from '../../scenarios/read/problem.ts'
import { ask } from '../client/ask.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import { readLines } from '../ingest/read-lines.ts'
import { isPostgres, readLog } from '../log/read-log.ts'
import type { LiveState, LiveView, Place } from '../state/live-state.ts'
import { openState, restoreState } from '../state/state.ts'
import { type PlainView, viewOf } from './plain-view.ts'

/** Where the present and the past are read. */
export type ViewSource = {
  /** The network at an instant, ms since 1970; null for the newest that is known. */
  at(ms: number | null): Promise<LiveView>
  /** The state itself, where it is here: what was told of single orders can only be asked of it. */
  readonly state: LiveState | null
}

/** A running twin. */
export function viewsOfTwin(url: string, key: string | null, signal: AbortSignal): ViewSource {
  return {
    state: null,
    at: async (ms) => {
      const path = ms === null ? '/v1/view' : `/v1/view?at=${encodeURIComponent(writeMoment(ms))}`
      return viewOf(JSON.parse(await ask({ url, key, signal }, path)) as PlainView)
    },
  }
}

/** A state in this process. */
export const viewsOfState = (state: LiveState): ViewSource => ({
  state,
  at: async (ms) => (ms === null ? state : state.at(ms)),
})

/** The log of a twin, running or not: its last checkpoint, and what came after. Whoever writes to it is not disturbed. */
export async function viewsOfLog(file: string): Promise<ViewSource> {
  if (!isPostgres(file) && !existsSync(file)) {
    const fix = 'name the log of a twin (--db), or a running twin (--url)'
    throw wrongOption('--db', `no file ${file}`, fix)
  }
  const log = await readLog(file)
  try {
    const kept = await log.lastCheckpoint()
    const restored = kept === null ? null : restoreState(kept.bytes, { withoutArchive: true })
    const state = restored ?? openState()
    for await (const entry of log.read(restored === null || kept === null ? 1 : kept.entry + 1)) {
      if (entry.kind !== 'events') continue
      const events = readLines(entry.bytes).values as LiveEvent[]
      const places: Place[] = events.map((_, line) => ({ entry: entry.number, line }))
      state.apply(events, places)
    }
    return viewsOfState(state)
  } finally {
    await log.close()
  }
}
