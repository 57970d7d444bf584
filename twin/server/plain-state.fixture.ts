import { createHash } from 'node:crypto'
import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import type { LiveState, Place } from '../state/live-state.ts'
import type { StateKeeper } from './twin.ts'

/** Events by source and id and nothing else: what the server's tests can see of a state without its room. */
export class PlainState implements LiveState {
  readonly events = new Map<string, { event: LiveEvent; place: Place }>()
  asOfMs = 0

  apply(events: readonly LiveEvent[], places: readonly Place[]) {
    let duplicates = 0
    events.forEach((event, i) => {
      const key = `${event.source}\n${event.id}`
      if (this.events.has(key)) duplicates++
      else this.events.set(key, { event, place: places[i] })
      this.asOfMs = Math.max(this.asOfMs, readMoment(event.at))
    })
    return { applied: events.length - duplicates, duplicates, late: 0, refused: 0 }
  }
  order(id: string) {
    const placed = [...this.events.values()].find(({ event }) => event.order === id)
    if (placed === undefined) return null
    return { id, state: 'placed' as const, zone: null, placedMs: null, promisedMs: null, lines: [], parts: [], refused: 0 }
  }
  *openOrders() {}
  openCount(): number {
    return this.events.size
  }
  sites() {
    return []
  }
  onHand() {
    return null
  }
  *stock() {}
  *weather() {}
  *capacities() {}
  *promotions() {}
  digest(): string {
    const all = [...this.events.values()].map(({ event }) => JSON.stringify(event)).sort()
    return createHash('sha256').update(all.join('\n')).digest('hex')
  }
  at() {
    return this
  }
  history() {
    return []
  }
}

export const PLAIN_STATES: StateKeeper = {
  fresh: () => new PlainState(),
  putAway: (state) => Buffer.from(JSON.stringify([...(state as PlainState).events])),
  takeOut: (bytes) => {
    const state = new PlainState()
    const all = JSON.parse(Buffer.from(bytes).toString('utf8')) as [string, { event: LiveEvent; place: Place }][]
    for (const [key, one] of all) state.events.set(key, one)
    return state
  },
}
