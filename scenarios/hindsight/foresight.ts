import type { Ledger } from '../../sim/ledger.ts'
import type { Seams } from '../../sim/policy.ts'
import { HOUR_MS } from '../../sim/units.ts'

/** Orders that came in each hour of a run and each zone: [hour · zones + zone]. */
export type DemandSeen = { readonly zones: number; readonly perHour: Float64Array }

/** By the hour in which they were placed. */
export function demandSeen(ledger: Ledger, zones: number): DemandSeen {
  let last = 0
  for (let n = 0; n < ledger.orders; n++) last = Math.max(last, ledger.placedMs[n])
  const perHour = new Float64Array((Math.floor(last / HOUR_MS) + 1) * zones)
  for (let n = 0; n < ledger.orders; n++) perHour[Math.floor(ledger.placedMs[n] / HOUR_MS) * zones + ledger.zone[n]]++
  return { zones, perHour }
}

/** Orders of a zone from one instant to another, those of an hour spread evenly over it. */
export function ordersSeen({ zones, perHour }: DemandSeen, zone: number, fromMs: number, toMs: number): number {
  let orders = 0
  for (let start = fromMs; start < toMs; ) {
    const hour = Math.floor(start / HOUR_MS)
    const end = Math.min(toMs, (hour + 1) * HOUR_MS)
    orders += ((perHour[hour * zones + zone] ?? 0) * (end - start)) / HOUR_MS
    start = end
  }
  return orders
}

/** The same policy, whose plans know how many orders will come from where in which hour, and nothing else of what is to come. */
export function foreseeing(routing: Seams['routing'], seen: DemandSeen): Seams['routing'] {
  const { plan } = routing
  if (plan === undefined) throw new Error('a policy that makes no plans has no use for a forecast: name one that does')
  return {
    ...routing,
    plan: (situation, params) =>
      plan({ ...situation, expectedOrders: (zone, fromMs, toMs) => ordersSeen(seen, zone, fromMs, toMs) }, params),
  }
}
