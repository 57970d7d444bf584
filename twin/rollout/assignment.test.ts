import { describe, expect, test } from 'vitest'
import { armOf, bucketOf, unitOf } from './assignment.ts'

describe('who decides for an order', () => {
  test.each([
    ['canary-0001', 'order-1', 0.12933246237734486],
    ['canary-0001', 'order-2', 0.2389633170569705],
    ['canary-0001', '客户-42', 0.6215848314880592],
    ['canary-0001', '', 0.530259256712247],
    ['canary-0002', 'order-1', 0.7234900843859791],
  ])('under salt %s the unit "%s" falls where it always falls', (salt, unit, bucket) => {
    expect(bucketOf(salt, unit)).toBe(bucket)
  })

  test('buckets are even: 200,000 orders over 100 equal ranges', () => {
    const bins = new Float64Array(100)
    for (let i = 0; i < 200_000; i++) bins[Math.floor(bucketOf('canary-0001', `order-${i}`) * 100)]++
    const chi2 = bins.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0)
    // 99.9 % of even ones lie below (99 degrees of freedom).
    expect(chi2).toBeLessThan(148.2)
  })

  test('nobody leaves the candidate or the control while the share rises to a half', () => {
    const shares = [0.01, 0.05, 0.25, 0.5]
    for (let i = 0; i < 2000; i++) {
      const arms = shares.map((share) => armOf(share, bucketOf('s', `o-${i}`)))
      for (const arm of ['candidate', 'control'] as const) {
        const since = arms.indexOf(arm)
        if (since >= 0) expect(new Set(arms.slice(since))).toEqual(new Set([arm]))
      }
    }
  })

  test('a share of nothing is nobody, a share of all is everybody', () => {
    for (const bucket of [0, 0.3, 0.999999]) expect([armOf(0, bucket), armOf(1, bucket)]).toEqual(['stable', 'candidate'])
  })

  test('a customer keeps his side in all his orders, a region for a block of time', () => {
    const order = { order: 'o-1', customer: 'c-1', region: 'north', atMs: 7_200_000 }
    expect(unitOf({ unit: 'customer', blockMs: 0 }, order)).toBe('c-1')
    expect(unitOf({ unit: 'customer', blockMs: 0 }, { ...order, customer: null })).toBe('o-1')
    expect(unitOf({ unit: 'switchback', blockMs: 3_600_000 }, order)).toBe('north|2')
    expect(unitOf({ unit: 'order', blockMs: 0 }, order)).toBe('o-1')
  })
})
