import { QueueTrails, StackTrail } from './apply/ahead.ts'
import { type Carver, carver } from './arena.ts'
import { FACT, OUTCOME, ROWS } from './experience.ts'
import type { Network } from './network.ts'
import { PRICED } from './plan.ts'
import { FIELD } from './record.ts'

/**
 * The world: everything that can change, as columns over one shared buffer. This file says where things lie and how to read them;
 * only `apply.ts` (and the event list for its own columns) writes.
 *
 * An entity with a future is a record of 32 bytes: the fixed actors first (clockwork of warehouses, departures, hubs …), then
 * parcels. An order is its first parcel; a split order's other parcels are records of their own that point back to it. A record is
 * either in the event list or in one queue, so one `next` field serves both, and its time is when its event comes or when it came into
 * its queue. What is only asked when an order begins and ends, and at the door, lies apart in 12 bytes of `details`, so that the
 * records that all events turn over are small.
 */
const F = FIELD.f64.stride
const I = FIELD.i32.stride
const H = FIELD.u16.stride
const B = FIELD.u8.stride
const DI = FIELD.detail.stride
const DB = FIELD.detailByte.stride

/**
 * Placed and promised are kept as whole ms in 40 bits: an order may be placed in the first 34 years of a run, and be promised for 17 years before or
 * after that.
 */
export const FAR_MS = 2 ** 39
export const LONGEST_MS = 2 ** 40
const HIGH = 2 ** 32

/** What a parcel is doing. The order of the numbers is the order of the walk. */
export const STATE = {
  free: 0,
  placed: 1,
  paid: 2,
  routed: 3,
  released: 4,
  picking: 5,
  picked: 6,
  packing: 7,
  packed: 8,
  handedOver: 9,
  atHub: 10,
  atStation: 11,
  outForDelivery: 12,
  delivered: 13,
  timer: 14,
} as const
export const STATE_NAMES = Object.keys(STATE)

/** Set for good once it is true of the parcel. */
/** `refused` only as long as an order waits though all it asks for is there: prices or limits let nothing of it pass. */
/** `lost` is said of a parcel, `incomplete` of an order one of whose parcels was, `begun` of one whose first other parcel has ended. */
export const FLAG = { counted: 1, cancelled: 2, lost: 4, child: 8, split: 16, incomplete: 32, begun: 64, refused: 128 } as const

export type Parcel = number

/** Scalars of the run that are times or shares, by their place in `regs`. */
export const REG = {
  nowMs: 0,
  events: 1,
  hazardLeft: 2,
  ratePerMs: 3,
  dayLevel: 4,
  queuePerMs: 5,
  /** First bucket, counted from time 0, that is not in the run; and the one at which the ring has turned once. */
  queueNext: 6,
  queueReviewAt: 7,
  /** When the routing policy is to plan next, when its present prices were made, and from when on and in what steps they hold; a step of 0: none yet. */
  nextPlanMs: 8,
  plannedMs: 9,
  pricesFromMs: 10,
  pricesSlotMs: 11,
  /** When what leaves will meet the storms that are announced; 0 and 0 where none is. */
  foreseenFromMs: 12,
  foreseenToMs: 13,
  /** When the estimate that options are made of was last taken. */
  pulsedMs: 14,
  /** When orders that have not begun to be picked are to be looked at again. */
  reconsiderMs: 15,
} as const

/** Scalars that count or point, by their place in `counts`: whole numbers, which as doubles would be checked at each use as an index. */
export const COUNT = {
  sequence: 0,
  nextOrder: 1,
  freeHead: 2,
  recordsUsed: 3,
  linesUsed: 4,
  lineFree2: 5,
  lineFree4: 6,
  lineFree8: 7,
  placed: 8,
  ended: 9,
  openOrders: 10,
  openCounted: 11,
  /** Orders not yet routed and parcels that have not left their warehouse. */
  inHouse: 12,
  backlog: 13,
  peakBacklog: 14,
  promoted: 15,
  weatherOn: 16,
  queueCount: 17,
  queueRunAt: 18,
  queueRunLength: 19,
  queueFar: 20,
  queueBuckets: 21,
  queueRebuildAt: 22,
  /** Events taken off the list before the ring's present turn. */
  queueTakenBefore: 23,
  /** Measured orders that are on their way back. */
  countedReturns: 24,
  /** Orders that wait though all they ask for is there. */
  refused: 25,
} as const

