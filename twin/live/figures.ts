import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import type { OrderStateId } from '../order/lifecycle.ts'
import { hasArrived } from '../order/steps.ts'
import type { LiveView, SiteView } from '../state/live-state.ts'
import type { KpiFrame, SiteFrame } from '../wire.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const TO_PICK: readonly OrderStateId[] = ['routed', 'released']
const IN_WORK: readonly OrderStateId[] = ['picking', 'short-picked', 'picked', 'quality-check', 'quality-failed', 'packing']
const ON_DOCK: readonly OrderStateId[] = ['packed', 'staged']

/** Instants of the last hour or day, counted: a ring of buckets, so that a million cost no more than ten. */
class Recent {
  private readonly counts: Float64Array
  private readonly stamps: Float64Array
  private readonly bucketMs: number

  constructor(spanMs: number, buckets: number) {
    this.bucketMs = spanMs / buckets
    this.counts = new Float64Array(buckets)
    this.stamps = new Float64Array(buckets).fill(-1)
  }
  add(ms: number, count = 1): void {
    const bucket = Math.floor(ms / this.bucketMs)
    const at = bucket % this.counts.length
    if (this.stamps[at] > bucket) return
    if (this.stamps[at] < bucket) this.counts[at] = 0
    this.stamps[at] = bucket
    this.counts[at] += count
  }
  sum(nowMs: number): number {
    const newest = Math.floor(nowMs / this.bucketMs)
    let sum = 0
    for (let i = 0; i < this.counts.length; i++)
      if (this.stamps[i] > newest - this.counts.length && this.stamps[i] <= newest) sum += this.counts[i]
    return sum
  }
}

/** What the tiles and sites show. Counted along with the events where that can be; what must be looked for among open orders is looked for when asked. */
export class Figures {
  private readonly state: LiveView
  private readonly placed = new Recent(HOUR_MS, 60)
  private readonly delivered = new Recent(DAY_MS, 96)
  private readonly inTime = new Recent(DAY_MS, 96)
  private events = 0
  private found: { overdue: number; oldestWaitMs: number; lateAt: ReadonlyMap<string, number> } = {
    overdue: 0,
    oldestWaitMs: 0,
    lateAt: new Map(),
  }
  private lastEvents = 0
  private lastMs = performance.now()

  constructor(state: LiveView) {
    this.state = state
  }

  take(events: readonly LiveEvent[]): void {
    this.events += events.length
    for (const event of events) {
      if (event.feed === 'orders' && event.type === 'placed') this.placed.add(readMoment(event.at))
      else if (event.feed === 'scans' && event.type === 'delivered') {
        const atMs = readMoment(event.at)
        const order = this.state.order(event.order as string)
        if (order?.promisedMs === null || order === null) continue
        this.delivered.add(atMs)
        if (atMs <= order.promisedMs) this.inTime.add(atMs)
      }
    }
  }

  /** Looks through all open orders; a second for a million of them, so not with every frame. */
  search(): void {
    const nowMs = this.state.asOfMs
    let overdue = 0
    let oldestMs = nowMs
    const lateAt = new Map<string, number>()
    for (const order of this.state.openOrders()) {
      const isLate = order.promisedMs !== null && order.promisedMs < nowMs && !hasArrived(order.state)
      if (isLate) overdue++
      for (const { state, sinceMs, warehouse } of order.parts) {
        if (warehouse !== null && isLate && (TO_PICK.includes(state) || IN_WORK.includes(state) || ON_DOCK.includes(state)))
          lateAt.set(warehouse, (lateAt.get(warehouse) ?? 0) + 1)
        if (state === 'released' && sinceMs < oldestMs) oldestMs = sinceMs
      }
    }
    this.found = { overdue, oldestWaitMs: nowMs - oldestMs, lateAt }
  }

  kpi(feedLagMs: number | null): KpiFrame {
    const atMs = this.state.asOfMs
    const delivered = this.delivered.sum(atMs)
    const ms = performance.now()
    const eventsPerSecond = ms === this.lastMs ? 0 : ((this.events - this.lastEvents) / (ms - this.lastMs)) * 1000
    this.lastEvents = this.events
    this.lastMs = ms
    return {
      atMs,
      openOrders: this.state.openCount(),
      ordersPerHour: this.placed.sum(atMs),
      inTime: delivered === 0 ? null : this.inTime.sum(atMs) / delivered,
      overdue: this.found.overdue,
      oldestWaitMs: this.found.oldestWaitMs,
      feedLagMs,
      eventsPerSecond,
    }
  }

  sites(): SiteFrame[] {
    return this.state.sites().map((site) => siteFrame(site, this.found.lateAt.get(site.warehouse) ?? 0))
  }
}

export function siteFrame({ warehouse, parcels, stations, temperature }: SiteView, late: number): SiteFrame {
  const sum = (states: readonly OrderStateId[]): number => states.reduce((count, state) => count + (parcels[state] ?? 0), 0)
  const all = Object.values(stations)
  const hands = all.reduce((count, station) => count + station.hands, 0)
  const busy = all.reduce((count, station) => count + station.hands * (station.busy ?? 0), 0)
  return {
    id: warehouse,
    toPick: sum(TO_PICK),
    inWork: sum(IN_WORK),
    onDock: sum(ON_DOCK),
    hands: all.length === 0 ? null : hands,
    busy: hands === 0 || all.every((station) => station.busy === null) ? null : busy / hands,
    celsius: temperature?.celsius ?? null,
    late,
  }
}
