import type { LiveEvent } from '../event/feeds.ts'
import { type Checked, checkEvent } from '../ingest/check-event.ts'
import { readLines } from '../ingest/read-lines.ts'
import type { LiveState, Place } from '../state/live-state.ts'
import { portraitOf } from '../state/portrait.ts'
import { openState } from '../state/state.ts'
import type { FarEnd } from './play.ts'

/** A state in this process behind the same check as the door's: for looking at what a wire does without a server. It forgets all at the end. */
export function openSelf(): { readonly far: FarEnd; readonly state: LiveState } {
  const state = openState()
  const checked: Checked = { kind: null, atMs: 0, reason: null }
  let entry = 0
  return {
    state,
    far: {
      send: async (lines) => {
        const { values, unreadable } = readLines(new TextEncoder().encode(lines.join('\n')))
        const events: LiveEvent[] = []
        const places: Place[] = []
        entry++
        values.forEach((value, line) => {
          if (unreadable.has(line) || !checkEvent(value, Number.POSITIVE_INFINITY, checked)) return
          events.push(value)
          places.push({ entry, line })
        })
        const { duplicates } = state.apply(events, places)
        return {
          lines: lines.length,
          accepted: events.length - duplicates,
          duplicates,
          quarantined: lines.length - events.length,
          retries: 0,
        }
      },
      portrait: async () => portraitOf(state),
    },
  }
}
