import { kind, stateNumber } from '../order/steps.ts'
import { addDue, takeDue } from './due.ts'
import { isRuled } from './order-fold.ts'
import { foldAgain, type Orders, setReplaced, take } from './orders.ts'
import { addRow, pageOf, wordOf } from './rows.ts'
import { widen } from './sums.ts'
import { ALL_PARTS, atOf, EVENT, EVENT_SHIFT, FLAG, flagsOf, kindOf } from './timeline.ts'

/**
 * Many feeds never say that nothing more is owed, so what was delivered stays open for ever. The rule: what has stood delivered for so long, by the
 * time of the events and not of any clock, is settled. It is a row of the timeline like any event, at the instant it follows for, so sums,
 * histories and any instant of the past know it; it lies nowhere in the log, is void where its delivery is told anew or goes on before it,
 * and takes nothing away: what is settled by rule alone can do all that is delivered can.
 */
const QUIET_DAYS = 30
const DAY_MS = 86_400_000
export const QUIET_MS = QUIET_DAYS * DAY_MS

/** In words, as a dossier says why. */
export const ruleSays = (afterMs: number): string => `delivered, and quiet for ${Math.round(afterMs / DAY_MS)} days`

const SETTLING = kind('orders.settled')
const DELIVERING = kind('scans.delivered')
const DELIVERED = stateNumber('delivered')

/** Settles all that has been quiet for long enough at an instant: the latest at which anything is known to have happened. */
export function settleDue(orders: Orders, asOfMs: number): void {
  const { timeline, due, quietMs } = orders
  for (let delivered = takeDue(due, asOfMs); delivered !== 0; delivered = takeDue(due, asOfMs)) {
    const page = pageOf(timeline.events, delivered)
    const word = wordOf(timeline.events, delivered)
    if (flagsOf(page, word) & FLAG.replaced) continue
    const order = page[word + EVENT.owner]
    const added = addRuled(orders, order, delivered, atOf(page, word) + (quietMs as number))
    take(orders, order, added, 0)
  }
}

function addRuled({ timeline, sums }: Orders, order: number, delivered: number, atMs: number): number {
  const added = addRow(timeline.events)
  const page = pageOf(timeline.events, added)
  const word = wordOf(timeline.events, added)
  const of = pageOf(timeline.events, delivered)
  const w = wordOf(timeline.events, delivered)
  page[word] = atMs >>> 0
  // An identity that follows from its delivery's and is not the same: two of one ms always come in the same order.
  page[word + EVENT.high] = (Math.floor(atMs / 4294967296) << 21) | ((of[w + EVENT.high] ^ 0x155555) & 0x1fffff)
  page[word + EVENT.low] = of[w + EVENT.low]
  page[word + EVENT.what] = (SETTLING << 8) | ALL_PARTS
  page[word + EVENT.ref] = delivered
  page[word + EVENT.owner] = order
  page[word + EVENT.told] = FLAG.ruled << 8
  widen(sums, added, atMs)
  return added
}

/** Puts the rule to a timeline that was read back. With another time of quiet than it was made with, all it led to is done again. */
export function ruleAgain(orders: Orders, made: number | null, asOfMs: number): void {
  const { timeline, quietMs } = orders
  const touched = new Set<number>()
  const ruled = new Set<number>()
  eachEvent(orders, (event, page, word) => {
    if (!isRuled(page, word) || flagsOf(page, word) & FLAG.replaced) return
    if (made === quietMs) ruled.add(page[word + EVENT.ref])
    else {
      setReplaced(timeline, event)
      touched.add(page[word + EVENT.owner])
    }
  })
  for (const order of touched) foldAgain(orders, order)
  if (quietMs === null) return
  eachEvent(orders, (event, page, word) => {
    const flags = flagsOf(page, word)
    if (kindOf(page, word) !== DELIVERING || flags & (FLAG.replaced | FLAG.refused) || ruled.has(event)) return
    if (((page[word + EVENT.told] >>> 16) & 255) !== DELIVERED) return
    page[word + EVENT.told] |= FLAG.ruled << 8
    addDue(orders.due, atOf(page, word) + quietMs, event)
  })
  settleDue(orders, asOfMs)
}

function eachEvent({ timeline }: Orders, visit: (event: number, page: Uint32Array, word: number) => void): void {
  const { events } = timeline
  for (let event = 1; event < events.count; event++)
    visit(event, events.pages[event >>> EVENT_SHIFT], (event & ((1 << EVENT_SHIFT) - 1)) * EVENT.stride)
}
