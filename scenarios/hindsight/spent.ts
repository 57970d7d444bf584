import { ENDING, UNDONE } from '../../sim/ledger.ts'
import { type Day, lateCents, undeliveredCents, unshippedCents } from './day.ts'
import type { Observed } from './observe.ts'

/** What each order of a day cost under a policy: [order of the day]. */
export type Spent = {
  /** Handling and freight of the shipments that were made, and of those whose goods were not found what the search cost, in cents. */
  readonly shippingCents: Float64Array
  /** What its lateness costs the business; who was not delivered is late until the end. */
  readonly lateCents: Float64Array
  readonly co2Grams: Float64Array
  /** How many were made. */
  readonly shipments: Uint8Array
  /** NaN where it was not delivered whole. */
  readonly deliveredMs: Float64Array
}

export function spentOf(day: Day, { ledger }: Observed): Spent {
  const place = placesOf(day, ledger.orders)
  const spent: Spent = {
    shippingCents: new Float64Array(day.count),
    lateCents: new Float64Array(day.count),
    co2Grams: new Float64Array(day.count),
    shipments: new Uint8Array(day.count),
    deliveredMs: new Float64Array(day.count).fill(Number.NaN),
  }
  for (let s = 0; s < ledger.shipments; s++) {
    const i = place[ledger.order[s]]
    if (i < 0) continue
    spent.shippingCents[i] += ledger.cents[s]
    spent.co2Grams[i] += ledger.co2Grams[s]
    if (ledger.undone[s] === UNDONE.no) spent.shipments[i]++
  }
  for (let i = 0; i < day.count; i++) {
    const n = day.number[i]
    const isDelivered = ledger.ending[n] === ENDING.delivered
    if (isDelivered) spent.deliveredMs[i] = ledger.deliveredMs[n]
    if (isDelivered) spent.lateCents[i] = lateCents(day.network, day.promisedMs[i], ledger.deliveredMs[n])
    else if (spent.shipments[i] === 0) spent.lateCents[i] = unshippedCents(day, i)
    else spent.lateCents[i] = undeliveredCents(day.network, day.promisedMs[i], day.clock.endMs)
  }
  return spent
}

/** The place in the day of each order of a run; −1 for those that are not measured. */
export function placesOf({ number }: Day, orders: number): Int32Array {
  const place = new Int32Array(orders).fill(-1)
  number.forEach((n, i) => {
    if (n < orders) place[n] = i
  })
  return place
}

export const totalCents = ({ shippingCents, lateCents }: Spent): number => sum(shippingCents) + sum(lateCents)

export const sum = (column: Float64Array): number => {
  let total = 0
  for (const one of column) total += one
  return total
}
