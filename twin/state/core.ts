import type { Archive } from './archive.ts'
import { type Corrections, openCorrections } from './corrections.ts'
import { FOLDS } from './folds.ts'
import { openNames } from './names.ts'
import { type Fold, foldOver, openFold } from './order-fold.ts'
import { type Orders, openOrders, type Words } from './orders.ts'
import { openThings, type Things } from './things.ts'

/** All that the twin knows, as it is held. `state.ts` writes to it, `view.ts` reads. */
export type Core = {
  readonly orders: Orders
  readonly words: Words
  /** By place in FOLDS. */
  readonly things: readonly Things[]
  readonly corrections: Corrections
  /** Where an order is looked at, now and as it was. */
  readonly looks: Looks
  /** When the latest event that is known happened. */
  asOfMs: number
  /** Orders that ended leave the memory after so long: see `forget.ts`. Null: they stay. */
  readonly forgetMs: number | null
  readonly archive: Archive | null
}

/** What a look is written into: it holds until the next one. */
type Looks = { readonly live: Fold; readonly past: Fold }
export const looksInto = ({ fold }: Orders): Looks => ({ live: foldOver(fold.units), past: openFold() })

export function openCore({ quietMs, forgetMs, archive }: Pick<Core, 'forgetMs' | 'archive'> & { quietMs: number | null }): Core {
  const orders = openOrders(quietMs)
  return {
    orders,
    words: {
      warehouses: openNames(),
      services: openNames(),
      hubs: openNames(),
      zones: openNames(),
      skus: openNames(),
    },
    things: FOLDS.map(openThings),
    corrections: openCorrections(),
    looks: looksInto(orders),
    asOfMs: 0,
    forgetMs,
    archive,
  }
}
