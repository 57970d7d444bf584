import { expect, test } from 'vitest'
import { covered, coveredUntil } from './coverage.ts'

const line = (samples: readonly number[], expected: number) => ({
  case: 'a system',
  source: 'made up',
  says: 'a number',
  expected,
  margin: 1,
  warmupDays: 1,
  settledAfterDays: null,
  samples,
  mean: 0,
  half: 0,
  z: 0,
  verdict: 'agrees' as const,
})

test('an experiment counts when its own interval holds the truth, and only its own replications count', () => {
  // Three experiments of three: around 10, around 20, around 10.
  const samples = [9, 10, 11, 19, 20, 21, 9.5, 10, 10.5]
  expect(covered(line(samples, 10), 3)).toMatchObject({ experiments: 3, share: 2 / 3 })
  expect(covered(line(samples, 20), 3).share).toBeCloseTo(1 / 3)
  expect(covered(line([...samples, 10], 10), 3).experiments).toBe(3)
})

test('normal samples are covered 95 times in 100', () => {
  let state = 7
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const { share } = covered(line(Array.from({ length: 20_000 }, normal), 0), 10)
  expect(share).toBeGreaterThan(0.936)
  expect(share).toBeLessThan(0.964)
})

test('an experiment that stops when it is precise takes the replications it needs, and the next one begins after it', () => {
  let state = 11
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const samples = Array.from({ length: 60_000 }, () => 10 + normal())
  // ± 3 % of 10 with a spread of 1 takes some forty-five; ± 30 % is reached at once, and thirty are run all the same.
  const narrow = coveredUntil(line(samples, 10), 0.03, 5)
  expect(narrow.replications).toBeGreaterThan(45)
  expect(narrow.replications).toBeLessThan(65)
  expect(narrow.share).toBeGreaterThan(0.925)
  expect(coveredUntil(line(samples, 10), 0.3, 5)).toMatchObject({ experiments: 2000, replications: 30 })
  expect(coveredUntil(line(samples, 10), 0.3, 5, 7).experiments).toBe(7)
})
