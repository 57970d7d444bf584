import { ENDS, RANK, stateId } from '../order/steps.ts'
import type { OrderView, PartView } from './live-state.ts'
import { nameOf } from './names.ts'
import { type Fold, ORDER, ORDER_DETAIL, ROUTE_DETAIL, UNIT } from './order-fold.ts'
import { readMs, type Words } from './orders.ts'
import { pageOf, wordOf } from './rows.ts'
import { atOf, detailPage, EVENT, type Timeline } from './timeline.ts'

/** An order as it stands after its last step, in names. */
export function orderView(fold: Fold, timeline: Timeline, words: Words, id: string): OrderView {
  const { row, at } = fold
  const placed = row[at + ORDER.placed]
  return {
    id,
    state: stateId(stateOf(fold, timeline)),
    zone: nameOf(words.zones, row[at + ORDER.zone]),
    placedMs: placed === 0 ? null : msOf(timeline, placed),
    promisedMs: promisedMs(timeline, row[at + ORDER.promise]),
    lines: placed === 0 ? [] : linesOf(timeline, words, placed, ORDER_DETAIL.lines),
    parts: partsOf(fold, timeline, words),
    refused: row[at + ORDER.refused],
  }
}

/** State of the parcel that is least far; of an order all of whose parcels have ended, of the one that ended last. */
export function stateOf({ row, at, units }: Fold, timeline: Timeline): number {
  let state = row[at + ORDER.unit] & 255
  let unit = row[at + ORDER.parts]
  if (unit === 0) return state
  let open = false
  let latest = -1
  for (; unit !== 0; unit = pageOf(units, unit)[wordOf(units, unit) + UNIT.next]) {
    const its = pageOf(units, unit)
    const u = wordOf(units, unit)
    const own = its[u] & 255
    if (ENDS[own] === 0) {
      if (!open || RANK[own] < RANK[state]) state = own
      open = true
    } else if (!open) {
      const since = its[u + UNIT.since] === 0 ? 0 : msOf(timeline, its[u + UNIT.since])
      if (since > latest) [state, latest] = [own, since]
    }
  }
  return state
}

/** Its parcels; of an order that nobody has split one, number 0. */
function partsOf({ row, at, units }: Fold, timeline: Timeline, words: Words): PartView[] {
  let unit = row[at + ORDER.parts]
  if (unit === 0) return [partView(row, at + ORDER.unit, timeline, words)]
  const parts: PartView[] = []
  for (; unit !== 0; unit = pageOf(units, unit)[wordOf(units, unit) + UNIT.next])
    parts.push(partView(pageOf(units, unit), wordOf(units, unit), timeline, words))
  return parts.sort((a, b) => a.part - b.part)
}

function partView(unit: Uint32Array, u: number, timeline: Timeline, words: Words): PartView {
  const since = unit[u + UNIT.since]
  return {
    part: unit[u] >>> 8,
    state: stateId(unit[u] & 255),
    sinceMs: since === 0 ? 0 : msOf(timeline, since),
    warehouse: nameOf(words.warehouses, unit[u + UNIT.warehouse]),
    service: nameOf(words.services, unit[u + UNIT.service]),
    hub: nameOf(words.hubs, unit[u + UNIT.hub]),
    expectedMs: expectedMs(timeline, unit[u + UNIT.expected]),
  }
}

export const msOf = ({ events }: Timeline, event: number): number => atOf(pageOf(events, event), wordOf(events, event))

/** What the order promised, by the event that promised last; 0 is none. */
export function promisedMs(timeline: Timeline, event: number): number | null {
  return event === 0 ? null : detailMs(timeline, event, ORDER_DETAIL.promised)
}
const expectedMs = (timeline: Timeline, event: number): number | null =>
  event === 0 ? null : detailMs(timeline, event, ROUTE_DETAIL.expected)

function detailMs({ events, details }: Timeline, event: number, offset: number): number | null {
  const ref = pageOf(events, event)[wordOf(events, event) + EVENT.ref]
  return readMs(detailPage(details, ref), wordOf(details, ref) + offset)
}

function linesOf({ events, details }: Timeline, words: Words, event: number, offset: number): OrderView['lines'] {
  const ref = pageOf(events, event)[wordOf(events, event) + EVENT.ref]
  const page = detailPage(details, ref)
  const word = wordOf(details, ref) + offset
  return Array.from({ length: page[word] }, (_, i) => ({
    sku: words.skus.list[page[word + 1 + 2 * i]],
    units: page[word + 2 + 2 * i],
  }))
}
