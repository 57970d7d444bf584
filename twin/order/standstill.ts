import { downstream } from '../../sim/reach.ts'
import type { Core } from '../state/core.ts'
import type { OrderView, PartView } from '../state/live-state.ts'
import type { Learned } from './learned.ts'
import { RANK, stateNumber } from './steps.ts'

/**
 * What a hub that is shut for some hours from now, or vans of a zone that go out so much later, would move: orders that have still to pass there, by how
 * much each, and promises. An order gets there when orders like it did, by what past ones took: who comes after the hours are over is not moved. Where it
 * is known when vans leave, who is ready an hour after them waits for the next.
 */
export type Trouble = { readonly at: 'hub' | 'vans'; readonly id: string; readonly hours: number }

export type Standstill = {
  readonly trouble: Trouble
  /** Orders that have still to pass, and how many of these would be moved. */
  readonly ordersToPass: number
  readonly ordersMoved: number
  /** By so much in the middle, of those that are moved; 0 where none is. */
  readonly movedMs: number
  /** How many more orders come late, as an expected number; and how many go from likely in time to likely late. */
  readonly moreLate: number
  readonly promises: number
  /** Vans that orders behind it were to go with, with how many of them; most first. */
  readonly vans: readonly { readonly zone: string; readonly orders: number }[]
  /** Those whose odds change most, or that are moved most. */
  readonly orders: readonly MovedOrder[]
  /** Orders of which past ones say nothing. */
  readonly unknown: number
}
export type MovedOrder = {
  readonly order: string
  readonly state: string
  readonly movedMs: number
  /** Odds of being late without it and with it; null where nothing was promised. */
  readonly late: readonly [before: number, after: number] | null
}

/** When vans next leave, at or after an instant; ms since 1970. */
export type NextVans = (atMs: number) => number

const NAMED = 50
/** An order is moved where it is by more than this in the middle, or its odds by more than a hundredth. */
const MOVED_MS = 60_000
const MOVED_ODDS = 0.01
const HOUR_MS = 3_600_000
const ORDERS_AT_ONCE = 500

const AT_HUB = stateNumber('at-hub')
const OUT = stateNumber('out-for-delivery')
const LEAST_RANK = RANK[stateNumber('routed')]
/** From here on it is past. */
const PAST = { hub: RANK[stateNumber('in-transit')], vans: RANK[OUT] } as const

