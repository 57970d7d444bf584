import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareCells,
  comparisonsOf,
  differenceOf,
  intervalOf,
  isNarrow,
  precisionReached,
  relativeHalfWidth,
} from './compare.ts'
import { halfWidthOf, type MeasureId } from './result.ts'

/** Seeded luck of the test's own: mulberry32, then the sum of twelve for a near-normal draw. */
function luck(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}
const normal = (draw: () => number) => Array.from({ length: 12 }, draw).reduce((sum, u) => sum + u, -6)
const many = (n: number, draw: () => number) => Array.from({ length: n }, draw)

const wholeNumbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 })
const pairs = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })), {
  minLength: 2,
  maxLength: 30,
})
const higher = { better: 'higher', comparisons: 1 } as const

describe('the interval of a measure', () => {
  test('is the one Student printed for his sleep data (1908): 1.58, from 0.700 to 2.460', () => {
    const interval = intervalOf([1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4])
    expect(interval.mean).toBeCloseTo(1.58, 12)
    expect(interval.low).toBeCloseTo(0.7001142, 6)
    expect(interval.high).toBeCloseTo(2.4598858, 6)
  })

  test('holds the true mean in 95 of 100 experiments', () => {
    const draw = luck(7)
    const experiments = 4000
    let held = 0
    for (let i = 0; i < experiments; i++) {
      const { low, high } = intervalOf(many(8, () => normal(draw)))
      if (low <= 0 && high >= 0) held++
    }
    // Four standard errors: 4 · √(.95 · .05 / 4000) = .014.
    expect(Math.abs(held / experiments - 0.95)).toBeLessThan(0.014)
  })

  test('has no end after a single replication, and survives being written as JSON', () => {
    const interval = intervalOf([0.97])
    expect(halfWidthOf(interval)).toBeNull()
    expect(halfWidthOf(JSON.parse(JSON.stringify(interval)))).toBeNull()
    expect(interval.mean).toBe(0.97)
    expect(halfWidthOf(intervalOf([]))).toBeNull()
  })

  test('has no width when every replication says the same', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 40 }), (drawn, n) => {
        const value = drawn + 0 // −0 and 0 are one value
        expect(intervalOf(Array(n).fill(value))).toEqual({ low: value, mean: value, high: value })
      }),
    )
  })

  test('leaves out a replication in which nothing was ordered', () => {
    expect(intervalOf([1, Number.NaN, 2, 3])).toEqual(intervalOf([1, 2, 3]))
  })

  test('is wider when more confidence is asked for', () => {
    fc.assert(
      fc.property(wholeNumbers, (samples) => {
        const usual = intervalOf(samples, 0.95)
        const strict = intervalOf(samples, 0.99)
        expect(strict.low).toBeLessThanOrEqual(usual.low)
        expect(strict.high).toBeGreaterThanOrEqual(usual.high)
      }),
    )
  })
})

describe('the difference from the baseline', () => {
  test('and its verdict never disagree: better or worse exactly when the printed interval leaves 0 out', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom('higher', 'lower'), fc.integer({ min: 1, max: 60 }), (both, better, comparisons) => {
        const difference = differenceOf(
          both.map(([a]) => a),
          both.map(([, b]) => b),
          { better, comparisons },
        )
        const expected = difference.low > 0 ? 'higher' : difference.high < 0 ? 'lower' : null
        expect(difference.verdict).toBe(expected === null ? 'not enough evidence' : expected === better ? 'better' : 'worse')
      }),
    )
  })

  test('turns round when candidate and baseline change places', () => {
    const opposite = { better: 'worse', worse: 'better', 'not enough evidence': 'not enough evidence', baseline: 'baseline' }
    fc.assert(
      fc.property(pairs, (both) => {
        const a = both.map(([one]) => one)
        const b = both.map(([, other]) => other)
        const forth = differenceOf(a, b, higher)
        const back = differenceOf(b, a, higher)
        expect(back.verdict).toBe(opposite[forth.verdict])
        expect(back.mean).toBeCloseTo(-forth.mean, 9)
      }),
    )
  })

  test('does not change when both get the same on top', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: -1000, max: 1000 }), (both, extra) => {
        const a = both.map(([one]) => one)
        const b = both.map(([, other]) => other)
        const plain = differenceOf(a, b, higher)
        const moved = differenceOf(
          a.map((x) => x + extra),
          b.map((x) => x + extra),
          higher,
        )
        expect(moved).toEqual({ ...plain, noise: moved.noise })
        expect(moved.noise).toBeCloseTo(plain.noise, 6)
      }),
    )
  })

  test('is sharper under the same luck than the noise of the baseline against itself', () => {
    const draw = luck(11)
    const days = many(20, () => 100 + 10 * normal(draw))
    const candidate = days.map((day) => day + 1 + 0.5 * normal(draw))
    const difference = differenceOf(candidate, days, higher)
    expect(difference.verdict).toBe('better')
    expect(difference.mean - difference.low).toBeLessThan(difference.noise / 5)
  })

  test('is not enough evidence when two policies decide alike, however many replications', () => {
    const same = many(200, luck(3))
    const difference = differenceOf(same, same, higher)
    expect(difference).toMatchObject({ low: 0, mean: 0, high: 0, verdict: 'not enough evidence' })
    expect(difference.noise).toBeGreaterThan(0)
  })

  test('is not enough evidence after one replication', () => {
    expect(differenceOf([2], [1], higher)).toMatchObject({ mean: 1, verdict: 'not enough evidence' })
    expect(differenceOf([], [], higher)).toMatchObject({ mean: 0, verdict: 'not enough evidence' })
  })

  test('of exactly one parcel in both of two runs is luck; in all of twenty it is proof', () => {
    expect(differenceOf([5, 8], [4, 7], higher).verdict).toBe('not enough evidence')
    const twenty = many(20, luck(5)).map((u) => Math.floor(u * 100))
    expect(
      differenceOf(
        twenty.map((x) => x + 1),
        twenty,
        { better: 'higher', comparisons: 60 },
      ).verdict,
    ).toBe('better')
  })

  test('calls an equal policy better or worse in at most 5 of 100 experiments, all policies and scenarios together', () => {
    const draw = luck(23)
    const experiments = 600
    let wrong = 0
    for (let i = 0; i < experiments; i++) {
      const baseline = many(10, () => normal(draw))
      const verdicts = many(12, draw).map(
        () =>
          differenceOf(
            baseline.map((x) => x + normal(draw)),
            baseline,
            { better: 'lower', comparisons: 12 },
          ).verdict,
      )
      if (verdicts.some((verdict) => verdict !== 'not enough evidence')) wrong++
    }
    // Four standard errors above: 4 · √(.05 · .95 / 600) = .036.
    expect(wrong / experiments).toBeLessThan(0.05 + 0.036)
  })
})

