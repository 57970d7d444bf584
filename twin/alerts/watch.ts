import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { inHeldUnit, type Quantity } from '../event/quantity.ts'
import type { LiveView } from '../state/live-state.ts'
import type { AlertDesk, Finding } from './desk.ts'
import { lookAtFeeds, lookAtOrders, lookAtSites, offWayKm, type SourceHealth, type Surroundings } from './look.ts'
import type { AlertRule } from './rule.ts'

/** Rules that one event shows to be broken, and that another of the same subject may mend: kept until then. */
const BY_EVENT = ['route-deviation', 'stock-divergence'] as const
/** Alerts of single events are over after so long, if nothing else ends them. */
const EVENT_ALERT_MS = 24 * 3_600_000

/** Looks at the live state by its rules: at events as they come, at the rest now and then. */
export class AlertWatch {
  private readonly desk: AlertDesk
  private readonly rules: readonly AlertRule[]
  private readonly eventRules: readonly AlertRule[]
  private readonly state: LiveView
  private readonly surroundings: Surroundings
  private readonly byEvent = new Map<string, Finding>()
  private readonly books = new Map<string, number>()

  constructor(desk: AlertDesk, rules: readonly AlertRule[], state: LiveView, surroundings: Surroundings) {
    this.desk = desk
    this.rules = rules
    this.eventRules = rules.filter(({ kind }) => (BY_EVENT as readonly string[]).includes(kind))
    this.state = state
    this.surroundings = surroundings
  }

  /** Events that were applied, in the order they came. */
  take(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.feed === 'positions' && event.type === 'parcel') this.parcelAt(event)
      else if (event.feed === 'stock') this.stock(event)
    }
  }

  look(sources: readonly SourceHealth[], nowMs: number): void {
    const { rules, state } = this
    for (const [key, { atMs }] of this.byEvent) if (state.asOfMs - atMs > EVENT_ALERT_MS) this.byEvent.delete(key)
    this.desk.found(rules, [
      ...lookAtOrders(rules, state, this.surroundings),
      ...lookAtSites(rules, state),
      ...lookAtFeeds(rules, sources, nowMs),
      ...this.byEvent.values(),
    ])
  }

  private parcelAt(event: LiveEvent): void {
    const id = event.order as string
    const order = this.state.order(id)
    const warehouse = order?.parts.find(({ part }) => part === (event.part ?? 0))?.warehouse ?? null
    const { places } = this.surroundings
    const from = warehouse === null ? null : places.warehouse(warehouse)
    const to = order === null || order.zone === null ? null : places.zone(order.zone)
    if (from === null || to === null) return
    const km = offWayKm({ lat: event.latitude as number, lon: event.longitude as number }, from, to)
    for (const rule of this.eventRules) {
      if (rule.kind !== 'route-deviation') continue
      const subject = `${id}/${event.part ?? 0}`
      const finding = { rule, subject, atMs: readMoment(event.at), order: id, warehouse, fills: { value: Math.round(km) } }
      this.keep(finding, km > rule.km)
    }
  }

  /** The books between two counts: the last count, and what was received, adjusted and picked since. */
  private stock(event: LiveEvent): void {
    const [warehouse, sku] = [event.warehouse as string, event.sku as string]
    const key = `${warehouse}\n${sku}`
    if (event.type !== 'counted') {
      const units = inHeldUnit('units', event.quantity as Quantity)
      const before = this.books.get(key)
      if (before !== undefined) this.books.set(key, before + (event.type === 'picked' ? -units : units))
      return
    }
    const counted = inHeldUnit('units', event.onHand as Quantity)
    const expected = this.books.get(key)
    this.books.set(key, counted)
    if (expected === undefined) return
    const off = Math.abs(counted - expected)
    for (const rule of this.eventRules) {
      if (rule.kind !== 'stock-divergence') continue
      const fills = { value: counted, limit: expected, sku }
      const finding = { rule, subject: `${warehouse}/${sku}`, atMs: readMoment(event.at), order: null, warehouse, fills }
      this.keep(finding, off >= rule.units && off >= rule.share * Math.max(expected, 1))
    }
  }

  private keep(finding: Finding, holds: boolean): void {
    const key = `${finding.rule.id}:${finding.subject}`
    if (holds) this.byEvent.set(key, finding)
    else this.byEvent.delete(key)
  }
}
