import { createHash } from 'node:crypto'
import type { OrderStateId } from '../order/lifecycle.ts'
import type { LiveView } from './live-state.ts'

/**
 * A network's portrait: one line for each parcel that is on its way and for each shelf, in a fixed order. Two worlds that know the same have the same
 * portrait, whatever they are made of; the first lines that differ name what one of them does not know.
 */

/** A parcel is in the portrait from when it was placed until it is at the door or will never be. */
const ON_THE_WAY: ReadonlySet<OrderStateId> = new Set<OrderStateId>([
  'placed',
  'awaiting-payment',
  'payment-failed',
  'paid',
  'under-review',
  'held',
  'backordered',
  'routed',
  'released',
  'picking',
  'short-picked',
  'picked',
  'quality-check',
  'quality-failed',
  'packing',
  'packed',
  'staged',
  'handed-over',
  'at-hub',
  'in-transit',
  'at-station',
  'out-for-delivery',
  'delivery-failed',
])
export const isOnTheWay = (state: OrderStateId): boolean => ON_THE_WAY.has(state)

/** "order A-7/0: picking, recife, express". Before it is routed a parcel has neither warehouse nor service. */
export const parcelLine = (order: string, part: number, state: OrderStateId, warehouse: string | null, service: string | null) =>
  `order ${order}/${part}: ${state}, ${warehouse ?? '-'}, ${service ?? '-'}`

/** "shelf recife sku-17: 40". */
export const shelfLine = (warehouse: string, sku: string, units: number): string => `shelf ${warehouse} ${sku}: ${units}`

/** Lines of what the twin knows. Empty shelves are left out: nobody tells what is nowhere. */
export function portraitOf(view: LiveView): string[] {
  const lines: string[] = []
  for (const { id, parts, state } of view.openOrders()) {
    if (parts.length === 0 && isOnTheWay(state)) lines.push(parcelLine(id, 0, state, null, null))
    for (const part of parts) {
      if (!isOnTheWay(part.state)) continue
      lines.push(parcelLine(id, part.part, part.state, part.warehouse, part.service))
    }
  }
  for (const { warehouse, sku, onHand } of view.stock()) if (onHand !== 0) lines.push(shelfLine(warehouse, sku, onHand))
  return inOrder(lines)
}

/** By code units, so that it is the same order everywhere. */
export const inOrder = (lines: string[]): string[] => lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

/** SHA-256 of the lines, each ended by a line feed. */
export function digestOfPortrait(lines: readonly string[]): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return hash.digest('hex')
}

export type PortraitDifference = { readonly what: string; readonly here: string; readonly there: string }

/** Where two portraits differ, by name, the first `most` of them; "nothing" where one has no such line. */
export function differencesOf(
  here: readonly string[],
  there: readonly string[],
  most: number,
): { count: number; first: PortraitDifference[] } {
  const named = (lines: readonly string[]): Map<string, string> =>
    new Map(
      lines.map((line) => {
        const at = line.indexOf(': ')
        return [line.slice(0, at), line.slice(at + 2)]
      }),
    )
  const [one, other] = [named(here), named(there)]
  const first: PortraitDifference[] = []
  let count = 0
  const note = (what: string, a: string, b: string): void => {
    count++
    if (first.length < most) first.push({ what, here: a, there: b })
  }
  for (const [what, says] of one) if (other.get(what) !== says) note(what, says, other.get(what) ?? 'nothing')
  for (const [what, says] of other) if (!one.has(what)) note(what, 'nothing', says)
  return { count, first }
}
