import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnderWay } from './under-way.ts'

test('decisions under way come out as they went in, however many there are at a time', () => {
  const reply = { settle: () => {}, deliver: () => {} }
  const page = Buffer.alloc(8)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 20 }), (steps) => {
      const queue = new UnderWay()
      const model: number[] = []
      let next = 0
      for (const step of steps) {
        for (let i = 0; i < step; i++) {
          queue.push(`d-${next}`, next, `c-${next % 3}`, reply, { page, from: next, to: next + 1 })
          model.push(next++)
        }
        for (let i = 0; i > step && model.length > 0; i--) {
          const n = model.shift() as number
          expect(queue.shift()).toEqual({ id: `d-${n}`, slot: n, caller: `c-${n % 3}`, reply, page, from: n, to: n + 1 })
        }
        expect(queue.length).toBe(model.length)
      }
    }),
    { numRuns: 30 },
  )
})
