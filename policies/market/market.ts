/**
 * A stretch of time as a market: like orders that want to be shipped, and what runs short on the way: goods, hands, room on trucks. A plan
 * sees the orders it expects, a bound in hindsight those that came; both are solved by the same program, and its prices steer the router.
 *
 * minimise    Σ cents(m) · x(m)                                   over assignments m of a group: lines → warehouse, service, departure
 * subject to  Σ over m of group g             x(m) = orders(g)
 *             Σ units of goods k taken at w       ≤ units(k, w)
 *             Σ work at r of what comes in slot a or later and leaves by slot v   ≤ Σ capacity(r, a … v − 1)      for all a < v
 *             Σ parcels on departure d            ≤ room(d)
 *
 * The rows for work are Hall's condition for one preemptive resource served earliest deadline first: what they allow can be done.
 * Columns are plain; cents, ms and grams. Nothing here is written to after it is made.
 */
export type Market = {
  readonly warehouses: number
  readonly services: number
  /** Shipments that an order may be split into. */
  readonly maxShipments: number
  readonly work: WorkSupply
  readonly departures: Departures
  readonly stock: StockSupply
  readonly groups: Groups
  readonly costs: MarketCosts
}

/** Stages of work: picking of warehouse w is station 2 · w, packing is 2 · w + 1. */
export type WorkSupply = {
  /** Edges of the slots, rising: slot t lasts from slotMs[t] to slotMs[t + 1]. */
  readonly slotMs: Float64Array
  /** Hand-ms there are in slot t: [station · slots + t]; Infinity where the station is never short. */
  readonly capacityMs: Float64Array
  /** Hand-ms that a shipment takes, and each of its lines: [station]. */
  readonly parcelMs: Float64Array
  readonly lineMs: Float64Array
}

/** All departures of the stretch, by lane (warehouse · services + service), of a lane by time. */
export type Departures = {
  /** Departures of a lane: first[lane] … first[lane + 1]. */
  readonly first: Int32Array
  readonly leavesMs: Float64Array
  /** Work for it lies in slots before this one: the slot after that in which its cut-off falls. */
  readonly bySlot: Int32Array
  /** Parcels it takes; Infinity where it is never full. */
  readonly room: Float64Array
}

/** Goods that could run short: [goods · warehouses + warehouse]; Infinity where there is plenty, 0 where there is none. */
export type StockSupply = { readonly goods: number; readonly units: Float64Array }

/** Orders that are alike. */
export type Groups = {
  readonly count: number
  /** How many orders each stands for; any positive number. */
  readonly orders: Float64Array
  /** The slot in which their work may begin. */
  readonly fromSlot: Int32Array
  /** Lines of group g: lineStart[g] … lineStart[g + 1]; at most 8. `goods` is −1 for a line that can be had anywhere. */
  readonly lineStart: Int32Array
  readonly goods: Int32Array
  readonly units: Int32Array
  /** How many times the usual work an order's picking (stage 0) and packing (stage 1) takes: [2 · group + stage]; left out where all take the usual. */
  readonly effort?: Float64Array
}

/** What a shipment costs. Asked many times: plain arithmetic, no allocation. */
export type MarketCosts = {
  /** The first departure of the lane that an order of the group could catch if nobody were before it; −1 where the lane is closed to it. */
  readonly firstDeparture: (group: number, warehouse: number, service: number) => number
  /** Cents of a parcel before its lines. */
  readonly parcelCents: (group: number, warehouse: number, service: number) => number
  /** Cents more for line i of the group in it (handling, and freight for its weight). */
  readonly lineCents: (group: number, warehouse: number, service: number, line: number) => number
  /** Cents for the lateness of an order that leaves by this departure; never less for a later departure of the same lane. Of a split order only that of the shipment that holds its first line counts. */
  readonly lateCents: (group: number, warehouse: number, service: number, departure: number) => number
  /** Cents for an order that is not served within the stretch; finite. */
  readonly unservedCents: (group: number) => number
}

/** What a market's scarce things are worth: never negative. */
export type MarketPrices = {
  /** Cents for a unit: [goods · warehouses + warehouse]. */
  readonly stockCents: Float64Array
  /** Cents for a place: [departure]. */
  readonly roomCents: Float64Array
  /** Rows of work that bind: what comes in slot `from` or later and leaves before slot `to` pays this for a hand-ms of the station. */
  readonly work: readonly { readonly station: number; readonly from: number; readonly to: number; readonly centsPerMs: number }[]
}

/** One way to ship a part of a group's orders. */
export type Assignment = {
  readonly group: number
  /** Orders of the group that go this way. */
  readonly orders: number
  readonly cents: number
  /** Shipments: lines as a bit mask, warehouse, service, departure. None where the orders are not served. */
  readonly shipments: readonly {
    readonly lines: number
    readonly warehouse: number
    readonly service: number
    readonly departure: number
  }[]
}

export type MarketAnswer = {
  readonly prices: MarketPrices
  /** What a group's orders are charged at these prices, in all: [group]. */
  readonly groupCents: Float64Array
  /** Cents that no way of shipping can go below: the Lagrangian at these prices, valid even where the program was stopped early. */
  readonly lowerBoundCents: number
  /** Cents of the best fractional way found; equal to the bound when solved to the end. */
  readonly objectiveCents: number
  readonly assignments: readonly Assignment[]
  readonly rounds: number
}
