/**
 * What a network is, as a person writes it down: the shape of `network.yaml` with its tables (`zones.csv`, `skus.csv`) joined in.
 * Human units, each named; `compileNetwork` turns it once into flat columns of integer milliseconds, cents and grams.
 */

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** A law of probability, sampled by inversion from one uniform draw, so that a larger draw always means a larger value. */
export type LawSpec =
  | { law: 'constant'; value: number }
  | { law: 'uniform'; low: number; high: number }
  | { law: 'exponential'; mean: number }
  /** `sigma` is the standard deviation of the natural logarithm. */
  | { law: 'lognormal'; median: number; sigma: number }
  /** The sum of `shape` exponentials where that is a whole number (Erlang); squared coefficient of variation 1 / shape. */
  | { law: 'gamma'; mean: number; shape: number }
  /** An exponential of one of these means, with these shares: wilder than any single one. */
  | { law: 'hyperexponential'; shares: readonly number[]; means: readonly number[] }
  /** Value at each probability, straight lines between; probabilities rise from 0 to 1. */
  | { law: 'quantiles'; at: readonly number[]; value: readonly number[] }

/** Where demand comes from: a town or a cluster of towns. One row of `zones.csv`. */
export type ZoneSpec = {
  id: string
  name: string
  /** State or province; scenarios select by it. */
  region: string
  lat: number
  lon: number
  /** Part of all orders, any positive scale; normalised when compiled. */
  share: number
  /** Parcels the last mile can deliver on a working day; empty means twice the zone's mean demand, never below 5. */
  deliveriesPerDay?: number | undefined
  /** Line haul to here takes this many times as long as its distance says; empty means 1. */
  transitFactor?: number | undefined
  /** It varies this many times as much (sigma); empty means 1. */
  transitSpread?: number | undefined
}

/** What is sold. One row of `skus.csv`. */
export type SkuSpec = {
  id: string
  weightGrams: number
  /** Part of all order lines, any positive scale. */
  share: number
  /** Value of one unit in the network's currency; drives the holding of stock. */
  price: number
  /** Id of the supplier. */
  supplier: string
  /** Warehouses that may hold it, ids parted by spaces; empty means all. */
  heldAt?: readonly string[] | undefined
  /** Words that rule sets select it by, parted by spaces. */
  tags?: readonly string[] | undefined
}

/** What lies on one shelf on the first morning. One row of `stock.csv`. */
export type StockSpec = {
  /** Ids. */
  warehouse: string
  sku: string
  units: number
}

export type ShiftSpec = {
  days: readonly Weekday[]
  /** "HH:MM"; a shift that would pass midnight is written as two. */
  from: string
  to: string
  pickers: number
  packers: number
}

/** Work of one person for one parcel, in seconds: perParcel + lines · perLine, scaled by a factor of mean 1. */
export type WorkSpec = {
  perParcel: number
  perLine: number
  /** The factor is a lognormal of this sigma … */
  sigma: number
  /** … or, where given, follows this law, whatever its mean. */
  effort?: LawSpec
}

export type WarehouseSpec = {
  id: string
  name: string
  lat: number
  lon: number
  shifts: readonly ShiftSpec[]
  /** Time an order sits before its pick may start: paperwork, the seller's own preparation. Hours. */
  prepareHours: LawSpec
  /** Only these hours of the week count for `prepareHours`: its working days. */
  prepareDays: readonly Weekday[]
  /** Work of one picker: a walk for each parcel plus a time for each line. */
  pickSeconds: WorkSpec
  packSeconds: WorkSpec
  /** Paid for each parcel that leaves, in the network's currency. */
  handlingPerParcel: number
  handlingPerLine: number
  /** Part of each SKU's stock that starts here, any positive scale; empty means by the demand it is nearest to. */
  stockShare?: number | undefined
  /** Trucks that call here have this many times the room their timetable names; empty means 1. */
  truckRoom?: number | undefined
  /** Words that rule sets select it by. */
  tags?: readonly string[] | undefined
}

export type DepartureSpec = {
  days: readonly Weekday[]
  /** "HH:MM" when the truck leaves; what is packed by `cutOffMinutes` before it goes along. */
  at: string
  cutOffMinutes: number
  /** Parcels it takes, from each warehouse; "auto" sizes it at `headroom` × the warehouse's mean share of demand. */
  capacity: number | 'auto'
}

