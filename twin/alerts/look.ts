import { distanceKm } from '../../sim/geo.ts'
import { Stands } from '../order/stands.ts'
import type { Trouble } from '../order/standstill.ts'
import { hasArrived } from '../order/steps.ts'
import type { LiveView, OrderView } from '../state/live-state.ts'
import type { Finding } from './desk.ts'
import type { AlertKind, AlertRule } from './rule.ts'

const HOUR_MS = 3_600_000
type Of<K extends AlertKind> = Extract<AlertRule, { kind: K }>
const of = <K extends AlertKind>(rules: readonly AlertRule[], kind: K): readonly Of<K>[] =>
  rules.filter((rule): rule is Of<K> => rule.kind === kind)

export type Place = { readonly lat: number; readonly lon: number }
/** What a look needs beside the state. */
export type Surroundings = {
  /** Chance that an open order comes late; null where nothing is known. */
  readonly lateChance: (order: OrderView) => number | null
  /** How many more orders come late if nothing gets on from there for so many hours; null where nothing is known. Without it nobody can say. */
  readonly moreLate?: (trouble: Trouble) => number | null
  readonly places: { readonly warehouse: (id: string) => Place | null; readonly zone: (id: string) => Place | null }
}

/** Rules about orders: one walk over all that are open. */
export function lookAtOrders(rules: readonly AlertRule[], state: LiveView, { lateChance, moreLate }: Surroundings): Finding[] {
  const nowMs = state.asOfMs
  const [overdue, later, dwell] = [of(rules, 'overdue'), of(rules, 'will-be-late'), of(rules, 'dwell')]
  const still = of(rules, 'standstill')
  const stands = new Stands()
  const found: Finding[] = []
  for (const order of state.openOrders()) {
    if (still.length > 0) for (const part of order.parts) stands.see(part, order.zone)
    if (hasArrived(order.state)) continue
    const warehouse = order.parts.at(0)?.warehouse ?? null
    const { promisedMs } = order
    for (const rule of overdue) {
      if (promisedMs === null || nowMs - promisedMs < rule.hours * HOUR_MS) continue
      const fills = { state: order.state, hours: Math.floor((nowMs - promisedMs) / HOUR_MS) }
      found.push({ rule, subject: order.id, atMs: nowMs, order: order.id, warehouse, fills })
    }
    for (const rule of later) {
      if (promisedMs === null || promisedMs - nowMs < rule.leadHours * HOUR_MS) continue
      const chance = lateChance(order)
      if (chance === null || chance < rule.chance) continue
      const fills = {
        state: order.state,
        value: `${Math.round(chance * 100)} %`,
        hours: Math.floor((promisedMs - nowMs) / HOUR_MS),
      }
      found.push({ rule, subject: order.id, atMs: nowMs, order: order.id, warehouse, fills })
    }
    for (const rule of dwell)
      for (const part of order.parts) {
        if (part.state !== rule.state || nowMs - part.sinceMs < rule.hours * HOUR_MS) continue
        const fills = { state: part.state, hours: Math.floor((nowMs - part.sinceMs) / HOUR_MS) }
        found.push({ rule, subject: `${order.id}/${part.part}`, atMs: nowMs, order: order.id, warehouse: part.warehouse, fills })
      }
  }
  for (const rule of still)
    for (const { at, id, parcels, standsMs } of stands.found(rule.at, rule.parcels, rule.hours * HOUR_MS, nowMs)) {
      const more = moreLate?.({ at: at === 'hub' ? 'hub' : 'vans', id, hours: rule.hours }) ?? null
      const fills = {
        source: id,
        value: parcels,
        hours: Math.floor(standsMs / HOUR_MS),
        limit: more === null ? '?' : Math.round(more),
      }
      found.push({ rule, subject: `${at} ${id}`, atMs: nowMs, order: null, warehouse: null, fills })
    }
  return found
}

/** Rules about warehouses. */
export function lookAtSites(rules: readonly AlertRule[], state: LiveView): Finding[] {
  const found: Finding[] = []
  for (const site of state.sites()) {
    const about = { subject: site.warehouse, order: null, warehouse: site.warehouse }
    for (const rule of of(rules, 'temperature')) {
      const told = site.temperature
      if (told === null || (told.celsius >= rule.least && told.celsius <= rule.most)) continue
      found.push({
        rule,
        ...about,
        atMs: told.atMs,
        fills: { value: told.celsius.toFixed(1), limit: `${rule.least} … ${rule.most} °C` },
      })
    }
    const pick = site.stations.pick
    for (const rule of of(rules, 'queue')) {
      if (pick === undefined || pick.hands === 0 || pick.queue / pick.hands < rule.perHand) continue
      found.push({ rule, ...about, atMs: pick.atMs, fills: { value: Math.round(pick.queue / pick.hands) } })
    }
  }
  return found
}

/** A source's silence, as the door measures it. */
export type SourceHealth = { readonly source: string; readonly feed: string; readonly silentMs: number; readonly silent: boolean }

export function lookAtFeeds(rules: readonly AlertRule[], sources: readonly SourceHealth[], nowMs: number): Finding[] {
  return of(rules, 'feed-silence').flatMap((rule) =>
    sources
      .filter(({ silent, silentMs }) => silent && silentMs > rule.minutes * 60_000)
      .map(({ source, feed, silentMs }) => ({
        rule,
        subject: `${source}/${feed}`,
        atMs: nowMs,
        order: null,
        warehouse: null,
        fills: {
          source: `${source} (${feed})`,
          value: silentMs > HOUR_MS ? `${Math.round(silentMs / HOUR_MS)} h` : `${Math.round(silentMs / 60_000)} min`,
        },
      })),
  )
}

/** How far a place is from the straight way between two others, km; on a plane around it, which is good to a percent for a country. */
export function offWayKm(at: Place, from: Place, to: Place): number {
  const narrow = Math.cos((at.lat * Math.PI) / 180)
  const plane = ({ lat, lon }: Place): readonly [number, number] => [(lon - at.lon) * narrow, lat - at.lat]
  const [ax, ay] = plane(from)
  const [bx, by] = plane(to)
  const long = (bx - ax) ** 2 + (by - ay) ** 2
  const along = long === 0 ? 0 : Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / long))
  const [x, y] = [ax + along * (bx - ax), ay + along * (by - ay)]
  return distanceKm(at.lat, at.lon, at.lat + y, at.lon + x / Math.max(0.01, narrow))
}
