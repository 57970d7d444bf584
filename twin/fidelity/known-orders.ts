import type { LiveState, OrderView } from '../state/live-state.ts'
import { idOf } from '../state/names.ts'
import type { TwinState } from '../state/state.ts'

/** All orders that were told of, ended or not, as they stood at an instant, with what had happened to each until then. */
export type KnownOrders = {
  readonly asOfMs: number
  orders(): Iterable<OrderView>
  history(id: string): ReturnType<LiveState['history']>
}

export function ordersUntil(state: LiveState, asOfMs: number): KnownOrders {
  const { orders } = (state as TwinState).core
  const view = state.at(asOfMs)
  return {
    asOfMs,
    *orders() {
      for (let number = 1; number < orders.rows.count; number++) {
        const order = view.order(idOf(orders.ids, number))
        if (order !== null) yield order
      }
    },
    history: (id) => state.history(id).filter(({ atMs }) => atMs <= asOfMs),
  }
}
