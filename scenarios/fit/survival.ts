/** Times of a stage, some of them cut off by the end of the record: what is known of these is only that they are longer. */
export type Durations = {
  readonly value: Float64Array
  /** 1 where the stage had ended, 0 where it was cut off. */
  readonly ended: Uint8Array
  readonly weight: Float64Array
}

export type QuantileTable = { readonly at: readonly number[]; readonly value: readonly number[] }

/** Probabilities at which a law is written down. */
const AT = [0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 1] as const

/**
 * Quantiles of durations some of which were cut off. Kaplan & Meier, JASA 53 (1958), with weights: at each end the share still under way falls
 * by the ended weight over the weight at risk. Beyond the last end nothing is known; the law stops there.
 */
export function survivalQuantiles({ value, ended, weight }: Durations, at: readonly number[] = AT): QuantileTable {
  const order = Array.from(value, (_, i) => i).sort((a, b) => value[a] - value[b] || ended[b] - ended[a])
  const steps: number[] = []
  const reached: number[] = []
  let risk = weight.reduce((sum, w) => sum + w, 0)
  let left = 1
  for (const i of order) {
    if (ended[i] === 1 && risk > 0) {
      left *= Math.max(0, 1 - weight[i] / risk)
      steps.push(value[i])
      reached.push(1 - left)
    }
    risk -= weight[i]
  }
  if (steps.length === 0) return { at, value: at.map(() => Number.NaN) }
  const most = reached[reached.length - 1]
  let k = 0
  return {
    at,
    value: at.map((p) => {
      while (k < steps.length - 1 && reached[k] < p * most) k++
      return steps[k]
    }),
  }
}
