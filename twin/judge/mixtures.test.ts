import { describe, expect, test } from 'vitest'
import {
  bestRho,
  betaBinomial,
  gammaExponential,
  gammaPoisson,
  oneSidedNormal,
  shareInterval,
  stitchedBound,
  twoSidedNormal,
} from './mixtures.ts'

/** Published values of an independent reference (confseq's tests), computed there in R, to five digits after the point or better. */
const near = (is: number, should: number): void => expect(Math.abs(is - should)).toBeLessThan(1e-5)

describe('mixtures as published', () => {
  const rho = bestRho(100, 0.05)
  const rhoOne = bestRho(100, 0.1)

  test('two-sided normal (G1–G3)', () => {
    near(rho, 12.60056)
    near(twoSidedNormal(rho).log(10, 100), -0.6510052)
    near(twoSidedNormal(rho).bound(100, 0.05), 30.35209)
  })

  test('one-sided normal (G4)', () => {
    near(oneSidedNormal(rhoOne).log(10, 100), -0.06502391)
    near(oneSidedNormal(rhoOne).bound(100, 0.05), 27.66071)
  })

  test('gamma-exponential and gamma-Poisson (G5, G8)', () => {
    near(gammaExponential(rhoOne, 2).log(10, 100), -0.2490165)
    near(gammaExponential(rhoOne, 2).bound(100, 0.05), 33.02017)
    near(gammaPoisson(rhoOne, 2).log(10, 100), -0.06991219)
    near(gammaPoisson(rhoOne, 2).bound(100, 0.05), 30.1949)
  })

  test('beta-binomial, both forms (G9), and never above what the steps allow', () => {
    near(betaBinomial(100, 0.05, 0.2, 0.8, 2).log(10, 100), -0.6941012)
    near(betaBinomial(100, 0.05, 0.2, 0.8, 2).bound(100, 0.05), 31.4308)
    near(betaBinomial(100, 0.05, 0.2, 0.8, 1).log(10, 100), -0.07134019)
    near(betaBinomial(100, 0.05, 0.2, 0.8, 1).bound(100, 0.05), 28.41238)
    near(betaBinomial(100, 0.05, 0.2, 0.8, 1).bound(2 * 0.2 * 0.8, 0.05), 1.6)
  })

  test('stitched bounds (G6)', () => {
    near(stitchedBound(100, 0.05, 10, 3), 64.48755)
    near(stitchedBound(100, 0.05, 10, -1), 28.99389)
  })

  test.each([
    [700, 1000, 100, 0.651629, 0.745949],
    [15, 50, 50, 0.129556, 0.511896],
    [5, 50, 50, 0.013021, 0.269264],
    [1, 50, 50, 0, 0.13489],
    [1, 2, 50, 0, 1],
    [0, 1, 50, 0, 1],
    [1, 1, 50, 0, 1],
    [100, 200, 1, 0.328923, 0.671076],
  ])('%d of %d, sharpest at %d (G10–G12)', (happened, trials, tOpt, low, high) => {
    const [is, to] = shareInterval(happened, trials, 0.05, tOpt)
    near(is, low)
    near(to, high)
  })
})
