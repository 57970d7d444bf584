import type { Refusal, Rung, Term } from '../term.ts'

/**
 * A decision as it can be told: plain data by places in the network (warehouse 0 …), money in cents, times in ms on the run's clock. All of
 * it comes from the router, the policy and the world of that moment; what is not known or not there is null.
 */
export type Decision = {
  readonly order: number
  readonly zone: number
  readonly nowMs: number
  readonly placedMs: number
  readonly promisedMs: number
  readonly lines: readonly OrderLine[]
  readonly limits: AppliedLimits
  readonly planAgeMs: number | null
  readonly rung: Rung | null
  /** What the router buys; null where the order waits. */
  readonly chosen: ShipmentSet | null
  /** The cheapest set that does without one of the chosen warehouses. */
  readonly runnerUp: RunnerUp | null
  /** Every warehouse, in the network's order. */
  readonly warehouses: readonly WarehouseWays[]
}

export type OrderLine = { readonly sku: number; readonly units: number }

/** What holds for the order, by network and policy together. */
export type AppliedLimits = {
  readonly maxShipments: number | null
  readonly co2Grams: number | null
  readonly mustBeInTime: boolean
  /** The one warehouse a replayed order may ship from. */
  readonly origin: number | null
}

/** One shipment and what its price is made of. */
export type Shipment = {
  readonly warehouse: number
  readonly service: number
  /** Places in the order's lines. */
  readonly lines: readonly number[]
  readonly kg: number
  readonly price: number
  readonly terms: readonly Term[]
  readonly costCents: number
  readonly co2Grams: number
  readonly queueMs: number
  readonly parcelsAhead: number
  readonly departMs: number
  /** The departure it would have caught, were it not filled by parcels given to the warehouse before; null where it catches that. */
  readonly fullTruckMs: number | null
  readonly etaMsP50: number
  readonly etaMsP90: number
  readonly onTimeShare: number
}

export type ShipmentSet = { readonly shipments: readonly Shipment[]; readonly price: number; readonly terms: readonly Term[] }

/** What is kept of every decision of a day: what was bought and the runner-up, each with its terms. */
export type BriefDecision = {
  readonly chosen: BriefSet
  readonly runnerUp: { readonly without: number; readonly set: BriefSet } | null
}
export type BriefSet = { readonly shipments: readonly BriefShipment[]; readonly price: number; readonly terms: readonly Term[] }
/** Bit i of `mask` is set where it carries line i of the order. */
export type BriefShipment = Pick<Shipment, 'warehouse' | 'service' | 'price' | 'terms'> & { readonly mask: number }

export type RunnerUp = { readonly without: number; readonly set: ShipmentSet }

/** What a warehouse could do for the order: all of its lines that it has, in one shipment, by each service. */
export type WarehouseWays = {
  readonly warehouse: number
  /** Lines of the order that it has. */
  readonly lines: readonly number[]
  /** Why it can do nothing; empty where it can. */
  readonly ruledOut: readonly Reason[]
  /** Lines that it has not, though it could carry others. */
  readonly lacks: readonly Lack[]
  readonly ways: readonly Way[]
}

export type Way = { readonly shipment: Shipment; readonly refused: readonly Reason[] }

export type Lack = { readonly line: number; readonly sku: number; readonly units: number; readonly available: number }

/** A hard reason against a warehouse, a way, or any set of shipments that would include it. */
export type Reason =
  | { readonly because: 'closed' }
  | { readonly because: 'recorded origin'; readonly origin: number }
  | { readonly because: 'no lane' }
  | { readonly because: 'no stock'; readonly lacks: readonly Lack[] }
  | { readonly because: 'not allowed' }
  /** A pick for this very order found too little there, and the books have not heard of it yet. */
  | { readonly because: 'not on the shelf' }
  | { readonly because: 'no departure' }
  | { readonly because: 'not in time'; readonly etaMsP90: number; readonly promisedMs: number }
  | { readonly because: 'too much CO2'; readonly co2Grams: number; readonly capGrams: number }
  | ({ readonly because: 'rule' } & Refusal)
  | { readonly because: 'refused' }
  | { readonly because: 'no set'; readonly maxShipments: number | null; readonly co2Grams: number | null }

/** Why an order does not ship from a warehouse. */
export type WhyNot =
  | { readonly warehouse: number; readonly answer: 'it does' }
  /** It could, in this set, whose price is so much higher; 0 where a tie went to the other. */
  | { readonly warehouse: number; readonly answer: 'dearer'; readonly set: ShipmentSet; readonly more: number }
  | { readonly warehouse: number; readonly answer: 'impossible'; readonly reasons: readonly Reason[] }
