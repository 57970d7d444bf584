import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FairShare } from './fair-share.ts'

test('one that floods gets half; two get a third each, and there is room left for a third', () => {
  const flood = (share: FairShare, sources: readonly string[]): void => {
    for (let i = 0; i < 3000; i++) for (const source of sources) share.enter(source, 1)
  }
  const one = new FairShare(900)
  flood(one, ['a'])
  expect(one.usedBy('a')).toBe(450)
  const two = new FairShare(900)
  flood(two, ['a', 'b'])
  expect([two.usedBy('a'), two.usedBy('b')]).toEqual([300, 300])
  expect(two.enter('c', 250)).toBe(true)
})

test('whoever has nothing under way gets a body in as long as it fits at all', () => {
  const share = new FairShare(100)
  expect(share.enter('a', 90)).toBe(true)
  expect(share.enter('b', 20)).toBe(false)
  expect(share.enter('b', 10)).toBe(true)
})

test('never is more under way than may be, and what has left is free again', () => {
  const step = fc.record({
    source: fc.constantFrom('a', 'b', 'c'),
    bytes: fc.integer({ min: 1, max: 400 }),
    leaves: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const share = new FairShare(1000)
      const inside: { source: string; bytes: number }[] = []
      for (const { source, bytes, leaves } of steps) {
        const first = leaves ? inside.shift() : undefined
        if (first !== undefined) share.leave(first.source, first.bytes)
        else if (share.enter(source, bytes)) inside.push({ source, bytes })
        expect(share.usedBytes()).toBe(inside.reduce((sum, one) => sum + one.bytes, 0))
        expect(share.usedBytes()).toBeLessThanOrEqual(1000)
      }
      for (const { source, bytes } of inside) share.leave(source, bytes)
      expect(share.usedBytes()).toBe(0)
    }),
  )
})
