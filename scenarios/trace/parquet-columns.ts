import type { FactId } from '../../sim/trace/block.ts'
import { ALLOWANCES } from '../../sim/trace/stage.ts'
import type { TraceRow } from './row.ts'

/**
 * A trace as a table: the fields of a `TraceRow` one column each, named `element_field` (`who_order`, `what_did`, `impact_backlog`), so that any
 * reader of Parquet can pick the few it needs. What a row does not say is null.
 *
 * Kinds: `whole` INT32, a count; `long` INT64, a number of an event or milliseconds; `real` DOUBLE, a rate or a factor; `word` UTF-8, by
 * dictionary where words come again; `waits` a list of {cause, ms} in the order of time.
 * Instants are ms on the run's own clock, which starts at 0 and is on no calendar (so no TIMESTAMP, which would claim a date); where day 0
 * lies is in the file's metadata, and `when_at` says the day and the hour in words.
 */
export type Kind = 'whole' | 'long' | 'real' | 'word' | 'waits'
export type Part = Exclude<keyof TraceRow, 'event'>
export type Column = { readonly name: string; readonly part: Part | null; readonly field: string; readonly kind: Kind }

/** By its name a trace is a table. */
export const isParquet = (file: string): boolean => /\.parquet$/i.test(file)

/** Facts of what happened, and of what it moved. */
const WHAT: readonly FactId[] = [
  'promisedAtMs',
  'measured',
  'lines',
  'attempt',
  'sku',
  'units',
  'pickers',
  'pickersBefore',
  'packers',
  'packersBefore',
  'took',
  'truckRoom',
  'failed',
  'orderEnded',
  'orderLost',
  'ratePerHour',
  'weatherOn',
  'worstRoad',
  'capacity',
  'capacityBefore',
  'transit',
  'leadTime',
]
const IMPACT: readonly FactId[] = [
  'expectedAtMs',
  'aheadMs',
  'lateMs',
  'onHand',
  'available',
  'onOrder',
  'openOrders',
  'ordersWaiting',
  'pickQueue',
  'packQueue',
  'busy',
  'backlog',
  'truckAtMs',
  'onDock',
  'truckLoad',
  'truckRoom',
  'leftFull',
  'leftLate',
  'hubQueue',
  'stationQueue',
  'left',
]
/** Facts that need not be whole numbers. */
const REAL: ReadonlySet<FactId> = new Set(['ratePerHour', 'worstRoad', 'capacity', 'capacityBefore', 'transit', 'leadTime'])

const factKind = (id: FactId): Kind => (id === 'sku' ? 'word' : REAL.has(id) ? 'real' : id.endsWith('Ms') ? 'long' : 'whole')
const facts = (ids: readonly FactId[]): [string, Kind][] => ids.map((id) => [id, factKind(id)])
const words = (...fields: string[]): [string, Kind][] => fields.map((field) => [field, 'word'])

const FIELDS: { readonly [P in Part]: readonly (readonly [field: string, kind: Kind])[] } = {
  who: [['order', 'whole'], ['part', 'whole'], ...words('warehouse', 'service', 'zone', 'hub', 'supplier')],
  when: [
    ['ms', 'long'],
    ['at', 'word'],
  ],
  why: [...words('rule', 'by'), ['byOrder', 'whole'], ['since', 'long'], ['waited', 'waits']],
  what: [...words('did', 'from', 'to'), ...facts(WHAT)],
  impact: facts(IMPACT),
  allowed: ALLOWANCES.map((id) => [id, 'long']),
}
export const PARTS = Object.keys(FIELDS) as readonly Part[]

export const COLUMNS: readonly Column[] = [
  { name: 'event', part: null, field: 'event', kind: 'long' },
  ...PARTS.flatMap((part) => FIELDS[part].map(([field, kind]) => ({ name: `${part}_${field}`, part, field, kind }))),
]

/** Names of what the file says of itself: its header, and once it is whole what the run came to. */
export const HEADER_KEY = 'orrery-trace'
export const END_KEY = 'orrery-trace-end'
