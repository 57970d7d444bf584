/**
 * A number of many futures at each hour: all values in rising order, so that any interval can be read of them later. Bands are of order statistics: of n
 * exchangeable futures the (n + 1) p-th smallest is not exceeded by the true one with probability p, whatever the law (Hyndman & Fan's type 6, 1996).
 * Twenty are just enough for 90 %: their least and greatest.
 */
export type Band = {
  /** Sorted values at hour h. */
  readonly values: readonly (readonly number[])[]
}

export function bandOf(runs: readonly Float64Array[], at: number, names: number, hours: number): Band {
  return {
    values: Array.from({ length: hours + 1 }, (_, hour) => runs.map((run) => run[hour * names + at]).sort((a, b) => a - b)),
  }
}

/** The value that a share `p` of futures stays within. */
export function predictive(sorted: readonly number[], p: number): number {
  const at = (sorted.length + 1) * p - 1
  if (at <= 0) return sorted[0]
  if (at >= sorted.length - 1) return sorted[sorted.length - 1]
  const low = Math.floor(at)
  return sorted[low] + (sorted[low + 1] - sorted[low]) * (at - low)
}

/** Part of the futures at or above a value. */
export const shareFrom = (sorted: readonly number[], value: number): number =>
  sorted.filter((one) => one >= value).length / sorted.length
