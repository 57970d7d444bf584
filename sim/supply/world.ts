import { StackTrail } from '../apply/ahead.ts'
import { type Carver, carver } from '../arena.ts'
import { FIELD } from '../record.ts'
import type { EventWorld } from '../world.ts'

/**
 * The world of a replenishment network: what each site has, owes and expects, and records of 32 bytes for what has a future: streams of
 * customers, reviews, batches, and orders, which wait in a site's queue or are on their way. It is a sibling of `sim/world.ts` and runs
 * on the same event list: a record has its event, key and next at the same places. Only `sim/apply/supply.ts` writes.
 */
export type SupplySize = {
  readonly sites: number
  readonly streams: number
  readonly records: number
  readonly buckets: number
}

export type Rec = number

/** What a record is. The first three are clockwork and never freed. */
export const KIND = {
  stream: 0,
  review: 1,
  batch: 2,
  /** An order of one site at another, waiting there. */
  order: 3,
  /** Goods on their way to a site. */
  shipment: 4,
  /** A customer's order, waiting. */
  customer: 5,
  /** Goods on their way to a customer. */
  delivery: 6,
  /** A rule will look at its site's position at the end of this instant. */
  look: 7,
  free: 8,
} as const
export const KIND_NAMES = Object.keys(KIND)

function carveSupply(carve: Carver, { sites, streams, records, buckets }: SupplySize) {
  return {
    regs: carve.f64(16),
    counts: carve.i32(32),

    onHand: carve.f64(sites),
    /** On the shelf, in work and on order, less what is owed to customers and to sites. */
    position: carve.f64(sites),
    /** Arrived and not yet in a batch; in the batch that is being made. */
    raw: carve.f64(sites),
    making: carve.f64(sites),
    /** Units that customers wait for, and that sites wait for. */
    backlog: carve.f64(sites),
    owed: carve.f64(sites),
    /** Units ordered and not arrived; of them, units that have been shipped. */
    onOrder: carve.f64(sites),
    transit: carve.f64(sites),
    /** For the laws: units that ever came in, that ever left, and of these to customers. */
    unitsIn: carve.f64(sites),
    unitsOut: carve.f64(sites),
    unitsSold: carve.f64(sites),
    /** Queue of orders that wait here, first come first served. */
    queueHead: carve.i32(sites),
    queueTail: carve.i32(sites),
    /** 1 while a look is planned for the end of this instant. */
    willLook: carve.i32(sites),
    /** Counters that name the luck of what comes next. */
    shipments: carve.i32(sites),
    batches: carve.i32(sites),
    customers: carve.i32(streams),
    parcels: carve.i32(streams),

    /** Up to when the sums over time below are made. */
    sinceMs: carve.f64(sites),
    /** Unit·ms on the shelf, in the backlog, on the way; ms with an empty shelf. */
    stockTime: carve.f64(sites),
    backlogTime: carve.f64(sites),
    transitTime: carve.f64(sites),
    emptyTime: carve.f64(sites),
    /** Asked for here, by customers and by sites: orders and units; of them filled at once. */
    askedOrders: carve.f64(sites),
    asked: carve.f64(sites),
    atOnceOrders: carve.f64(sites),
    atOnce: carve.f64(sites),
    /** Of what customers asked: not given to them. */
    lostOrders: carve.f64(sites),
    lost: carve.f64(sites),
    /** Left the shelf for a customer; is with the customer. */
    sold: carve.f64(sites),
    deliveredOrders: carve.f64(sites),
    delivered: carve.f64(sites),
    deliveryCost: carve.f64(sites),
    /** Left the shelf, for customers and for sites; and unit·ms that these were waited for. */
    left: carve.f64(sites),
    waitedMs: carve.f64(sites),
    /** Placed by this site: orders and units; arrived here; made here. */
    orders: carve.f64(sites),
    ordered: carve.f64(sites),
    arrivedOrders: carve.f64(sites),
    arrived: carve.f64(sites),
    made: carve.f64(sites),
    /** Units asked for and ordered in the present day of each site, which day that is, and squares over the days before. */
    askedToday: carve.f64(sites),
    askedDay: carve.i32(sites),
    askedSquares: carve.f64(sites),
    orderedToday: carve.f64(sites),
    orderedDay: carve.i32(sites),
    orderedSquares: carve.f64(sites),

    queueHeads: carve.i32(buckets),
    queueRun: carve.i32(records + 16),
    /** Of each record: units it is about, and when it was made. */
    units: carve.f64(records),
    placedMs: carve.f64(records),
    /** The event list asks for these; here nothing of a record lies apart. */
    details: carve.i32(0),
    lines: carve.i32(0),
    records: carve.f64(records * F),
  }
}

const F = FIELD.f64.stride
const I = FIELD.i32.stride

/** Where the fields of a record lie. Event time, key and next are where the event list looks for them. */
export const PLACE = {
  f64: { eventMs: FIELD.f64.eventMs, stride: F },
  i32: { next: FIELD.i32.next, kind: 4, site: 5, from: 6, stream: 7, stride: I },
} as const

type Columns = ReturnType<typeof carveSupply>

/** What the pen holds. */
export type SupplyWorld = Columns & EventWorld & { size: SupplySize; buffer: SharedArrayBuffer }

type Sealed<T> = T extends Float64Array | Int32Array | Uint32Array
  ? { readonly [index: number]: number; readonly length: number }
  : T
/** What everybody else is given. */
export type SupplyView = { readonly [K in keyof SupplyWorld]: Sealed<SupplyWorld[K]> }

/** Views over a fresh buffer, all zero. */
export function viewSupply(size: SupplySize): SupplyWorld {
  const measure = carver(null)
  carveSupply(measure, size)
  const buffer = new SharedArrayBuffer(measure.bytes())
  const columns = carveSupply(carver(buffer), size)
  const { byteOffset, byteLength } = columns.records
  return {
    ...columns,
    size,
    buffer,
    i32: new Int32Array(buffer, byteOffset, byteLength / 4),
    u32: new Uint32Array(buffer, byteOffset, byteLength / 4),
    farTrail: new StackTrail(),
  }
}

export const kindOf = (w: SupplyView, p: Rec): number => w.i32[p * I + PLACE.i32.kind]
export const siteOf = (w: SupplyView, p: Rec): number => w.i32[p * I + PLACE.i32.site]
export const fromOf = (w: SupplyView, p: Rec): number => w.i32[p * I + PLACE.i32.from]
export const streamOf = (w: SupplyView, p: Rec): number => w.i32[p * I + PLACE.i32.stream]
export const nextOf = (w: SupplyView, p: Rec): Rec => w.i32[p * I + PLACE.i32.next]
export const unitsOf = (w: SupplyView, p: Rec): number => w.units[p]
export const eventMsOf = (w: SupplyView, p: Rec): number => w.records[p * F]
