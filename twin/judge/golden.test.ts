import { describe, expect, test } from 'vitest'
import { adjustedRatioDifference, covariance, cupedSlope, cupedVariance, type Moments, ratioVariance } from './adjusted.ts'
import {
  differenceOf,
  oneSidedSequenceP,
  proportionOf,
  sampleOf,
  sequenceP,
  sequenceRadius,
  welchP,
  welchRadius,
} from './asymptotic-sequence.ts'
import { EVIDENCE, epoch, LATE, PLAN } from './canary.fixture.ts'
import { EMPTY_CELL } from './cells.ts'
import type { Cell, MetricPlan } from './evidence.ts'
import { judge } from './judge.ts'
import { bestRho, oneSidedNormal } from './mixtures.ts'
import { distributionBound, doublyStitchedBound, sameQuantile } from './quantile-bounds.ts'
import { bestScale, logRegressionEvidence, regressionRadius } from './regression.ts'
import { logDirichletMultinomial, logMultinomial, ratioTest } from './sample-ratio.ts'
import { logTwinBet } from './twin-bets.ts'

/**
 * Numbers published by others or computed elsewhere (reference, sections 3 to 6), and the test that holds us to each:
 *
 *   G1–G6, G8–G12   mixtures.test.ts                     boundaries of confseq
 *   G7              here, by the twin's bet              the same as G4 where the twin expects nothing
 *   G13–G28         here                                 quantiles, sequences, regression, CUPED, arm sizes
 *   G29–G32         group-sequential.test.ts             repeated looks, O'Brien and Fleming, Pocock, delayed outcomes
 *   G33–G38         peers/goldens.test.ts                Kayenta's rank test, classes and scores
 *   G39, G40        peers/goldens.test.ts and here       what Kayenta passes; this judge does not
 *   G41–G43         off-policy.test.ts                   four rows by hand, ends of shrinking, replay
 *   G44–G53         scenarios/select/goldens.test.ts     paired differences, Kim and Nelson; chance of the right choice: macro.test.ts
 *   G54, G55        scenarios/select/goldens.test.ts     Rinott, OCBA
 *   G56, G57        judge.test.ts                        a peak in mid-ramp, orders that are alike
 *   G58, G59        here                                 bets of the twin
 *   G60             ../interference/shadow-price.test.ts another sign at a small share
 *   G61             ../govern/audit.test.ts              the chain of acts
 *   assignment      ../rollout/assignment.test.ts        our hash; those of peers decide nothing here and are not kept
 */

/** To the digits in which they were stated. */
const to = (is: number, should: number, digits: number): void => expect(Math.abs(is - should)).toBeLessThan(0.51 * 10 ** -digits)

describe('quantiles', () => {
  test('bounds of distribution functions and of all quantiles at once (G13)', () => {
    to(distributionBound(1000, 0.05, 100), 0.08204769, 5)
    to(doublyStitchedBound(0.5, 1000, 0.05, 100), 68.62803, 5)
    to(doublyStitchedBound(0.9, 1000, 0.05, 100), 43.72119, 5)
    to(doublyStitchedBound(0.1, 1000, 0.05, 100), 59.96521, 5)
  })

  test.each([
    [0.5, 70, 0.814704],
    [0.5, 85, 0.0838055],
    [0.5, 100, 0.0054947],
    [0.9, 55, 0.0340463],
  ])('the %d-quantile of 1000 values against the same moved by %d (G14)', (p, by, should) => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1)
    const moved = values.map((value) => value + by)
    to(sameQuantile(values, moved, p, 100), should, 5)
  })
})

