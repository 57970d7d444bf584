import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { STATE } from '../../sim/world.ts'
import type { OrderStateId } from '../order/lifecycle.ts'
import { localMidnight, type RunCalendar } from '../reality/run-calendar.ts'
import type { LiveView, OrderView, PartView } from '../state/live-state.ts'
import { toldConditions } from './conditions.ts'

/**
 * What is known of the network at an instant, as plain columns that a thread can be handed: orders that are on their way, parcels by their stage,
 * shelves. Numbers stand for the network's places; instants are ms on the clock of the run that will go on from here.
 */
export type Present = {
  /** The instant, on the run's clock, and where that lies in the calendar. */
  readonly nowMs: number
  readonly calendar: RunCalendar
  /** Orders by when they were placed. */
  readonly orders: number
  /** Empty where nobody asks for single orders: threads are handed no names that they do not need. */
  readonly ids: readonly string[]
  readonly zone: Int32Array
  readonly placedMs: Float64Array
  readonly promisedMs: Float64Array
  /** Lines of order i, as in a world (SKU · 256 + units): lineStart[i] … lineStart[i + 1]. */
  readonly lineStart: Int32Array
  readonly lines: Int32Array
  /** Some parcel of it has ended: it cannot be cancelled any more. */
  readonly begun: Uint8Array
  /** Parcels by when they came into their stage. */
  readonly parcels: number
  readonly order: Int32Array
  readonly part: Int32Array
  /** One of STATE, from placed to outForDelivery. */
  readonly stage: Uint8Array
  readonly sinceMs: Float64Array
  readonly warehouse: Int32Array
  readonly service: Int32Array
  readonly attempts: Uint8Array
  /** Which of its order's lines it carries, as bits. */
  readonly mask: Uint8Array
  /** Parcels of order i that are on their way. */
  readonly parts: Uint8Array
  /** Units on the shelf, sku · W + warehouse; −1 where nobody has told. */
  readonly onHand: Int32Array
  /** Goods ordered from suppliers that are still to come: shelf (sku · W + warehouse), units, when they were ordered and should come (NaN: nobody said). */
  readonly inbound: {
    readonly shelf: Int32Array
    readonly units: Int32Array
    readonly orderedMs: Float64Array
    readonly expectedMs: Float64Array
  }
  /** 1 for warehouses that tell what they order: nothing more is supposed to be on its way to them. */
  readonly tellsInbound: Uint8Array
  /** Orders placed since midnight, by zone. */
  readonly placedToday: Int32Array
  /** Lines of all orders placed today and on the days before, delivered or not: how many days ago, where to, and the line. */
  readonly asked: { readonly daysAgo: Uint8Array; readonly zone: Int32Array; readonly line: Int32Array }
  /** Of how many whole days before today all orders are still in the view. */
  readonly askedDays: number
  /** What holds now and was told: carriers with less room, fewer hands, weather, sales. */
  readonly conditions: ScenarioSpec
  /** Nobody tells of hubs, stations and vans: what was handed over may be anywhere on its way. */
  readonly silentRoad: boolean
  /** What could not be taken over, and how often. */
  readonly leftOut: Readonly<Record<string, number>>
}

/** Stages of the simulator for states of the lifecycle; a state that is missing here has ended, or not begun. */
export const STAGE_OF: Partial<Record<OrderStateId, number>> = {
  placed: STATE.placed,
  'awaiting-payment': STATE.placed,
  'payment-failed': STATE.placed,
  'under-review': STATE.placed,
  held: STATE.placed,
  paid: STATE.paid,
  backordered: STATE.paid,
  'short-picked': STATE.paid,
  'quality-failed': STATE.paid,
  routed: STATE.routed,
  released: STATE.released,
  picking: STATE.picking,
  picked: STATE.picked,
  'quality-check': STATE.picked,
  packing: STATE.packing,
  packed: STATE.packed,
  staged: STATE.packed,
  'handed-over': STATE.handedOver,
  'at-hub': STATE.atHub,
  'in-transit': STATE.atStation,
  'at-station': STATE.atStation,
  'delivery-failed': STATE.atStation,
  'out-for-delivery': STATE.outForDelivery,
}

/** The run's clock begins on a Monday so many weeks before the present, so that no order is older than it. */
const WEEKS_BEFORE = 10
const DAY_MS = 86_400_000
const LINES_MAX = 8
/** Orders leave a view some days after they are delivered: those of so many days before are surely there. */
const ASKED_DAYS = 3

/** The calendar of a run that goes on from an instant. */
export function calendarAt(asOfMs: number, offsetMinutes: number): RunCalendar {
  const midnight = localMidnight(asOfMs, offsetMinutes)
  // 1970 began on a Thursday.
  const weekday = (((Math.floor((midnight + offsetMinutes * 60_000) / DAY_MS) + 3) % 7) + 7) % 7
  return { zeroMs: midnight - (weekday + 7 * WEEKS_BEFORE) * DAY_MS, offsetMinutes }
}

