import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrderIndex, orderIndexMemory } from './order-index.ts'

test('the newest so many are found by their orders, in all entries they are in, and older ones are forgotten', () => {
  const MOST = 20
  const orders = fc.array(fc.record({ order: fc.integer({ min: 0, max: 12 }), skip: fc.integer({ min: 0, max: 2 }) }), {
    maxLength: 120,
  })
  fc.assert(
    fc.property(orders, (added) => {
      const index = new OrderIndex(orderIndexMemory(MOST))
      let entry = 1
      const all = added.map(({ order, skip }) => {
        entry += skip
        index.add(`O-${order}`, entry)
        return { order: `O-${order}`, entry }
      })
      for (let order = 0; order <= 13; order++) {
        const known = all.slice(-MOST).filter((one) => one.order === `O-${order}`)
        expect(index.entriesOf(`O-${order}`)).toEqual([...new Set(known.map((one) => one.entry))])
      }
    }),
  )
})
