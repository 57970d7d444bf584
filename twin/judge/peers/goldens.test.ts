import { describe, expect, test } from 'vitest'
import { compared, halfWidth, ofShare, pValue, safeRollout } from './growthbook.ts'
import { classify, type Judged, score, verdictOfScore } from './kayenta.ts'
import { cohenD, commonLanguageEffect, rankTest } from './mann-whitney.ts'
import { argo, flagger, rolledBackAt } from './thresholds.ts'

const times = (n: number, value: number): number[] => Array.from({ length: n }, () => value)
const EITHER = { direction: 'either', isCritical: true } as const

describe('Kayenta', () => {
  test('interval and estimate of its own first example', () => {
    const { lower, upper, estimate } = rankTest([10, 20, 30, 40], [1, 2, 3, 4], 0.95)
    expect([lower, upper, estimate].map((x) => Number(x.toFixed(10)))).toEqual([6, 39, 22.5])
  })

  test('effect sizes alone decide where the ranks are clear', () => {
    const [x, y] = [
      [20, 22, 21, 25, 30],
      [1, 2.2, 1.1, 2.5, 3],
    ]
    const fixed = { ...EITHER, tolerance: 0.1, confidence: 0.95 }
    const plain = classify(x, y, fixed)
    expect(plain).toMatchObject({ label: 'High', isCritical: true })
    expect(plain.deviation).toBeCloseTo(12.0408, 4)
    expect(classify(x, y, { ...fixed, allowed: [1, 13] }).label).toBe('Pass')
    expect(classify(x, y, { ...fixed, allowed: [1, 5], critical: [1, 13] })).toMatchObject({ label: 'High', isCritical: false })
  })

  test('constants: one odd value passes, a plain rise is high, and a mean of 0 leaves the effect out', () => {
    expect(classify([1, 1, 1, 1, 10], times(5, 1), EITHER).label).toBe('Pass')
    expect(classify(times(5, 10), times(5, 1), EITHER).label).toBe('High')
    const zero = classify([54.9, 55.1, 56.2, 57.4, 55.5, 56.9], times(6, 0), EITHER)
    expect(zero.label).toBe('High')
    expect(zero.deviation).toBeNaN()
    expect(classify([1, 2, 3], [3, 1, 2], EITHER).label).toBe('Pass')
    expect(classify([], [1], { direction: 'either', isDataRequired: true }).label).toBe('NodataFailMetric')
  })

  test('direction: a fall passes where only a rise matters', () => {
    const [low, high] = [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [21, 22, 23, 24, 25, 26, 27, 28],
    ]
    expect(classify(low, high, { direction: 'increase' }).label).toBe('Pass')
    expect(classify(low, high, { direction: 'decrease' }).label).toBe('Low')
    expect(classify(high, low, { direction: 'decrease' }).label).toBe('Pass')
  })

  test('effect sizes of its suite', () => {
    expect(cohenD([5, 5, 5, 10, 10, 10], [1, 1, 1, 2, 2, 2])).toBeCloseTo(3.03822, 5)
    expect(commonLanguageEffect([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])).toBe(0.5)
    expect(commonLanguageEffect([2.3, 2.6, 3.3], [25, 24, 26])).toBe(0)
  })

  const judged = (label: Judged['label'], group = 'a'): Judged => ({ group, label, isCritical: false })
  test('scores: parts that pass, and a group without data as if it had passed', () => {
    expect(score([judged('Pass')])).toBe(100)
    expect(score([judged('Pass'), judged('High')])).toBe(50)
    expect(score([judged('Pass'), judged('High'), judged('Low')])).toBe(33.33)
    expect(score([judged('Nodata')])).toBe(0)
    expect(score([judged('Pass'), judged('Pass'), judged('Nodata', 'b')])).toBe(100)
    expect(score([judged('Pass'), { ...judged('High', 'b'), isCritical: true }])).toBe(0)
    expect([100, 80, 60].map((value) => verdictOfScore(value))).toEqual(['Pass', 'Marginal', 'Fail'])
  })

  test('a canary that is seventy times as bad passes: three calm values hide seven of a hundred', () => {
    const [experiment, control] = [[...times(7, 100), ...times(3, 1)], times(10, 1)]
    const fixed = { ...EITHER, allowed: [1, 1.05] } as const
    const found = classify(experiment, control, fixed)
    expect(found.label).toBe('Pass')
    expect(found.deviation).toBeCloseTo(70.3, 10)
    const { lower, upper, estimate } = rankTest(experiment, control, 0.98)
    // Its solver prints 6.8e-5 for the lower end, which is its tolerance.
    expect(lower).toBeCloseTo(0, 3)
    expect([upper, estimate].map((x) => Number(x.toFixed(9)))).toEqual([99, 99])
    expect(classify([...times(8, 100), ...times(2, 1)], control, fixed).label).toBe('High')
  })

  test('a change of spread alone passes', () => {
    const experiment = [10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 17, 17.1, 17.2, 17.3, 17.4, 17.5, 17.6, 17.7]
    const control = [1, 100, 4, 101, 3, 102, 8, 103, 12, 104, 15, 105, 16, 106, 17]
    expect(classify(experiment, control, EITHER).label).toBe('Pass')
  })
})

