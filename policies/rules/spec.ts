import type { Weekday } from '../../sim/network-spec.ts'

/**
 * What a rule set is, as a person writes it down: the shape of a rules file. Rules are gone through from top to bottom; the first one
 * whose `when` fits an order takes it. `scenarios/rules/rules-schema.ts` says of each field what it means.
 */
export type RuleSetSpec = {
  name: string
  about: string
  /** What becomes of an order that no rule takes, or that every rule hands on: by the cheapest way there is, or it waits. */
  uncovered?: 'cheapest' | 'wait'
  rules: readonly RuleSpec[]
}

export type RuleSpec = {
  name: string
  /** Which orders it takes; everything that is said must hold. Left out: every order. */
  when?: WhenSpec
  /** Which warehouses and services it lets an order go by; everything that is said must hold. */
  nodes?: NodesSpec
  /** What is better, the most important first. */
  sort?: readonly SortSpec[]
  allocation?: AllocationSpec
  /** Where it leaves nothing to go by. */
  otherwise?: 'next' | 'wait' | 'relax'
  /** What is to be done once it has decided an order. */
  after?: readonly AfterSpec[]
}

/** Both ends belong to it; one may be left out. */
export type RangeSpec = { from?: number; to?: number }

export type WhenSpec = {
  zones?: readonly string[]
  regions?: readonly string[]
  notRegions?: readonly string[]
  skus?: readonly string[]
  skuTags?: readonly string[]
  /** Whether one line of such goods is enough, or all must be. */
  goods?: 'any' | 'all'
  lines?: RangeSpec
  units?: RangeSpec
  weightKg?: RangeSpec
  value?: RangeSpec
  promiseHours?: RangeSpec
  days?: readonly Weekday[]
  hours?: { from: string; to: string }
  during?: readonly { from: string; to: string }[]
}

export type NodesSpec = {
  only?: readonly string[]
  not?: readonly string[]
  tags?: readonly string[]
  notTags?: readonly string[]
  services?: readonly string[]
  notServices?: readonly string[]
  maxKm?: number
  minUnitsLeft?: number
  minStockShare?: number
  maxBacklogHours?: number
  maxParcelsAhead?: number
  leavesWithinHours?: number
  leavesToday?: boolean
  inTime?: boolean
  maxLateShare?: number
  maxCost?: number
  maxCo2Grams?: number
}

export const SORT_KEYS = [
  'km',
  'cost',
  'etaHours',
  'backlogHours',
  'parcelsAhead',
  'unitsLeft',
  'stockShare',
  'rank',
  'co2Grams',
  'lateShare',
] as const
export type SortKey = (typeof SORT_KEYS)[number]

export type SortSpec = {
  by: SortKey
  /** Options whose values lie in the same band of this width are alike to it; left out: as fine as it goes. */
  band?: number
  /** Of `rank`: warehouses by id, or by tag written "tag:…", the best first; the others follow, all alike. */
  order?: readonly string[]
}

export type AllocationSpec = {
  maxShipments?: number
  shipComplete?: boolean
  /** An order may be split into as many shipments as this goes into its value. */
  valuePerShipment?: number
  /** Fewer shipments come before every sort. Left out: true. */
  fewest?: boolean
  /** Of all shipments of an order together. */
  maxCo2Grams?: number
}

export type AfterSpec = { transfer: TransferSpec }
/** Proposed, never carried out: the simulator moves no goods between warehouses. */
export type TransferSpec = {
  /** Where a shelf holds more than this part of what it opened with … */
  above: number
  /** … of warehouses by id or "tag:…"; left out: any. */
  from?: readonly string[]
  /** Goods go to the emptiest of these. Left out: any. */
  to?: readonly string[]
  /** Only to a shelf that holds less than this part of what it opened with. */
  below?: number
}
