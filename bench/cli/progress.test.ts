import { expect, test } from 'vitest'
import type { Progress } from '../../scenarios/plan.ts'
import { formatDuration, formatProgress, progressLine } from './progress.ts'

const progress: Progress = { done: 86, total: 200, orders: 1_240_000, events: 1, secondsLeft: 21.4, note: null }

test('progress says the share done, the orders simulated and the time left', () => {
  expect(formatProgress(progress)).toBe(' 43 %  86 of 200 runs  1,240,000 orders  22 s left')
})

test('no time left is claimed while there is nothing to judge by', () => {
  expect(formatProgress({ ...progress, secondsLeft: null })).not.toContain('left')
})

test.each([
  [0.2, '1 s'],
  [89, '89 s'],
  [91, '2 min'],
  [5400, '1 h 30 min'],
])('%f seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test('a log is not flooded: a thousand steps in a moment are no line at all', () => {
  const written: string[] = []
  const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream
  const line = progressLine(stream)
  for (let i = 0; i < 1000; i++) line.show(progress)
  expect(written).toEqual([])
})

test('a terminal gets one line that is written over and wiped at the end', () => {
  const written: string[] = []
  const stream = { isTTY: true, columns: 40, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream
  const line = progressLine(stream)
  line.show(progress)
  line.end()
  expect(written.every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true)
  expect(written[0].length).toBeLessThan(40 + 6)
})
