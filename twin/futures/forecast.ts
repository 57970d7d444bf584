import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { PLACE_FIELDS } from './place-fields.ts'
import { SITE_FIELDS } from './site-fields.ts'

/** Places of one kind in futures: a number of each, at each hour from the present on, replication by replication. */
export type Table = {
  readonly names: readonly string[]
  readonly fields: readonly string[]
  /** By place in the lists above; null where it cannot be said. */
  readonly value: (run: number, hour: number, name: number, field: number) => number | null
}
/** Orders of the present in futures: at which hour each was last under way. */
export type OrdersAhead = {
  readonly ids: readonly string[]
  readonly lastSeen: (run: number, order: number) => number
}

/** Sites, zones, services and orders in futures, for questions. */
export type Forecast = {
  readonly replications: number
  /** Instants that are told, ms since 1970, rising. */
  readonly hours: readonly number[]
  readonly sites: Table
  readonly zones: Table
  readonly services: Table
  /** Null: there are too many of them. */
  readonly orders: OrdersAhead | null
}

/** Of more orders futures do not say one by one when they come. */
const ORDERS_MOST = 100_000
/** How many orders a replication tells of. */
export const ordersTold = (open: number): number => (open > ORDERS_MOST ? 0 : open)

/** Numbers of one hour: those of sites, then those of zones and services. */
export const siteNumbers = (spec: NetworkSpec): number => spec.warehouses.length * SITE_FIELDS.length
export const placeNumbers = (spec: NetworkSpec): number => (spec.zones.length + spec.services.length) * PLACE_FIELDS.length

/** What a replication tells beside the numbers of the whole: hours of sites, hours of places, then when each order was last under way. */
export const forecastNumbers = (spec: NetworkSpec, hours: number, orders: number): number =>
  (hours + 1) * (siteNumbers(spec) + placeNumbers(spec)) + orders

/** Reads what threads have written; each run ends with it. */
export function forecastOf(
  spec: NetworkSpec,
  asOfMs: number,
  hours: number,
  ids: readonly string[],
  runs: readonly { readonly [index: number]: number; readonly length: number }[],
): Forecast {
  const told = ordersTold(ids.length)
  const count = forecastNumbers(spec, hours, told)
  const places = (hours + 1) * siteNumbers(spec)
  const table = (
    names: readonly string[],
    fields: readonly string[],
    at: (hour: number, name: number, field: number) => number,
  ): Table => ({
    names,
    fields,
    value: (run, hour, name, field) => {
      const numbers = runs[run]
      const value = numbers[numbers.length - count + at(hour, name, field)]
      return Number.isNaN(value) ? null : value
    },
  })
  const { zones, services, warehouses } = spec
  const ofPlace = (hour: number, place: number, field: number): number =>
    places + hour * placeNumbers(spec) + place * PLACE_FIELDS.length + field
  return {
    replications: runs.length,
    hours: Array.from({ length: hours + 1 }, (_, hour) => asOfMs + hour * HOUR_MS),
    sites: table(
      warehouses.map(({ id }) => id),
      SITE_FIELDS,
      (hour, w, field) => hour * siteNumbers(spec) + w * SITE_FIELDS.length + field,
    ),
    zones: table(
      zones.map(({ id }) => id),
      PLACE_FIELDS,
      ofPlace,
    ),
    services: table(
      services.map(({ id }) => id),
      PLACE_FIELDS,
      (hour, s, field) => ofPlace(hour, zones.length + s, field),
    ),
    orders: told < ids.length ? null : { ids, lastSeen: (run, order) => runs[run][runs[run].length - told + order] },
  }
}
