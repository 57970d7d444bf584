import type { HoldInput, QueueInput } from '../event-list-measuring.ts'
import type { OrderInput } from './order-model.ts'

/** What all peers are given. */
export type PeerInput = {
  readonly holdEvents: number
  readonly holds: readonly HoldInput[]
  readonly queue: QueueInput
  readonly orders: OrderInput
}

/**
 * The numbers as a file: doubles of this machine, each column after its length. Columns: events of the hold model; its sizes; its delays;
 * first times for each size; gaps and services of the clerk; hands; then the columns of the orders in the order of `OrderInput`.
 */
export function tablesOf({ holdEvents, holds, queue, orders }: PeerInput): Uint8Array {
  const columns = [
    [holdEvents],
    holds.map(({ firstMs }) => firstMs.length),
    holds[0].delayMs,
    ...holds.map(({ firstMs }) => firstMs),
    queue.gapMs,
    queue.serviceMs,
    [orders.pickers, orders.packers],
    orders.gapMs,
    orders.zone,
    orders.pickEffort,
    orders.packEffort,
    orders.luck,
    orders.price,
    orders.journeyMs,
  ]
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + 1 + length, 0))
  let at = 0
  for (const column of columns) {
    all[at] = column.length
    all.set(column, at + 1)
    at += 1 + column.length
  }
  return new Uint8Array(all.buffer)
}
