import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MissingNumbers } from './missing.ts'

const trusted = (): MissingNumbers => {
  const missing = new MissingNumbers()
  for (let i = 0; i <= MissingNumbers.TRUSTED_AFTER; i++) missing.saw(i)
  return missing
}
const FIRST = MissingNumbers.TRUSTED_AFTER + 1

test('a hole is told, and what comes late fills it', () => {
  const missing = trusted()
  missing.saw(FIRST + 3)
  expect(missing.oldest(9)).toEqual([{ first: FIRST, last: FIRST + 2 }])
  missing.saw(FIRST + 1)
  expect(missing.oldest(9)).toEqual([
    { first: FIRST, last: FIRST },
    { first: FIRST + 2, last: FIRST + 2 },
  ])
  missing.saw(FIRST)
  missing.saw(FIRST + 2)
  expect(missing.count()).toBe(0)
})

test('hashes that happen to end in digits never count as holes', () => {
  const missing = new MissingNumbers()
  for (const number of [8812, 17, 991_234, 5, 44_021, 9, 70_000]) missing.saw(number)
  expect(missing.isTrusted()).toBe(false)
  expect(missing.count()).toBe(0)
})

test('however numbers come, those missing are those that did not come below the highest', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: FIRST, max: FIRST + 60 }), { maxLength: 80 }), (numbers) => {
      const missing = trusted()
      for (const number of numbers) missing.saw(number)
      const highest = Math.max(FIRST - 1, ...numbers)
      const wanted: number[] = []
      for (let i = FIRST; i < highest; i++) if (!numbers.includes(i)) wanted.push(i)
      const told = missing
        .oldest(1000)
        .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      expect(told).toEqual(wanted)
      expect(missing.count()).toBe(wanted.length)
    }),
  )
})
