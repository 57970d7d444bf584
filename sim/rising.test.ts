import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countBelow, countUpTo } from './rising.ts'

test('a value stands behind all that are less, and its equals between the two places it can stand at', () => {
  const few = fc.integer({ min: -4, max: 4 })
  fc.assert(
    fc.property(fc.array(few, { maxLength: 12 }), few, (values, value) => {
      const rising = values.toSorted((a, b) => a - b)
      expect(countBelow(rising, value)).toBe(values.filter((one) => one < value).length)
      expect(countUpTo(Float64Array.from(rising), value)).toBe(values.filter((one) => one <= value).length)
    }),
  )
})

test('endless values stand at the ends', () => {
  const all = [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]
  expect([countBelow(all, Number.NEGATIVE_INFINITY), countBelow(all, Number.POSITIVE_INFINITY)]).toEqual([0, 2])
  expect([countUpTo(all, Number.NEGATIVE_INFINITY), countUpTo(all, Number.POSITIVE_INFINITY)]).toEqual([1, 3])
})
