import { createHash } from 'node:crypto'
import type { InboundLine } from './live-state.ts'
import { isDropped, lastOf, numberAt, numbersOf, type Series, sampleBefore, sampleKind, sampleMs } from './series.ts'
import { findThing, measured, moment, type ThingFold, type Things, tellingOf, text, thingOf, write } from './things.ts'

/**
 * Goods that were ordered from suppliers, by warehouse and article: what was told of one purchase order after the other, each known again by a number, so
 * that a year of them takes no names.
 */
export const PURCHASES: ThingFold = {
  id: 'purchases',
  kinds: ['stock.ordered'],
  tell(things, event) {
    write(measured('units', event.quantity), moment(event.expectedAt), purchaseNumber(text(event.purchase)))
    return thingOf(things, text(event.warehouse), text(event.sku))
  },
}

/** A purchase order as a number of 48 bits above 0, the same in every process: what came in says which it is of. */
export const purchaseNumber = (id: string): number => createHash('sha256').update(id).digest().readUIntBE(0, 6) + 1

/** Place of `stock.received` among the kinds of the shelves' fold, see `stock.ts`. */
const RECEIVED = 1
/** What was ordered longer ago and not told of since will not come any more. */
const GIVEN_UP_MS = 180 * 86_400_000

type Open = { readonly line: InboundLine; readonly purchase: number; left: number }

/**
 * What is still to come at an instant: what was last told of each purchase order, less what came in of it since then. What came in without naming a
 * purchase order is of none: goods come back from customers too.
 */
export function inboundAt(purchases: Things, shelves: Things, untilMs: number, nowMs: number): InboundLine[] {
  const open: InboundLine[] = []
  for (let thing = 1; thing < purchases.names.length; thing++) {
    const [warehouse, sku] = purchases.names[thing]
    const lines = toldOf(purchases, thing, untilMs, nowMs - GIVEN_UP_MS, { warehouse, sku })
    if (lines.length === 0) continue
    const shelf = findThing(shelves, warehouse, sku)
    if (shelf !== 0) takeOff(lines, shelves.series, lastOf(shelves.series, shelf), untilMs)
    for (const { line, left } of lines) if (left > 0) open.push({ ...line, units: left })
  }
  return open
}

/** What was last told of each purchase order of a shelf, as far as anything was still to come. */
function toldOf(
  { series }: Things,
  thing: number,
  untilMs: number,
  fromMs: number,
  place: { readonly warehouse: string; readonly sku: string },
): Open[] {
  const known = new Set<number>()
  const lines: Open[] = []
  for (let sample = lastOf(series, thing); sample !== 0; sample = sampleBefore(series, sample)) {
    const toldMs = sampleMs(series, sample)
    if (toldMs < fromMs) break
    if (toldMs > untilMs || isDropped(series, sample)) continue
    const numbers = numbersOf(series, sample)
    const n = numberAt(sample)
    const [units, expected, purchase] = [numbers[n], numbers[n + 1], numbers[n + 2]]
    if (known.has(purchase)) continue
    known.add(purchase)
    const expectedMs = Number.isNaN(expected) ? null : expected
    if (units > 0) lines.push({ line: { ...place, units, expectedMs, toldMs }, purchase, left: units })
  }
  return lines
}

/** Warehouses of which anybody has told what they ordered, whether anything of it is still to come or not. */
export function purchasingAt(purchases: Things, untilMs: number): string[] {
  const told: string[] = []
  for (const [warehouse, bySku] of purchases.byName)
    for (const thing of bySku.values())
      if (tellingOf(purchases, thing, untilMs) !== 0) {
        told.push(warehouse)
        break
      }
  return told.sort()
}

function takeOff(lines: readonly Open[], series: Series, last: number, untilMs: number): void {
  const fromMs = Math.min(...lines.map(({ line }) => line.toldMs))
  for (let sample = last; sample !== 0 && sampleMs(series, sample) > fromMs; sample = sampleBefore(series, sample)) {
    if (sampleKind(series, sample) !== RECEIVED || sampleMs(series, sample) > untilMs || isDropped(series, sample)) continue
    const numbers = numbersOf(series, sample)
    const n = numberAt(sample)
    const one = lines.find(({ purchase }) => purchase === -numbers[n + 1])
    if (one !== undefined && one.line.toldMs < sampleMs(series, sample)) one.left -= numbers[n]
  }
}
