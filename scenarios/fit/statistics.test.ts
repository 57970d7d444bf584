import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../../sim/normal.ts'
import { dice, draw } from '../../sim/random.ts'
import { fitCensored } from './censored.ts'
import { chooseLaw, chooseLuck } from './choose-law.ts'
import { survivalQuantiles } from './survival.ts'

const luck = dice('fit', 0)
const uniform = (i: number, k = 0): number => draw(luck, i, 900, k)

describe('times that were cut off by the end of the record', () => {
  test("the shares still under way are those of Kaplan and Meier's own method on the leukaemia trial of Freireich (1963)", () => {
    // 6-MP group: weeks in remission, + is still in remission. Survival after 6, 7, 10, 13, 16, 22, 23: .857 .807 .753 .690 .627 .538 .448
    const value = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    const ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    const known = { value: Float64Array.from(value), ended: Uint8Array.from(ended), weight: new Float64Array(21).fill(1) }
    const most = 1 - 0.448
    const at = [1 - 0.857, 1 - 0.807, 1 - 0.753, 1 - 0.69, 1 - 0.627, 1 - 0.538].map((p) => (p - 0.002) / most)
    expect(survivalQuantiles(known, at).value).toEqual([6, 7, 10, 13, 16, 22])
  })

  test('weights count as repetition does', () => {
    const once = { value: Float64Array.of(1, 2, 3), ended: Uint8Array.of(1, 0, 1), weight: Float64Array.of(2, 1, 3) }
    const often = {
      value: Float64Array.of(1, 1, 2, 3, 3, 3),
      ended: Uint8Array.of(1, 1, 0, 1, 1, 1),
      weight: new Float64Array(6).fill(1),
    }
    const at = [0.1, 0.3, 0.4, 0.9]
    expect(survivalQuantiles(once, at)).toEqual(survivalQuantiles(often, at))
  })

  test('a regression finds level, slope and spread again although every journey over 12 hours was cut off', () => {
    const rows = 4000
    const x = new Float64Array(rows * 2)
    const ln = new Float64Array(rows)
    const ended = new Uint8Array(rows)
    const cut = Math.log(12)
    for (let i = 0; i < rows; i++) {
      x[2 * i] = 1
      x[2 * i + 1] = uniform(i, 1) - 0.5
      const time = 2 + 0.7 * x[2 * i + 1] + 0.6 * normalQuantile(uniform(i, 2))
      ended[i] = time <= cut ? 1 : 0
      ln[i] = Math.min(time, cut)
    }
    expect(ended.reduce((sum, one) => sum + one, 0) / rows).toBeGreaterThan(0.7)
    const { beta, sigma } = fitCensored({ x, width: 2, ln, ended, weight: new Float64Array(rows).fill(1) }, 0)
    expect(Math.abs(beta[0] - 2)).toBeLessThan(0.04)
    expect(Math.abs(beta[1] - 0.7)).toBeLessThan(0.1)
    // What was cut off is filled with its mean, so a little of its spread is missing.
    expect(sigma).toBeGreaterThan(0.45)
    expect(sigma).toBeLessThan(0.62)
  })
})

describe('the law of a stage', () => {
  const drawn = (of: (u: number) => number, rows = 3000) => ({
    value: Float64Array.from({ length: rows }, (_, i) => of(uniform(i, 3))),
    ended: new Uint8Array(rows).fill(1),
    weight: new Float64Array(rows).fill(1),
  })

  test('exponential, lognormal and gamma times are told for what they are', () => {
    expect(chooseLaw(drawn((u) => -5 * Math.log(1 - u))).choice.taken).toBe('exponential')
    expect(chooseLaw(drawn((u) => Math.exp(1 + 0.8 * normalQuantile(u)))).choice.taken).toBe('lognormal')
    const erlang = {
      ...drawn(() => 0),
      value: Float64Array.from({ length: 3000 }, (_, i) => [4, 5, 6, 7].reduce((sum, k) => sum - Math.log(uniform(i, k)), 0)),
    }
    expect(chooseLaw(erlang).choice.taken).toBe('gamma')
  })

  test('a law with two humps is none of these, and its own quantiles are kept', () => {
    const { law, choice } = chooseLaw(drawn((u) => (u < 0.5 ? 1 + u : 40 + u)))
    expect(choice.taken).toBe('quantiles')
    expect(choice.tried.every(({ distance }) => distance > choice.allowed)).toBe(true)
    expect(law.law).toBe('quantiles')
  })

  test('normal luck needs no table, luck with a heavy tail keeps its own', () => {
    expect(chooseLuck(drawn((u) => 0.3 + 1.5 * normalQuantile(u)))).toMatchObject({ luck: null })
    const heavy = chooseLuck(drawn((u) => (u < 0.9 ? normalQuantile(u) : 4 * normalQuantile(u))))
    expect(heavy.luck?.value.at(-2)).toBeGreaterThan(2.6)
  })
})
