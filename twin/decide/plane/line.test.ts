import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyDecision } from '../decided.fixture.ts'
import { Pen } from '../json-pen.ts'
import { headOf, orderAt, readKept, writeLine } from './line.ts'

const out = new Pen()
const name = fc.string({ minLength: 1, maxLength: 40 })
const awkward = fc.constantFrom('"', '\\', '","order":"', 'a\\","order":"b', '\n', 'é', '"order"')

test('a decision is read from its line as it was, and its head without reading it all, whatever it is called', () => {
  const called = fc.oneof(
    name,
    awkward,
    fc.tuple(awkward, name, awkward).map((some) => some.join('')),
  )
  fc.assert(
    fc.property(anyDecision, called, called, (decision, key, order) => {
      const { id: _id, key: _key, order: _order, ...rest } = decision
      const one = { id: 'd1-2-3', key, order, ...rest }
      out.begin()
      writeLine(out, one, '0123456789abcdef')
      const line = out.said()
      expect(line.indexOf('\n')).toBe(line.length - 1)
      expect(readKept(line)).toEqual(JSON.parse(JSON.stringify({ ...one, asked: '0123456789abcdef' })))
      expect(headOf(line)).toEqual({
        id: 'd1-2-3',
        asked: '0123456789abcdef',
        key: JSON.parse(JSON.stringify(key)),
        order: JSON.parse(JSON.stringify(order)),
      })
      const lines = Buffer.from(`${line}${line}`)
      expect(orderAt(lines, 0)).toBe(headOf(line).order)
      expect(orderAt(lines, lines.length / 2)).toBe(headOf(line).order)
    }),
    { numRuns: 200 },
  )
})
