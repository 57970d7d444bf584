import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../../../sim/normal.ts'
import { compared, halfWidth, ofShare, pValue, safeRollout } from './growthbook.ts'
import { classify, type Judged, score, verdictOfScore } from './kayenta.ts'
import { cohenD, commonLanguageEffect, rankTest } from './mann-whitney.ts'
import { argo, flagger, rolledBackAt } from './thresholds.ts'

const times = (n: number, value: number): number[] => Array.from({ length: n }, () => value)
const EITHER = { direction: 'either', isCritical: true } as const

/** Thirty against thirty, of the suite of Kayenta's effect sizes (Apache License 2.0). */
const HIGH_X = [
  29.17644856, 25.16947646, 25.88467948, 29.4900454, 27.05622757, 26.13307864, 27.2711558, 26.69139944, 29.05412377, 26.39818697,
  26.68312641, 24.99600187, 27.99524816, 22.57278291, 23.72798196, 25.82821505, 28.26624521, 28.02370228, 24.1792213, 26.02914828,
  25.90970275, 31.18337461, 27.44254942, 29.93347686, 26.70848069, 28.12191913, 27.39257837, 30.17636627, 29.60240485,
  30.10635388,
]
const HIGH_Y = [
  24.69397578, 25.37120574, 25.86186148, 26.93804252, 22.72232309, 24.15894084, 24.80842752, 26.07830794, 27.35323988,
  23.25110886, 24.65909111, 23.88299016, 21.34817847, 26.33198082, 23.39498829, 26.6734461, 25.33769589, 23.92348759, 25.29740715,
  24.21381887, 28.1697053, 22.2271772, 27.16612837, 25.16639243, 26.85955896, 27.13421926, 25.43350074, 26.32130314, 23.8854011,
  27.86180318,
]
const LOW_X = [
  22.58442682, 18.83161858, 22.34282944, 18.52177725, 19.41399147, 21.77120485, 24.33796385, 22.16390531, 23.781802, 21.38514296,
  22.2205035, 22.06152361, 21.30313392, 21.59652134, 22.38394223, 24.68882792, 20.58916439, 21.03137302, 22.26213957, 23.76485986,
  20.56271226, 24.56567102, 19.86055958, 22.18967677, 20.31475409, 19.2634656, 24.60283585, 20.41729998, 20.62069798, 22.53448767,
]
const LOW_Y = [
  23.15322873, 22.09179077, 26.56410603, 23.0971542, 24.26372276, 25.6461273, 29.42730472, 22.08630097, 29.15257054, 25.8096766,
  24.62191338, 23.67398895, 23.63946085, 26.44684325, 25.76230914, 25.41279862, 22.64005862, 24.58898152, 25.01968457,
  25.03695883, 23.79864705, 26.60180151, 25.99405034, 22.46726084, 28.31843786, 24.30152484, 22.83713467, 21.92380184,
  23.44735223, 29.15676219,
]

describe('Kayenta', () => {
  test('interval and estimate of its own first example', () => {
    const { lower, upper, estimate } = rankTest([10, 20, 30, 40], [1, 2, 3, 4], 0.95)
    expect([lower, upper, estimate]).toEqual([6, 39, 22.5])
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
    expect(classify([], [1], { direction: 'either', missing: 'replace' }).label).toBe('Pass')
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
    expect(Math.abs(commonLanguageEffect(HIGH_X, HIGH_Y) - 0.771)).toBeLessThan(0.001)
    expect(commonLanguageEffect(LOW_X, LOW_Y)).toBe(0.12)
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326348, 6)
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
    expect(lower).toBeCloseTo(6.825e-5, 8)
    expect(Math.abs(upper - 99) + Math.abs(estimate - 99)).toBeLessThan(2e-4)
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