describe('GrowthBook', () => {
  const a = { n: 3000, sum: 1396.87, squares: 52377.9767 }
  const b = { n: 3461, sum: 2422.7, squares: 134698.29 }
  test('the two-sided sequence of its tests', () => {
    const one = compared(a, b, true)
    const half = halfWidth(one, 0.05, 2, 1000)
    expect([one.difference, one.se, one.difference - half, one.difference + half].map((x) => x.toFixed(5))).toEqual([
      '0.50336',
      '0.33341',
      '-0.55844',
      '1.56516',
    ])
    expect(pValue(one, 0.05, 2, 1000)).toBe(1)
  })

  test('the one-sided sequence of its tests', () => {
    const one = compared(a, b, false)
    const half = halfWidth(one, 0.05, 1)
    expect([one.difference, one.difference - half, one.difference + half].map((x) => x.toFixed(6))).toEqual([
      '0.234377',
      '-0.126568',
      '0.595322',
    ])
    // Its search by halves goes one half too far once it has found the answer, and prints 0.463165: off by 0.4999 / 2 ** 12.
    expect(pValue(one, 0.05, 1)).toBeCloseTo(0.463165 - 0.4999 / 2 ** 12, 5)
  })

  test('shares, as its tests have them', () => {
    const one = compared(ofShare(3000, 1396), ofShare(3461, 2422), true, true)
    const half = halfWidth(one, 0.05, 2)
    expect([one.difference, one.difference - half, one.difference + half].map((x) => x.toFixed(5))).toEqual([
      '0.50386',
      '0.40098',
      '0.60675',
    ])
  })

  test('a Safe Rollout of which nothing is known ships', () => {
    const few = [{ control: ofShare(40, 2), rollout: ofShare(40, 6) }]
    expect(safeRollout(few, false)).toBe('running')
    expect(safeRollout(few, true)).toBe('ship')
    expect(safeRollout([{ control: ofShare(20_000, 1000), rollout: ofShare(20_000, 1500) }], false)).toBe('rollback-now')
  })
})

describe('Argo and Flagger', () => {
  test('count failed checks, and silence is a failed check', () => {
    const checks = [0, 3, 8, 4, 7].map((bad) => ({ n: 100, bad }))
    expect(rolledBackAt(argo(0.06), checks)).toBe(2)
    expect(rolledBackAt(flagger(0.06, 2), checks)).toBe(4)
    expect(rolledBackAt(flagger(0.06, 5), checks)).toBeNull()
    expect(rolledBackAt(argo(0.06), [{ n: 0, bad: 0 }])).toBe(0)
  })
})
