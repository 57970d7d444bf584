import type { ServiceSpec } from '../../sim/network-spec.ts'
import type { Article, OrderHistory } from './history.ts'
import { kmBetween } from './sphere.ts'
import { digits, leastSquares } from './statistics.ts'

export type Freight = { readonly law: ServiceSpec['freight']; readonly r2: number; readonly lines: number }

/** Volume that a carrier charges like a kilogram. */
const CM3_PER_KG = 6000

/** What a carrier charges by: the greater of weight and volume; NaN where neither is known. */
export function chargeableKg({ weightGrams, volumeCm3 }: Article): number {
  if (Number.isNaN(weightGrams)) return volumeCm3 / CM3_PER_KG
  return Number.isNaN(volumeCm3) ? weightGrams / 1000 : Math.max(weightGrams / 1000, volumeCm3 / CM3_PER_KG)
}

/** Freight paid for one unit by distance and chargeable weight, least squares over all lines whose places, weight and freight are known. */
export function measureFreight(history: OrderHistory): Freight | null {
  const rows: number[][] = []
  const paid: number[] = []
  for (let i = 0; i < history.count; i++) {
    for (let line = history.lineStart[i]; line < history.lineStart[i + 1]; line++) {
      const origin = history.origins[history.lineOrigin[line]]
      const town = history.towns[history.town[i]]
      if (!origin || !town || Number.isNaN(history.freight[line])) continue
      const kg = chargeableKg(history.articles[history.article[line]])
      if (Number.isNaN(kg)) continue
      const km = kmBetween(origin, town)
      rows.push([1, km, kg, km * kg])
      paid.push(history.freight[line] / history.units[line])
    }
  }
  if (rows.length < 20) return null
  const { beta, r2 } = leastSquares(rows, paid)
  // A negative price by weight or distance would pay the shipper to go further; a small table can give one by chance.
  const [base, perKm, perKg, perKgKm] = beta.map((value) => digits(Math.max(0, value), 3))
  return { law: { base, perKm, perKg, perKgKm }, r2, lines: rows.length }
}