describe('asymptotic sequences, as another tool ships them', () => {
  const a = sampleOf(1396.87, 52377.9767, 3000)
  const b = sampleOf(2422.7, 134698.29, 3461)

  test('relative, two sides (G15)', () => {
    const is = differenceOf(a, b, 'relative')
    const radius = sequenceRadius(is, 0.05, 1000)
    to(is.difference, 0.50336, 5)
    to(is.se, 0.33341, 5)
    to(is.difference - radius, -0.55844, 5)
    to(is.difference + radius, 1.56516, 5)
    expect(sequenceP(is, 0.05, 1000)).toBe(1)
  })

  test('absolute, each side (G16)', () => {
    const is = differenceOf(a, b, 'absolute')
    const radius = sequenceRadius(is, 0.05, 5000, 1)
    to(is.difference, 0.234377, 6)
    to(is.difference - radius, -0.126568, 6)
    to(is.difference + radius, 0.595322, 6)
    // Published as 0.463165: its search halves on once more after it has found the place, which leaves it that far off.
    expect(Math.abs(oneSidedSequenceP(is, 0.05, 5000) - 0.463165)).toBeLessThan(1.3e-4)
  })

  test('proportions (G17)', () => {
    const is = differenceOf(proportionOf(1396, 3000), proportionOf(2422, 3461), 'relative')
    const radius = sequenceRadius(is, 0.05, 5000)
    to(is.difference, 0.50386, 5)
    to(is.difference - radius, 0.40098, 5)
    to(is.difference + radius, 0.60675, 5)
    to(sequenceP(is, 0.05, 5000), 0, 5)
  })

  test('Welch at one look (G18)', () => {
    const early = sampleOf(1396.87, 52377.9767, 3407)
    const relative = differenceOf(early, b, 'relative')
    to(relative.difference, 0.70732, 5)
    to(relative.difference - welchRadius(relative, 0.05), -0.03526, 5)
    to(relative.difference + welchRadius(relative, 0.05), 1.44989, 5)
    to(welchP(relative), 0.06191, 5)
    const absolute = differenceOf(early, b, 'absolute')
    to(absolute.difference, 0.29, 5)
    to(absolute.difference - welchRadius(absolute, 0.05), 0.04538, 5)
    to(absolute.difference + welchRadius(absolute, 0.05), 0.53462, 5)
    to(welchP(absolute), 0.02016, 5)
  })

  test.each([
    [-10, -5, 0.5],
    [-10, -15, -0.5],
    [-2, 3, 2.5],
  ])('relative to something negative, %d to %d is %d (G22)', (from, is, should) => {
    expect(differenceOf({ n: 10, mean: from, variance: 1 }, { n: 10, mean: is, variance: 1 }, 'relative').difference).toBe(should)
  })
})

describe('regression that may be looked at', () => {
  test('published p-values, to the digits of the published t (G19)', () => {
    const published = [
      [5.776, 9.77e-6],
      [8.19, 8.07e-10],
      [9.527, 3.98e-12],
      [10.769, 3.19e-14],
    ]
    for (const [t, p] of published)
      expect(Math.abs(Math.exp(-logRegressionEvidence(t, 100, 8, 11.5815)) / p - 1)).toBeLessThan(0.004)
    expect(Math.min(1, Math.exp(-logRegressionEvidence(-0.706, 100, 8, 11.5815)))).toBe(1)
  })

  test('the scale with the narrowest interval (G20)', () => {
    const g = bestScale(100, 8, 0.05)
    to(g, 11.58, 2)
    to(regressionRadius(100, 8, 0.05, g), 3.1039, 4)
  })
})

