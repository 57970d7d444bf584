import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileLaw, gammaLevel, meanOf, PoissonCounts, poisson, sample } from './distribution.ts'
import type { LawSpec } from './network-spec.ts'
import { normalCdf, normalQuantile } from './normal.ts'

const laws: LawSpec[] = [
  { law: 'constant', value: 3 },
  { law: 'uniform', low: 2, high: 5 },
  { law: 'exponential', mean: 4 },
  { law: 'lognormal', median: 2, sigma: 0.8 },
  { law: 'gamma', mean: 3, shape: 4 },
  { law: 'gamma', mean: 3, shape: 0.4 },
  { law: 'hyperexponential', shares: [0.9, 0.1], means: [1, 12] },
  { law: 'quantiles', at: [0, 0.5, 0.9, 1], value: [1, 2, 6, 30] },
]

test.each(laws)('$law: the mean of 20,000 evenly spread quantiles is the stated mean within 1 %', (spec) => {
  const law = compileLaw(spec, 1)
  const n = 20_000
  let sum = 0
  for (let i = 0; i < n; i++) sum += sample(law, (i + 0.5) / n)
  expect(Math.abs(sum / n / meanOf(law) - 1)).toBeLessThan(0.01)
})

test.each(laws)('$law: a larger draw never means a smaller value', (spec) => {
  const law = compileLaw(spec, 1)
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 0.999999999, noNaN: true }),
      fc.double({ min: 1e-9, max: 0.999999999, noNaN: true }),
      (u, v) => sample(law, Math.min(u, v)) <= sample(law, Math.max(u, v)) * (1 + 1e-9),
    ),
  )
})

test('the normal quantile gives the table values 1.959964 and 3.090232, and undoes the distribution function', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
  expect(normalQuantile(0.999)).toBeCloseTo(3.090232306167813, 12)
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 9)
  for (const z of [-3, -1, 0, 0.5, 2]) expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 4)
})

test('day levels have mean 1 and the stated spread', () => {
  for (const cv of [0.1, 0.3, 0.6]) {
    const n = 20_000
    let sum = 0
    let squares = 0
    for (let i = 0; i < n; i++) {
      const level = gammaLevel(cv, (i + 0.5) / n)
      sum += level
      squares += level * level
    }
    expect(sum / n).toBeCloseTo(1, 2)
    expect(Math.sqrt(squares / n - (sum / n) ** 2)).toBeCloseTo(cv, 1)
  }
})

test('Poisson counts of a busy shelf are still of its mean: 2,000 a day is not 21,000', () => {
  const counts = Array.from({ length: 999 }, (_, i) => poisson(2000, Math.exp(-2000), (i + 1) / 1000))
  expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeCloseTo(2000, -1)
  expect(Math.min(...counts)).toBeGreaterThan(1800)
  expect(Math.max(...counts)).toBeLessThan(2200)
})

test('Poisson counts have mean and variance equal', () => {
  const n = 50_000
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const count = poisson(2.5, Math.exp(-2.5), (i + 0.5) / n)
    sum += count
    squares += count * count
  }
  expect(sum / n).toBeCloseTo(2.5, 2)
  expect(squares / n - (sum / n) ** 2).toBeCloseTo(2.5, 1)
})

test.each([400, 499, 501, 800, 5_000, 100_000])('and so they have where %d units are sold in a day', (mean) => {
  const n = 2_000
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const count = poisson(mean, Math.exp(-mean), (i + 0.5) / n)
    sum += count / mean
    squares += (count - mean) ** 2 / mean
  }
  expect(sum / n).toBeCloseTo(1, 2)
  expect(squares / n).toBeCloseTo(1, 1)
})

test('counts of one mean from sums that are kept are those drawn one by one, from the rarest to the last', () => {
  const counts = new PoissonCounts()
  for (const mean of [0.01, 1, 18.7, 18.7, 260, 499.9, 700, 3]) {
    counts.aim(mean)
    for (let i = 0; i < 400; i++) {
      const u = (i * 0.377 + 0.5) % 1
      expect(counts.at(u)).toBe(poisson(mean, Math.exp(-mean), u))
    }
    for (const u of [1e-300, 1e-9, 1 - 1e-9, 1 - 2 ** -53]) expect(counts.at(u)).toBe(poisson(mean, Math.exp(-mean), u))
  }
})
