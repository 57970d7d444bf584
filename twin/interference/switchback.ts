import { normalQuantile } from '../../sim/normal.ts'

/**
 * Experiments over time: in each block of time a whole region is one side's. Who is near in time or place to the other side is felt by it, so the
 * first part of each block is left out (washout), and what is compared are blocks, never orders.
 */
export type Block = {
  readonly region: number
  readonly block: number
  readonly side: 0 | 1
  /** Sum of the metric and of orders placed in it after the washout. */
  readonly y: number
  readonly n: number
}

/** Orders into blocks; those of a block's first `washoutMs` count for nothing. */
export function blocksOf(
  rows: {
    readonly placedMs: Float64Array
    readonly zone: Int32Array
    readonly side: Uint8Array
    readonly value: ArrayLike<number>
  },
  design: { readonly blockMs: number; readonly washoutMs: number; readonly regionOfZone: Int32Array },
): Block[] {
  const { blockMs, washoutMs, regionOfZone } = design
  const blocks = new Map<string, { region: number; block: number; side: 0 | 1; y: number; n: number }>()
  for (let i = 0; i < rows.placedMs.length; i++) {
    const at = rows.placedMs[i]
    const block = Math.floor(at / blockMs)
    if (at - block * blockMs < washoutMs) continue
    const region = regionOfZone[rows.zone[i]]
    const key = `${region} ${block}`
    const known = blocks.get(key) ?? { region, block, side: rows.side[i] as 0 | 1, y: 0, n: 0 }
    known.y += rows.value[i]
    known.n++
    blocks.set(key, known)
  }
  return [...blocks.values()]
}

export type SwitchbackEffect = {
  /** Candidate less stable, an order. */
  readonly effect: number
  /** Cluster-robust standard error over blocks, within regions and times of day. */
  readonly se: number
  readonly low: number
  readonly high: number
  /** Of exact randomisation: how often blocks given to sides anew differ as much. */
  readonly p: number
  readonly blocks: number
}

/**
 * The effect by regression on side, region and place of the block in the week's cycle, with standard errors by block (Liang & Zeger 1986, with the
 * factor n / (n − p) and Student's cautious quantile left to the caller), and a p-value by giving blocks to sides anew (Fisher), which holds for any
 * number of blocks. `draw(k)` gives even numbers in [0, 1).
 */
export function switchbackEffect(
  blocks: readonly Block[],
  cycle: number,
  draw: (k: number) => number,
  level = 0.95,
  draws = 999,
): SwitchbackEffect {
  const flat = residuals(blocks, cycle)
  const effect = differenceOf(blocks, flat, (i) => blocks[i].side)
  let asMuch = 1
  for (let r = 0; r < draws; r++) {
    const drawn = differenceOf(blocks, flat, (i) => (draw(r * blocks.length + i) < 0.5 ? 1 : 0))
    if (Math.abs(drawn.effect) >= Math.abs(effect.effect) - 1e-12) asMuch++
  }
  const reach = normalQuantile((1 + level) / 2) * effect.se
  return {
    effect: effect.effect,
    se: effect.se,
    low: effect.effect - reach,
    high: effect.effect + reach,
    p: asMuch / (draws + 1),
    blocks: blocks.length,
  }
}

/** Each block's metric an order, less what is usual for its region and its place in the cycle: two rounds of means weighted by orders. */
function residuals(blocks: readonly Block[], cycle: number): Float64Array {
  const rest = Float64Array.from(blocks, ({ y, n }) => y / n)
  for (let round = 0; round < 20; round++)
    for (const group of [({ region }: Block) => region, ({ block }: Block) => ((block % cycle) + cycle) % cycle]) {
      const sums = new Map<number, { y: number; n: number }>()
      blocks.forEach((block, i) => {
        const key = group(block)
        const sum = sums.get(key) ?? { y: 0, n: 0 }
        sum.y += rest[i] * block.n
        sum.n += block.n
        sums.set(key, sum)
      })
      blocks.forEach((block, i) => {
        const sum = sums.get(group(block))
        if (sum !== undefined) rest[i] -= sum.y / sum.n
      })
    }
  return rest
}

function differenceOf(
  blocks: readonly Block[],
  rest: Float64Array,
  sideOf: (i: number) => 0 | 1,
): { readonly effect: number; readonly se: number } {
  const sums = [
    { y: 0, n: 0, blocks: 0 },
    { y: 0, n: 0, blocks: 0 },
  ]
  for (let i = 0; i < blocks.length; i++) {
    const sum = sums[sideOf(i)]
    sum.y += rest[i] * blocks[i].n
    sum.n += blocks[i].n
    sum.blocks++
  }
  if (sums[0].n === 0 || sums[1].n === 0) return { effect: 0, se: Number.POSITIVE_INFINITY }
  const means = sums.map(({ y, n }) => y / n)
  const spread = [0, 0]
  for (let i = 0; i < blocks.length; i++) {
    const side = sideOf(i)
    spread[side] += (blocks[i].n * (rest[i] - means[side])) ** 2
  }
  const variance = sums.reduce((sum, { n, blocks: count }, side) => {
    const factor = count > 1 ? count / (count - 1) : Number.POSITIVE_INFINITY
    return sum + (factor * spread[side]) / n ** 2
  }, 0)
  return { effect: means[1] - means[0], se: Math.sqrt(variance) }
}
