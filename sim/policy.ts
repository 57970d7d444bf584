/**
 * The socket for choices: all a policy author has to read.
 *
 * A policy is one pure file: no clock, no dice, no I/O, no await, no memory of its own. It runs unchanged in the simulator and behind
 * the live API. The folder is the register: `policies/routing/nearest.ts` *is* the policy `routing/nearest`.
 */

import type { NoPlan, Prices, Situation } from './plan.ts'
import type { Refusal, Rung, Term } from './term.ts'

/** Knobs of a policy, each named with its unit. */
export type Params = { readonly [knob: string]: number }

/**
 * One way to ship an order (or a part of it): this warehouse, this service, its next departure. The object is used again for the next
 * option, so read it and let it go. Times are ms on the clock of `nowMs`.
 */
export type RoutingOption = {
  readonly nowMs: number
  readonly placedMs: number
  readonly promisedMs: number
  /** The order's number, never used twice: what a policy without dice may draw lots by. */
  readonly order: number
  readonly zone: number
  readonly warehouse: number
  /** How many warehouses the network has. */
  readonly warehouses: number
  readonly service: number
  /** True where the service goes ahead of others in the warehouse. */
  readonly express: boolean
  /** Great-circle distance from warehouse to customer. */
  readonly km: number
  readonly weightKg: number
  /** Lines that this shipment would carry. */
  readonly lines: number
  /** Handling and freight, in cents; rounded only when it is booked. */
  readonly costCents: number
  readonly co2Grams: number
  /** Time until the warehouse would have it packed, at its live queues and rosters. */
  readonly queueMs: number
  /** The same without the preparation: until its hands would be through with all they have been given. 0 where they are idle. */
  readonly handsMs: number
  /** What one pair of hands takes to pick it and one to pack it: it is packed no sooner than so long after they begin. */
  readonly ownWorkMs: number
  /** Parcels this warehouse has been given and has not packed: in preparation, waiting for hands, or in them. */
  readonly parcelsAhead: number
  /** Parcels this warehouse was given since midnight, and how many of the mean order its rostered hands can pick and pack in that day. */
  readonly parcelsToday: number
  readonly parcelsPerDay: number
  /** Age of the estimate that queues and times are read from. */
  readonly stateAgeMs: number
  /**
   * How full the way to the last departure is that would, half the time, still arrive in time: hands, as the part of the time until its
   * cut-off that the queue takes, or room, as parcels for each place on trucks until then; whichever is more. Where no such departure is
   * left, the one it would leave by is taken. 1 is full; Infinity where there is no time or no room at all.
   */
  readonly waveUse: number
  /** When it would leave: the first departure after that with room. */
  readonly departMs: number
  /** Arrival at the customer's door that half, and that nine in ten, such shipments would keep. */
  readonly etaMsP50: number
  readonly etaMsP90: number
  /** What nine in ten would keep on a calm day with empty queues: what a timetable says. */
  readonly calmEtaMsP90: number
  /** Probability that it arrives after the promise, 0 … 1. */
  readonly lateShare: number
  /** Expected time beyond the promise; 0 for certainly in time. */
  readonly expectedLateMs: number
  /** From when it would be packed to the last moment for its departure. */
  readonly truckSlackMs: number
  /** The same probability and time, should it miss that departure and leave by the service's next. */
  readonly missedLateShare: number
  readonly missedExpectedLateMs: number
  /** What lateness costs this business: for each late order, and for each hour of it, in cents. */
  readonly latePerOrderCents: number
  readonly latePerHourCents: number
  /** Units of its scarcest line that would be left on the shelf. */
  readonly unitsLeft: number
  /** What the policy's last plan says that hands, a place on the truck and the goods are worth to others; 0 without a plan. */
  readonly workPriceCents: number
  readonly roomPriceCents: number
  readonly stockPriceCents: number
  /** Numbers that plan has left, in a layout of the policy's own. */
  readonly notes: Notes
  /** How old that plan is; Infinity without one. */
  readonly planAgeMs: number
  /** How long it is until it must be packed at the latest: for the last of the service's next departures that costs no more than its own. */
  readonly slackMs: number
  /**
   * The best it could do by missing its departure on purpose: of the service's next four after its own, as far as the last plan looks, the one at
   * which lateness, hands and a place come to least. The object is used again.
   */
  later(): Readonly<Later>
  /**
   * Of the order's lines that the warehouse has: the least part of the opening stock that would be left on a shelf; 1 and more where
   * shelves are full, 0 for one that opened empty. It does not depend on which lines this shipment would carry.
   */
  readonly stockShare: number
  /**
   * The same of those lines only whose home is elsewhere: the nearest warehouse to the customer that may hold such goods. Infinity where
   * there is none among them.
   */
  readonly foreignShare: number
  /**
   * How likely a pick of the order's lines here would find less than the books say, as far as picks have shown, 0 … 1: nothing for shelves that
   * had what was asked of them within the last day, for others the part of such shelves here that lately had not. It does not depend on
   * which lines this shipment would carry.
   */
  readonly failShare: number
  /** The whole order, of which this shipment may be a part. */
  readonly orderLines: number
  orderSku(line: number): number
  orderUnits(line: number): number
}

