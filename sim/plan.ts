import type { Network } from './network.ts'
import type { WorldView } from './world.ts'

/** What a routing policy makes a plan of: the world as it stands, and what is to be expected. Nothing in it knows the future. */
export type Situation = {
  readonly nowMs: number
  readonly network: Network
  readonly world: WorldView
  /** Some Monday 00:00. */
  readonly weekStartMs: number
  /** No order is placed from here on. */
  readonly lastOrderMs: number
  /** Mean number of orders a zone will place in a stretch of time, by calendars and by what was announced. */
  expectedOrders(zone: number, fromMs: number, toMs: number): number
  /** What an order placed there and then would be promised. */
  promisedMs(zone: number, placedMs: number): number
  /** Orders that were placed so far. */
  readonly placed: number
  /** A solver of linear programs, for those who know what to do with it (`policies/market/`). */
  readonly solver: unknown
}

/** Arrivals are told apart by this many slots after the plan was made, what leaves by so many. */
export const PRICED = { arrivals: 8, slots: 48 } as const

/**
 * A plan: what scarce things are worth until the next one. Plain data, in cents; what lies beyond the tables costs nothing. Slots are counted from
 * `fromMs`; a lane is warehouse · S + service.
 */
export type Prices = {
  readonly fromMs: number
  readonly slotMs: number
  /** When to plan again, at the latest. */
  readonly againMs: number
  /** Hands a shipment takes that comes in slot a and leaves in slot v, and hands each of its lines takes: [(lane · arrivals + a) · slots + v]. */
  readonly parcelCents: Float64Array
  readonly lineCents: Float64Array
  /** A place on what leaves in slot v: [lane · slots + v]. */
  readonly roomCents: Float64Array
  /** A unit of a SKU: [sku · W + warehouse]; null where no goods are scarce. */
  readonly stockCents: Float64Array | null
  /** What the plan leaves for the policy's own `worth`, in a layout of its own; left out where nothing. */
  readonly notes?: Float64Array
}

/** No plan could be made: the prices that there are hold on and grow old, as their age tells, and it is tried again then. */
export type NoPlan = { readonly keptUntilMs: number }

/** Tables of the right lengths, all nothing. */
export function noPrices(
  { W, S, K }: Pick<Network, 'W' | 'S' | 'K'>,
  fromMs: number,
  slotMs: number,
  withStock: boolean,
): Prices {
  const perLane = PRICED.arrivals * PRICED.slots
  return {
    fromMs,
    slotMs,
    againMs: Number.POSITIVE_INFINITY,
    parcelCents: new Float64Array(W * S * perLane),
    lineCents: new Float64Array(W * S * perLane),
    roomCents: new Float64Array(W * S * PRICED.slots),
    stockCents: withStock ? new Float64Array(K * W) : null,
  }
}
