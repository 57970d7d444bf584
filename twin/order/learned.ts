import type { Core } from '../state/core.ts'
import { isForgettable } from '../state/forget.ts'
import { type Walk, walkOf } from './life.ts'
import { SPENT_IDS, SPENT_IN, type SpentId, USUAL_WALK } from './stage.ts'
import { STATE_COUNT, stateId, stateNumber } from './steps.ts'

/**
 * What past orders teach: how long such orders took from a state to the customer, what came next, and what a usual one spends on what. It rests on
 * the latest orders that were delivered, so it follows the network as it changes, and is made anew in some 100 ms.
 */
const LATEST_ORDERS = 20_000
const ORDERS_AT_ONCE = 100
/** Of a group so many stays are kept: enough for quantiles to a few percent. */
const STAYS = 400
/** Fewer orders than this say little: then wider groups are asked. */
const FEW = 30

/** One stay of a past order: how long it was, how long until it was delivered from its beginning, and the state that came next. */
export type PastStay = { readonly tookMs: number; readonly restMs: number; readonly next: number }

/** What a group of orders has in common. The first is the narrowest. */
const ALIKE = [
  ['state', 'warehouse', 'service', 'zone'],
  ['state', 'warehouse', 'service'],
  ['state', 'service', 'zone'],
  ['state', 'service'],
  ['state'],
] as const
export type Alike = (typeof ALIKE)[number]

export type Kin = { readonly state: number; readonly warehouse: number; readonly service: number; readonly zone: number }

export type Learned = {
  readonly orders: number
  readonly asOfMs: number
  /** Stays of the narrowest group that has enough of those that `fits` takes; of the widest one that has any; null where none has. */
  stays(kin: Kin, fits: (stay: PastStay) => boolean): { readonly stays: readonly PastStay[]; readonly alike: Alike } | null
  /** What an order of this service and zone usually spends on each, in ms (median, 0 where fewer than half do), and on how many orders that rests. */
  usual(service: number, zone: number): { readonly spentMs: Readonly<Record<SpentId, number>>; readonly orders: number }
  /** The longest that any of them took from its coming into a state to the customer, ms. */
  longestMs(state: number): number
  /** Whether past orders are usually told in a state of the walk: what is never told is no gap where it is missing. */
  isTold(state: number): boolean
}

export function learn(core: Core, asOfMs: number): Learned {
  const lessons = lessonsOf(core, asOfMs)
  for (let step = lessons.next(); ; step = lessons.next()) if (step.done) return step.value
}

/** The same in pieces of a few ms, for a process that has other things to do between. */
export function* lessonsOf(core: Core, asOfMs: number): Generator<undefined, Learned> {
  const groups = new Map<string, PastStay[]>()
  const spent = new Map<string, Record<SpentId, number>[]>()
  const told = new Uint32Array(STATE_COUNT)
  const longest = new Float64Array(STATE_COUNT)
  let orders = 0
  for (let order = core.orders.rows.count - 1; order > 0 && orders < LATEST_ORDERS; order--) {
    if (order % ORDERS_AT_ONCE === 0) yield
    // Orders may have left meanwhile, and the others have moved up; what may have left teaches nothing, whether it has or not.
    if (order >= core.orders.rows.count || isForgettable(core, order)) continue
    const walk = walkOf(core, order, asOfMs)
    if (walk?.deliveredMs == null || walk.placedMs === null) continue
    orders++
    const own = spentOf(walk)
    for (const key of [`${walk.service} ${walk.zone}`, `${walk.service}`, '']) keep(spent, key, own)
    const { deliveredMs, stays } = walk
    stays.forEach(({ state, fromMs, toMs }, i) => {
      if (fromMs > deliveredMs) return
      told[state]++
      const past = { tookMs: toMs - fromMs, restMs: deliveredMs - fromMs, next: stays[i + 1]?.state ?? state }
      if (past.restMs === 0) return
      longest[state] = Math.max(longest[state], past.restMs)
      for (const alike of ALIKE) keep(groups, keyOf(alike, { ...walk, state }), past)
    })
  }
  const usual = (service: number, zone: number): ReturnType<Learned['usual']> => {
    for (const key of [`${service} ${zone}`, `${service}`]) {
      const lives = spent.get(key) ?? []
      if (lives.length >= FEW) return { spentMs: medians(lives), orders: lives.length }
    }
    const all = spent.get('') ?? []
    return { spentMs: medians(all), orders: all.length }
  }
  return {
    orders,
    asOfMs,
    stays(kin, fits) {
      let widest: ReturnType<Learned['stays']> = null
      for (const alike of ALIKE) {
        const stays = (groups.get(keyOf(alike, kin)) ?? []).filter(fits)
        if (stays.length >= FEW) return { stays, alike }
        if (stays.length > 0) widest = { stays, alike }
      }
      return widest
    },
    usual,
    longestMs: (state) => longest[state],
    isTold: (state) => orders === 0 || told[state] * 2 >= orders,
  }
}

/** What a delivered order spent its time on, from placed to delivered. */
function spentOf({ stays, deliveredMs }: Walk): Record<SpentId, number> {
  const spent = noTime()
  for (const { state, fromMs, toMs } of stays)
    if (fromMs < (deliveredMs as number)) spent[SPENT_IN[stateId(state)]] += Math.min(toMs, deliveredMs as number) - fromMs
  return spent
}

const noTime = (): Record<SpentId, number> => Object.fromEntries(SPENT_IDS.map((id) => [id, 0])) as Record<SpentId, number>

function medians(lives: readonly Record<SpentId, number>[]): Record<SpentId, number> {
  const usual = noTime()
  if (lives.length === 0) return usual
  for (const id of SPENT_IDS) {
    const sorted = Float64Array.from(lives, (life) => life[id]).sort()
    usual[id] = sorted[Math.floor(sorted.length / 2)]
  }
  return usual
}

function keyOf(alike: Alike, kin: Kin): string {
  let key = ''
  for (const word of alike) key += `${word[0]}${kin[word]} `
  return key
}

function keep<T>(into: Map<string, T[]>, key: string, one: T): void {
  const kept = into.get(key)
  if (kept === undefined) into.set(key, [one])
  else if (kept.length < STAYS) kept.push(one)
}

const WALK_NUMBERS = USUAL_WALK.map(stateNumber)
/** States of the usual walk that a step passed over although past orders are told in them. */
export const skipped = (learned: Learned, ranks: Uint8Array, from: number, to: number): number[] =>
  WALK_NUMBERS.filter((state) => ranks[state] > ranks[from] && ranks[state] < ranks[to] && learned.isTold(state))