describe('a table of cells', () => {
  const samplesOf = (shift: number, n = 12) => {
    const draw = luck(1)
    const values = many(n, () => 50 + normal(draw)).map((x, i) => x + shift * (1 + i / 10))
    const ids: MeasureId[] = ['onTimeShare', 'costPerOrder', 'co2PerOrder', 'lateHoursP95', 'peakBacklog']
    return Object.fromEntries(ids.map((id) => [id, values])) as Record<MeasureId, number[]>
  }
  const cells = ['calm', 'storm'].flatMap((scenario) =>
    [0, 1, -1].map((shift) => ({ scenario, contestant: `shift ${shift}`, samples: samplesOf(shift), kept: 'as it was' })),
  )

  test('compares each policy with the baseline of its own scenario and keeps what else a cell carries', () => {
    const compared = compareCells(cells, 'shift 0')
    expect(comparisonsOf(cells, 'shift 0')).toBe(4)
    expect(compared.map((cell) => cell.versusBaseline.onTimeShare.verdict)).toEqual([
      'baseline',
      'better',
      'worse',
      'baseline',
      'better',
      'worse',
    ])
    expect(compared[1]?.versusBaseline.costPerOrder.verdict).toBe('worse')
    expect(compared.every((cell) => cell.kept === 'as it was')).toBe(true)
  })

  test('without a finished baseline decides nothing', () => {
    const [, better] = cells
    const compared = compareCells(better ? [better] : [], 'shift 0')
    expect(compared[0]?.versusBaseline.onTimeShare.verdict).toBe('not enough evidence')
  })

  test('is precise enough to stop only when its widest interval is, and never before thirty replications', () => {
    const long = cells.map((cell, i) => ({ ...cell, samples: samplesOf(i % 3, 40) }))
    // What the first thirty say must be narrow too: the last ten may not be what makes it so.
    const widths = long.flatMap(({ samples }) => [samples.onTimeShare, samples.onTimeShare.slice(0, 30)].map(relativeHalfWidth))
    const widest = Math.max(...widths)
    expect(precisionReached(long, widest)).toBe(true)
    expect(precisionReached(long, widest * 0.999)).toBe(false)
    expect(precisionReached([{ samples: samplesOf(0, 29) }], 1)).toBe(false)
    expect(precisionReached([{ samples: samplesOf(0, 30) }], 1)).toBe(true)
    expect(relativeHalfWidth([1])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeHalfWidth([0, 0, 0])).toBe(0)
  })

  test('is not precise where only the latest replications made it narrow', () => {
    const wild = Array.from({ length: 20 }, (_, i) => 50 + (i % 2 === 0 ? 20 : -20))
    const calm = new Array<number>(20).fill(50)
    expect(relativeHalfWidth([...wild, ...calm])).toBeLessThan(0.1)
    expect(isNarrow([...wild, ...calm], 0.1)).toBe(false)
    expect(isNarrow([...wild, ...calm, ...calm], 0.1)).toBe(true)
  })
})
