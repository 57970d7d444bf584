import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epoch, LATE, trials } from './canary.fixture.ts'
import { leastOf } from './special-functions.ts'
import { weigh } from './strata.ts'

describe('the variance of a difference under the null that is tested', () => {
  test('is that of the likeliest pair of shares that differ by just so much (Farrington & Manning)', () => {
    const counts = fc.record({
      n1: fc.integer({ min: 5, max: 400 }),
      n2: fc.integer({ min: 5, max: 4000 }),
      y1: fc.nat(1000),
      y2: fc.nat(1000),
    })
    fc.assert(
      fc.property(counts, fc.integer({ min: -90, max: 90 }), ({ n1, n2, y1, y2 }, percent) => {
        const [a, b] = [y1 % (n1 + 1), y2 % (n2 + 1)]
        const delta = percent / 100
        const one = epoch('d1', 0.5, { late: { candidate: trials(a, n1), stable: trials(b, n2) } })
        const is = weigh(LATE, [one], 'left out').se(delta) ** 2
        const log = (y: number, p: number): number => (y === 0 ? 0 : y * Math.log(Math.max(1e-300, p)))
        const unlikely = (p2: number): number =>
          -(log(a, p2 + delta) + log(n1 - a, 1 - p2 - delta) + log(b, p2) + log(n2 - b, 1 - p2))
        const p2 = leastOf(unlikely, Math.max(0, -delta), Math.min(1, 1 - delta))
        const p1 = p2 + delta
        const should = ((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2) * ((n1 + n2) / (n1 + n2 - 1))
        expect(Math.abs(is - should)).toBeLessThan(1e-5 * should + 1e-9)
      }),
      { numRuns: 300, seed: 2 },
    )
  })

  test('does not fall with the estimate: no failure among a hundred is no proof of a tiny error', () => {
    const none = epoch('d1', 0.01, { late: { candidate: trials(0, 100), stable: trials(500, 9900) } })
    const { se, harm } = weigh(LATE, [none], 'left out')
    expect(harm / se(0)).toBeGreaterThan(-2.5)
  })
})
