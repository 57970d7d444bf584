import type { LiveEvent } from '../event/feeds.ts'
import type { OrderStateId } from '../order/lifecycle.ts'

/**
 * What the twin knows, and how it is read. State is a fold over events, entity by entity: each entity's events sorted by when they happened, in
 * the same ms by their turn on the walk (placed before paid), then by source and id; each counted once. So whatever the order they come in,
 * late, twice or not, the state is that of the sorted unique stream (DECISIONS 72).
 */

export type Applied = {
  /** New, and taken: with `duplicates` and `refused` it adds up to all that were told. */
  readonly applied: number
  /** Same source and id as one that is known. */
  readonly duplicates: number
  /** Came after an event of the same entity that happened later: the entity was folded again. */
  readonly late: number
  /** Not allowed where the entity then stands: kept, and asked again whenever the entity is folded again. */
  readonly refused: number
}

/** Where an event lies in the log. */
export type Place = { readonly entry: number; readonly line: number }

export type PartView = {
  readonly part: number
  readonly state: OrderStateId
  /** When it came into that state, ms since 1970. */
  readonly sinceMs: number
  readonly warehouse: string | null
  readonly service: string | null
  readonly hub: string | null
  readonly expectedMs: number | null
}

export type OrderView = {
  readonly id: string
  /** Of the parcel that is least far; of an order all of whose parcels have ended, the last end. */
  readonly state: OrderStateId
  readonly zone: string | null
  readonly placedMs: number | null
  readonly promisedMs: number | null
  readonly lines: readonly { readonly sku: string; readonly units: number }[]
  readonly parts: readonly PartView[]
  /** Events of it that no step allowed. */
  readonly refused: number
}

export type SiteView = {
  readonly warehouse: string
  /** Parcels by the state they are in, open ones only. */
  readonly parcels: Readonly<Partial<Record<OrderStateId, number>>>
  /** What was last told of its stations. */
  readonly stations: Readonly<
    Record<string, { readonly atMs: number; readonly queue: number; readonly hands: number; readonly busy: number | null }>
  >
  readonly temperature: { readonly atMs: number; readonly celsius: number } | null
}

/** Units of an article that were ordered from a supplier and are still to come. */
export type InboundLine = {
  readonly warehouse: string
  readonly sku: string
  readonly units: number
  /** When they should come, ms since 1970; null where nobody said. */
  readonly expectedMs: number | null
  /** When that was told. */
  readonly toldMs: number
}

/** The network at an instant. */
export type LiveView = {
  readonly asOfMs: number
  order(id: string): OrderView | null
  /** Orders that have not ended. */
  openOrders(): Iterable<OrderView>
  openCount(): number
  sites(): readonly SiteView[]
  /** Units on the shelf; null where nobody has told. */
  onHand(warehouse: string, sku: string): number | null
  stock(): Iterable<{ readonly warehouse: string; readonly sku: string; readonly onHand: number }>
  /** What was ordered from suppliers and is still to come, and which warehouses tell of that at all. */
  inbound(): { readonly warehouses: readonly string[]; readonly lines: readonly InboundLine[] }
  /** Last weather, capacity and sales that were told. */
  weather(): Iterable<{ readonly zone: string; readonly severity: number; readonly atMs: number }>
  capacities(): Iterable<{ readonly service: string; readonly warehouse: string; readonly room: number; readonly atMs: number }>
  promotions(): Iterable<{
    readonly promotion: string
    readonly demand: number
    readonly fromMs: number
    readonly untilMs: number
  }>
  /** SHA-256 over all of it in a fixed order: equal for equal knowledge, however it came. */
  digest(): string
}

export type LiveState = LiveView & {
  /** Checked events, in any order. `places[i]` is where `events[i]` lies. */
  apply(events: readonly LiveEvent[], places: readonly Place[]): Applied
  /** The network as it was at an instant, by all that is known now. */
  at(ms: number): LiveView
  /** Every event of an order in the order of its fold, with what each changed. */
  history(order: string): readonly {
    readonly place: Place
    readonly atMs: number
    readonly kind: string
    readonly part: number | null
    readonly before: OrderStateId
    readonly after: OrderStateId
    readonly refused: boolean
  }[]
}
