import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { countedDays, dateOf, weekdayOfDay } from './days.ts'
import { descend } from './descend.ts'
import { handoverChain } from './handover.ts'
import { drawn, matchLaw } from './match-law.ts'
import { grouped } from './popularity.ts'
import { evenly, leastSquares, quantile, sortedNumbers } from './statistics.ts'
import { arrival } from './transit.ts'
import { weekdayOfMs } from './week.ts'

const FRIDAY = Date.parse('2018-08-03T00:00:00Z')

test('least squares finds the line it was given', () => {
  const rows = [1, 2, 3, 5, 8].map((x) => [1, x, x * x])
  const { beta, r2 } = leastSquares(
    rows,
    rows.map(([, x, xx]) => 4 - 2 * x + 0.5 * xx),
  )
  expect(beta.map((b) => Math.round(b * 1e6) / 1e6)).toEqual([4, -2, 0.5])
  expect(r2).toBeCloseTo(1)
})

test('walking downhill finds the bottom of a bowl', () => {
  const [x, y] = descend([0, 0], [1, 1], ([a, b]) => (a - 3) ** 2 + (b + 1.5) ** 2)
  expect(x).toBeCloseTo(3, 1)
  expect(y).toBeCloseTo(-1.5, 1)
})

test('quantiles lie between the least and the greatest and never fall', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
      const sorted = sortedNumbers(values)
      const at = [0, 0.1, 0.5, 0.9, 1].map((p) => quantile(sorted, p))
      expect(at).toEqual(at.toSorted((a, b) => a - b))
      // Not toBe: nothing and minus nothing are the same quantity.
      expect(at[0] - sorted[0]).toBe(0)
    }),
  )
})

test('a hole of weeks is a gap, a quiet day is not, and a thin start is put aside', () => {
  const perDay = (from: number, days: number, orders: number) =>
    Array.from({ length: days * orders }, (_, i) => (from + Math.floor(i / orders)) * DAY_MS + HOUR_MS)
  const counted = countedDays([
    ...perDay(17_000, 1, 2),
    ...perDay(17_100, 10, 20),
    ...perDay(17_111, 5, 20),
    ...perDay(17_140, 20, 20),
  ])
  expect(counted.days).toHaveLength(10 + 1 + 5 + 20)
  expect(counted.gaps).toEqual([
    { from: 17_001, to: 17_099 },
    { from: 17_116, to: 17_139 },
  ])
  expect(counted.thin).toEqual({ days: 1, orders: 2 })
})

test('day numbers know their weekday', () => {
  expect(weekdayOfDay(FRIDAY / DAY_MS)).toBe(4)
  expect(weekdayOfMs(FRIDAY)).toBe(4)
  expect(dateOf(FRIDAY / DAY_MS)).toBe('2018-08-03')
})

test('what is ready on Friday after the last truck leaves on Monday, and nothing leaves on Sunday', () => {
  const chain = handoverChain({
    prepareDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
    shift: { from: '06:00', to: '22:00' },
    departures: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '18:00', cutOffMinutes: 15 }],
  })
  expect(chain(FRIDAY + 10 * HOUR_MS, 1)).toBe(FRIDAY + 18 * HOUR_MS)
  expect(chain(FRIDAY + 17 * HOUR_MS, 1)).toBe(FRIDAY + 3 * DAY_MS + 18 * HOUR_MS)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 14 * 24 * 60 }), fc.double({ min: 0, max: 300, noNaN: true }), (minute, hours) => {
      const from = FRIDAY + minute * 60_000
      const leaves = chain(from, hours)
      expect(leaves).toBeGreaterThan(from)
      expect(weekdayOfMs(leaves)).toBeLessThan(5)
      expect(chain(from, hours + 1)).toBeGreaterThanOrEqual(leaves)
    }),
  )
})

test('vans deliver on delivery days, inside their hours, after the parcel reached the hub', () => {
  const arrive = arrival({ days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '09:00', hours: 8 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.double({ min: 0, max: 500, noNaN: true }), (minute, hours) => {
      const from = FRIDAY + minute * 60_000
      const arrives = arrive(from, hours, 0.5)
      expect(arrives).toBeGreaterThan(from + hours * HOUR_MS)
      expect(weekdayOfMs(arrives)).toBeLessThan(5)
    }),
  )
})

test('a matched law brings back recorded totals through the calendar that bends them', () => {
  const law = { at: [0, 0.5, 1], value: [2, 20, 80] }
  const weekends = (hours: number, order: number) => hours + 48 * Math.floor((hours + (order % 5) * 24) / 120)
  const orders = 2000
  const recordedHours = Array.from({ length: orders }, (_, i) => weekends(drawn(law, evenly(i * 11, 0.3)), i))
  const found = matchLaw({ recordedHours, simulate: (order, hours) => weekends(hours, order) })
  const again = sortedNumbers(Array.from({ length: orders }, (_, i) => weekends(drawn(found, evenly(i)), i)))
  for (const p of [0.1, 0.5, 0.9]) expect(quantile(again, p) / quantile(sortedNumbers(recordedHours), p)).toBeCloseTo(1, 0)
})

test('popularity cut into groups keeps the whole and its order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 40 }),
      (list, count) => {
        const shares = grouped(
          list.toSorted((a, b) => b - a),
          count,
        )
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
        for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeLessThanOrEqual(shares[i - 1] + 1e-9)
      },
    ),
  )
})
