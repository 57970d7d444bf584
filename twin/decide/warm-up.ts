import type { NetworkSpec } from '../../sim/network-spec.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { Question } from './decider.ts'

/** Orders that nobody has sent, to be decided before the first real one: code that runs for the first time takes a hundred times as long. */
export function warmUpQuestions(spec: NetworkSpec, count: number): Question[] {
  const luck = dice('warm-up', 0)
  return Array.from({ length: count }, (_, n) => {
    const u = (k: number): number => draw(luck, n, PURPOSE.sku, k)
    const skus = new Set(Array.from({ length: 1 + Math.floor(3 * u(0) ** 2) }, (_, k) => Math.floor(u(k + 1) * spec.skus.length)))
    return {
      order: `warm-up-${n}`,
      customer: null,
      zone: Math.floor(u(10) * spec.zones.length),
      lines: [...skus].map((sku, i) => ({ lineId: String(i), sku, units: 1 })),
      // Placed and promised when it is asked, see the decider.
      placedMs: 0,
      promisedMs: 4 * 86_400_000 * u(11),
      allowed: null,
      services: null,
      maxShipments: Number.POSITIVE_INFINITY,
      co2GramsMax: Number.POSITIVE_INFINITY,
      mustBeInTime: n % 16 === 0,
      shipComplete: n % 2 === 0,
      told: null,
      budgetMs: Number.POSITIVE_INFINITY,
    }
  })
}