/** Sums over the orders placed in the measured days, by their place in `sums`. */
export const SUM = {
  placed: 0,
  delivered: 1,
  onTime: 2,
  cancelled: 3,
  lost: 4,
  returned: 5,
  split: 6,
  costCents: 7,
  co2Grams: 8,
  /** Times that an order was given to another warehouse or service than before. */
  moved: 9,
  /** Counted only where stock errors may befall: shipments decided, and of them those whose goods were not on the shelf. */
  decided: 10,
  missed: 11,
} as const

/** Lateness and lead time are counted in bins of 15 minutes up to 100 days; the last bin takes the rest. */
export const BIN_MS = 900_000
export const BINS = 9600

/** A power of two, so that a day's place in the ring is a mask. */
export const HISTORY_DAYS = 32
/** The longest lead time that is kept apart; the ring of what is on its way is as long as lead times turn out to need. */
export const INBOUND_DAYS = 64

/** How large a world is: fixed when it is made, except records, lines and days of deliveries, which grow by copying. */
export type WorldSize = {
  readonly records: number
  readonly lines: number
  readonly buckets: number
  /** Days ahead that deliveries may be due, today included: a power of two up to INBOUND_DAYS. */
  readonly inboundDays: number
  /** Buckets of the by-hour statistics. */
  readonly hours: number
  /** 1 with room for the prices of a plan. */
  readonly priced: number
  /** 1 with room for weather that is announced. */
  readonly foreseen: number
  /** Numbers that a plan left for its policy, at most. */
  readonly notes: number
  /** 1 with room for books that are wrong. */
  readonly erring: number
  /** 1 with room for what became of shipments. */
  readonly learning: number
}

export type Dimensions = {
  readonly W: number
  readonly Z: number
  readonly S: number
  readonly H: number
  readonly K: number
  readonly U: number
}

/** Lists of records, by number: queues for picking and packing (express, other), staging, hubs, stations, orders that wait for stock. */
export const listOf = {
  pick: (_d: Dimensions, w: number, express: number): number => w * 4 + express,
  pack: (_d: Dimensions, w: number, express: number): number => w * 4 + 2 + express,
  staged: (d: Dimensions, w: number, s: number): number => d.W * 4 + w * d.S + s,
  hub: (d: Dimensions, h: number): number => d.W * (4 + d.S) + h,
  station: (d: Dimensions, z: number): number => d.W * (4 + d.S) + d.H + z,
  waiting: (d: Dimensions, k: number): number => d.W * (4 + d.S) + d.H + d.Z + k,
}
export const listCount = (d: Dimensions): number => d.W * (4 + d.S) + d.H + d.Z + d.K

