import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../sim/normal.ts'
import { studentQuantile } from './student.ts'

/** Within one part in a thousand million of the value it should have. */
function expectClose(found: number, expected: number): void {
  expect(Math.abs(found - expected), `${found} is not ${expected}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
}

describe('Student t quantiles', () => {
  // Upper tails .05, .025, .005 as in the tables of Abramowitz & Stegun 26.10 (3 decimals there), and the tails of a Bonferroni
  // interval over 60 and over 1,000 comparisons; digits by mpmath 1.3 (betainc at 30 digits).
  const tails = [0.05, 0.025, 0.005, 0.05 / 2 / 60, 0.05 / 2 / 1000]
  const table: readonly (readonly [number, readonly number[]])[] = [
    [1, [6.313751514675043, 12.7062047361747, 63.65674116287158, 763.9432905087348, 12732.39542117169]],
    [2, [2.919985580353726, 4.302652729749464, 9.924843200918293, 34.61936175639544, 141.4160528812069]],
    [3, [2.353363434801824, 3.18244630528371, 5.840909309733357, 13.74503762074654, 35.29791944981513]],
    [4, [2.13184678632665, 2.776445105197794, 4.604094871349993, 9.02936702750887, 18.52239843341509]],
    [5, [2.015048373333024, 2.570581835636316, 4.032142983555228, 7.14638642911607, 12.89282531555586]],
    [9, [1.833112932656237, 2.262157162798206, 3.249835541592126, 4.912355190344507, 7.215269254452441]],
    [19, [1.72913281152137, 2.09302405440831, 2.860934606464979, 3.963226977224217, 5.208582529936262]],
    [29, [1.699127026533498, 2.045229642132704, 2.756385903670605, 3.727761758778352, 4.755727622452519]],
    [38, [1.685954460166737, 2.02439416391197, 2.711557601913083, 3.629431540048004, 4.572356683513479]],
    [120, [1.657650899355236, 1.979930405082441, 2.617421145106866, 3.42814797150562, 4.207916022851429]],
    [999, [1.646380345427536, 1.96234146113345, 2.580759637267637, 3.351679938208517, 4.07340417333289]],
    [20000, [1.644929818959482, 1.960082605158135, 2.576075153017255, 3.341987159854086, 4.056511689956447]],
  ]
  test.each(table)('with %i degrees of freedom agree with the tables', (degrees, expected) => {
    tails.forEach((tail, i) => {
      expectClose(-studentQuantile(tail, degrees), expected[i] ?? Number.NaN)
      expectClose(studentQuantile(1 - tail, degrees), expected[i] ?? Number.NaN)
    })
  })

  test('do not jump where the expansion around the normal takes over', () => {
    expectClose(studentQuantile(0.9999, 10_000.001), studentQuantile(0.9999, 9_999.999))
  })

  test('are wider than the normal, and less so with more replications', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5001, max: 0.99999, noNaN: true }), fc.integer({ min: 1, max: 2000 }), (p, degrees) => {
        const t = studentQuantile(p, degrees)
        expect(t).toBeGreaterThanOrEqual(studentQuantile(p, degrees + 1))
        expect(t).toBeGreaterThanOrEqual(normalQuantile(p))
        expect(studentQuantile(0.5, degrees)).toBe(0)
      }),
    )
  })
})

test('normal quantiles agree with the tables', () => {
  expect(normalQuantile(0.5)).toBe(0)
  expectClose(normalQuantile(0.75), 0.6744897501960817)
  expectClose(normalQuantile(0.975), 1.959963984540054)
  expectClose(normalQuantile(0.999), 3.090232306167814)
  expectClose(normalQuantile(0.9999999), 5.19933758219282)
  expectClose(normalQuantile(0.00001), -4.26489079392282)
})

test('a quantile of a probability that cannot be is refused with the number in the message', () => {
  expect(() => normalQuantile(1)).toThrow('was 1')
  expect(() => studentQuantile(0.975, 0)).toThrow('were 0')
})
