import { expect, test } from 'vitest'
import { date } from './source-options.ts'

test('a day is a day of the calendar', () => {
  const { read } = date('--from <day>', 'first day')
  expect(read?.('2020-02-29')).toBe(Date.UTC(2020, 1, 29))
  for (const wrong of ['2020-02-31', '2021-02-29', '2020-13-01', '2020-2-1', '1 May 2020', ''])
    expect(() => read?.(wrong), wrong).toThrow('write a day as YYYY-MM-DD')
})