type Names = {
  readonly zones: ReadonlyMap<string, number>
  readonly warehouses: ReadonlyMap<string, number>
  readonly services: ReadonlyMap<string, number>
  readonly skus: ReadonlyMap<string, number>
}
const numbered = (items: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
  new Map(items.map(({ id }, i) => [id, i]))

/** Reads a view. Names that the network has not are left out and counted. */
export function presentOf(view: LiveView, spec: NetworkSpec, offsetMinutes: number, withIds = false): Present {
  const calendar = calendarAt(view.asOfMs, offsetMinutes)
  const onRun = (ms: number): number => ms - calendar.zeroMs
  const nowMs = onRun(view.asOfMs)
  const names: Names = {
    zones: numbered(spec.zones),
    warehouses: numbered(spec.warehouses),
    services: numbered(spec.services),
    skus: numbered(spec.skus),
  }
  const leftOut: Record<string, number> = {}
  const leave = (why: string): null => {
    leftOut[why] = (leftOut[why] ?? 0) + 1
    return null
  }
  const midnight = nowMs - (nowMs % DAY_MS)
  const placedToday = new Int32Array(spec.zones.length)
  const taken: Taken[] = []
  const asked: { daysAgo: number; zone: number; line: number }[] = []
  let oldestMs = nowMs
  for (const order of view.openOrders()) {
    const zone = names.zones.get(order.zone ?? '')
    if (order.placedMs === null || zone === undefined) {
      leave(order.placedMs === null ? 'orders that nobody has placed' : 'orders to unknown zones')
      continue
    }
    const placed = onRun(order.placedMs)
    if (placed >= midnight) placedToday[zone]++
    oldestMs = Math.min(oldestMs, placed)
    const daysAgo = Math.ceil((midnight - placed) / DAY_MS)
    if (daysAgo <= ASKED_DAYS)
      for (const { sku, units } of order.lines) {
        const k = names.skus.get(sku)
        if (k !== undefined) asked.push({ daysAgo: Math.max(0, daysAgo), zone, line: (k << 8) | Math.min(255, units) })
      }
    const one = take(order, zone, names, onRun, nowMs, leave)
    if (one !== null) taken.push(one)
  }
  taken.sort((a, b) => a.placedMs - b.placedMs || (a.id < b.id ? -1 : 1))
  const onHand = new Int32Array(spec.skus.length * spec.warehouses.length).fill(-1)
  for (const { warehouse, sku, onHand: units } of view.stock()) {
    const w = names.warehouses.get(warehouse)
    const k = names.skus.get(sku)
    if (w === undefined || k === undefined) leave('shelves of unknown warehouses or articles')
    else onHand[k * spec.warehouses.length + w] = Math.max(0, Math.round(units))
  }
  const { warehouses: telling, lines: inbound } = view.inbound()
  const tellsInbound = new Uint8Array(spec.warehouses.length)
  for (const id of telling) {
    const w = names.warehouses.get(id)
    if (w !== undefined) tellsInbound[w] = 1
  }
  const toCome = inbound.flatMap(({ warehouse, sku, units, expectedMs, toldMs }) => {
    const w = names.warehouses.get(warehouse)
    const k = names.skus.get(sku)
    if (w === undefined || k === undefined) {
      leave('goods ordered for unknown warehouses or of unknown articles')
      return []
    }
    const shelf = k * spec.warehouses.length + w
    return [{ shelf, units, orderedMs: onRun(toldMs), expectedMs: expectedMs === null ? Number.NaN : onRun(expectedMs) }]
  })
  return {
    nowMs,
    calendar,
    ...columnsOf(taken),
    ids: withIds ? taken.map(({ id }) => id) : [],
    onHand,
    inbound: {
      shelf: Int32Array.from(toCome, ({ shelf }) => shelf),
      units: Int32Array.from(toCome, ({ units }) => Math.min(1_000_000, Math.round(units))),
      orderedMs: Float64Array.from(toCome, ({ orderedMs }) => orderedMs),
      expectedMs: Float64Array.from(toCome, ({ expectedMs }) => expectedMs),
    },
    tellsInbound,
    placedToday,
    asked: {
      daysAgo: Uint8Array.from(asked, (one) => one.daysAgo),
      zone: Int32Array.from(asked, (one) => one.zone),
      line: Int32Array.from(asked, (one) => one.line),
    },
    askedDays: Math.max(0, Math.min(ASKED_DAYS, Math.floor((midnight - oldestMs) / DAY_MS))),
    conditions: toldConditions(view, spec, calendar, nowMs),
    silentRoad: isSilentRoad(taken),
    leftOut,
  }
}

/** Where so many parcels are with carriers, some are at hubs, stations or on vans; if none is, nobody tells of these. */
const SOME_BEYOND = 50
function isSilentRoad(taken: readonly Taken[]): boolean {
  let road = 0
  for (const { parcels } of taken)
    for (const { stage } of parcels) {
      if (stage > STATE.handedOver) return false
      if (stage === STATE.handedOver) road++
    }
  return road >= SOME_BEYOND
}

type Taken = {
  readonly id: string
  readonly zone: number
  readonly placedMs: number
  readonly promisedMs: number
  readonly lines: readonly number[]
  readonly begun: boolean
  readonly parcels: readonly TakenParcel[]
}
type TakenParcel = {
  readonly stage: number
  readonly sinceMs: number
  readonly warehouse: number
  readonly service: number
  readonly attempts: number
  readonly mask: number
}

function take(
  order: OrderView,
  zone: number,
  { warehouses, services, skus }: Names,
  onRun: (ms: number) => number,
  nowMs: number,
  leave: (why: string) => null,
): Taken | null {
  const placedMs = Math.max(0, onRun(order.placedMs ?? 0))
  const open = order.parts.filter(({ state }) => STAGE_OF[state] !== undefined)
  const bare = order.parts.length === 0 && STAGE_OF[order.state] !== undefined
  if (open.length === 0 && !bare) return null
  const lines: number[] = []
  for (const { sku, units } of order.lines) {
    const k = skus.get(sku)
    if (k === undefined) return leave('orders of unknown articles')
    if (lines.length < LINES_MAX) lines.push((k << 8) | Math.min(255, units))
    else leave('lines beyond the eighth of an order')
  }
  if (lines.length === 0) return leave('orders without lines')
  const parts = bare ? [bareParcel(order, placedMs)] : shared(open, order, lines.length)
  const parcels: TakenParcel[] = []
  for (const { view, mask } of parts) {
    const stage = STAGE_OF[view.state] ?? STATE.placed
    const isRouted = stage >= STATE.routed
    const warehouse = warehouses.get(view.warehouse ?? '') ?? -1
    const service = services.get(view.service ?? '') ?? -1
    if (isRouted && (warehouse < 0 || service < 0)) return leave('parcels without a known warehouse or service')
    parcels.push({
      stage,
      sinceMs: Math.min(nowMs, Math.max(0, onRun(view.sinceMs))),
      warehouse: Math.max(0, warehouse),
      service: Math.max(0, service),
      attempts: view.state === 'delivery-failed' ? 1 : 0,
      mask,
    })
  }
  const promisedMs = order.promisedMs === null ? placedMs + 7 * DAY_MS : onRun(order.promisedMs)
  return { id: order.id, zone, placedMs, promisedMs, lines, begun: open.length < order.parts.length, parcels }
}

const bareParcel = (order: OrderView, placedMs: number): { view: PartView; mask: number } => ({
  view: { part: 0, state: order.state, sinceMs: placedMs, warehouse: null, service: null, hub: null, expectedMs: null },
  mask: 255,
})

/** Which lines each part carries: all of them where there is one, else dealt out in turn, since a view does not say. */
function shared(open: readonly PartView[], order: OrderView, lines: number): { view: PartView; mask: number }[] {
  if (order.parts.length === 1) return open.map((view) => ({ view, mask: (1 << lines) - 1 }))
  return open.map((view, i) => {
    let mask = 0
    for (let line = i; line < lines; line += open.length) mask |= 1 << line
    return { view, mask: mask === 0 ? 1 << (lines - 1) : mask }
  })
}

function columnsOf(taken: readonly Taken[]) {
  const lineStart = new Int32Array(taken.length + 1)
  taken.forEach(({ lines }, i) => {
    lineStart[i + 1] = lineStart[i] + lines.length
  })
  const parcels = taken
    .flatMap((one, order) => one.parcels.map((parcel, part) => ({ ...parcel, order, part })))
    .sort((a, b) => a.sinceMs - b.sinceMs || a.order - b.order || a.part - b.part)
  return {
    orders: taken.length,
    zone: Int32Array.from(taken, (one) => one.zone),
    placedMs: Float64Array.from(taken, (one) => one.placedMs),
    promisedMs: Float64Array.from(taken, (one) => one.promisedMs),
    lineStart,
    lines: Int32Array.from(taken.flatMap((one) => one.lines)),
    begun: Uint8Array.from(taken, (one) => (one.begun ? 1 : 0)),
    parcels: parcels.length,
    order: Int32Array.from(parcels, (one) => one.order),
    part: Int32Array.from(parcels, (one) => one.part),
    stage: Uint8Array.from(parcels, (one) => one.stage),
    sinceMs: Float64Array.from(parcels, (one) => one.sinceMs),
    warehouse: Int32Array.from(parcels, (one) => one.warehouse),
    service: Int32Array.from(parcels, (one) => one.service),
    attempts: Uint8Array.from(parcels, (one) => one.attempts),
    mask: Uint8Array.from(parcels, (one) => one.mask),
    parts: Uint8Array.from(taken, (one) => one.parcels.length),
  }
}
