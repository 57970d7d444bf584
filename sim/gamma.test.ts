import { expect, test } from 'vitest'
import { gammaCdf, gammaQuantile, hyperexponentialQuantile, logGamma } from './gamma.ts'

test('the gamma function is the factorial at whole numbers and √π at a half', () => {
  expect(logGamma(1)).toBeCloseTo(0, 13)
  expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 11)
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
})

test('a gamma of whole shape is the waiting time of a Poisson stream', () => {
  // P(k arrivals by x) and more, summed by hand for k = 4, x = 2.5.
  let fewer = 0
  for (let i = 0, term = Math.exp(-2.5); i < 4; i++, term *= 2.5 / i) fewer += term
  expect(gammaCdf(4, 2.5)).toBeCloseTo(1 - fewer, 13)
  expect(gammaCdf(1, 0.7)).toBeCloseTo(1 - Math.exp(-0.7), 14)
})

test('half of a chi-square of 10 degrees lies below 9.341818, and 99 % below 23.209251', () => {
  expect(2 * gammaQuantile(5, 0.5)).toBeCloseTo(9.341817765591856, 9)
  expect(2 * gammaQuantile(5, 0.99)).toBeCloseTo(23.209251158954356, 9)
})

test('quantiles undo distribution functions, far out and for every shape', () => {
  for (const shape of [0.1, 0.4, 1, 4, 50])
    for (const p of [1e-9, 0.01, 0.3, 0.9, 1 - 1e-9]) expect(gammaCdf(shape, gammaQuantile(shape, p)) / p).toBeCloseTo(1, 8)
  const below = (x: number): number => 1 - 0.9 * Math.exp(-x) - 0.1 * Math.exp(-x / 12)
  for (const p of [1e-6, 0.01, 0.5, 0.95, 1 - 1e-9])
    expect(below(hyperexponentialQuantile([0.9, 0.1], [1, 12], p)) / p).toBeCloseTo(1, 8)
})
