import { type Ledger, UNDONE } from '../../sim/ledger.ts'
import type { Day } from './day.ts'
import { placesOf } from './spent.ts'

/** Shipments of each order of a day, by their numbers in a ledger: shipment[start[i]] … shipment[start[i + 1]]. */
export type Choices = { readonly start: Int32Array; readonly shipment: Int32Array }

/** Those that a policy sent in the end. */
export const choicesOf = (day: Day, ledger: Ledger): Choices => rowsOf(day, ledger, (undone) => undone === UNDONE.no)

/** Those whose goods the picker did not find. */
export const missedOf = (day: Day, ledger: Ledger): Choices => rowsOf(day, ledger, (undone) => undone === UNDONE.missed)

function rowsOf(day: Day, ledger: Ledger, wanted: (undone: number) => boolean): Choices {
  const place = placesOf(day, ledger.orders)
  const start = new Int32Array(day.count + 1)
  for (let s = 0; s < ledger.shipments; s++)
    if (place[ledger.order[s]] >= 0 && wanted(ledger.undone[s])) start[place[ledger.order[s]] + 1]++
  for (let i = 0; i < day.count; i++) start[i + 1] += start[i]
  const next = start.slice()
  const shipment = new Int32Array(start[day.count])
  for (let s = 0; s < ledger.shipments; s++) {
    const i = place[ledger.order[s]]
    if (i >= 0 && wanted(ledger.undone[s])) shipment[next[i]++] = s
  }
  return { start, shipment }
}
