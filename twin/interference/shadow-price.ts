import { type Beside, type MetricId, meanOf, moreUsed, naiveOf, type Sums, usageOf } from './effects.ts'

/**
 * What of a naive comparison is only taken from others. Where sides share trucks and hands, whoever takes more of a scarce one does well at the other's
 * expense. At the price λ of a unit (by how much the whole would be better off with one more) that is charged to whoever takes it:
 *
 *   τ = (ȳ_T − ȳ_C) + Σ_k λ_k (u_Tk − u_Ck)
 *
 * with harm positive, λ_k ≥ 0 the harm that one more unit of resource k would spare everybody, and u the units an order takes. To first order the effect
 * of giving everybody the candidate (Bright, Delarue & Lobel 2025, "Reducing marketplace interference bias via shadow prices").
 */
export function correctedEffect(naive: number, prices: Float64Array, moreUsed: Float64Array): number {
  let effect = naive
  for (let k = 0; k < prices.length; k++) effect += prices[k] * moreUsed[k]
  return effect
}

/** A world with a little less of one resource: the part of it that was left, and what that did to everybody. */
export type Squeezed = { readonly resource: number; readonly left: number; readonly sums: Sums }

/**
 * Prices by finite differences: harm to everybody per unit that was not there to be used. Resources whose lack did harm to nobody cost nothing;
 * where a lack seems to have done good, luck or the policy's own folly is stronger than the lack, and the price is 0 too.
 */
export function pricesOf(metric: MetricId, whole: Sums, squeezed: readonly Squeezed[], resources: number): Float64Array {
  const prices = new Float64Array(resources)
  const orders = whole[0] + whole[whole.length / 2]
  const used = usedOf(whole)
  for (const { resource, left, sums } of squeezed) {
    // Of hands nobody uses fewer when there are fewer: parcels stand in the queue instead. Then it is the part taken away that they would have done.
    const fewer = Math.max(used[resource] - usedOf(sums)[resource], (1 - left) * used[resource])
    if (fewer <= 0) continue
    const harm = (meanOf(sums, metric, 'both') - meanOf(whole, metric, 'both')) * orders
    prices[resource] = Math.max(0, harm / fewer)
  }
  return prices
}

/** Parcels of both sides by each resource. */
function usedOf(sums: Sums): Float64Array {
  const stride = sums.length / 2
  const [a, b] = [usageOf(sums, 0), usageOf(sums, 1)]
  return a.map((use, k) => use * sums[0] + b[k] * sums[stride])
}

/** The corrected effect of a metric in one mixed run. */
export const correctedOf = (beside: Beside, metric: MetricId, prices: Float64Array): number =>
  correctedEffect(naiveOf(beside, metric), prices, moreUsed(beside))

/**
 * Part of what prices charge that is believed, 0 … 1. A price is a slope: where most of a saturated resource moves, the queue is gone long before the last order has
 * moved, and what is charged by the slope is many times what is there. The twin knows what is there, world by world and share by share: the part with the
 * least squares of `off` (whole − naive) less part · `charged`.
 */
export function believedPart(
  worlds: readonly { readonly charged: readonly number[]; readonly off: readonly number[] }[],
): number {
  let [both, square] = [0, 0]
  for (const { charged, off } of worlds) {
    charged.forEach((one, i) => {
      both += one * off[i]
      square += one * one
    })
  }
  return square > 0 ? Math.max(0, Math.min(1, both / square)) : 1
}

/** What a resource is worth on the way from one policy to the other: the mean of what it is worth at both ends. */
export const betweenPrices = (a: Float64Array, b: Float64Array): Float64Array => a.map((price, k) => (price + b[k]) / 2)
