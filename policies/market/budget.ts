import type { Situation } from '../../sim/plan.ts'
import { DAY_MS } from '../../sim/units.ts'

/**
 * Part of all goods of a SKU that ever came in which should be gone by now, were they to last evenly over orders until more can come: orders that
 * came, beside those and the ones still expected. 0 … 1.
 */
export function budgetOf({ network, nowMs, lastOrderMs, placed, expectedOrders }: Situation, sku: number): number {
  const comesMs = nowMs + (network.meanLeadDays[network.skuSupplier[sku]] + 1) * DAY_MS
  let expected = 0
  for (let z = 0; z < network.Z; z++) expected += expectedOrders(z, nowMs, Math.min(comesMs, lastOrderMs))
  return placed + expected > 0 ? placed / (placed + expected) : 0
}
