import { type Corrections, openCorrections } from './corrections.ts'
import { FOLDS } from './folds.ts'
import { openNames } from './names.ts'
import { type Orders, openOrders, type Words } from './orders.ts'
import { openThings, type Things } from './things.ts'

/** All that the twin knows, as it is held. `state.ts` writes to it, `view.ts` reads. */
export type Core = {
  readonly orders: Orders
  readonly words: Words
  /** By place in FOLDS. */
  readonly things: readonly Things[]
  readonly corrections: Corrections
  /** When the latest event that is known happened. */
  asOfMs: number
}

export const openCore = (): Core => ({
  orders: openOrders(),
  words: { warehouses: openNames(), services: openNames(), hubs: openNames(), zones: openNames(), skus: openNames() },
  things: FOLDS.map(openThings),
  corrections: openCorrections(),
  asOfMs: 0,
})
