/**
 * How to share out a budget of replications so that the best is most likely to look best: N_i / N_j = ((s_i / d_i) / (s_j / d_j))² for all but the
 * best, d_i being the distance from the best, and N_b = s_b √(Σ N_i² / s_i²). Chen & Lee, Stochastic Simulation Optimization (2011), ch. 3.
 *
 * - `means`, `variances`: as known so far, of each system; smaller means are better. Variances > 0.
 * - `budget`: replications in all. Parts are rounded, and what rounding leaves over goes to the best.
 * - Systems that equal the best share its part as if they were one smallest distance away.
 */
export function ocba(
  means: readonly number[],
  variances: readonly number[],
  budget: number,
): { readonly best: number; readonly parts: readonly number[]; readonly counts: readonly number[] } {
  if (means.length < 2 || means.length !== variances.length || variances.some((one) => !(one > 0)))
    throw new Error('OCBA needs two or more means, each with a variance above 0')
  const best = means.reduce((least, mean, i) => (mean < means[least] ? i : least), 0)
  const distances = means.map((mean) => mean - means[best])
  const nearest = Math.min(...distances.filter((d) => d > 0), Number.MAX_VALUE)
  const ratios = variances.map((variance, i) => (i === best ? 0 : variance / Math.max(distances[i], nearest) ** 2))
  ratios[best] = Math.sqrt(
    variances[best] * ratios.reduce((sum, ratio, i) => sum + (i === best ? 0 : ratio ** 2 / variances[i]), 0),
  )
  const whole = ratios.reduce((sum, one) => sum + one, 0)
  const parts = ratios.map((ratio) => ratio / whole)
  const counts = parts.map((part) => Math.round(part * budget))
  counts[best] = budget - counts.reduce((sum, count, i) => sum + (i === best ? 0 : count), 0)
  return { best, parts, counts }
}
