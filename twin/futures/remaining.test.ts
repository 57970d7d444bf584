import { describe, expect, test } from 'vitest'
import { compileLaw, sample } from '../../sim/distribution.ts'
import { bandOf, predictive, shareFrom } from './interval.ts'
import { elapsedShare, endAfter } from './remaining.ts'

const HOUR = 3_600_000

describe('the end of a stage that has lasted for a while', () => {
  test('has no memory where its law has none: an exponential hour goes on for an hour more', () => {
    const law = compileLaw({ law: 'exponential', mean: 1 }, HOUR)
    const ends = Array.from({ length: 2000 }, (_, i) => endAfter((u) => sample(law, u), 5 * HOUR, (i + 0.5) / 2000) - 5 * HOUR)
    expect(ends.reduce((a, b) => a + b, 0) / 2000 / HOUR).toBeCloseTo(1, 1)
  })

  test('follows the part of its law that is left: even between now and the last moment, where all moments are alike', () => {
    const law = compileLaw({ law: 'uniform', low: 0, high: 9 }, HOUR)
    const endOf = (u: number): number => sample(law, u)
    expect(elapsedShare(endOf, 6 * HOUR)).toBeCloseTo(2 / 3, 6)
    expect(endAfter(endOf, 6 * HOUR, 0.5)).toBeCloseTo(7.5 * HOUR, -2)
    for (const u of [0, 0.1, 0.99]) expect(endAfter(endOf, 6 * HOUR, u)).toBeGreaterThan(6 * HOUR)
  })

  test('is what a fresh stage would be where no time has passed; what has outlasted its law lasts as long again with even odds', () => {
    const law = compileLaw({ law: 'lognormal', median: 2, sigma: 0.5 }, HOUR)
    const endOf = (u: number): number => sample(law, u)
    expect(endAfter(endOf, 0, 0.5)).toBeCloseTo(2 * HOUR, -3)
    const overdue = (u: number): number => endAfter(endOf, 1000 * HOUR, u)
    expect(overdue(0)).toBeGreaterThan(1000 * HOUR)
    expect(overdue(0.5) / HOUR).toBeCloseTo(2000, 0)
    expect(overdue(0.9)).toBeGreaterThan(5000 * HOUR)
    // Beyond what a run's clock can hold it does not matter.
    expect(overdue(1)).toBeLessThan(Number.MAX_SAFE_INTEGER)
  })
})

describe('an interval of futures', () => {
  test('of twenty holds 90 % between the least and the greatest: 19 of 21 places for the truth', () => {
    const sorted = Array.from({ length: 20 }, (_, i) => i + 1)
    expect(predictive(sorted, 0.05)).toBeCloseTo(1.05)
    expect(predictive(sorted, 0.95)).toBeCloseTo(19.95)
    expect(predictive(sorted, 0.5)).toBe(10.5)
    expect(predictive([7], 0.05)).toBe(7)
    expect(shareFrom(sorted, 16)).toBe(0.25)
  })

  test('is read of each hour by itself', () => {
    // Two numbers, two hours and the present, three futures.
    const runs = [3, 1, 2].map((x) => Float64Array.of(0, 0, x, 10 * x, 2 * x, 20 * x))
    expect(bandOf(runs, 0, 2, 2).values).toEqual([
      [0, 0, 0],
      [1, 2, 3],
      [2, 4, 6],
    ])
    expect(bandOf(runs, 1, 2, 2).values[2]).toEqual([20, 40, 60])
  })
})
