import { inlineMore } from '../../scenarios/inlining.ts'
import { setupOfThread } from '../../scenarios/setup.ts'
import { busyHold, clerk, drawing, heapGrowthOfHold, hold, holdInput, queueInput, type Timed } from '../event-list-measuring.ts'
import { type OrdersTimed, orderInput, runOrders } from './order-model.ts'
import { type PeerInput, tablesOf } from './tables.ts'

/** How large the models are, and how much of them SimPy is given. */
export type PeerSizes = {
  readonly pending: readonly number[]
  readonly holdEvents: number
  readonly customers: number
  /** Few, which SimPy is given too, and many. */
  readonly orders: readonly [few: number, many: number]
}

/** What the measuring thread may be asked for. */
export type PeerTask =
  | { readonly what: 'tables' | 'orders'; readonly size: 0 | 1 }
  | { readonly what: 'hold'; readonly size: number; readonly events: number }
  | { readonly what: 'clerk'; readonly customers: number }
  | { readonly what: 'busy' }
  | { readonly what: 'heap' }
  | { readonly what: 'draw' }
export type PeerAnswer = {
  readonly timed?: Timed
  readonly orders?: OrdersTimed
  readonly tables?: Uint8Array
  readonly bytes?: number
}

/** Runs the models in a thread of one module, as a run's threads have it. */
export function openPeers(): (task: PeerTask) => PeerAnswer {
  inlineMore()
  const sizes = setupOfThread<PeerSizes>()
  const orders = sizes.orders.map(orderInput)
  const input: Omit<PeerInput, 'orders'> = {
    holdEvents: sizes.holdEvents,
    holds: sizes.pending.map(holdInput),
    queue: queueInput(sizes.customers),
  }
  return (task) => {
    switch (task.what) {
      case 'tables':
        return { tables: tablesOf({ ...input, orders: orders[task.size] }) }
      case 'hold':
        return { timed: hold(input.holds[task.size], task.events) }
      case 'clerk': {
        const first = (column: Float64Array): Float64Array => column.subarray(0, task.customers)
        return { timed: clerk({ gapMs: first(input.queue.gapMs), serviceMs: first(input.queue.serviceMs) }) }
      }
      case 'orders':
        return { orders: runOrders(orders[task.size]) }
      case 'busy':
        return { timed: busyHold(1000, sizes.holdEvents) }
      case 'heap':
        return { bytes: heapGrowthOfHold(10_000_000) }
      case 'draw':
        return { timed: drawing(5_000_000) }
    }
  }
}
