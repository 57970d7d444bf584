import { expect, test } from 'vitest'
import { type Dose, doseResponse, sayDoses } from './dose.ts'

const doses = (...all: readonly (readonly [share: number, everybody: number, seen: number])[]): Dose[] =>
  all.map(([share, everybody, seen]) => ({ share, everybody, seen }))
const say = (effect: number): string => `${effect > 0 ? '+' : ''}${effect.toFixed(2)}`

test('a response that goes with its dose neither turns nor shrinks, and a comparison that shows it tells the truth', () => {
  const found = doseResponse(doses([0.5, -1, -2], [0.05, -0.1, -2], [0.25, -0.5, -2]), -2, 0.01)
  expect(found).toMatchObject({ turnsAt: null, shrinksAt: null, misleadsUpTo: null })
  expect(found.doses.map(({ share }) => share)).toEqual([0.05, 0.25, 0.5, 1])
  expect(sayDoses(found, say)).toEqual([])
})

test('the share at which a gain becomes harm is named, and up to where a comparison of orders would say otherwise', () => {
  const found = doseResponse(doses([0.05, -0.1, -2], [0.25, -0.4, -1], [0.5, -0.2, 0.1]), 0.6, 0.01)
  // From −0.2 at a half to +0.6 for all: nothing at five eighths.
  expect(found.turnsAt).toBeCloseTo(0.625, 12)
  expect(found.misleadsUpTo).toBe(0.25)
  expect(sayDoses(found, say)).toEqual([
    'from about 62.5 % of the orders on what was a gain to all orders becomes harm (+0.60 where it decides for all)',
    'a comparison of orders would show -1.00 at 25 %, and for all it is +0.60: judge it by blocks of time, or take off what is foreseen',
  ])
})

test('the share from which more orders add less than half of what the first did is named; what is nothing at all is not', () => {
  const found = doseResponse(doses([0.05, -0.5, -9], [0.25, -2.3, -9], [0.5, -2.8, -6]), -3, 0.01)
  expect(found).toMatchObject({ turnsAt: null, shrinksAt: 0.25, misleadsUpTo: null })
  expect(sayDoses(found, say)[0]).toContain('from about 25 % of the orders on each more adds less than half')
  expect(doseResponse(doses([0.05, 0.001, -0.002], [0.5, -0.001, 0.001]), 0.002, 0.01)).toMatchObject({
    turnsAt: null,
    shrinksAt: null,
    misleadsUpTo: null,
  })
})
