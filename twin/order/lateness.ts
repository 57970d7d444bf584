import { blameOf } from '../../sim/trace/blame.ts'
import { type Learned, skipped } from './learned.ts'
import type { Walk } from './life.ts'
import type { OrderStateId } from './lifecycle.ts'
import { SPENT_IDS, SPENT_IN, type SpentId, spentKind } from './stage.ts'
import { ENDS, RANK, stateId } from './steps.ts'

/** A stretch of the life, what it was spent on, what usual orders may take for it, and its share of the lateness. In whole ms. */
export type Dwelt = {
  readonly state: OrderStateId
  readonly fromMs: number
  readonly toMs: number
  readonly tookMs: number
  readonly spent: SpentId
  /** States that nobody reported within it. */
  readonly untold: readonly OrderStateId[]
  readonly allowedMs: number
  readonly blameMs: number
}
export type Lateness = {
  /** Every stay, from the first event to the last or to the instant it is asked at: their times add up to all of it. */
  readonly stays: readonly Dwelt[]
  readonly totalMs: number
  /**
   * Delivered − promised; of what is under way, lost or damaged now − promised, and of what was cancelled or refunded its end − promised. Below 0 it is in
   * time. Null where nothing was promised.
   */
  readonly lateMs: number | null
  /** By what the time was spent on; adds up to the lateness. `promise`: it left less than such orders usually take. */
  readonly causes: readonly { readonly cause: SpentId | 'promise'; readonly blameMs: number; readonly share: number }[]
  /** What the promise left beyond what such orders usually take; below 0 it was tight. */
  readonly reserveMs: number | null
  /** Orders that "usually" rests on; 0: nothing was known, and each stretch is allowed its part of the promise. */
  readonly rests: number
}

/**
 * Shares out how late an order is over its waits, to the ms. What the promise allows for each is the median of past orders of the same service and
 * zone; what it leaves beyond all of them is its reserve. See sim/trace/blame for how debts grow and shrink.
 */
export function latenessOf(learned: Learned, walk: Walk, nowMs: number): Lateness {
  const { stays, placedMs, promisedMs, deliveredMs } = walk
  const lastTo = stays[stays.length - 1].toMs
  // Who was cancelled or refunded waits no more; who was to get what is lost or damaged still does.
  const isOwed = deliveredMs === null && OWED.has(stateId(walk.state))
  const endMs = deliveredMs ?? (ENDS[walk.state] === 1 && !isOwed ? lastTo : nowMs)
  const told = stays.map(({ state, fromMs, toMs }, i) => {
    const next = stays[i + 1]
    const untold = next === undefined ? [] : skipped(learned, RANK, state, next.state)
    const spent: SpentId = untold.length > 0 ? 'gap' : SPENT_IN[stateId(state)]
    return {
      state: stateId(state),
      fromMs,
      toMs,
      tookMs: toMs - fromMs,
      spent,
      untold: untold.map(stateId),
      allowedMs: 0,
      blameMs: 0,
    }
  })
  const totalMs = stays[stays.length - 1].toMs - stays[0].fromMs
  if (placedMs === null || promisedMs === null)
    return { stays: told, totalMs, lateMs: null, causes: [], reserveMs: null, rests: 0 }

  // The life that the promise speaks of: from placed to delivered.
  const counted = told.filter(({ fromMs, toMs }) => toMs > placedMs && fromMs < endMs)
  const took = counted.map(({ fromMs, toMs }) => Math.min(toMs, endMs) - Math.max(fromMs, placedMs))
  // The stay in which it was lost is over, and all the time since is its doing.
  if (isOwed && took.length > 0) took[took.length - 1] += Math.max(0, endMs - lastTo)
  const { spentMs, orders } = learned.usual(walk.service, walk.zone)
  const promiseMs = promisedMs - placedMs
  allow(counted, took, orders === 0 ? null : spentMs, promiseMs)
  const reserveMs = promiseMs - counted.reduce((sum, { allowedMs }) => sum + allowedMs, 0)
  const lateMs = endMs - promisedMs
  const shares = blameOf([
    ...counted.map(({ spent, allowedMs }, i) => ({ kind: spentKind(spent), tookMs: took[i], allowedMs })),
    { kind: 'trouble' as const, tookMs: 0, allowedMs: reserveMs },
  ])
  counted.forEach((stay, i) => {
    stay.blameMs = shares[i]
  })
  const sums = new Map<SpentId | 'promise', number>()
  for (const { spent, blameMs } of counted) sums.set(spent, (sums.get(spent) ?? 0) + blameMs)
  sums.set('promise', shares[shares.length - 1])
  const causes = [...sums]
    .filter(([, blameMs]) => blameMs > 0)
    .map(([cause, blameMs]) => ({ cause, blameMs, share: blameMs / lateMs }))
    .sort((a, b) => b.blameMs - a.blameMs)
  return { stays: told, totalMs, lateMs, causes, reserveMs, rests: orders }
}

/** Ends of a life after which the customer still has not what was promised. */
const OWED: ReadonlySet<OrderStateId> = new Set<OrderStateId>(['lost', 'damaged'])

type Told = { -readonly [K in keyof Dwelt]: Dwelt[K] }

/** Gives each stay its part of what is allowed for it: in their order, each at most what it took; what nobody took goes to the last. */
function allow(stays: Told[], took: readonly number[], usual: Readonly<Record<SpentId, number>> | null, promiseMs: number): void {
  if (usual === null) {
    const all = took.reduce((a, b) => a + b, 0)
    stays.forEach((stay, i) => {
      stay.allowedMs = all === 0 ? 0 : Math.floor((promiseMs * took[i]) / all)
    })
    return
  }
  for (const id of SPENT_IDS) {
    if (id === 'return' || id === 'gap') continue
    // Time that was spent untold on several things is allowed what they have together.
    const mine = stays.map((_, i) => i).filter((i) => covers(stays[i], id))
    let left = usual[id]
    for (const i of mine) {
      const more = Math.min(Math.max(0, took[i] - stays[i].allowedMs), left)
      stays[i].allowedMs += more
      left -= more
    }
    const last = mine.at(-1)
    if (last !== undefined) stays[last].allowedMs += left
  }
}

const covers = ({ state, untold }: Told, id: SpentId): boolean =>
  SPENT_IN[state] === id || untold.some((one) => SPENT_IN[one] === id)
