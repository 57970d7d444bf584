/**
 * A rule set made ready for one network: flat columns, plain data that crosses a thread. R rules as written, and behind them as rule R the
 * one that takes what they leave. Times are ms, money cents, mass grams.
 */
export type CompiledRules = {
  readonly name: string
  /** Names of the R rules, and of the one behind them. */
  readonly names: readonly string[]
  readonly R: number
  readonly W: number
  readonly Z: number
  readonly S: number
  readonly K: number
  /** Limits of each rule: [rule · LIMIT.fields + field]; ±Infinity where none is set. */
  readonly limits: Float64Array
  /** 1 where the rule takes orders of the zone: [rule · Z + zone]. */
  readonly zones: Uint8Array
  /** 1 where the SKU is one of those the rule asks for: [rule · K + sku]; see `goods`. */
  readonly skus: Uint8Array
  /** What of an order must be such goods: [rule]. */
  readonly goods: Uint8Array
  /** Bit d where weekday d is one of its days: [rule]. */
  readonly days: Uint8Array
  /** Spans from day 0 on of rule r: spanFirst[r] … spanFirst[r + 1], two instants each; a rule without one holds at all times. */
  readonly spanFirst: Int32Array
  readonly spans: Float64Array
  /** 1 where the rule lets a warehouse ship: [rule · W + warehouse]; and a service: [rule · S + service]. */
  readonly warehouses: Uint8Array
  readonly services: Uint8Array
  /** 1 where it asks that nine in ten keep the promise; that it leaves on the same day: [rule]. */
  readonly inTime: Uint8Array
  readonly leavesToday: Uint8Array
  /** What follows where nothing is left: [rule]. */
  readonly otherwise: Uint8Array
  /** Sorts of rule r: sortFirst[r] … sortFirst[r + 1]. */
  readonly sortFirst: Int32Array
  readonly sortKey: Uint8Array
  /** Width of a band, in the unit the option has it in. */
  readonly sortBand: Float64Array
  /** Bands there are: values beyond the last one belong to it. */
  readonly sortBands: Float64Array
  /** What one band is worth in a price. */
  readonly sortUnit: Float64Array
  /** Places of the warehouses in a rank: [sort · W + warehouse]. */
  readonly ranks: Uint16Array
  /** What a further shipment is worth in a price, 0 where the rule does not mind: [rule]. */
  readonly shipmentUnit: Float64Array
  /** What being taken one place further down the list is worth in a price. */
  readonly tierUnit: number
  /** No price of a set of shipments reaches this. */
  readonly priceEnd: number
  /** False where what the rules leave waits. */
  readonly takesRest: boolean
  readonly skuCents: Float64Array
  readonly skuGrams: Float64Array
  readonly transfers: readonly Transfer[]
}

export type Transfer = {
  readonly rule: number
  readonly above: number
  readonly below: number
  /** 1 where goods may come from, and go to: [warehouse]. */
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** Places in `limits`. Those of orders come first, low end then high end. */
export const LIMIT = {
  lines: 0,
  units: 2,
  grams: 4,
  cents: 6,
  promiseMs: 8,
  /** Time of day; where the low end is above the high one, it goes over midnight. */
  clockMs: 10,
  maxKm: 12,
  minUnitsLeft: 13,
  minStockShare: 14,
  maxQueueMs: 15,
  maxParcelsAhead: 16,
  maxDepartMs: 17,
  maxLateShare: 18,
  maxCostCents: 19,
  maxCo2Grams: 20,
  /** Of the order as a whole. */
  maxShipments: 21,
  centsPerShipment: 22,
  maxOrderCo2Grams: 23,
  fields: 24,
} as const

export const GOODS = { whatever: 0, any: 1, all: 2 } as const
export const OTHERWISE = { next: 0, wait: 1, relax: 2 } as const

/** Why a rule does not let an order go by an option; 0 where it does. In the order in which they are looked at. */
export const REFUSALS = [
  'let through',
  'part of an order',
  'warehouse',
  'service',
  'km',
  'units left',
  'backlog',
  'parcels ahead',
  'cost',
  'CO2',
  'stock share',
  'departure',
  'leaves today',
  'in time',
  'late share',
] as const
export const REFUSAL = {
  none: 0,
  part: 1,
  warehouse: 2,
  service: 3,
  km: 4,
  unitsLeft: 5,
  backlog: 6,
  parcelsAhead: 7,
  cost: 8,
  co2: 9,
  stockShare: 10,
  departure: 11,
  leavesToday: 12,
  inTime: 13,
  lateShare: 14,
} as const

/** Whole numbers up to here are exact in a double, so that a price below it compares tier by tier and band by band without a slip. */
export const PRICE_ROOM = 2 ** 53
