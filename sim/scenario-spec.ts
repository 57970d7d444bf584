/**
 * What a scenario is, as a person writes it down: things that have not happened yet, laid over an ordinary network.
 * Times are "day N HH:MM", counted from the first measured day. Lists of two scenarios laid over each other are joined; factors multiply.
 */

/** A point by coordinates, or by its place in the middle 90 % of demand: east 0 … 1 from west to east, north 0 … 1 from south to north. */
export type PlaceSpec = { lat: number; lon: number } | { east: number; north: number }

/** Ids, or a word: "all", or "busiest" for the one nearest to most demand. */
export type WhichSpec = 'all' | 'busiest' | readonly string[]

export type Span = { from: string; to: string }

export type ScenarioSpec = {
  name: string
  about: string
  /** Days over which orders are measured. Laid over each other: the longest. */
  days?: number
  demand?: readonly (Span & {
    /** Demand is multiplied by this. */
    factor: number
    /** Regions (as in zones.csv); left out means everywhere. */
    regions?: readonly string[]
    /** "flat", or "rush": twice the lift at the start falling to none at the end, the same in all. */
    shape?: 'flat' | 'rush'
    /** False for what nobody was told of beforehand: plans do not count on it. Left out means announced. */
    announced?: boolean
    /** The part of the assortment on offer (its best sellers first) and how many times as often it is bought. */
    promoted?: { skuShare: number; lift: number }
  })[]
  weather?: readonly (Span & {
    /** The storm's centre goes along these places in equal times. */
    path: readonly PlaceSpec[]
    radiusKm: number
    /** At the centre; 1 is a bad day, 3 brings nearly everything to a stop. */
    severity: number
    /** Random shift of the path between replications, km (standard deviation). */
    wanderKm?: number
    /** "day N HH:MM" when it is forecast; left out, nobody knows of it before it is there. */
    announced?: string
  })[]
  warehouses?: readonly (Span & {
    which: WhichSpec
    /** What is left of pickers and packers: 0 is closed. */
    capacity: number
  })[]
  carriers?: readonly (Span & {
    /** Services by id, or "all". */
    which: WhichSpec
    /** What is left of each departure's capacity: 0 means nothing leaves. */
    capacity: number
    /** Line haul takes this many times as long. */
    transit?: number
  })[]
  hubs?: readonly (Span & { which: WhichSpec; capacity: number })[]
  suppliers?: readonly (Span & { which: WhichSpec; leadTime: number })[]
  /** Books of warehouses that say more than there is. A count at the end puts them right. */
  stockErrors?: readonly (Span & {
    /** Warehouses. */
    which: WhichSpec
    /** Part of their shelves whose goods are gone from the start on, 0 … 1: the books go on to say that they are there. */
    share: number
    /** Every so many minutes the warehouses report what they know; the books know nothing of what came or was missed since. 0: at once. */
    lagMinutes: number
  })[]
  /** When what decisions rest on is not renewed: no plans are made, or queues and times are not estimated anew. It grows old meanwhile. */
  blackouts?: readonly (Span & { of: 'plans' | 'estimates' })[]
}
