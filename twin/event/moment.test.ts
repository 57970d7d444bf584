import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMoment, writeMoment } from './moment.ts'

test('every instant that is written is read back to the ms, in whatever offset it is told', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2400-01-01'), noInvalidDate: true }),
      fc.integer({ min: -1439, max: 1439 }),
      (date, offset) => {
        const ms = date.getTime()
        expect(readMoment(writeMoment(ms))).toBe(ms)
        const there = new Date(ms + offset * 60_000).toISOString().slice(0, -1)
        const [h, m] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) => String(n).padStart(2, '0'))
        expect(readMoment(`${there}${offset < 0 ? '-' : '+'}${h}:${m}`)).toBe(ms)
      },
    ),
  )
})

test('a time without an offset, a day that does not exist, and what is no time at all are refused', () => {
  for (const text of [
    '2026-11-11T20:00:03',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-11T24:00:00Z',
    '2026-11-11T20:00:03+25:00',
    '2026-11-11T20:60:03.000Z',
    '2026-11-1aT20:00:03.000Z',
    '2026-02-30T20:00:03.000Z',
    '2026-11-11T20:00:03.0a0Z',
    '2026-11-11T20:00:03.00:Z',
    'yesterday',
    '',
  ])
    expect(readMoment(text), text).toBeNaN()
})

test('parts of a second count whatever their number of digits', () => {
  expect(readMoment('1970-01-01T00:00:00.1Z')).toBe(100)
  expect(readMoment('1970-01-01T00:00:00.123456789Z')).toBe(123)
})

test('a leap second is the last of its day of UTC, wherever it is told; elsewhere there is no sixtieth', () => {
  const end = Date.UTC(2016, 11, 31, 23, 59, 59, 999)
  for (const text of [
    '2016-12-31T23:59:60Z',
    '2016-12-31T23:59:60.500Z',
    '2017-01-01T05:44:60+05:45',
    '2016-12-31T20:59:60.000-03:00',
  ])
    expect(readMoment(text), text).toBe(end)
  for (const text of ['2016-12-31T22:59:60Z', '2016-12-31T23:59:61Z', '2016-12-31T23:59:60-03:00'])
    expect(readMoment(text)).toBeNaN()
})
