import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatWhen, parseClock, parseWhen } from './when.ts'

test('a moment is counted from midnight before the first measured day', () => {
  expect(parseWhen('day 0 00:00')).toBe(0)
  expect(parseWhen('day 2 20:00')).toBe((2 * 24 + 20) * 3_600_000)
})

test('24:00 is the end of a day, which is the start of the next', () => {
  expect(parseWhen('day 1 24:00')).toBe(parseWhen('day 2 00:00'))
  expect(parseClock('24:00')).toBe(86_400_000)
})

test('what is written as a moment is read as that moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9999 * 1440 }), (minutes) => {
      expect(parseWhen(formatWhen(minutes * 60_000))).toBe(minutes * 60_000)
    }),
  )
})

test('a moment before the first measured day is written with a negative day and never with a negative hour', () => {
  expect(formatWhen(-3_600_000)).toBe('day -1 23:00')
})

test.each([
  '',
  'day 2',
  '20:00',
  'Day 2 20:00',
  'day 2 8:00',
  'day 2 24:01',
  'day 2 12:60',
  'day -1 12:00',
  'day 02 12:00',
  ' day 2 12:00',
  'day 2  12:00',
  'day 2 12:00 ',
])('"%s" is refused rather than guessed at', (text) => {
  expect(() => parseWhen(text)).toThrow(/day 2 20:00/)
})
