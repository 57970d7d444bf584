import type { Place } from './sphere.ts'

export type Town = Place & { readonly name: string; readonly region: string }

/** What is sold; NaN where a figure is not known. */
export type Article = { readonly id: string; readonly group: string; readonly weightGrams: number; readonly volumeCm3: number }

export type Status = 'delivered' | 'shipped' | 'cancelled' | 'open'

/**
 * Any table of past orders in one shape: plain columns, one entry for each order. Times are the wall clock of the network, counted in ms
 * as if it were UTC; NaN is "not recorded", -1 "not known".
 */
export type OrderHistory = {
  readonly name: string
  readonly currency: string
  readonly count: number
  readonly id: readonly string[]
  /** Rising. */
  readonly placedMs: Float64Array
  readonly approvedMs: Float64Array
  readonly handedOverMs: Float64Array
  readonly deliveredMs: Float64Array
  readonly promisedMs: Float64Array
  readonly status: readonly Status[]
  /** Empty where unknown. */
  readonly payment: readonly string[]
  /** Where it went: index into `towns`. */
  readonly town: Int32Array
  readonly towns: readonly Town[]
  /** Where most of it came from: index into `origins`. */
  readonly origin: Int32Array
  readonly origins: readonly Town[]
  /** Lines of order i are lineStart[i] … lineStart[i + 1]. */
  readonly lineStart: Int32Array
  readonly article: Int32Array
  readonly units: Int32Array
  readonly lineOrigin: Int32Array
  /** Price and freight of the line's units together; NaN where unknown. */
  readonly price: Float64Array
  readonly freight: Float64Array
  readonly articles: readonly Article[]
}

export type DraftLine = { readonly article: number; units: number; readonly origin: number; price: number; freight: number }

export type DraftOrder = {
  readonly id: string
  readonly placedMs: number
  readonly approvedMs: number
  readonly handedOverMs: number
  readonly deliveredMs: number
  readonly promisedMs: number
  readonly status: Status
  readonly payment: string
  readonly town: number
  readonly lines: readonly DraftLine[]
}

/** Lays drafted orders out as columns, in the order they were placed. */
export function historyOf(
  about: Pick<OrderHistory, 'name' | 'currency' | 'towns' | 'origins' | 'articles'>,
  drafts: readonly DraftOrder[],
): OrderHistory {
  const orders = drafts.toSorted((a, b) => a.placedMs - b.placedMs || (a.id < b.id ? -1 : 1))
  const lines = orders.flatMap((order) => order.lines)
  const lineStart = new Int32Array(orders.length + 1)
  orders.forEach((order, i) => {
    lineStart[i + 1] = lineStart[i] + order.lines.length
  })
  const times = (of: (order: DraftOrder) => number): Float64Array => Float64Array.from(orders, of)
  return {
    ...about,
    count: orders.length,
    id: orders.map((order) => order.id),
    placedMs: times((order) => order.placedMs),
    approvedMs: times((order) => order.approvedMs),
    handedOverMs: times((order) => order.handedOverMs),
    deliveredMs: times((order) => order.deliveredMs),
    promisedMs: times((order) => order.promisedMs),
    status: orders.map((order) => order.status),
    payment: orders.map((order) => order.payment),
    town: Int32Array.from(orders, (order) => order.town),
    origin: Int32Array.from(orders, (order) => mainOrigin(order.lines)),
    lineStart,
    article: Int32Array.from(lines, (line) => line.article),
    units: Int32Array.from(lines, (line) => line.units),
    lineOrigin: Int32Array.from(lines, (line) => line.origin),
    price: Float64Array.from(lines, (line) => line.price),
    freight: Float64Array.from(lines, (line) => line.freight),
  }
}

/** An order from several origins counts for the one that sent most of its lines. */
function mainOrigin(lines: readonly DraftLine[]): number {
  const sent = new Map<number, number>()
  for (const { origin } of lines) if (origin >= 0) sent.set(origin, (sent.get(origin) ?? 0) + 1)
  let best = -1
  for (const [origin, count] of sent) if (best < 0 || count > (sent.get(best) ?? 0)) best = origin
  return best
}