/** One way a carrier moves a parcel from any warehouse to any zone. */
export type ServiceSpec = {
  id: string
  name: string
  carrier: string
  /** True where it goes ahead of others in the warehouse's queues. */
  express: boolean
  /** Warehouses it serves; empty means all. */
  from?: readonly string[] | undefined
  /** Regions it reaches; empty means all. */
  reaches?: readonly string[] | undefined
  departures: readonly DepartureSpec[]
  /**
   * Handover to hub: ln(hours) = intercept + slope · ln(10 + km) + sigma · N(0,1); sigma goes in a straight line in ln(10 + km)
   * from `sigmaNear` at 0 km to `sigmaFar` at 3,000 km.
   */
  transit: {
    intercept: number
    slope: number
    sigmaNear: number
    sigmaFar: number
    /** Added to ln(hours): bend · (ln(10 + km) − 5.5)²; journeys of a town and across a country are both off the straight line. Empty means 0. */
    bend?: number
    /** Takes the place of intercept, slope and bend where journeys are loading and driving: hours = fixed + perKm · km. */
    steady?: { fixed: number; perKm: number }
    /** Quantiles that take the place of N(0,1); estimates of lateness go on as if they were normal. */
    luck?: { at: readonly number[]; value: readonly number[] }
  }
  /** Price of a parcel: base + perKm·km + perKg·kg + perKgKm·kg·km, in the network's currency. */
  freight: { base: number; perKm: number; perKg: number; perKgKm: number }
  /** Grams CO2e per tonne and km of its line haul, and per parcel of its last mile. */
  co2: { gramsPerTonneKm: number; gramsPerParcel: number }
  /** Part of the parcels that never arrive. */
  lostShare: number
}

export type HubSpec = {
  id: string
  name: string
  lat: number
  lon: number
  /** Parcels sorted in an hour; "auto" sizes it at `headroom` × mean flow. A zone is served by its nearest hub. */
  parcelsPerHour: number | 'auto'
}

export type SupplierSpec = {
  id: string
  name: string
  /** Order to receipt, in days; rounded up to whole days. */
  leadDays: LawSpec
}

/** A kind of order: SKU ids with their units. */
export type BasketSpec = { readonly share: number; readonly lines: readonly { readonly sku: string; readonly units: number }[] }

export type NetworkSpec = {
  name: string
  about: string
  currency: string
  /** Weekday of day 0, the first measured day. */
  startsOn: Weekday
  demand: {
    ordersPerDay: number
    /** 24 shares, any positive scale. */
    hourlyShare: readonly number[]
    /** Monday to Sunday, any positive scale. */
    weekdayShare: readonly number[]
    /** Coefficient of variation of the day's level beyond Poisson (gamma), for the whole country and for each zone on its own. */
    dailyCv: number
    zoneDailyCv: number
    /** Shares of orders with 1, 2, … lines; at most 8 lines. Lines drawn for the same article become one. */
    linesPerOrder: readonly number[]
    /** Shares of lines with 1, 2, … units. */
    unitsPerLine: readonly number[]
    /** What is bought together: where given, each order is one of these, and lines and units above only say how many they are on average. */
    baskets?: readonly BasketSpec[] | undefined
  }
  payments: readonly {
    type: string
    share: number
    approvalHours: LawSpec
    /** Approvals on these days only; what falls on another day waits for the next 09:00. */
    days: readonly Weekday[]
  }[]
  customers: {
    /** Part of the customers who will cancel if the parcel has not left after their patience. */
    impatientShare: number
    patienceHours: LawSpec
    returnShare: number
    returnDays: LawSpec
  }
  zones: readonly ZoneSpec[]
  skus: readonly SkuSpec[]
  warehouses: readonly WarehouseSpec[]
  services: readonly ServiceSpec[]
  hubs: readonly HubSpec[]
  delivery: {
    days: readonly Weekday[]
    /** Vans leave at `at` and deliver evenly over `hours`. */
    at: string
    hours: number
    /** "HH:MM" of further rounds a day, where there are any; what a zone's vans deliver in a day is shared out evenly over all rounds. */
    rounds?: readonly string[]
    /** Part of the attempts that find nobody at home; tried again the next working day, and taken the fourth time. */
    failedShare: number
  }
  suppliers: readonly SupplierSpec[]
  replenishment: { reviewHour: number; initialDaysOfStock: number }
  /** Stock counted shelf by shelf; a shelf it does not name is empty. Left out: `initialDaysOfStock` of what is asked for at home. */
  openingStock?: readonly StockSpec[]
  /** Capacity that "auto" gives, as a multiple of mean demand. */
  headroom: number
  /** What no order may do, whatever the policy: where nothing is left within it the order waits. Left out: nothing is forbidden. */
  routing?: {
    /** Shipments an order may be split into, 1 to 8; left out: three, and more only where fewer will not do. */
    maxShipments?: number
    /** Grams CO2e of all shipments of an order together. */
    co2GramsPerOrder?: number
    /** True where only options that keep the promise nine times in ten will do. */
    mustBeInTime?: boolean
    /**
     * From when on a policy that looks at orders again may not take them from their warehouse any more: once they are "released" to its floor
     * (left out), or only once they are "picked", where its system can still call them back from the queue.
     */
    lockedOnce?: 'released' | 'picked'
  }
  /**
   * Everyday weather: rain cells that appear anywhere, and what weather of severity 1 does (the factor by which it divides speed is
   * 1 + sensitivity · severity).
   */
  weather: {
    cellsPerDay: number
    radiusKm: number
    hours: LawSpec
    severity: LawSpec
    sensitivity: { lane: number; hub: number; labour: number; lastMile: number }
  }
  costs: {
    /** What a late order costs the business: goodwill, calls, vouchers. Steers live-greedy; never added to "cost per order". */
    latePerOrder: number
    latePerHour: number
    returnPerParcel: number
  }
}
