/**
 * Partitions of an order's lines into shipments. A set of lines is a bit mask; `best` has a price for each set, Infinity where it cannot
 * be shipped. The first part always holds the lowest line not yet covered, so that no partition is looked at twice.
 */
export const MAX_LINES = 8
export const SETS = 1 << MAX_LINES

export type Partition = {
  /** The cheapest way to cover a set of lines, and the part of it that holds its lowest line: [layer · SETS + set]. */
  readonly coverPrice: Float64Array
  readonly coverFirst: Int32Array
  /** The answer: a set of lines for each shipment. */
  readonly partMask: Int32Array
}

export const partition = (): Partition => ({
  coverPrice: new Float64Array((MAX_LINES + 1) * SETS),
  coverFirst: new Int32Array((MAX_LINES + 1) * SETS),
  partMask: new Int32Array(MAX_LINES),
})

/** The cheapest of at most `most` parts, 2 or 3; 0 where there is none, else how many. Of equals the whole, then the one met first. */
export function cheapestOfFew(to: Partition, best: Float64Array, full: number, most: number): number {
  let least = best[full]
  let first = full
  let second = 0
  let third = 0
  for (let a = (full - 1) & full; a > 0; a = (a - 1) & full) {
    if ((a & 1) === 0 || best[a] >= least) continue
    const rest = full ^ a
    if (most === 2) {
      const price = best[a] + best[rest]
      if (price >= least) continue
      least = price
      first = a
      second = rest
      continue
    }
    const low = rest & -rest
    for (let b = rest; b > 0; b = (b - 1) & rest) {
      if ((b & low) === 0) continue
      const c = rest ^ b
      const price = best[a] + best[b] + (c === 0 ? 0 : best[c])
      if (price >= least) continue
      least = price
      first = a
      second = b
      third = c
    }
  }
  if (least === Number.POSITIVE_INFINITY) return 0
  to.partMask[0] = first
  to.partMask[1] = second
  to.partMask[2] = third
  return third !== 0 ? 3 : second !== 0 ? 2 : 1
}

/** The cheapest of any number of parts, or 0. */
export function cheapestOfAny(to: Partition, best: Float64Array, full: number, count: number): number {
  const { coverPrice, coverFirst } = to
  // Each line by itself is a cover, so there is one where every line can be had.
  for (let i = 0; i < count; i++) if (best[1 << i] === Number.POSITIVE_INFINITY) return 0
  coverPrice[0] = 0
  for (let mask = 1; mask <= full; mask++) {
    const low = mask & -mask
    coverPrice[mask] = Number.POSITIVE_INFINITY
    for (let first = mask; first > 0; first = (first - 1) & mask) {
      if ((first & low) === 0) continue
      const price = best[first] + coverPrice[mask ^ first]
      if (price >= coverPrice[mask]) continue
      coverPrice[mask] = price
      coverFirst[mask] = first
    }
  }
  let parts = 0
  for (let rest = full; rest > 0; rest ^= coverFirst[rest]) to.partMask[parts++] = coverFirst[rest]
  return parts
}

/** The cheapest of at most `most` parts, whatever that is, or 0; leaves in `coverPrice` what each set costs in at most so many parts. */
export function cheapestOfMost(to: Partition, best: Float64Array, full: number, most: number): number {
  const { coverPrice, coverFirst } = to
  coverPrice[0] = 0
  for (let mask = 1; mask <= full; mask++) coverPrice[mask] = Number.POSITIVE_INFINITY
  for (let layer = 1; layer <= most; layer++) {
    const here = layer * SETS
    const below = here - SETS
    coverPrice[here] = 0
    for (let mask = 1; mask <= full; mask++) {
      const low = mask & -mask
      let least = Number.POSITIVE_INFINITY
      let found = 0
      for (let first = mask; first > 0; first = (first - 1) & mask) {
        if ((first & low) === 0) continue
        const price = best[first] + coverPrice[below + (mask ^ first)]
        if (price >= least) continue
        least = price
        found = first
      }
      coverPrice[here + mask] = least
      coverFirst[here + mask] = found
    }
  }
  if (coverPrice[most * SETS + full] === Number.POSITIVE_INFINITY) return 0
  let parts = 0
  for (let rest = full; rest > 0; parts++) {
    const first = coverFirst[(most - parts) * SETS + rest]
    to.partMask[parts] = first
    rest ^= first
  }
  return parts
}
