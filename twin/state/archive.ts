import { EVENT_KINDS, type LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import { kind, kindNumber, reasonId } from '../order/steps.ts'
import type { Core } from './core.ts'
import { isReplaced } from './corrections.ts'
import { asNumber, type Identity } from './identity.ts'
import { nameOf } from './names.ts'
import { eventsOf, hasDetails, isRuled, namesWarehouse, ORDER, ORDER_DETAIL, ROUTE_DETAIL } from './order-fold.ts'
import { addEvent, orderNumber, readMs, seen, take } from './orders.ts'
import { pageOf, wordOf } from './rows.ts'
import { ALL_PARTS, atOf, detailPage, EVENT, FLAG, flagsOf, kindOf, lineOf, partOf, reasonOf } from './timeline.ts'

/**
 * Where orders lie that ended long ago: what their fold needs, in words, so that they can be put back into memory when somebody asks for one or an
 * event of it comes late. The texts of their events stay in the log. It follows from the log like the state itself, and always holds at least what
 * the newest checkpoint leaves out: whatever was told since is known again by its identity.
 */
export type Archive = {
  /** What was kept under an order's id, or null. */
  find(order: string): string | null
  /** Keeps orders, each in place of what it was kept as before; all of them or none. */
  keep(orders: Iterable<readonly [order: string, packed: string]>): void
  /** How many it holds. */
  count(): number
  /** Holds nothing any more: the log is folded from its beginning. */
  clear(): void
  close(): void
}

type Packed = {
  readonly kind: string
  readonly atMs: number
  readonly identity: Identity
  readonly place: readonly [entry: number, line: number]
  readonly replaced?: true
  readonly said: Readonly<Record<string, unknown>>
}

const ROUTED = kind('orders.routed')
const REROUTED = kind('orders.rerouted')
const HANDED_OVER = kind('departures.handed-over')
const MOVED_HOUSE = kind('orders.address-changed')
const AT_HUB = kind('scans.at-hub')
const LEFT_HUB = kind('scans.left-hub')

const events: number[] = []

/** All events of an order that were told; what follows from a rule follows again. */
export function packOrder({ orders, words }: Core, order: number): string {
  const { timeline, rows } = orders
  const last = pageOf(rows, order)[wordOf(rows, order) + ORDER.last]
  const count = eventsOf(timeline, last, Number.POSITIVE_INFINITY, events)
  const packed: Packed[] = []
  for (let i = 0; i < count; i++) {
    const page = pageOf(timeline.events, events[i])
    const word = wordOf(timeline.events, events[i])
    if (isRuled(page, word)) continue
    const number = kindOf(page, word)
    const part = partOf(page, word)
    const reason = reasonId(reasonOf(page, word))
    packed.push({
      kind: EVENT_KINDS[number],
      atMs: atOf(page, word),
      identity: { high: page[word + EVENT.high] & 0x1fffff, low: page[word + EVENT.low] },
      place: [page[word + EVENT.entry], lineOf(timeline, events[i])],
      ...(flagsOf(page, word) & FLAG.replaced ? { replaced: true } : {}),
      said: {
        ...(part === ALL_PARTS ? {} : { part }),
        ...(reason === null ? {} : { reason }),
        ...saidBy({ orders, words }, number, page[word + EVENT.ref]),
      },
    })
  }
  return JSON.stringify(packed)
}

/** The fields that the fold reads. */
function saidBy({ orders, words }: Pick<Core, 'orders' | 'words'>, number: number, ref: number): Record<string, unknown> {
  const { details } = orders.timeline
  const named = (field: string, name: string | null): Record<string, unknown> => (name === null ? {} : { [field]: name })
  if (namesWarehouse(number)) return named('warehouse', nameOf(words.warehouses, ref))
  if (number === AT_HUB || number === LEFT_HUB) return named('hub', nameOf(words.hubs, ref))
  if (number === MOVED_HOUSE) return named('zone', nameOf(words.zones, ref))
  if (!hasDetails(number)) return {}
  const page = detailPage(details, ref)
  const word = wordOf(details, ref)
  const moment = (field: string, at: number): Record<string, unknown> => {
    const ms = readMs(page, word + at)
    return ms === null ? {} : { [field]: writeMoment(ms) }
  }
  const lines = (at: number): Record<string, unknown> => ({
    lines: Array.from({ length: page[word + at] }, (_, i) => ({
      sku: nameOf(words.skus, page[word + at + 1 + 2 * i]),
      units: page[word + at + 2 + 2 * i],
    })),
  })
  if (number === ROUTED || number === REROUTED || number === HANDED_OVER)
    return {
      ...named('warehouse', nameOf(words.warehouses, page[word + ROUTE_DETAIL.warehouse])),
      ...named('service', nameOf(words.services, page[word + ROUTE_DETAIL.service])),
      ...named('hub', nameOf(words.hubs, page[word + ROUTE_DETAIL.hub])),
      ...moment('expectedAt', ROUTE_DETAIL.expected),
      ...lines(ROUTE_DETAIL.lines),
    }
  return {
    ...named('zone', nameOf(words.zones, page[word + ORDER_DETAIL.zone])),
    ...moment('promisedAt', ORDER_DETAIL.promised),
    ...lines(ORDER_DETAIL.lines),
  }
}

/** Puts an order back as it was packed; returns its number. */
export function putBack({ orders, words, corrections }: Core, id: string, packed: string): number {
  const order = orderNumber(orders, id)
  for (const { kind: name, atMs, identity, place, replaced, said } of JSON.parse(packed) as Packed[]) {
    const [feed, type] = name.split('.')
    const event = { id: '', source: '', feed, type, at: '', ...said } as unknown as LiveEvent
    const number = kindNumber(feed, type)
    const [entry, line] = place
    seen(orders, order, identity)
    // It may have been corrected while it was away.
    const isGone = replaced === true || isReplaced(corrections, asNumber(identity))
    const added = addEvent(orders, words, event, number, atMs, identity, { entry, line }, order, isGone)
    take(orders, order, added, 0)
  }
  return order
}

/** Words that the details of an event take; 0 where it has none. */
export function detailCount({ orders }: Core, number: number, ref: number): number {
  if (!hasDetails(number)) return 0
  const { details } = orders.timeline
  const at = number === ROUTED || number === REROUTED || number === HANDED_OVER ? ROUTE_DETAIL.lines : ORDER_DETAIL.lines
  return at + 1 + 2 * detailPage(details, ref)[wordOf(details, ref) + at]
}
