import type { Assignment, Market } from './market.ts'

/**
 * Ways to ship, side by side in columns: of each its group, its cents without prices, and its shipments (lines as a bit mask, departure).
 * A column without shipments leaves the order unserved. No way is in it twice.
 */
export type Columns = {
  count: number
  group: Int32Array
  cents: Float64Array
  /** Shipments of column c: first[c] … first[c + 1]. */
  first: Int32Array
  lines: Int32Array
  departure: Int32Array
  /** The column of the same group that was added before; −1 for none. */
  before: Int32Array
  /** The column of each group that was added last; −1 for none: [group]. */
  readonly last: Int32Array
}

export function openColumns(groups: number): Columns {
  const room = 2 * groups + 64
  return {
    count: 0,
    group: new Int32Array(room),
    cents: new Float64Array(room),
    first: new Int32Array(room + 1),
    lines: new Int32Array(2 * room),
    departure: new Int32Array(2 * room),
    before: new Int32Array(room),
    last: new Int32Array(groups).fill(-1),
  }
}

/** Shipments of a way: so many of these two arrays. The way of a pricer's answer. */
export type Shipments = { readonly count: number; readonly lines: Int32Array; readonly departure: Int32Array }

/** Adds a way; false where it is there already. Shipments are expected in the order in which their lowest lines come. */
export function addColumn(columns: Columns, group: number, cents: number, way: Shipments): boolean {
  for (let c = columns.last[group]; c >= 0; c = columns.before[c]) if (isSame(columns, c, way)) return false
  const at = columns.count
  if (at === columns.group.length) grow(columns)
  const start = columns.first[at]
  while (start + way.count > columns.lines.length) {
    columns.lines = longer(columns.lines)
    columns.departure = longer(columns.departure)
  }
  columns.group[at] = group
  columns.cents[at] = cents
  for (let i = 0; i < way.count; i++) {
    columns.lines[start + i] = way.lines[i]
    columns.departure[start + i] = way.departure[i]
  }
  columns.first[at + 1] = start + way.count
  columns.before[at] = columns.last[group]
  columns.last[group] = at
  columns.count = at + 1
  return true
}

function isSame(columns: Columns, c: number, way: Shipments): boolean {
  const start = columns.first[c]
  if (columns.first[c + 1] - start !== way.count) return false
  for (let i = 0; i < way.count; i++)
    if (columns.lines[start + i] !== way.lines[i] || columns.departure[start + i] !== way.departure[i]) return false
  return true
}

function grow(columns: Columns): void {
  columns.group = longer(columns.group)
  columns.before = longer(columns.before)
  const cents = new Float64Array(2 * columns.cents.length)
  cents.set(columns.cents)
  columns.cents = cents
  const first = new Int32Array(2 * columns.first.length)
  first.set(columns.first)
  columns.first = first
}

function longer(array: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(2 * array.length)
  twice.set(array)
  return twice
}

/** The lane (warehouse · services + service) of each departure. */
export function laneOfDeparture({ departures, warehouses, services }: Market): Int32Array {
  const lanes = new Int32Array(departures.leavesMs.length)
  for (let lane = 0; lane < warehouses * services; lane++) lanes.fill(lane, departures.first[lane], departures.first[lane + 1])
  return lanes
}

/** Set bits of numbers below 256: lines of a shipment. */
export const LINES_OF: Uint8Array = Uint8Array.from({ length: 256 }, (_, mask) => {
  let bits = 0
  for (let rest = mask; rest > 0; rest &= rest - 1) bits++
  return bits
})

/** The shipments of a column in the market's words. */
export function waysOf(market: Market, laneOf: Int32Array, columns: Columns, c: number): Assignment['shipments'] {
  return Array.from({ length: columns.first[c + 1] - columns.first[c] }, (_, i) =>
    shipmentOf(market, laneOf, columns.lines[columns.first[c] + i], columns.departure[columns.first[c] + i]),
  )
}

export function shipmentOf({ services }: Market, laneOf: Int32Array, lines: number, departure: number) {
  const lane = laneOf[departure]
  return { lines, warehouse: Math.floor(lane / services), service: lane % services, departure }
}
