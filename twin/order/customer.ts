import type { LiveEvent } from '../event/feeds.ts'
import type { Core } from '../state/core.ts'
import { orderOf } from '../state/forget.ts'
import type { Place } from '../state/live-state.ts'
import { eventsOf, ORDER } from '../state/order-fold.ts'
import { pageOf, wordOf } from '../state/rows.ts'
import { EVENT, FLAG, flagsOf, kindOf, lineOf } from '../state/timeline.ts'
import { kind } from './steps.ts'

const PLACED = kind('orders.placed')

/**
 * Whose order it is, as the event that placed it says; null where no event does, or its text was dropped. The state does not keep it: it is
 * read where the event lies.
 */
export async function customerOf(
  core: Core,
  read: (place: Place) => Promise<LiveEvent | null>,
  id: string,
): Promise<string | null> {
  const order = orderOf(core, id)
  if (order === 0) return null
  const { timeline, rows } = core.orders
  const events: number[] = []
  const count = eventsOf(timeline, pageOf(rows, order)[wordOf(rows, order) + ORDER.last], Number.POSITIVE_INFINITY, events)
  // The newest telling of it that counts. Places are gathered first: while one is read, orders may move in memory.
  const places: Place[] = []
  for (let i = count - 1; i >= 0; i--) {
    const page = pageOf(timeline.events, events[i])
    const word = wordOf(timeline.events, events[i])
    if (kindOf(page, word) !== PLACED || flagsOf(page, word) & FLAG.replaced) continue
    places.push({ entry: page[word + EVENT.entry], line: lineOf(timeline, events[i]) })
  }
  for (const place of places) {
    const told = await read(place)
    const customer = (told as { readonly customer?: unknown } | null)?.customer
    if (typeof customer === 'string') return customer
  }
  return null
}