function carveWorld(carve: Carver, d: Dimensions, size: WorldSize) {
  const lists = listCount(d)
  const KW = d.K * d.W
  return {
    /**
     * What the books say beyond what is on the shelf: goods that nobody knows to be gone, and goods whose coming (below 0) or going the warehouse knows
     * and has not reported yet. First of all columns, so that a world without them has the bytes it would have if they had never been thought of.
     */
    phantom: carve.i32(size.erring * KW),
    unseen: carve.i32(size.erring * KW),
    /** For the laws: units that ever went from a shelf unnoticed. */
    vanished: carve.i32(size.erring * KW),
    /** How often a warehouse reports; 0 for at once. */
    feedMs: carve.f64(size.erring * d.W),
    /** When a shelf was last picked from and had what was asked for; 0 where it never was, or had not. */
    provenMs: carve.f64(size.erring * KW),
    /** Of a warehouse's picks from shelves without proof the part that found nothing, the latest ones counting most. */
    missShare: carve.f64(size.erring * d.W),
    /** One number: stock errors that begin or end before this have begun or ended. */
    errorsFromMs: carve.f64(size.erring),
    /** What was expected of each parcel, by its record, and what became of the last ones: see `experience.ts`. How many there were. */
    expected: carve.f64(size.learning * size.records * FACT.fields),
    outcomes: carve.f64(size.learning * ROWS * OUTCOME.fields),
    outcomesSeen: carve.f64(size.learning),

    regs: carve.f64(16),
    counts: carve.i32(32),
    sums: carve.f64(16),
    lateBins: carve.u32(BINS),
    leadBins: carve.u32(BINS),
    dueByHour: carve.u32(size.hours),
    onTimeByHour: carve.u32(size.hours),
    backlogByHour: carve.f64(d.W * size.hours),
    flow: carve.f64(d.W * d.Z),

    listHead: carve.i32(lists),
    listTail: carve.i32(lists),
    listLength: carve.i32(lists),

    onHand: carve.i32(KW),
    reserved: carve.i32(KW),
    onOrder: carve.i32(KW),
    /** Units due, by day as a ring: [(day mod inboundDays) · K · W + shelf]. */
    inbound: carve.i32(size.inboundDays * KW),
    /** Units of orders that wait for them, at the warehouse that is to send for more. */
    waitingUnits: carve.i32(KW),
    /** Units asked for at home today, and on each of the last days as a ring. */
    askedToday: carve.i32(KW),
    history: carve.u16(HISTORY_DAYS * KW),
    /** For the laws: units that ever came in and that ever left, beside what the shelves say. */
    unitsIn: carve.i32(KW),
    unitsOut: carve.i32(KW),

    pickers: carve.i32(d.W),
    packers: carve.i32(d.W),
    picking: carve.i32(d.W),
    packing: carve.i32(d.W),
    backlog: carve.i32(d.W),
    /** Work waiting, in ms of one pair of hands. */
    pickWorkMs: carve.f64(d.W),
    packWorkMs: carve.f64(d.W),
    /** Parcels routed to a departure and not yet gone: [warehouse · S + service]. */
    committed: carve.i32(d.W * d.S),
    /** Parcels given to a warehouse on the day `givenDay`, those counted that were taken from it later. */
    given: carve.i32(d.W),
    givenDay: carve.i32(d.W),
    /** The estimate that options are made of, refreshed every few minutes: when new work would be packed, and the next truck after that. */
    readyMs: carve.f64(d.W),
    /** `readyMs` as last estimated, before what came since. */
    estimatedMs: carve.f64(d.W),
    /** How much later each further parcel would make it. */
    parcelDelayMs: carve.f64(d.W),
    departMs: carve.f64(d.W * d.S),
    departCutMs: carve.f64(d.W * d.S),
    /** The same on a calm day with empty queues. */
    calmDepartMs: carve.f64(d.W * d.S),
    calmCutMs: carve.f64(d.W * d.S),
    hubWaitMs: carve.f64(d.H),
    stationWaitDays: carve.f64(d.Z),

    labour: carve.f64(d.W),
    siteCapacity: carve.f64(d.W),
    laneSlow: carve.f64(d.Z * d.W),
    /** What the announced storms will make of each road. */
    foreseenSlow: carve.f64(size.foreseen * d.Z * d.W),
    hubSlow: carve.f64(d.H),
    hubCapacity: carve.f64(d.H),
    lastMile: carve.f64(d.Z),
    departCapacity: carve.f64(d.S),
    transitFactor: carve.f64(d.S),
    leadFactor: carve.f64(d.U),
    zoneLevel: carve.f64(d.Z),
    zoneRate: carve.f64(d.Z),

    /** Prices of the last plan: see `plan.ts`. */
    priceParcel: carve.f64(size.priced * d.W * d.S * PRICED.arrivals * PRICED.slots),
    priceLine: carve.f64(size.priced * d.W * d.S * PRICED.arrivals * PRICED.slots),
    priceRoom: carve.f64(size.priced * d.W * d.S * PRICED.slots),
    priceStock: carve.f64(size.priced * KW),
    notes: carve.f64(size.notes),

    lines: carve.i32(size.lines),
    queueHeads: carve.i32(size.buckets),
    queueRun: carve.i32(size.records + 16),
    details: carve.i32(size.records * DI),
    records: carve.f64(size.records * F),
  }
}

type Mutable = ReturnType<typeof carveWorld>

