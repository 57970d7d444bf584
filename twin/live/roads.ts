import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import type { LiveView } from '../state/live-state.ts'
import { LEG_LATE, type Leg, NO_LANE } from '../wire.ts'
import type { Drawn } from './picture.ts'

const HOUR_MS = 3_600_000
/** Until a road has been seen to its end: so long it takes. */
const UNSEEN_MS = 24 * HOUR_MS
/** How much the last journey counts for what the next is expected to take. */
const WEIGHT = 0.1

/**
 * Who is on which road. A parcel is on one from its warehouse to its hub when it was handed over, and on one from the hub to its zone when it left
 * the hub, or was seen there: then it is gone at its next scan. How long a road takes is learned from those who came.
 */
export class Roads {
  private readonly drawn: Drawn
  private readonly state: LiveView
  private readonly baseMs: number
  private readonly numbers = new Map<string, number>()
  private readonly under = new Map<number, Leg>()
  private readonly expectedMs: Float64Array

  constructor(drawn: Drawn, state: LiveView, baseMs: number) {
    this.drawn = drawn
    this.state = state
    this.baseMs = baseMs
    this.expectedMs = new Float64Array(drawn.picture.lanes.length).fill(UNSEEN_MS)
  }

  /** Legs of all who are on a road now. */
  now(): readonly Leg[] {
    return [...this.under.values()]
  }

  /** Legs that an event begins or ends. */
  follow(event: LiveEvent): readonly Leg[] {
    const kind = `${event.feed}.${event.type}`
    switch (kind) {
      case 'departures.handed-over':
        return this.leave(event, event.warehouse as string, null)
      case 'scans.at-hub':
      case 'scans.left-hub':
        return this.leave(event, event.hub as string, event.hub as string)
      case 'scans.at-station':
      case 'scans.out-for-delivery':
      case 'scans.delivered':
      case 'scans.lost':
      case 'scans.damaged':
      case 'orders.cancelled':
        return this.arrive(event)
      default:
        return []
    }
  }

  private leave(event: LiveEvent, from: string, hub: string | null): readonly Leg[] {
    const order = this.state.order(event.order as string)
    if (order === null) return []
    const atMs = readMoment(event.at)
    // Late news of a parcel that is farther already moves nothing.
    const part = order.parts.find(({ part }) => part === ((event.part as number | undefined) ?? 0)) ?? order.parts.at(0)
    if (part === undefined || part.sinceMs > atMs) return []
    const to = hub === null ? (part.hub ?? (order.zone === null ? null : this.drawn.hubOf(order.zone))) : order.zone
    const lane = to === null ? -1 : this.drawn.lane(from, to)
    const parcel = this.numberOf(event)
    this.learn(parcel, atMs)
    if (lane < 0) return this.arrive(event)
    const late = order.promisedMs !== null && order.promisedMs < atMs + this.expectedMs[lane]
    const leg: Leg = {
      parcel,
      lane,
      flags: late ? LEG_LATE : 0,
      from: this.seconds(atMs),
      until: this.seconds(atMs + this.expectedMs[lane]),
    }
    this.under.set(parcel, leg)
    return [leg]
  }

  private arrive(event: LiveEvent): readonly Leg[] {
    const key = keyOf(event)
    const parcel = this.numbers.get(key)
    if (parcel === undefined) return []
    this.learn(parcel, readMoment(event.at))
    this.numbers.delete(key)
    this.under.delete(parcel)
    return [{ parcel, lane: NO_LANE, flags: 0, from: 0, until: 0 }]
  }

  private learn(parcel: number, atMs: number): void {
    const leg = this.under.get(parcel)
    if (leg === undefined) return
    const took = atMs - (this.baseMs + leg.from * 1000)
    if (took <= 0) return
    const before = this.expectedMs[leg.lane]
    this.expectedMs[leg.lane] = before === UNSEEN_MS ? took : before + WEIGHT * (took - before)
  }

  private next = 0
  private numberOf(event: LiveEvent): number {
    const key = keyOf(event)
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    const number = this.next++ >>> 0
    this.numbers.set(key, number)
    return number
  }

  private seconds(ms: number): number {
    return (ms - this.baseMs) / 1000
  }
}

const keyOf = (event: LiveEvent): string => `${event.order}\n${event.part ?? 0}`