describe('adjusted and divided', () => {
  const moments = (columns: readonly (readonly number[])[]): Moments => ({
    n: columns[0].length,
    sums: columns.map((column) => column.reduce((all, value) => all + value, 0)),
    products: columns.map((one) => columns.map((other) => one.reduce((all, value, i) => all + value * other[i], 0))),
  })

  test('slope on what was known before, both arms together (G21)', () => {
    const arm = moments([
      [2, 1, 5, 3],
      [0.3, 0.5, 0.9, 22],
    ])
    to(covariance(arm, 0, 1), 2.1416667, 7)
    to(cupedSlope(arm, arm), 0.0186379, 7)
    expect(cupedVariance(arm, cupedSlope(arm, arm))).toBeLessThan(covariance(arm, 0, 0))
  })

  test('the variance of a ratio is that of what is left of it', () => {
    const columns = [
      [5, 1, 9, 4, 6],
      [3, 1, 5, 2, 2],
    ]
    const arm = moments(columns)
    const ratio = 25 / 13
    const left = moments([columns[0].map((y, i) => (y - ratio * columns[1][i]) / 2.6)])
    to(ratioVariance(arm), covariance(left, 0, 0), 12)
  })

  test('a ratio adjusted by an earlier ratio, relative (G23)', () => {
    const side = (s: readonly number[], q: readonly number[], p: Record<string, number>): Moments => ({
      n: 100,
      sums: s,
      products: [
        [q[0], p.md, p.mx, p.mz],
        [p.md, q[1], p.dx, p.dz],
        [p.mx, p.dx, q[2], p.xz],
        [p.mz, p.dz, p.xz, q[3]],
      ],
    })
    const a = side(
      [485.112236689623, 679.9093275844917, 192.59138069991536, 290.1398399750233],
      [2715.484666118136, 4939.424001640236, 460.076026390857, 920.9461385038898],
      {
        md: 3602.146836776702,
        mx: 1113.6215759318352,
        mz: 1559.2878434944676,
        dx: 1460.3181079276983,
        dz: 2130.9404074446747,
        xz: 634.239482353647,
      },
    )
    const b = side(
      [514.7757826608777, 705.4090874383759, 206.94157227402536, 302.54389139107326],
      [2994.897482705013, 5291.36604146392, 514.2903702246757, 994.4506208125663],
      {
        md: 3918.1561431600717,
        mx: 1237.0953021125997,
        mz: 1701.0287270040265,
        dx: 1604.0759503266522,
        dz: 2292.081739775257,
        xz: 698.4173425817908,
      },
    )
    const { difference, se } = adjustedRatioDifference(a, b)
    to(difference, -0.0007, 4)
    to(se, 0.00391, 5)
    const radius = sequenceRadius({ se, n: 200 }, 0.05, 5000)
    to(difference - radius, -0.02063, 5)
    to(difference + radius, 0.01923, 5)
  })
})

describe('sizes of arms', () => {
  test('Kohavi’s famous one: 821,588 against 815,482 at a half each (G24)', () => {
    expect(ratioTest([821_588, 815_482], [0.5, 0.5])).toBeCloseTo(1.8218e-6, 9)
  })

  test.each([
    [[500, 600], [0.5, 0.5], 0.0025688],
    [[9500, 560], [0.95, 0.05], 0.0091198],
    [[95_120, 4880], [0.95, 0.05], 0.0816585],
    [[1000, 1000, 1100], [1, 1, 1], 0.0397237],
    [[500, 600, 0], [0.5, 0.5, 0], 0.0025688],
  ])('%j at %j (G25, and G26: an arm that gets nobody is no degree of freedom)', (counts, shares, p) => {
    to(ratioTest(counts, shares), p, 7)
  })

  test('published Bayes factors, batch by batch (G27)', () => {
    const batches = [
      [20, 17, 9],
      [18, 21, 8],
      [4, 6, 4],
      [18, 19, 11],
    ]
    const coefficient = (counts: readonly number[]): number =>
      logDirichletMultinomial(counts, [1, 1, 1]) -
      logDirichletMultinomial(counts, [1, 1, 1]) +
      logFactorial(counts.reduce((a, n) => a + n, 0)) -
      counts.reduce((a, n) => a + logFactorial(n), 0)
    const so = [0, 0, 0]
    let all = 0
    const m1 = [-7.0282014, -11.9478477, -15.471402, -19.9648452]
    const m0 = [-4.0776406, -8.2659469, -11.6107435, -15.7810312]
    batches.forEach((batch, k) => {
      all += coefficient(batch)
      for (let i = 0; i < 3; i++) so[i] += batch[i]
      to(logDirichletMultinomial(so, [1, 1, 1]) + all, m1[k], 6)
      to(logMultinomial(so, [0.4, 0.4, 0.2]) + all, m0[k], 6)
    })
  })

  test('published Bayes factors, unit by unit (G28)', () => {
    const so = [0, 0, 0]
    const m1 = [-1.0986123, -2.4849066, -3.4011974, -4.4998097, -6.4457198]
    const m0 = [-0.9162907, -1.8325815, -2.7488722, -3.6651629, -5.2746008]
    ;[0, 1, 0, 1, 2].forEach((arm, k) => {
      so[arm]++
      to(logDirichletMultinomial(so, [1, 1, 1]), m1[k], 6)
      to(logMultinomial(so, [0.4, 0.4, 0.2]), m0[k], 6)
    })
  })
})
const logFactorial = (n: number): number => {
  let sum = 0
  for (let i = 2; i <= n; i++) sum += Math.log(i)
  return sum
}

