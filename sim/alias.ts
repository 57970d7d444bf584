/**
 * A discrete law sampled in constant time from one uniform draw. Walker (1977) in Vose's form (IEEE TSE 17, 1991).
 * `keep[i]` is the probability that cell i answers with itself, else with `other[i]`.
 */
export type AliasTable = { readonly keep: Float64Array; readonly other: Int32Array }

export function aliasTable(shares: ArrayLike<number>): AliasTable {
  const n = shares.length
  let total = 0
  for (let i = 0; i < n; i++) total += shares[i]
  const keep = new Float64Array(n)
  const other = new Int32Array(n)
  const small: number[] = []
  const large: number[] = []
  for (let i = 0; i < n; i++) {
    keep[i] = (shares[i] * n) / total
    other[i] = i
    if (keep[i] < 1) small.push(i)
    else large.push(i)
  }
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop() as number
    const rich = large[large.length - 1]
    other[poor] = rich
    keep[rich] -= 1 - keep[poor]
    if (keep[rich] < 1) small.push(large.pop() as number)
  }
  for (const i of small) keep[i] = 1
  for (const i of large) keep[i] = 1
  return { keep, other }
}

/** 0 < u < 1. */
export function pick(table: AliasTable, u: number): number {
  const scaled = u * table.keep.length
  const cell = scaled | 0
  return scaled - cell < table.keep[cell] ? cell : table.other[cell]
}
