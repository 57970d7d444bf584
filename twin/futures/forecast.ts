import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { SITE_FIELDS } from './site-fields.ts'

/** Sites in futures, for questions: a number of each site at each hour from the present on, replication by replication. */
export type Forecast = {
  readonly replications: number
  /** Instants that are told, ms since 1970, rising. */
  readonly hours: readonly number[]
  readonly warehouses: readonly string[]
  readonly fields: readonly string[]
  /** By place in the lists above; null where it cannot be said. */
  readonly value: (run: number, hour: number, warehouse: number, field: number) => number | null
}

/** How many numbers of sites a replication tells, after those of the whole. */
export const siteNumbers = (spec: NetworkSpec, hours: number): number => (hours + 1) * spec.warehouses.length * SITE_FIELDS.length

/** Reads what threads have written: each run ends with its sites, hour by hour. */
export function forecastOf(spec: NetworkSpec, asOfMs: number, hours: number, runs: readonly Float64Array[]): Forecast {
  const { length: W } = spec.warehouses
  const { length: F } = SITE_FIELDS
  const count = siteNumbers(spec, hours)
  return {
    replications: runs.length,
    hours: Array.from({ length: hours + 1 }, (_, hour) => asOfMs + hour * HOUR_MS),
    warehouses: spec.warehouses.map(({ id }) => id),
    fields: SITE_FIELDS,
    value: (run, hour, warehouse, field) => {
      const numbers = runs[run]
      const value = numbers[numbers.length - count + (hour * W + warehouse) * F + field]
      return Number.isNaN(value) ? null : value
    },
  }
}
