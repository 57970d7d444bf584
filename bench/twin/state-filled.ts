import type { LiveEvent } from '../../twin/event/feeds.ts'
import { openState, restoreState, type TwinState } from '../../twin/state/state.ts'
import { secondsSince } from '../measured.ts'

/**
 * Orders of a month in full swing, as a sender would tell them: each order is placed, paid, routed, picked, packed and scanned along its way, and its
 * picks and the load of stations are told beside it. No luck: lags go by the order's number, so every run tells the same.
 */
const DAY_MS = 86_400_000
const FROM_MS = Date.UTC(2026, 9, 1)
const WALK: readonly (readonly [feed: string, type: string, afterMinutes: number, fields: string])[] = [
  ['orders', 'placed', 0, 'placed'],
  ['payments', 'captured', 3, ''],
  ['orders', 'routed', 5, 'route'],
  ['orders', 'released', 60, 'warehouse'],
  ['work', 'pick-started', 100, 'warehouse'],
  ['stock', 'picked', 110, 'stock'],
  ['work', 'pick-finished', 115, 'warehouse'],
  ['work', 'pack-finished', 150, 'warehouse'],
  ['departures', 'handed-over', 400, 'handed'],
  ['scans', 'at-hub', 1500, 'hub'],
  ['scans', 'at-station', 2600, 'zone'],
  ['scans', 'out-for-delivery', 3900, 'zone'],
  ['scans', 'delivered', 4200, ''],
]
const SITES = 100
const ZONES = 200

/** Event `step` of order `order`, of `orders` that are placed over `days`. */
function told(order: number, step: number, placedMs: number): LiveEvent {
  const [feed, type, after, fields] = WALK[step]
  const id = `order-${String(order).padStart(8, '0')}`
  const warehouse = `warehouse-${(order * 7) % SITES}`
  const zone = `zone-${(order * 13) % ZONES}`
  const at = new Date(placedMs + Math.round((after + (order % 17) * (after / 40)) * 60_000)).toISOString()
  const base = { id: `${id}-${step}`, source: `wms:${(order * 7) % SITES}`, feed, type, at }
  const own: Record<string, unknown> =
    fields === 'placed'
      ? {
          order: id,
          zone,
          lines: [{ sku: `sku-${order % 5000}`, units: 1 + (order % 3) }],
          promisedAt: new Date(placedMs + 4 * DAY_MS).toISOString(),
        }
      : fields === 'route'
        ? {
            order: id,
            part: 0,
            warehouse,
            service: `service-${order % 3}`,
            expectedAt: new Date(placedMs + 3 * DAY_MS).toISOString(),
          }
        : fields === 'handed'
          ? { order: id, part: 0, warehouse, service: `service-${order % 3}` }
          : fields === 'stock'
            ? { warehouse, sku: `sku-${order % 5000}`, quantity: { value: 1, unit: '{unit}' }, order: id }
            : fields === 'warehouse'
              ? { order: id, part: 0, warehouse }
              : fields === 'hub'
                ? { order: id, part: 0, hub: `hub-${order % 20}` }
                : fields === 'zone'
                  ? { order: id, part: 0, zone }
                  : step < 2
                    ? { order: id }
                    : { order: id, part: 0 }
  return { ...base, ...own } as unknown as LiveEvent
}

/** Bodies of 1,000 events as they come: JSON that is parsed anew, in the order of their time. */
function* bodies(orders: number, days: number, steps: number): Generator<string[]> {
  const apart = (days * DAY_MS) / orders
  const due: { at: number; order: number; step: number }[][] = []
  // A bucket for each hour: what falls due in it is told in the order of time.
  const hours = Math.ceil(days * 24) + 96
  for (let h = 0; h < hours; h++) due.push([])
  let body: string[] = []
  let next = 0
  for (let hour = 0; hour < hours; hour++) {
    const until = (hour + 1) * 3_600_000
    while (next < orders && next * apart < until) {
      due[hour].push({ at: next * apart, order: next, step: 0 })
      next++
    }
    // What follows within the same hour is told in it as well.
    for (let i = 0; i < due[hour].length; i++) {
      const { order, step } = due[hour][i]
      if (step + 1 < steps) {
        const at = order * apart + (WALK[step + 1][2] + (order % 17) * (WALK[step + 1][2] / 40)) * 60_000
        const bucket = Math.min(hours - 1, Math.floor(at / 3_600_000))
        due[bucket].push({ at, order, step: step + 1 })
      }
    }
    due[hour].sort((a, b) => a.at - b.at)
    for (const { order, step } of due[hour]) {
      body.push(JSON.stringify(told(order, step, FROM_MS + order * apart)))
      if (body.length === 1000) {
        yield body
        body = []
      }
    }
    due[hour] = []
  }
  if (body.length > 0) yield body
}

type Filled = {
  readonly state: TwinState
  readonly events: number
  /** CPU time of the fold alone, and of parsing the same lines. */
  readonly applySeconds: number
  readonly parseSeconds: number
}

/** So many bodies are parsed, then applied one by one: asking for the time of each would be measured too. */
const BODIES_AT_ONCE = 5

export function fill(orders: number, days: number, steps: number): Filled {
  const state = openState()
  let [events, applySeconds, parseSeconds, entry] = [0, 0, 0, 0]
  let some: string[][] = []
  const take = (): void => {
    let started = process.cpuUsage()
    const parsed = some.map((body) => body.map((line) => JSON.parse(line) as LiveEvent))
    parseSeconds += secondsSince(started)
    const places = parsed.map((body) => {
      entry++
      return body.map((_, line) => ({ entry, line }))
    })
    started = process.cpuUsage()
    let duplicates = 0
    for (let i = 0; i < parsed.length; i++) duplicates += state.apply(parsed[i], places[i]).duplicates
    applySeconds += secondsSince(started)
    if (duplicates > 0) throw new Error('the made-up month repeats itself')
    for (const body of parsed) events += body.length
    some = []
  }
  for (const body of bodies(orders, days, steps)) {
    some.push(body)
    if (some.length === BODIES_AT_ONCE) take()
  }
  take()
  return { state, events, applySeconds, parseSeconds }
}

/** How long it takes to look at the whole network at instants of the month: counts by site, open orders, weather, and one order. */
export function timeTravel(state: TwinState, days: number, looks: number): number[] {
  const timed: number[] = []
  for (let i = 0; i < looks; i++) {
    const atMs = FROM_MS + ((i + 0.5) / looks) * days * DAY_MS
    const started = process.cpuUsage()
    const view = state.at(atMs)
    const open = view.openCount()
    const parcels = view.sites().reduce((sum, site) => sum + Object.values(site.parcels).reduce((a, b) => a + b, 0), 0)
    view.order('order-00000001')
    const ms = secondsSince(started) * 1000
    if (parcels > open) throw new Error('more parcels than orders')
    timed.push(ms)
  }
  return timed
}

export function putAway(state: TwinState): { bytes: number; takeSeconds: number; restoreSeconds: number; same: boolean } {
  let started = process.cpuUsage()
  const bytes = state.checkpoint()
  const takeSeconds = secondsSince(started)
  started = process.cpuUsage()
  const restored = restoreState(bytes)
  const restoreSeconds = secondsSince(started)
  return {
    bytes: bytes.length,
    takeSeconds,
    restoreSeconds,
    same: restored !== null && restored.openCount() === state.openCount(),
  }
}