/** How old what a decision rests on is: its plan, Infinity without one, and the estimate of queues and times. */
export type Ages = Pick<RoutingOption, 'planAgeMs' | 'stateAgeMs'>

/** A departure after the one an option is heading for, as the last plan and the estimates have it; in cents, Infinity where there is none. */
export type Later = {
  lateCents: number
  workCents: number
  roomCents: number
  /** What the hands are worth to who comes only once the departures before it have gone. */
  waitedWorkCents: number
  /** How long it is until it must be packed at the latest. */
  slackMs: number
}

/** An order before it is routed. The object is used again for the next one. */
export type OrderFacts = {
  readonly nowMs: number
  readonly placedMs: number
  readonly promisedMs: number
  readonly order: number
  readonly zone: number
  /** How many warehouses the network has. */
  readonly warehouses: number
  readonly lines: number
  readonly weightKg: number
  sku(line: number): number
  units(line: number): number
}

/**
 * Hard limits of a search; filled in anew for each order. Where nothing is left within them the order waits, and is tried again every ten
 * minutes and whenever goods that it lacks come in. A policy that refuses for ever keeps its order for ever.
 */
export type Limits = {
  /** Shipments it may be split into, from 1. Infinity where nobody has said: then three, and more only where fewer will not do. */
  maxShipments: number
  /** Grams CO2e of all its shipments together; Infinity for no cap. */
  co2Grams: number
  /** True where only options that nine in ten times keep the promise will do. */
  mustBeInTime: boolean
  /** 0 where a warehouse may not ship it: [warehouse]. Not asked where a replay keeps recorded origins. */
  readonly allowed: Uint8Array
}

/** Numbers that a plan has left for its policy. */
export type Notes = { readonly [index: number]: number; readonly length: number }

/** How orders that are routed already are looked at again. */
export type Reconsider = {
  /** How often, in whole estimates: they are made every ten minutes. */
  readonly everyMinutes: number
  /** How often one order may be moved, at most; 15 at the very most. */
  readonly mostMoves: number
  /** What a move costs: one that saves no more is not made. */
  readonly switchCents: number
}

/** Daily demand for one SKU at one home warehouse, as recorded. */
export type DemandHistory = {
  /** Days known, at most 28. */
  readonly days: number
  /** Weekday of the first day to be forecast, 0 = Monday. */
  readonly weekday: number
  /** Units asked for `daysAgo` days ago; 1 is yesterday. */
  units(daysAgo: number): number
}

/** To be filled in by a forecast. */
export type ForecastAnswer = {
  /** Expected units over the asked days. */
  meanUnits: number
  /** Standard deviation of the units over the asked days. */
  sdUnits: number
}

/** One SKU in one warehouse on the morning of a review. */
export type Shelf = {
  readonly onHandUnits: number
  readonly reservedUnits: number
  readonly onOrderUnits: number
  /** Units that orders already wait for here. */
  readonly waitingUnits: number
  /** Days between reviews, and expected days from order to receipt. */
  readonly reviewDays: number
  readonly leadDays: number
  /** Forecast demand over review and lead time together. */
  readonly meanUnits: number
  readonly sdUnits: number
}

/** What can be known of an order's journey when it is placed, on a calm day. */
export type Quote = {
  readonly placedMs: number
  /** Median time when the order would be packed at the nearest warehouse that stocks such goods. */
  readonly packedMs: number
  /** When it would be delivered if its line haul took the `quantile` longest of all, by a service of this speed; 0 < quantile < 1. */
  deliveredMs(quantile: number, speed: 'fast' | 'middle' | 'slow'): number
  /** The end of the day an instant lies in. */
  endOfDayMs(timeMs: number): number
}

