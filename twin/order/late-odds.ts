import type { Core } from '../state/core.ts'
import type { OrderView, PartView } from '../state/live-state.ts'
import { chanceAfter, isUnderWay } from './expect.ts'
import type { Learned } from './learned.ts'
import { RANK, stateNumber } from './steps.ts'

/**
 * The chance that an open order comes after its promise, as its dossier would say (`expect.ts`), for all open orders one after the other: one with
 * more time left than any past order took from there is not looked at further. Null where nothing is known.
 */
export function lateOdds({ words }: Core, learned: Learned): (order: OrderView, nowMs: number) => number | null {
  const { warehouses, services, zones } = words
  return ({ zone, promisedMs, parts }, nowMs) => {
    const part = leastFar(parts)
    if (part === null || promisedMs === null) return null
    const state = stateNumber(part.state)
    const longestMs = learned.longestMs(state)
    if (!isUnderWay(state) || longestMs === 0) return null
    if (promisedMs - part.sinceMs > longestMs) return 0
    const inStateMs = Math.max(0, nowMs - part.sinceMs)
    const kin = {
      state,
      warehouse: warehouses.numbers.get(part.warehouse ?? '') ?? 0,
      service: services.numbers.get(part.service ?? '') ?? 0,
      zone: zones.numbers.get(zone ?? '') ?? 0,
    }
    const alike = learned.stays(kin, ({ tookMs }) => tookMs > inStateMs)
    return alike === null ? null : chanceAfter(promisedMs - part.sinceMs, alike.stays)
  }
}

function leastFar(parts: readonly PartView[]): PartView | null {
  let least: PartView | null = null
  for (const part of parts) if (least === null || RANK[stateNumber(part.state)] < RANK[stateNumber(least.state)]) least = part
  return least
}
