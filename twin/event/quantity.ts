/**
 * Measured quantities carry their unit: `{ "value": 4.2, "unit": "Cel" }`. Units are UCUM codes where UCUM has one. Each measure has one unit in
 * which the twin holds it; the others are converted at the door.
 */

type Unit = { readonly scale: number; readonly offset?: number }

/** Units by measure; the first is the one the twin holds. */
export const UNITS = {
  temperature: { Cel: { scale: 1 }, K: { scale: 1, offset: -273.15 }, '[degF]': { scale: 5 / 9, offset: -32 * (5 / 9) } },
  humidity: { '%': { scale: 1 }, '1': { scale: 100 } },
  mass: { g: { scale: 1 }, kg: { scale: 1000 }, '[lb_av]': { scale: 453.59237 } },
  length: { m: { scale: 1 }, km: { scale: 1000 }, '[mi_i]': { scale: 1609.344 } },
  speed: { 'km/h': { scale: 1 }, 'm/s': { scale: 3.6 }, '[mi_i]/h': { scale: 1.609344 } },
  duration: { ms: { scale: 1 }, s: { scale: 1000 }, min: { scale: 60_000 }, h: { scale: 3_600_000 }, d: { scale: 86_400_000 } },
  rain: { 'mm/h': { scale: 1 }, '[in_i]/h': { scale: 25.4 } },
  units: { '{unit}': { scale: 1 }, '{dozen}': { scale: 12 } },
  orders: { '{order}': { scale: 1 } },
  parcels: { '{parcel}': { scale: 1 }, '{parcel}/d': { scale: 1 } },
  people: { '{person}': { scale: 1 } },
  part: { '1': { scale: 1 }, '%': { scale: 0.01 } },
} as const satisfies Record<string, Record<string, Unit>>
export type Measure = keyof typeof UNITS

/** What a value may be in any unit of its measure: an amount is not below 0, and what is beyond is a broken sensor. */
const AMOUNT = { minimum: 0, maximum: 1e12 } as const
export const RANGES: Readonly<Record<Measure, { readonly minimum: number; readonly maximum: number }>> = {
  temperature: { minimum: -459.67, maximum: 10_000 },
  humidity: { minimum: 0, maximum: 100 },
  mass: AMOUNT,
  length: AMOUNT,
  speed: AMOUNT,
  duration: AMOUNT,
  rain: AMOUNT,
  // Books may owe units, and adjustments take some away.
  units: { minimum: -1e12, maximum: 1e12 },
  orders: AMOUNT,
  parcels: AMOUNT,
  people: AMOUNT,
  part: AMOUNT,
}
/** °C */
export const COLDEST = -273.15

export type Quantity = { readonly value: number; readonly unit: string }

/** The quantity in the unit the twin holds, or NaN where the unit is none of the measure's. */
export function inHeldUnit(measure: Measure, { value, unit }: Quantity): number {
  const found: Unit | undefined = (UNITS[measure] as Record<string, Unit>)[unit]
  return found === undefined ? Number.NaN : value * found.scale + (found.offset ?? 0)
}
