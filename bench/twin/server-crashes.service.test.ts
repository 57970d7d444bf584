import { expect, test } from 'vitest'
import { missingOf, serverKillRounds } from './server-crashes.ts'

test('a twin that is killed under load has everything it acknowledged, once, and the state of the sorted unique events', async () => {
  const losses = await serverKillRounds(4, () => {})
  expect(losses.acknowledged).toBeGreaterThan(0)
  expect(losses.sentAgain).toBeGreaterThan(0)
  expect(losses).toMatchObject({ lost: 0, sameState: true })
})

test('an event that was acknowledged and is not in the log is counted as lost: the rounds can fail', () => {
  expect(missingOf(['a', 'b', 'c'], new Map([['a', 1]]))).toBe(2)
})