/** What the pen holds. */
export type World = Mutable & {
  d: Dimensions
  size: WorldSize
  buffer: SharedArrayBuffer
  recordsByteOffset: number
  i32: Int32Array
  u32: Uint32Array
  u16: Uint16Array
  u8: Uint8Array
  detailsU32: Uint32Array
  detailsU8: Uint8Array
  /** Where long chains of records can be entered in their middle. */
  farTrail: StackTrail
  trails: QueueTrails
}

/** What the event list needs of a world: any world that has it can be run by it; `details` and `lines` may be empty. */
export type EventWorld = Pick<Mutable, 'regs' | 'counts' | 'records' | 'details' | 'lines' | 'queueHeads' | 'queueRun'> & {
  readonly size: { readonly buckets: number }
  i32: Int32Array
  u32: Uint32Array
  farTrail: StackTrail
}

type Sealed<T> = T extends Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | Int8Array
  ? { readonly [index: number]: number; readonly length: number }
  : T
/** What everybody else is given: the same world, with every pen taken away. */
export type WorldView = { readonly [Key in keyof World]: Sealed<World[Key]> }

export function worldBytes(d: Dimensions, size: WorldSize): number {
  const measure = carver(null)
  carveWorld(measure, d, size)
  return measure.bytes()
}

/** Views over a buffer that holds (or will hold) a world of this size. */
export function viewWorld(d: Dimensions, size: WorldSize, buffer: SharedArrayBuffer): World {
  const columns = carveWorld(carver(buffer), d, size)
  const { byteOffset, byteLength } = columns.records
  const { byteOffset: detailsOffset, byteLength: detailsLength } = columns.details
  return {
    ...columns,
    d,
    size,
    buffer,
    recordsByteOffset: byteOffset,
    i32: new Int32Array(buffer, byteOffset, byteLength / 4),
    u32: new Uint32Array(buffer, byteOffset, byteLength / 4),
    u16: new Uint16Array(buffer, byteOffset, byteLength / 2),
    u8: new Uint8Array(buffer, byteOffset, byteLength),
    detailsU32: new Uint32Array(buffer, detailsOffset, detailsLength / 4),
    detailsU8: new Uint8Array(buffer, detailsOffset, detailsLength),
    farTrail: new StackTrail(),
    trails: new QueueTrails(listOf.staged(d, 0, 0), d.W * d.S + d.H + d.Z),
  }
}

/** Columns of a world that look at the bytes of another one. */
export const SHARED_VIEWS = ['i32', 'u32', 'u16', 'u8', 'detailsU32', 'detailsU8']

export const dimensionsOf = ({ W, Z, S, H, K, U }: Network): Dimensions => ({ W, Z, S, H, K, U })

/** The key of an event is its phase, then its turn: how many were scheduled before it. */
export const PHASE_SHIFT = 29

// --- reading a record -------------------------------------------------------------------------------------------------------------
/** When its next event comes; of one that lies in a queue, when it came there. */
export const eventMs = (w: WorldView, p: Parcel): number => w.records[p * F]
/** How many events were scheduled before the one it has or had last. */
export const scheduledAs = (w: WorldView, p: Parcel): number => w.u32[p * I + 2] & (2 ** PHASE_SHIFT - 1)
export const placedMs = (w: WorldView, p: Parcel): number => w.detailsU8[p * DB + 8] * HIGH + w.detailsU32[p * DI]
export const promisedMs = (w: WorldView, p: Parcel): number =>
  placedMs(w, p) + w.detailsU8[p * DB + 9] * HIGH + w.detailsU32[p * DI + 1] - FAR_MS
