import { expect, test } from 'vitest'
import { ocbaRace, slippage } from './macro.ts'

const ten = { systems: 10, delta: 0.5, first: 10, alpha: 0.05 }

test('the best of ten is found as often as is promised, also where it is better by no more than the smallest difference that counts', () => {
  const alone = slippage({ ...ten, rho: 0 }, 200, 'separate luck')
  // Of 200 races with at least 95 % right, fewer than 181 come out right once in 1,000 times.
  expect(alone.right).toBeGreaterThan(181)
  expect(alone.replications).toBeGreaterThan(200)
})

test('the same luck for all makes the race several times cheaper, and no less right', () => {
  const [alone, shared] = [0, 0.8].map((rho) => slippage({ ...ten, rho }, 200, 'shared luck'))
  expect(shared.right).toBeGreaterThan(181)
  expect(alone.replications / shared.replications).toBeGreaterThan(3)
})

test('a budget that is too small to be sure goes further where it is spent on those who could be best', () => {
  const asked = { systems: 10, deviation: 1, delta: 0.5, first: 5, budget: 200 }
  const [by, evenly] = [true, false].map((isByOcba) => ocbaRace(asked, isByOcba, 200, 'budget'))
  expect(by).toBeGreaterThan(evenly)
})
