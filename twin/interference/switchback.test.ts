import { describe, expect, test } from 'vitest'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import { type Block, blocksOf, switchbackEffect } from './switchback.ts'

/** Blocks whose days differ among themselves (by `spread`), as days do; the candidate adds `effect`. */
function blocksWith(effect: number, spread: number, seed: number, count = 40): Block[] {
  const luck = dice('blocks', seed)
  return Array.from({ length: 3 * count }, (_, i) => {
    const side = draw(luck, i, PURPOSE.zone, 0) < 0.5 ? 1 : 0
    const n = 40 + Math.floor(20 * draw(luck, i, PURPOSE.gap, 0))
    const usual = 10 + (i % 3) + 2 * (Math.floor(i / 3) % 4)
    // Of what is drawn three times the sum is nearly normal.
    const noise = [1, 2, 3].reduce((sum, k) => sum + draw(luck, i, PURPOSE.lines, k) - 0.5, 0) * 2 * spread
    return { region: i % 3, block: Math.floor(i / 3), side, n, y: n * (usual + noise + side * effect) }
  })
}
const drawOf = (seed: number) => {
  const luck = dice('again', seed)
  return (k: number): number => draw(luck, k, PURPOSE.units, 0)
}

describe('a switchback', () => {
  test('is judged by blocks: of 200 with no effect about one in twenty is called one, though orders of a block are alike', () => {
    let [byBlocks, byLots] = [0, 0]
    for (let seed = 0; seed < 200; seed++) {
      const { low, high, p } = switchbackEffect(blocksWith(0, 1, seed), 4, drawOf(seed), 0.95, 99)
      if (low > 0 || high < 0) byBlocks++
      if (p <= 0.05) byLots++
    }
    // 5 % of 200, and what 99.9 % of such counts stay below.
    expect(byBlocks).toBeLessThanOrEqual(21)
    expect(byLots).toBeLessThanOrEqual(21)
  })

  test('finds what is there, with the rhythm of regions and days taken off', () => {
    const { effect, low, high, p } = switchbackEffect(blocksWith(1, 1, 5), 4, drawOf(5))
    expect(effect).toBeGreaterThan(0.5)
    expect(effect).toBeLessThan(1.5)
    expect(low).toBeGreaterThan(0)
    expect(high).toBeLessThan(2)
    expect(p).toBeLessThan(0.01)
  })

  test('leaves out what was placed right after a change of sides', () => {
    const rows = {
      placedMs: Float64Array.of(0, 50, 100, 149, 150),
      zone: Int32Array.of(0, 0, 0, 0, 0),
      side: Uint8Array.of(1, 1, 0, 0, 0),
      value: Float64Array.of(9, 1, 9, 9, 2),
    }
    const design = { blockMs: 100, washoutMs: 50, regionOfZone: Int32Array.of(0) }
    expect(blocksOf(rows, design)).toEqual([
      { region: 0, block: 0, side: 1, y: 1, n: 1 },
      { region: 0, block: 1, side: 0, y: 2, n: 1 },
    ])
  })

  test('with one side only says nothing', () => {
    const blocks = blocksWith(0, 1, 1).map((block) => ({ ...block, side: 0 as const }))
    expect(switchbackEffect(blocks, 4, drawOf(1)).se).toBe(Number.POSITIVE_INFINITY)
  })
})
