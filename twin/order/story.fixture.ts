import type { LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import type { Place } from '../state/live-state.ts'
import { openState, type TwinState } from '../state/state.ts'

/** Orders as a small network tells them: what happened, how many minutes after the order was placed. */
export const START_MS = Date.UTC(2026, 10, 2, 8)
export const MINUTE_MS = 60_000

export type Step = readonly [kind: string, minute: number, more?: Readonly<Record<string, unknown>>]
/** An order of a usual day, delivered after 40 hours. */
export const USUAL: readonly Step[] = [
  ['orders.placed', 0],
  ['payments.captured', 10],
  ['orders.routed', 20],
  ['orders.released', 30],
  ['work.pick-started', 60],
  ['work.pick-finished', 70],
  ['work.pack-started', 90],
  ['work.pack-finished', 100],
  ['departures.handed-over', 480],
  ['scans.at-hub', 1200],
  ['scans.at-station', 1500],
  ['scans.out-for-delivery', 2280],
  ['scans.delivered', 2400],
]

export type Story = {
  readonly state: TwinState
  readonly log: LiveEvent[]
  readonly read: (place: Place) => Promise<LiveEvent | null>
  /** Tells of an order placed so many minutes after the start; `promised` is minutes after it was placed. */
  tell(order: string, startMinute: number, steps: readonly Step[], said?: Readonly<Record<string, unknown>>): void
  /** Tells one event beside. */
  say(kind: string, minute: number, fields: Readonly<Record<string, unknown>>): void
}

export function openStory(): Story {
  const state = openState()
  const log: LiveEvent[] = []
  const add = (kind: string, ms: number, fields: Readonly<Record<string, unknown>>): void => {
    const [feed, type] = kind.split('.')
    const event = { id: `e${log.length}`, source: 'wms', feed, type, at: writeMoment(ms), ...fields } as LiveEvent
    state.apply([event], [{ entry: log.length + 1, line: 0 }])
    log.push(event)
  }
  return {
    state,
    log,
    read: async ({ entry }) => log[entry - 1] ?? null,
    tell(order, startMinute, steps, said = {}) {
      const placedMs = START_MS + startMinute * MINUTE_MS
      for (const [kind, minute, more] of steps) {
        const [feed, type] = kind.split('.')
        const placed =
          type === 'placed'
            ? { zone: 'PE', promisedAt: writeMoment(placedMs + 48 * 60 * MINUTE_MS), lines: [{ sku: 's1', units: 1 }] }
            : {}
        const routed = type === 'routed' || type === 'handed-over' ? { service: 'road' } : {}
        const site =
          feed === 'work' || type === 'routed' || type === 'released' || type === 'handed-over' ? { warehouse: 'recife' } : {}
        const hub = type === 'at-hub' ? { hub: 'h1' } : {}
        add(kind, placedMs + minute * MINUTE_MS, { order, ...placed, ...routed, ...site, ...hub, ...said, ...more })
      }
    },
    say: (kind, minute, fields) => add(kind, START_MS + minute * MINUTE_MS, fields),
  }
}

/** So many usual orders, ten minutes apart, each a few minutes slower or quicker than the one before. */
export function usualDays(story: Story, orders: number, said: Readonly<Record<string, unknown>> = {}, name = 'past'): void {
  for (let i = 0; i < orders; i++)
    story.tell(
      `${name}-${i}`,
      i * 10,
      USUAL.map(([kind, minute, more]) => [kind, minute + (minute > 0 ? 1 : 0) * (i % 5), more ?? {}] as Step),
      said,
    )
}

/** The steps with everything from a kind on that much later. */
export const delayed = (steps: readonly Step[], from: string, minutes: number): Step[] => {
  const at = steps.findIndex(([kind]) => kind === from)
  return steps.map(([kind, minute, more], i) => [kind, minute + (i >= at ? minutes : 0), more ?? {}])
}
