import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pen } from './json-pen.ts'

describe('a pen writes what JSON.stringify would', () => {
  const out = new Pen()
  const written = (write: () => void): string => {
    out.begin()
    write()
    return out.said()
  }
  test('of any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', 'é', '\ud800', '\u2028')),
        (text) => {
          expect(written(() => out.text(text))).toBe(JSON.stringify(text))
          expect(written(() => out.texts([text, 'x', text]))).toBe(JSON.stringify([text, 'x', text]))
        },
      ),
    )
  })

  test('of any number', () => {
    const any = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constantFrom(-0, 0, 999, 1000, 1e15, 1e21, 2 ** 53, Number.NaN),
      // As prices and shares are: nearly all digits count.
      fc.double({ min: 0.2, max: 2 ** 52, noNaN: true }),
      fc.double({ min: 0, max: 20_000, noNaN: true }),
      fc.integer({ max: 30_000_000 }).map((parts) => parts / 10_000 + 0.7),
      // The last numbers before and the first behind a power of two, where the way to the next number changes.
      fc.tuple(fc.integer({ min: -3, max: 52 }), fc.integer({ min: -3, max: 3 })).map(([e, i]) => 2 ** e + i * 2 ** (e - 52)),
    )
    fc.assert(
      fc.property(any, (value) => {
        expect(written(() => out.number(value))).toBe(JSON.stringify(value))
      }),
      { numRuns: 4000 },
    )
  })

  test('of ten-thousandths as decimals', () => {
    const any = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer({ min: 0, max: 30_000_000 }),
      fc.constantFrom(-0, 0, 10_000, 1e13, Number.NaN),
    )
    fc.assert(
      fc.property(any, (parts) => {
        expect(written(() => out.decimal(parts))).toBe(JSON.stringify(parts / 10_000))
      }),
      { numRuns: 1000 },
    )
  })

  test('of instants, and of those that never come null', () => {
    fc.assert(
      fc.property(fc.oneof(fc.date({ noInvalidDate: true }), fc.constant(new Date(0))), (date) => {
        expect(written(() => out.moment(date.getTime()))).toBe(JSON.stringify(date))
      }),
      { numRuns: 1000 },
    )
    expect(written(() => out.moment(Number.POSITIVE_INFINITY))).toBe('null')
  })

  test('however long it gets', () => {
    const long = 'ab"é'.repeat(50_000)
    expect(written(() => out.text(long))).toBe(JSON.stringify(long))
    expect(written(() => out.raw('x'.repeat(200_000)))).toBe('x'.repeat(200_000))
  })
})
