import { expect, test } from 'vitest'
import { afterWorkingTime, dayMask, instantOf, nextInWeek, nextWorkingMoment, weekdayOf } from './calendar.ts'
import { DAY_MS, HOUR_MS, WEEK_MS } from './units.ts'

const workdays = dayMask(['mon', 'tue', 'wed', 'thu', 'fri'])

test('a run that starts on a Wednesday knows its weekdays', () => {
  const weekStartMs = -2 * DAY_MS
  expect(weekdayOf(0, weekStartMs)).toBe(2)
  expect(weekdayOf(5 * DAY_MS, weekStartMs)).toBe(0)
})

test('twelve hours of work begun on Friday 18:00 end on Monday 06:00', () => {
  expect(afterWorkingTime(4 * DAY_MS + 18 * HOUR_MS, 12 * HOUR_MS, workdays, 0)).toBe(WEEK_MS + 6 * HOUR_MS)
})

test('work that fits in the day is not moved, and work begun on a Sunday starts on Monday', () => {
  expect(afterWorkingTime(HOUR_MS, HOUR_MS, workdays, 0)).toBe(2 * HOUR_MS)
  expect(afterWorkingTime(6 * DAY_MS + HOUR_MS, HOUR_MS, workdays, 0)).toBe(WEEK_MS + HOUR_MS)
})

test('an approval on a Saturday waits for Monday 09:00; one on a Tuesday does not wait', () => {
  expect(nextWorkingMoment(5 * DAY_MS + 100, workdays, 9 * HOUR_MS, 0)).toBe(WEEK_MS + 9 * HOUR_MS)
  expect(nextWorkingMoment(DAY_MS + 100, workdays, 9 * HOUR_MS, 0)).toBe(DAY_MS + 100)
})

test('the departure after the last of the week is the first of the next week', () => {
  const departures = Float64Array.of(8 * HOUR_MS, DAY_MS + 8 * HOUR_MS)
  const time = 3 * DAY_MS
  const index = nextInWeek(departures, time, 0)
  expect(instantOf(departures, index, time, 0)).toBe(WEEK_MS + 8 * HOUR_MS)
  expect(instantOf(departures, index + 3, time, 0)).toBe(2 * WEEK_MS + DAY_MS + 8 * HOUR_MS)
})