type Common<P> = {
  /** One sentence a planner would say out loud. */
  readonly about: string
  readonly params: P
}

/** The places where the network asks somebody to choose. */
export type Seams<P = Params> = {
  /**
   * The price of an option in cents, or of anything that sorts alike; the router buys the cheapest set. Infinity refuses it. Never
   * negative, and never less for more lines, more weight, fewer units left or dearer stock: the router relies on it.
   */
  routing: Common<P> & {
    price(option: RoutingOption, params: P): number
    /**
     * May be left out. A number that the price is never below, from what is cheap to know (`costCents`, `km`, `lines`, `weightKg`,
     * `unitsLeft`, `queueMs`, `parcelsAhead`): options whose floor is already too dear are not priced, which is most of them.
     * Where it is `costFloor` itself, lanes are gone through from cheap to dear, and most are not even looked at.
     */
    floor?(option: RoutingOption, params: P): number
    /**
     * May be left out. What scarce things are worth, worked out every so often from the world and the forecast; options show it as their `…PriceCents`.
     * Where it cannot be worked out now the last prices are kept, and grow older.
     */
    plan?(situation: Situation, params: P): Prices | NoPlan
    /**
     * May be left out, and only for a policy that plans: what becomes of its shipments is kept from then on, for its plan to read
     * (`experience.ts`).
     */
    readonly learns?: true
    /**
     * May be left out, and only for a policy that plans. What taking each line of an order from each warehouse costs beside what the plan
     * says of stock, in cents and never negative: cents[line · warehouses + warehouse], 0 where it says nothing. `notes` are the plan's.
     * Options show the sum over their lines as part of `stockPriceCents`.
     */
    worth?(order: OrderFacts, notes: Notes, params: P, cents: Float64Array): void
    /**
     * May be left out. Orders that are routed and not yet begun are priced again every so often and go another way where that saves more than
     * moving them costs. Prices are then cents. Orders in several shipments stay as they are.
     */
    reconsider?(params: P): Reconsider
    /**
     * May be left out. False keeps an order that this option, the cheapest, could ship in one piece in the pool for now: so that others, who are in
     * more of a hurry, come before it. It is asked again at every pulse, ten minutes on.
     */
    release?(option: RoutingOption, params: P): boolean
    /**
     * May be left out. Those in the pool are asked in the order of this number at each pulse, the least first, equals as they came; without it
     * all as they came. It may be any number that sorts, such as how long an order can wait.
     */
    hurry?(option: RoutingOption, params: P): number
    /** May be left out. What this order may not do, whatever the price: called before each search with the limits of the network. */
    limit?(order: OrderFacts, params: P, limits: Limits): void
    /**
     * May be left out. The price as a sum of named terms, for explanations: amount × weight add up to it. Asked when a decision is explained,
     * never while it is searched for.
     */
    terms?(option: RoutingOption, params: P): readonly Term[]
    /** May be left out. Why the price is Infinity. */
    refusals?(option: RoutingOption, params: P): readonly Refusal[]
    /** May be left out. How fresh what it decides by is: one rung for all options of a decision. */
    rung?(ages: Ages, params: P): Rung
  }
  forecast: Common<P> & { predict(history: DemandHistory, days: number, params: P, answer: ForecastAnswer): void }
  /** Units to order now; 0 for none. */
  replenishment: Common<P> & { order(shelf: Shelf, params: P): number }
  /** The promised instant. */
  promise: Common<P> & { promise(quote: Quote, params: P): number }
}
export type Seam = keyof Seams
export const SEAMS: readonly Seam[] = ['routing', 'forecast', 'replenishment', 'promise']

/** A policy for each seam: what a run is given. */
export type Policies = { readonly [S in Seam]: Seams[S] }

/** The floor of every policy that never asks less than what an option costs. */
export const costFloor = (option: RoutingOption): number => option.costCents

/** Does nothing at run time; at type time it ties a file to its seam and infers the rest. */
export function policy<S extends Seam, P extends Params>(_seam: S, body: Seams<P>[S]): Seams<P>[S] {
  return body
}
