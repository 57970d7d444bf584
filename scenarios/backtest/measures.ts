/** How far a forecast is from what happened. Samples are sorted, rising. */

/**
 * Continuous ranked probability score of a forecast given as equally likely samples: E|X − y| − ½ E|X − X′|, in the unit of the samples; 0 is a
 * forecast that knew. Gneiting & Raftery, JASA 102 (2007), eq. 21; the second term by ranks, unbiased in the samples (Ferro 2014).
 */
export function crps(sorted: Float64Array, y: number): number {
  const m = sorted.length
  let off = 0
  let spread = 0
  for (let i = 0; i < m; i++) {
    off += Math.abs(sorted[i] - y)
    spread += (2 * i - m + 1) * sorted[i]
  }
  return off / m - (m > 1 ? spread / (m * (m - 1)) : 0)
}

/** First Wasserstein distance: the mean distance between quantiles, in the unit of the samples. */
export function wasserstein(a: Float64Array, b: Float64Array): number {
  const steps = Math.max(a.length, b.length)
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const p = (i + 0.5) / steps
    sum += Math.abs(a[Math.floor(p * a.length)] - b[Math.floor(p * b.length)])
  }
  return sum / steps
}

/** Greatest distance between the two distribution functions (Kolmogorov & Smirnov). */
export function kolmogorov(a: Float64Array, b: Float64Array): number {
  let i = 0
  let j = 0
  let most = 0
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i], b[j])
    while (i < a.length && a[i] <= x) i++
    while (j < b.length && b[j] <= x) j++
    most = Math.max(most, Math.abs(i / a.length - j / b.length))
  }
  return most
}

/** The finite part of sorted samples: what never ended stands at their end as infinity. */
export function finite(sorted: Float64Array): Float64Array {
  let at = sorted.length
  while (at > 0 && sorted[at - 1] === Number.POSITIVE_INFINITY) at--
  return sorted.subarray(0, at)
}
