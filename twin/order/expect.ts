import type { Core } from '../state/core.ts'
import { nameOf } from '../state/names.ts'
import type { Alike, Learned, PastStay } from './learned.ts'
import type { Walk } from './life.ts'
import type { OrderStateId } from './lifecycle.ts'
import { RANK, stateId, stateNumber } from './steps.ts'

/**
 * What is expected of an order that is under way: from orders like it that had been in the same state for as long as it has been. A time is told as the
 * quantiles 10 %, 50 % and 90 % of theirs, with how many orders that rests on.
 */
export type Interval = { readonly earlyMs: number; readonly likelyMs: number; readonly lateMs: number }
export type Expected = {
  /** The state that most often came next, its share, and when. */
  readonly next: { readonly state: OrderStateId; readonly share: number; readonly atMs: Interval }
  readonly deliveredMs: Interval
  /** Chance that it comes after its promise; null where none was made. */
  readonly late: number | null
  readonly rests: { readonly orders: number; readonly alike: Alike }
}
/** Why nothing can be said. */
export type Unexpected = { readonly why: 'over' | 'never seen' | 'longer than any'; readonly orders: number }

export type Alternative = {
  readonly warehouse: string | null
  readonly service: string | null
  readonly deliveredMs: Interval
  readonly late: number
  readonly orders: number
}

const DELIVERED = stateNumber('delivered')
const HANDED_OVER = stateNumber('handed-over')
const ROUTED = stateNumber('routed')

export const isUnderWay = (state: number): boolean => RANK[state] > 0 && RANK[state] < RANK[DELIVERED]

export function expect(learned: Learned, walk: Walk, nowMs: number): Expected | Unexpected {
  if (!isUnderWay(walk.state)) return { why: 'over', orders: 0 }
  const sinceMs = walk.stays[walk.stays.length - 1].fromMs
  const inStateMs = Math.max(0, nowMs - sinceMs)
  const alike = learned.stays(walk, ({ tookMs }) => tookMs > inStateMs)
  if (alike === null) {
    const ever = learned.stays(walk, () => true)
    return { why: ever === null ? 'never seen' : 'longer than any', orders: ever?.stays.length ?? 0 }
  }
  const { stays } = alike
  const next = mostOften(stays)
  return {
    next: { state: stateId(next.state), share: next.stays.length / stays.length, atMs: after(sinceMs, next.stays, 'tookMs') },
    deliveredMs: after(sinceMs, stays, 'restMs'),
    late: walk.promisedMs === null ? null : chanceAfter(walk.promisedMs - sinceMs, stays),
    rests: { orders: stays.length, alike: alike.alike },
  }
}

/** Other ways it could go from here that past orders went, each more likely in time: while no carrier has it yet. */
export function alternatives(core: Core, learned: Learned, walk: Walk, nowMs: number, late: number): Alternative[] {
  if (!isUnderWay(walk.state) || RANK[walk.state] >= RANK[HANDED_OVER] || walk.promisedMs === null) return []
  const found: Alternative[] = []
  const { warehouses, services } = core.words
  for (let warehouse = 1; warehouse < warehouses.list.length; warehouse++)
    for (let service = 1; service < services.list.length; service++) {
      if (warehouse === walk.warehouse && service === walk.service) continue
      const alike = learned.stays({ state: ROUTED, warehouse, service, zone: walk.zone }, () => true)
      // Only what went from there, to there: what other sites did says nothing of this one.
      if (alike === null || alike.alike.length < 4 || alike.stays.length < 30) continue
      const odds = chanceAfter(walk.promisedMs - nowMs, alike.stays)
      if (odds >= late) continue
      found.push({
        warehouse: nameOf(warehouses, warehouse),
        service: nameOf(services, service),
        deliveredMs: after(nowMs, alike.stays, 'restMs'),
        late: odds,
        orders: alike.stays.length,
      })
    }
  return found.sort((a, b) => a.late - b.late || a.deliveredMs.likelyMs - b.deliveredMs.likelyMs).slice(0, 3)
}

/** Share of past stays that took longer, drawn towards a half as one further order of each kind would: never surely 0 or 1. */
export function chanceAfter(leftMs: number, stays: readonly PastStay[]): number {
  let longer = 0
  for (const { restMs } of stays) if (restMs > leftMs) longer++
  return (longer + 0.5) / (stays.length + 1)
}

function after(fromMs: number, stays: readonly PastStay[], what: 'tookMs' | 'restMs'): Interval {
  const sorted = Float64Array.from(stays, (stay) => stay[what]).sort()
  const at = (part: number): number => fromMs + sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  return { earlyMs: at(0.1), likelyMs: at(0.5), lateMs: at(0.9) }
}

function mostOften(stays: readonly PastStay[]): { state: number; stays: PastStay[] } {
  const by = Map.groupBy(stays, ({ next }) => next)
  const [state, most] = [...by].reduce((a, b) => (b[1].length > a[1].length ? b : a))
  return { state, stays: most }
}
