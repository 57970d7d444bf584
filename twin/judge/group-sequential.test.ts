import { describe, expect, test } from 'vitest'
import { boundaries, delayedBoundaries, everBeyond } from './group-sequential.ts'

describe('looks that are fixed beforehand', () => {
  test.each([
    [2, 0.0416, 0.083],
    [4, 0.0631, 0.126],
    [10, 0.0967, 0.193],
    [20, 0.124, 0.248],
  ])('1.96 at each of %d looks is no 2.5 % test (G29)', (looks, one, two) => {
    const naive = new Array(looks).fill(1.959964)
    expect(everBeyond(naive, 2)).toBeCloseTo(two, 3)
    // Published for each side as what is beyond it first; that a side is ever passed is a little more, since both can be.
    expect(everBeyond(naive, 2) / 2).toBeCloseTo(one, 4)
    expect(everBeyond(naive, 1)).toBeGreaterThanOrEqual(everBeyond(naive, 2) / 2)
  })

  test('O’Brien and Fleming’s, Pocock’s (G30, G31)', () => {
    const of4 = boundaries(4, 0.05, 'obrien-fleming')
    ;[4.049, 2.863, 2.337, 2.024].forEach((z, k) => {
      expect(of4[k]).toBeCloseTo(z, 3)
    })
    expect(boundaries(5, 0.05, 'obrien-fleming')[4]).toBeCloseTo(2.04, 3)
    expect(boundaries(10, 0.05, 'obrien-fleming')[9]).toBeCloseTo(2.087, 3)
    for (const [looks, c] of [
      [4, 2.361],
      [5, 2.413],
      [10, 2.555],
    ])
      expect(boundaries(looks, 0.05, 'pocock')[0]).toBeCloseTo(c, 3)
  })

  test('with outcomes under way at each look (G32)', () => {
    const { upper, lower, decision } = delayedBoundaries({
      information: [3.5, 6.75, 12],
      decided: [5.5, 8.75],
      most: 12,
      alpha: 0.025,
      beta: 0.1,
      rho: 1.345,
      effect: 1,
    })
    ;[2.437, 2.244, 2.069].forEach((z, k) => {
      expect(upper[k]).toBeCloseTo(z, 3)
    })
    ;[-0.409, 0.664, 2.069].forEach((z, k) => {
      expect(lower[k]).toBeCloseTo(z, 3)
    })
    for (const z of decision) expect(z).toBeCloseTo(1.96, 3)
  })
})