describe('bets of the twin', () => {
  test('without an opinion they are the half-normal mixture (G7, G58)', () => {
    const rho = bestRho(100, 0.1)
    to(logTwinBet(10, 100, 0, 1 / Math.sqrt(rho)), -0.0650239, 7)
    to(logTwinBet(10, 100, 0, 1 / Math.sqrt(rho)), oneSidedNormal(rho).log(10, 100), 12)
  })

  test('with one (G59)', () => {
    to(logTwinBet(10, 100, 0.1, 0.1), 0.2442653, 7)
    to(logTwinBet(40, 100, 0.3, 0.05), 7.4884282, 7)
  })
})

describe('what a test of ranks lets pass', () => {
  /** Ten or fifteen orders are too few for anybody; so many such hours. */
  const HOURS = 100
  const sums = (values: readonly number[]): Cell => {
    const [n, y, yy] = [values.length, ...[1, 2].map((power) => values.reduce((sum, value) => sum + value ** power, 0))]
    return { ...EMPTY_CELL, n: HOURS * n, y: HOURS * y, yy: HOURS * yy, d: HOURS * n, dd: HOURS * n, yd: HOURS * y }
  }

  test('seven of ten a hundred times as dear is harm (G39)', () => {
    const dear = [...Array.from({ length: 7 }, () => 100), 1, 1, 1]
    const cost = { stable: sums(Array.from({ length: 10 }, () => 1)), candidate: sums(dear) }
    const metrics: MetricPlan[] = [{ ...LATE, id: 'cost', kind: 'mean', margin: 0.05 }]
    const { verdict, says } = judge({ ...EVIDENCE, plan: { ...PLAN, metrics }, epochs: [epoch('d1', 0.5, { cost })] })
    expect(verdict).toBe('roll back')
    expect(says).toContain('cost')
  })

  test('where the quick ones are gone a lower quantile tells, though the mean has fallen (G40)', () => {
    const candidate = [10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 17, 17.1, 17.2, 17.3, 17.4, 17.5, 17.6, 17.7]
    const stable = [1, 100, 4, 101, 3, 102, 8, 103, 12, 104, 15, 105, 16, 106, 17]
    const bins = [2, 5, 9, 11, 14, 20, 50]
    const counts = (values: readonly number[]): number[] =>
      [0, ...bins].map((from, i) => HOURS * values.filter((value) => value > from && value <= (bins[i] ?? 1e9)).length)
    const hours = { stable: sums(stable), candidate: sums(candidate) }
    const histograms = { hours: { bins, control: counts(stable), candidate: counts(candidate) } }
    const seen = (metric: MetricPlan) =>
      judge({ ...EVIDENCE, plan: { ...PLAN, metrics: [metric] }, epochs: [epoch('d1', 0.5, { hours }, { histograms })] })
    const low: MetricPlan = { ...LATE, id: 'hours', kind: 'quantile', quantile: 0.25, margin: 0.05 }
    expect(seen(low).verdict).toBe('roll back')
    expect(seen({ ...LATE, id: 'hours', kind: 'mean', margin: 1 }).metrics[0].isHarm).toBe(false)
  })
})
