import type { NetworkSpec } from '../../sim/network-spec.ts'
import { normalQuantile } from '../../sim/normal.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import { nearestIndex } from '../import/cluster.ts'
import type { OrderHistory } from '../import/history.ts'
import { evenly } from '../import/statistics.ts'
import { type Effects, type Place, paceOfOrder, placeLike, zoneOf } from './effects.ts'
import { lnPromise } from './promise.ts'

/** Recorded orders in the words of a fitted network, each of them `copies` times, and which order of the history each row is. */
export type Copies = { readonly orders: ReplayOrders; readonly orderOf: Int32Array; readonly copies: number }

/**
 * Makes recorded orders ready to be met by a fitted network. Where a table is a sample, each order stands for `copies` like it; they share what
 * is known of it and have luck of their own. An order whose address is not known goes, copy by copy, where orders with such a promise went.
 *
 * - `picked`: rows of the history, rising in time.
 * - `zeroMs`: what is day 0, 00:00 of the run; orders before it fill the network and are not measured.
 */
export function copiesOf(
  history: OrderHistory,
  { spec, effects }: { spec: NetworkSpec; effects: Effects },
  { picked, copies, zeroMs }: { picked: readonly number[]; copies: number; zeroMs: number },
): Copies {
  const payment = new Map(spec.payments.map(({ type }, p) => [type, p]))
  const commonest = spec.payments.reduce((best, { share }, p) => (share > spec.payments[best].share ? p : best), 0)
  const zoneOfTown = memo((town) => zoneOf(history.towns[town], spec.zones))
  const warehouseOfOrigin = memo((origin) => nearestIndex(history.origins[origin], spec.warehouses))
  const article = spec.warehouses.map(({ id }) => bestSeller(spec, id))
  const count = picked.length * copies
  const rows = {
    placedMs: new Float64Array(count),
    promisedMs: new Float64Array(count),
    zone: new Int32Array(count),
    payment: new Int32Array(count),
    origin: new Int32Array(count),
    prepareFactor: new Float64Array(count),
    haulFactor: new Float64Array(count),
    sku: new Int32Array(count),
  }
  const orderOf = new Int32Array(count)
  const levels = levelsOf(copies)
  picked.forEach((i, n) => {
    const town = history.town[i]
    const origin = history.origin[i]
    const ln = lnPromise(history.placedMs[i], history.promisedMs[i])
    for (let copy = 0; copy < copies; copy++) {
      const row = n * copies + copy
      const like = town < 0 || origin < 0 ? placeLike(effects.donors, ln, row) : null
      const place: Place = {
        zone: town >= 0 ? zoneOfTown(town) : (like?.zone ?? 0),
        warehouse: origin >= 0 ? warehouseOfOrigin(origin) : (like?.warehouse ?? 0),
      }
      const pace = paceOfOrder(effects, spec, place, ln, origin >= 0 ? history.origins[origin] : null)
      orderOf[row] = i
      rows.placedMs[row] = history.placedMs[i] - zeroMs
      rows.promisedMs[row] = history.promisedMs[i] - zeroMs
      rows.zone[row] = place.zone
      rows.origin[row] = place.warehouse
      rows.payment[row] = payment.get(history.payment[i]) ?? commonest
      rows.prepareFactor[row] = pace.prepare * Math.exp(effects.drift.prepare * levels[copy].prepare)
      rows.haulFactor[row] = pace.haul * Math.exp(effects.drift.haul * levels[copy].haul)
      rows.sku[row] = article[place.warehouse]
    }
  })
  const none = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const orders: ReplayOrders = {
    ...rows,
    count,
    lineStart: Int32Array.from({ length: count + 1 }, (_, row) => row),
    units: new Int32Array(count).fill(1),
    recorded: { approvedMs: none(), handedOverMs: none(), deliveredMs: none() },
  }
  return { orders, orderOf, copies }
}

/**
 * Standard normal levels, one for each copy and stage, spread evenly over their law and not in step with each other: so the copies stand for
 * what is not known of the coming weeks as a whole.
 */
function levelsOf(copies: number): { prepare: number; haul: number }[] {
  const at = (rank: number): number => (copies === 1 ? 0 : normalQuantile((rank + 0.5) / copies))
  const shuffled = Array.from({ length: copies }, (_, copy) => copy).sort((a, b) => evenly(a) - evenly(b))
  return shuffled.map((rank, copy) => ({ prepare: at(copy), haul: at(rank) }))
}

/** What was in an order plays no part in how long it takes: it is one of what its warehouse sells most. */
function bestSeller({ skus }: NetworkSpec, warehouse: string): number {
  let best = -1
  skus.forEach(({ heldAt, share }, k) => {
    if ((heldAt === undefined || heldAt.includes(warehouse)) && (best < 0 || share > skus[best].share)) best = k
  })
  return Math.max(0, best)
}

function memo(of: (key: number) => number): (key: number) => number {
  const known = new Map<number, number>()
  return (key) => {
    const value = known.get(key) ?? of(key)
    known.set(key, value)
    return value
  }
}
