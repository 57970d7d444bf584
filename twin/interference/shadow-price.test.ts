import { describe, expect, test } from 'vitest'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import { believedPart, correctedEffect } from './shadow-price.ts'

/**
 * Two policies that ask for a scarce premium service: stable for the 30 % most urgent orders, the candidate for 45 %. There are 1,200 places for
 * 5,000 orders, first come first served. Premium arrives in time nearly always; without it the more urgent an order, the more often it is late.
 */
const ORDERS = 5000
const PLACES = 1200
const ASKS = [0.7, 0.55] as const
const lateOf = (urgency: number, premium: boolean): number => (premium ? 0.01 : 0.02 + 0.12 * urgency * urgency)

/** Part of a side's orders that is late, and premium places an order took; sums over a day of expectations, so that only who gets a place is luck. */
function day(share: number, places: number, number: number) {
  const luck = dice('premium', number)
  const sides = [
    { orders: 0, late: 0, used: 0 },
    { orders: 0, late: 0, used: 0 },
  ]
  let left = places
  for (let i = 0; i < ORDERS; i++) {
    const side = draw(luck, i, PURPOSE.gap, 0) < share ? 1 : 0
    const urgency = draw(luck, i, PURPOSE.prepare, 0)
    const premium = urgency > ASKS[side] && left > 0
    if (premium) left--
    sides[side].orders++
    sides[side].late += lateOf(urgency, premium)
    sides[side].used += premium ? 1 : 0
  }
  return sides
}

const DAYS = 40
const mean = (of: (number: number) => number): number =>
  Array.from({ length: DAYS }, (_, i) => of(i)).reduce((a, b) => a + b, 0) / DAYS
const lateShare = (share: number, side: 0 | 1, places = PLACES): number =>
  mean((i) => {
    const one = day(share, places, i)[side]
    return one.late / one.orders
  })

describe('a candidate that does well by taking scarce premium places from others', () => {
  /** Harm where it decides for all: positive, it is worse. */
  const whole = lateShare(1, 1) - lateShare(0, 0)
  /** A place more or less, of which everybody together feels so much. */
  const price = Float64Array.of(((lateShare(0, 0, PLACES - 60) - lateShare(0, 0, PLACES + 60)) * ORDERS) / 120)

  test('is worse for all than stable', () => {
    expect(whole).toBeGreaterThan(0.001)
    expect(price[0]).toBeGreaterThan(0)
  })

  test.each([0.05, 0.25, 0.5])('seems better at a share of %f, and with the price of a place is seen to be worse', (share) => {
    const [naive, corrected] = [false, true].map((isCorrected) =>
      mean((i) => {
        const [stable, candidate] = day(share, PLACES, i)
        const seen = candidate.late / candidate.orders - stable.late / stable.orders
        const more = candidate.used / candidate.orders - stable.used / stable.orders
        return isCorrected ? correctedEffect(seen, price, Float64Array.of(more)) : seen
      }),
    )
    expect(naive).toBeLessThan(-0.004)
    expect(corrected).toBeGreaterThan(0)
    expect(Math.abs(corrected - whole)).toBeLessThan(0.0015)
  })
})

describe('what prices charge is believed as far as worlds bear it out', () => {
  test('all of it where it is just what is missing, a tenth where it is ten times too much, and never the opposite or more', () => {
    const worlds = (charged: number, off: number) =>
      [0.9, 1, 1.1].map((luck) => ({ charged: [charged, 2 * charged], off: [luck * off, 2 * luck * off] }))
    expect(believedPart(worlds(3, 3))).toBe(1)
    expect(believedPart(worlds(30, 3))).toBeCloseTo(0.1, 9)
    expect(believedPart(worlds(1, 3))).toBe(1)
    expect(believedPart(worlds(3, -3))).toBe(0)
  })

  test('where nothing is charged there is nothing to doubt', () => {
    expect(believedPart([{ charged: [0], off: [2] }])).toBe(1)
    expect(believedPart([])).toBe(1)
  })
})
