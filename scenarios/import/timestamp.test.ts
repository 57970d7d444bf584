import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ISO, parseTimestamp, writeTimestamp } from './timestamp.ts'

const at = (text: string): number => Date.parse(`${text}Z`)

test('a local time stands as it is written, with T or a space, with or without seconds', () => {
  for (const text of ['2018-03-04T05:06:07', '2018-03-04 05:06:07', '2018-03-04T05:06:07.5'])
    expect(parseTimestamp(text, ISO)).toBe(at('2018-03-04T05:06:07'))
  expect(parseTimestamp('2018-03-04T05:06', ISO)).toBe(at('2018-03-04T05:06:00'))
  expect(parseTimestamp('2018-03-04', ISO)).toBe(at('2018-03-04T00:00:00'))
})

test('an instant is told by the clock of the zone, summer time included', () => {
  const berlin = { format: 'iso', zone: 'Europe/Berlin' }
  expect(parseTimestamp('2024-01-10T12:00:00Z', berlin)).toBe(at('2024-01-10T13:00:00'))
  expect(parseTimestamp('2024-07-10T12:00:00+01:00', berlin)).toBe(at('2024-07-10T13:00:00'))
  expect(parseTimestamp('1704888000', { format: 'epoch-s', zone: 'America/Sao_Paulo' })).toBe(at('2024-01-10T09:00:00'))
})

test('a pattern reads days before months where it says so', () => {
  expect(parseTimestamp('7/12/2010 8:26', { format: 'D/M/YYYY H:mm', zone: null })).toBe(at('2010-12-07T08:26:00'))
})

test('what is no time is not guessed at', () => {
  for (const text of ['', 'soon', '2018-02-30', '2018-13-01', '2018-01-01T25:00', '01/02/2018'])
    expect(parseTimestamp(text, ISO)).toBeNaN()
})

test('a written time is read back to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (second) => {
      expect(parseTimestamp(writeTimestamp(second * 1000), ISO)).toBe(second * 1000)
    }),
  )
  expect(writeTimestamp(Number.NaN)).toBe('')
})