export function standstill(...args: Parameters<typeof standstillOf>): Standstill {
  const steps = standstillOf(...args)
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

/** In pieces of a few ms. `hubOf`: through which hub a zone is reached, for orders whose routing did not say. */
export function* standstillOf(
  core: Core,
  learned: Learned,
  orders: Iterable<OrderView>,
  trouble: Trouble,
  nowMs: number,
  hubOf: (zone: string) => string | null,
  nextVans: NextVans | null = null,
): Generator<undefined, Standstill> {
  const root = `${trouble.at} ${trouble.id}`
  const lanes: [string, string][] = []
  const moved: MovedOrder[] = []
  let [toPass, unknown, moreLate, looked] = [0, 0, 0, 0]
  for (const order of orders) {
    if (++looked % ORDERS_AT_ONCE === 0) yield
    const part = stillToPass(order, trouble, hubOf)
    if (part === null) continue
    toPass++
    const one = moveOf(core, learned, order, part, trouble, nowMs, nextVans)
    if (one === null) unknown++
    if (one === null || (one.movedMs < MOVED_MS && (one.late === null || one.late[1] - one.late[0] < MOVED_ODDS))) continue
    moved.push(one)
    if (one.late !== null) moreLate += one.late[1] - one.late[0]
    const vans = `vans ${order.zone ?? '?'}`
    if (vans !== root) lanes.push([root, vans])
    lanes.push([vans, `order ${order.id}`])
    if (one.late !== null && one.late[0] < 0.5 && one.late[1] >= 0.5) lanes.push([`order ${order.id}`, `promise ${order.id}`])
  }
  const reached = [...downstream(lanes, root).keys()]
  const counts = Map.groupBy(
    lanes.filter(([from, to]) => from.startsWith('vans ') && to.startsWith('order ')),
    ([from]) => from.slice('vans '.length),
  )
  const times = moved.map(({ movedMs }) => movedMs).sort((a, b) => a - b)
  const rise = ({ late }: MovedOrder): number => (late === null ? 0 : late[1] - late[0])
  return {
    trouble,
    ordersToPass: toPass,
    ordersMoved: moved.length,
    movedMs: times[Math.floor(times.length / 2)] ?? 0,
    moreLate,
    promises: reached.filter((node) => node.startsWith('promise ')).length,
    vans: [...counts].map(([zone, own]) => ({ zone, orders: own.length })).sort((a, b) => b.orders - a.orders),
    orders: moved.sort((a, b) => rise(b) - rise(a) || b.movedMs - a.movedMs).slice(0, NAMED),
    unknown,
  }
}

/** The parcel of an order that has still to pass; of several the one that is least far. */
function stillToPass(order: OrderView, { at, id }: Trouble, hubOf: (zone: string) => string | null): PartView | null {
  if (at === 'vans' && order.zone !== id) return null
  let least: PartView | null = null
  for (const part of order.parts) {
    const rank = RANK[stateNumber(part.state)]
    if (rank < LEAST_RANK || rank >= PAST[at]) continue
    if (at === 'hub' && (part.hub ?? hubOf(order.zone ?? '')) !== id) continue
    if (least === null || rank < RANK[stateNumber(least.state)]) least = part
  }
  return least
}

/** What nine parcels in ten like it took at least from their coming into the hub to their station: what lies beyond is waiting for vans and waves. */
function leastHandling(learned: Learned, kin: Parameters<Learned['stays']>[0]): number {
  const past = learned.stays({ ...kin, state: AT_HUB }, () => true)?.stays ?? []
  const took = past.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  return took[Math.floor(took.length / 10)] ?? 0
}

function moveOf(
  { words }: Core,
  learned: Learned,
  order: OrderView,
  part: PartView,
  trouble: Trouble,
  nowMs: number,
  nextVans: NextVans | null,
): MovedOrder | null {
  const kin = {
    state: stateNumber(part.state),
    warehouse: words.warehouses.numbers.get(part.warehouse ?? '') ?? 0,
    service: words.services.numbers.get(part.service ?? '') ?? 0,
    zone: words.zones.numbers.get(order.zone ?? '') ?? 0,
  }
  const alike = learned.stays(kin, ({ tookMs }) => tookMs > nowMs - part.sinceMs)
  // From the gate on it takes what it usually takes.
  const beyond = learned.stays({ ...kin, state: trouble.at === 'hub' ? AT_HUB : OUT }, () => true)
  if (alike === null || beyond === null) return null
  const rests = beyond.stays.map(({ restMs }) => restMs).sort((a, b) => a - b)
  const usualRest = rests[Math.floor(rests.length / 2)]
  const opensMs = nowMs + trouble.hours * HOUR_MS
  const isThere = kin.state === AT_HUB && trouble.at === 'hub'
  const handlingMs = trouble.at === 'hub' && nextVans !== null ? leastHandling(learned, kin) : null
  const delays = alike.stays.map(({ restMs }) => {
    const comesMs = isThere ? nowMs : Math.max(nowMs, part.sinceMs + restMs - usualRest)
    const waitMs = Math.max(0, opensMs - comesMs)
    if (waitMs === 0 || handlingMs === null || nextVans === null) return waitMs
    // Who would have been ready for one round of vans and is now for another arrives so much later; who waits for the same round loses nothing by it.
    return nextVans(comesMs + waitMs + handlingMs) - nextVans(comesMs + handlingMs)
  })
  const left = order.promisedMs === null ? null : order.promisedMs - part.sinceMs
  const odds = (late: number): number => (late + 0.5) / (alike.stays.length + 1)
  const before = left === null ? 0 : alike.stays.filter(({ restMs }) => restMs > left).length
  const after = left === null ? 0 : alike.stays.filter(({ restMs }, i) => restMs + delays[i] > left).length
  const sorted = delays.toSorted((a, b) => a - b)
  return {
    order: order.id,
    state: part.state,
    movedMs: sorted[Math.floor(sorted.length / 2)],
    late: left === null ? null : [odds(before), odds(after)],
  }
}
