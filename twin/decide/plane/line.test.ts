import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyDecision } from '../decided.fixture.ts'
import { Pen } from '../json-pen.ts'
import { headOf, orderAt, readKept, writeLine } from './line.ts'
import { readSight, writeSight } from './sight.ts'

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
    fc.property(anyDecision, called, called, fc.boolean(), (decision, key, order, isWhole) => {
      const { id: _id, key: _key, order: _order, ...rest } = decision
      const shipments = isWhole ? rest.shipments.map((one) => ({ ...one, lines: rest.lines })) : rest.shipments
      const one = { id: 'd1-2-3', key, order, ...rest, shipments }
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

test('what was in sight is written with a third of the numbers, and read again as it was, also from a line of older times', () => {
  const said = (stock: readonly number[]): string => {
    out.begin()
    writeSight(out, stock)
    return out.said()
  }
  expect(said([0, 0, 900, 0, 2, 12, 1, 0, 3])).toBe('[[900,0,12],[3]]')
  expect(said([1, 1, 5])).toBe('[[],[0,5]]')
  const held = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 }), { maxLength: 5 })
  const triples = held.map((lines) => lines.flatMap((line, i) => line.flatMap((units, w) => (units > 0 ? [i, w, units] : []))))
  fc.assert(
    fc.property(fc.oneof(triples, fc.array(fc.nat({ max: 3 }), { maxLength: 9 }), fc.array(fc.integer())), (stock) => {
      expect(readSight(JSON.parse(said(stock)))).toEqual(stock)
      expect(readSight(stock)).toEqual(stock)
    }),
  )
})