export const nextOf = (w: WorldView, p: Parcel): Parcel => w.i32[p * I + 3]
export const kindOf = (w: WorldView, p: Parcel): number => w.u8[p * B + 28]
export const stateOf = (w: WorldView, p: Parcel): number => w.u8[p * B + 30] & 15
export const lineCount = (w: WorldView, p: Parcel): number => w.u8[p * B + 30] >> 4
/** Of an order: parcels that have not ended. */
export const openParcels = (w: WorldView, p: Parcel): number => w.detailsU8[p * DB + 10] & 15
/** Of an order: how often it was given to another warehouse or service than before; 15 and more count as 15. */
export const movesOf = (w: WorldView, p: Parcel): number => w.detailsU8[p * DB + 10] >> 4
export const zoneOf = (w: WorldView, p: Parcel): number => w.u16[p * H + 12]
export const warehouseOf = (w: WorldView, p: Parcel): number => w.u16[p * H + 13]
export const serviceOf = (w: WorldView, p: Parcel): number => w.u8[p * B + 29]
/** Of an order that waits for goods: which of its lines it waits for. It has no service yet, in whose place this stands. */
export const waitedLine = (w: WorldView, p: Parcel): number => w.u8[p * B + 29]
/** At the door, and in the upper half of the byte picks that found nothing, of which no more than 15 are counted. */
export const attemptsOf = (w: WorldView, p: Parcel): number => w.detailsU8[p * DB + 11] & 15
export const missedPicks = (w: WorldView, p: Parcel): number => w.detailsU8[p * DB + 11] >> 4
export const hasFlag = (w: WorldView, p: Parcel, flag: number): boolean => (w.u8[p * B + 31] & flag) !== 0
/** The order's number, never used twice: the name of its luck. Of a child parcel: which part of its order it is. */
export const orderOf = (w: WorldView, p: Parcel): number => w.i32[p * I + 4]
/** Of an order: its first child parcel or −1. Of a child: its order's record. It lies behind the lines of parcels of split orders. */
export const linkOf = (w: WorldView, p: Parcel): Parcel =>
  hasFlag(w, p, FLAG.split) ? w.lines[w.i32[p * I + 5] + lineCount(w, p)] : -1
/** Of a timer, which carries nothing: the record it watches. */
export const watchedOf = (w: WorldView, p: Parcel): Parcel => w.i32[p * I + 5]
/** Of a child parcel: the next child of the same order, or −1. */
export const siblingOf = (w: WorldView, p: Parcel): Parcel => w.details[p * DI + 1]
/** The record that carries the order of a parcel. */
export const headOf = (w: WorldView, p: Parcel): Parcel => (hasFlag(w, p, FLAG.child) ? linkOf(w, p) : p)

/** Number of the order a parcel belongs to, and which part of it it is: together the name of its luck. */
export const orderNumber = (w: WorldView, p: Parcel): number => orderOf(w, headOf(w, p))
export const partOf = (w: WorldView, p: Parcel): number => (hasFlag(w, p, FLAG.child) ? orderOf(w, p) : 0)

/** One line and no split: of the half-word that holds state, lines and flags, what says so. */
const ONE_LINE = 1 << 4
const LINES_AND_SPLIT = (15 << 4) | (FLAG.split << 8)
/** Line i as one number: SKU · 256 + units. One line lives in the record, more (or one and a link) in a block of the line store. */
export const lineAt = (w: WorldView, p: Parcel, i: number): number => {
  const at = w.i32[p * I + 5]
  return (w.u16[p * H + 15] & LINES_AND_SPLIT) === ONE_LINE ? at : w.lines[at + i]
}
export const skuOfLine = (line: number): number => line >> 8
export const unitsOfLine = (line: number): number => line & 255

// --- reading a column -------------------------------------------------------------------------------------------------------------
export const nowMs = (w: WorldView): number => w.regs[REG.nowMs]
/** Units that can still be promised, as the books say. */
export const availableUnits = (w: WorldView, k: number, warehouse: number): number => {
  const i = k * w.d.W + warehouse
  return bookedUnits(w, i) - w.reserved[i]
}
/** Whether somebody found on a shelf what he asked for, within the last day. */
export const isProven = (w: WorldView, shelf: number): boolean =>
  w.provenMs[shelf] > 0 && w.regs[REG.nowMs] - w.provenMs[shelf] < PROOF_MS
const PROOF_MS = 86_400_000
/** Units that the books say are on a shelf, k · W + warehouse; where nothing errs, those that are. */
export const bookedUnits = (w: WorldView, shelf: number): number =>
  w.size.erring === 1 ? w.onHand[shelf] + w.phantom[shelf] + w.unseen[shelf] : w.onHand[shelf]
