import { describe, expect, test } from 'vitest'
import { isDecided, kimNelsonConstants, lastLookOf, openKimNelson, slackOf, stillIn } from './kim-nelson.ts'
import { ocba } from './ocba.ts'
import { meanOf, pairedDifference, separateDifference, varianceOf } from './paired.ts'
import { rinottH, rinottReplications } from './rinott.ts'

/** Four systems, ten replications under common random numbers: the demonstration data of the KSL/JSL libraries (M. Rossetti). */
const DATA = [
  [63.72, 32.24, 40.28, 36.94, 36.29, 56.94, 34.1, 63.36, 49.29, 87.2],
  [63.06, 31.78, 40.32, 37.71, 36.79, 57.93, 33.39, 62.92, 47.67, 80.79],
  [57.74, 29.65, 36.52, 35.71, 33.81, 51.54, 31.39, 57.24, 42.63, 67.27],
  [62.63, 31.56, 39.87, 37.35, 36.65, 57.15, 33.3, 62.21, 47.46, 79.6],
]

describe('the same luck for both', () => {
  test('means and deviations of the demonstration data are as published', () => {
    expect(DATA.map(meanOf).map((x) => Number(x.toFixed(3)))).toEqual([50.036, 49.236, 44.35, 48.778])
    expect(DATA.map((d) => Number(Math.sqrt(varianceOf(d)).toFixed(5)))).toEqual([17.70266, 16.24501, 13.15095, 15.94152])
  })

  test('turns "nothing to be seen" into a clear answer', () => {
    const { mean, low, high, p, se } = pairedDifference(DATA[0], DATA[2])
    expect([mean, low, high].map((x) => x.toFixed(4))).toEqual(['5.6860', '1.8672', '9.5048'])
    expect(p).toBeCloseTo(0.00828, 5)
    expect(se ** 2 * 10).toBeCloseTo(28.49805, 5)
    expect(separateDifference(DATA[0], DATA[2]).p).toBeCloseTo(0.4264, 4)
  })

  test('says of other pairs what was published of them', () => {
    const [a, b] = [pairedDifference(DATA[1], DATA[3]), pairedDifference(DATA[0], DATA[1])]
    expect(a.mean).toBeCloseTo(0.458, 10)
    expect(a.high - a.mean).toBeCloseTo(0.2464, 4)
    expect(a.p).toBeCloseTo(0.00229, 5)
    expect(b.mean).toBeCloseTo(0.8, 10)
    expect(b.high - b.mean).toBeCloseTo(1.5172, 4)
    expect(b.p).toBeCloseTo(0.26343, 5)
  })
})

describe('Kim and Nelson', () => {
  const both = (systems: number, first: number) =>
    [true, false].map((sharesLuck) => kimNelsonConstants({ systems, first, alpha: 0.05, sharesLuck }))

  test('constants are those of the formula, with shared luck and without', () => {
    const table: [number, number, string, string, string, string][] = [
      [2, 10, '0.334050', '6.012905', '0.334050', '6.012905'],
      [3, 10, '0.472944', '8.512989', '0.470193', '8.463474'],
      [5, 10, '0.634967', '11.429411', '0.630152', '11.342737'],
      [10, 10, '0.859083', '15.463502', '0.852248', '15.340469'],
    ]
    for (const [k, n, ...expected] of table)
      expect(both(k, n).flatMap(({ eta, h2 }) => [eta.toFixed(6), h2.toFixed(6)])).toEqual(expected)
    expect([both(5, 20), both(10, 20), both(10, 24)].map(([{ h2 }]) => h2.toFixed(6))).toEqual([
      '9.015056',
      '11.511485',
      '11.014334',
    ])
  })

  const plan = { systems: 4, first: 10, alpha: 0.05, delta: 2, sharesLuck: true }
  // The least is wanted.
  const race = openKimNelson(
    plan,
    DATA.map((values) => values.map((x) => -x)),
  )

  test('looks and slacks of the demonstration data', () => {
    expect([race.eta.toFixed(6), race.h2.toFixed(6)]).toEqual(['0.564680', '10.164243'])
    const pairs = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ]
    expect(pairs.map(([i, l]) => lastLookOf(race, i, l))).toEqual([11, 72, 13, 30, 0, 25])
    expect(pairs.map(([i, l]) => slackOf(race, i, l, 10).toFixed(5))).toEqual([
      '0.14297',
      '6.24153',
      '0.39493',
      '2.01303',
      '0.00000',
      '1.50280',
    ])
  })

  test('whoever is beaten only by somebody who goes out at the same look goes out too', () => {
    // The third beats the second and the fourth but not the first; the first is beaten by the second and the fourth.
    expect(isDecided(race)).toBe(true)
    expect(stillIn(race)).toEqual([2])
    expect(race.replications).toBe(10)
    expect(race.dropped.find(({ system }) => system === 0)?.by).not.toBe(2)
  })
})

describe('Rinott', () => {
  test('constants are those of the published tables', () => {
    const table: [number, number, number, number][] = [
      [10, 0.975, 50, 4.0453],
      [1000, 0.975, 50, 6.0563],
      [1e4, 0.975, 50, 6.8959],
      [1000, 0.9, 50, 5.4879],
      [2e4, 0.95, 50, 6.8821],
      [2, 0.95, 9, 2.6141],
      [3, 0.95, 9, 3.1657],
      [4, 0.95, 9, 3.4763],
      [5, 0.95, 9, 3.6926],
      [10, 0.95, 9, 4.2895],
    ]
    for (const [k, confidence, degrees, h] of table) expect(Math.abs(rinottH(k, confidence, degrees) - h)).toBeLessThan(1e-4)
  })

  test('no system is run less often than it has been already', () => {
    expect(rinottReplications(3.6926, 10, 1, 0.5)).toBe(55)
    expect(rinottReplications(3.6926, 60, 1, 0.5)).toBe(60)
  })
})

describe('OCBA', () => {
  test('shares out fifty replications as the book does, and no replication is lost to rounding', () => {
    const { best, parts, counts } = ocba([1, 2, 3, 4, 5], [1, 1, 9, 9, 4], 50)
    expect(best).toBe(0)
    expect(parts.map((part) => Number((50 * part).toFixed(3)))).toEqual([11.205, 8.621, 19.398, 8.621, 2.155])
    expect(parts[0] / parts[1]).toBeCloseTo(1.29971, 5)
    expect(counts).toEqual([11, 9, 19, 9, 2])
    for (let budget = 7; budget < 60; budget++)
      expect(ocba([3, 1, 1.1, 9], [2, 5, 1, 3], budget).counts.reduce((a, b) => a + b)).toBe(budget)
  })
})
