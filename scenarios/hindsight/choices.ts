import type { Ledger } from '../../sim/ledger.ts'
import type { Day } from './day.ts'
import { placesOf } from './spent.ts'

/** Shipments that a policy sent for each order of a day, by their numbers in its ledger: shipment[start[i]] … shipment[start[i + 1]]. */
export type Choices = { readonly start: Int32Array; readonly shipment: Int32Array }

export function choicesOf(day: Day, ledger: Ledger): Choices {
  const place = placesOf(day, ledger.orders)
  const start = new Int32Array(day.count + 1)
  for (let s = 0; s < ledger.shipments; s++) if (place[ledger.order[s]] >= 0) start[place[ledger.order[s]] + 1]++
  for (let i = 0; i < day.count; i++) start[i + 1] += start[i]
  const next = start.slice()
  const shipment = new Int32Array(start[day.count])
  for (let s = 0; s < ledger.shipments; s++) {
    const i = place[ledger.order[s]]
    if (i >= 0) shipment[next[i]++] = s
  }
  return { start, shipment }
}
