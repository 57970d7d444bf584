import type { LawSpec } from '../network-spec.ts'

/**
 * What a replenishment network is, as a person writes it down: sites that hold one kind of goods and order it from one another, from
 * endless suppliers to the customers. Human units: days, units, money of one currency. `compileSupply` turns it once into flat columns.
 */

/** A law of whole numbers of units: any law, rounded, or a Poisson count. */
export type UnitsLawSpec = LawSpec | { law: 'poisson'; mean: number }

/**
 * When a site orders, and how much; always by its inventory position: on the shelf, in work and on order, less what it owes.
 * With `everyDays` the rule looks at these intervals, first at day 0; without, at every change.
 */
export type RuleSpec =
  /** (s, S): at or below `reorderAt`, up to `upTo`. */
  | { rule: 'up-to'; reorderAt: number; upTo: number; everyDays?: number | undefined }
  /** (r, nQ): at or below `reorderAt`, as many lots as lift it above. */
  | { rule: 'lots'; reorderAt: number; lot: number; everyDays?: number | undefined }
  /** Base stock: whatever is missing to `upTo`. */
  | { rule: 'base-stock'; upTo: number; everyDays?: number | undefined }
  /** The same lot at every look, whatever there is. */
  | { rule: 'standing-order'; lot: number; everyDays: number }

/** Customers of one site. */
export type CustomersSpec = {
  /** Days from one customer to the next. */
  everyDays: LawSpec
  /** Units that a customer wants. */
  units: UnitsLawSpec
  /** What happens to an order that cannot be filled at once: it waits, is lost whole, or takes what there is and loses the rest. */
  unmet: 'waits' | 'lost' | 'partly'
  /** Day of the first customer; left out: one gap after day 0. */
  firstDay?: number | undefined
  /** Days until the goods are with the customer; left out: at once. */
  deliveryDays?: LawSpec | undefined
  /** Money for each delivery; left out: 0. */
  deliveryCost?: number | undefined
}

/** Money; what is left out costs nothing. */
export type SupplyCostsSpec = {
  /** For a unit on the shelf, a day. */
  holding?: number | undefined
  /** For a unit on its way to this site, a day. */
  pipeline?: number | undefined
  /** For a unit that a customer of this site waits for, a day. */
  backorder?: number | undefined
  /** For a unit that a customer wanted and did not get. */
  lostUnit?: number | undefined
  /** For each order this site places. */
  order?: number | undefined
  /** For a unit that this site receives. */
  unit?: number | undefined
  /** For a unit that this site makes. */
  make?: number | undefined
}

export type SiteSpec = {
  id: string
  /** So many sites alike, named id-1, id-2, …; left out: one, named as it is. */
  count?: number | undefined
  /** The group it is one of: a name in `from` that means all of them. */
  group?: string | undefined
  /** Under which its figures are shown; left out: its id. */
  echelon?: string | undefined
  /** Gives whatever is asked for, at once, and holds nothing. */
  endless?: boolean | undefined
  /** Where it orders: ids of sites, or of groups, meaning all sites of the group. */
  from?: readonly string[] | undefined
  /** Of several: the first; the first that has all of it there; or, dealt out once, each site of this group the next one in turn. */
  choose?: 'first' | 'in-stock' | 'in-turn' | undefined
  /** Days from shipment to arrival. */
  leadDays?: LawSpec | undefined
  rule?: RuleSpec | undefined
  /** Units on the shelf on day 0. */
  initial?: number | undefined
  /** Orders are cut so that the position stays within it; left out: no limit. */
  capacity?: number | undefined
  /** Orders that wait here are filled whole, or in parts as goods come; left out: whole. Always first come first served. */
  ships?: 'whole' | 'parts' | undefined
  /** Goods that arrive are first made into what is sold: batch by batch, up to `lot` units in `days`. */
  make?: { lot: number; days: LawSpec } | undefined
  customers?: readonly CustomersSpec[] | undefined
  /** Paid by a customer for a unit, when it leaves the shelf. */
  price?: number | undefined
  costs?: SupplyCostsSpec | undefined
}

export type SupplySpec = {
  name: string
  about: string
  currency: string
  /** Days that are measured, after so many that are not. */
  days: number
  warmupDays?: number | undefined
  /** Who goes first where goods and customers come at the same instant; left out: goods. */
  atOneInstant?: 'goods-first' | 'customers-first' | undefined
  sites: readonly SiteSpec[]
}
