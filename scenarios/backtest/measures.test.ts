import { expect, test } from 'vitest'
import { normalQuantile } from '../../sim/normal.ts'
import { crps, kolmogorov, wasserstein } from './measures.ts'

const evenNormal = (mean: number, sd: number, count = 2000): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => mean + sd * normalQuantile((i + 0.5) / count))

test('the score of a normal forecast is that of the closed form', () => {
  // Gneiting & Raftery (2007), eq. 5: sd · (z (2Φ(z) − 1) + 2φ(z) − 1/√π); at the mean 0.2337 sd, one sd off 0.6024 sd.
  expect(crps(evenNormal(10, 2), 10)).toBeCloseTo(2 * 0.2337, 2)
  expect(crps(evenNormal(10, 2), 12)).toBeCloseTo(2 * 0.6024, 2)
})

test('a forecast that knew scores 0, and one without spread scores how far it was off', () => {
  expect(crps(Float64Array.of(3, 3, 3), 3)).toBe(0)
  expect(crps(Float64Array.of(3, 3, 3), 5)).toBe(2)
})

test('a law moved by one unit is one unit away, whatever the number of samples', () => {
  expect(wasserstein(evenNormal(0, 1), evenNormal(1, 1))).toBeCloseTo(1, 6)
  expect(wasserstein(evenNormal(0, 1, 500), evenNormal(1, 1, 1500))).toBeCloseTo(1, 2)
})

test('two laws without a value in common are as far apart as can be, a law is 0 from itself', () => {
  expect(kolmogorov(Float64Array.of(1, 2), Float64Array.of(3, 4, 5))).toBe(1)
  expect(kolmogorov(Float64Array.of(1, 2, 2, 3), Float64Array.of(1, 2, 2, 3))).toBe(0)
  // Normal laws one sd apart: 2Φ(½) − 1.
  expect(kolmogorov(evenNormal(0, 1), evenNormal(1, 1))).toBeCloseTo(0.3829, 2)
})
