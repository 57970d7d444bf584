import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../../sim/normal.ts'
import { dice, draw } from '../../sim/random.ts'
import { censoredShift } from './censored-shift.ts'
import { AT_FIRST, faultsOf, judge, type Standing } from './judge.ts'
import { crpsOf, scoreOf, type Verified } from './score.ts'

const luck = dice('score', 0)
const normal = (i: number, k: number): number => normalQuantile(draw(luck, i, 1, k))

/** Forecasts of 20 futures each, of 20 numbers, whose truth is `shift` off and `spread` times as wide. */
function verified(shift: number, spread: number, forecasts = 30): Verified[] {
  return Array.from({ length: forecasts * 20 }, (_, i) => ({
    measure: `m${i % 20}`,
    issuedMs: Math.floor(i / 20),
    atMs: Math.floor(i / 20) + 1,
    values: Array.from({ length: 20 }, (_, k) => normal(i, k)).sort((a, b) => a - b),
    naive: Array.from({ length: 7 }, (_, k) => 2 * normal(i, 40 + k)).sort((a, b) => a - b),
    was: shift + spread * normal(i, 30),
  }))
}

describe('a score', () => {
  test('CRPS of one future is the distance; of two, fair to their number, known by hand', () => {
    expect(crpsOf([3], 5)).toBe(2)
    // Mean distance 2, less half the mean distance of the pair, which is 4.
    expect(crpsOf([1, 5], 3)).toBe(0)
    expect(crpsOf([0, 0, 6], 0)).toBeCloseTo(2 - 2)
  })

  test('a right forecast holds 19 of 21 intervals, lies evenly, beats a naive one twice as wide, and drifts nowhere', () => {
    const score = scoreOf(verified(0, 1), luck)
    expect(score.coverage).toBeGreaterThan(0.875)
    expect(score.coverage).toBeLessThan(0.935)
    expect(score.pitP).toBeGreaterThan(0.001)
    expect(score.skill).toBeGreaterThan(0.1)
    expect(score.drifts.length).toBeLessThanOrEqual(3)
    expect(faultsOf(score)).toEqual([])
  })

  test.each([
    ['too low', 1.5, 1, /upper end/],
    ['too narrow', 0, 3, /90 % intervals held/],
    ['too wide', 0, 0.2, /too wide/],
  ])('a forecast that is %s is found out', (_, shift, spread, says) => {
    const faults = faultsOf(scoreOf(verified(shift, spread), luck))
    expect(faults.join('; ')).toMatch(says)
  })

  test('a number that is foreseen too low all the time drifts, and is named', () => {
    const some = verified(0, 1).map((one) => (one.measure === 'm3' ? { ...one, was: one.was + 1.5 } : one))
    const { drifts } = scoreOf(some, luck)
    expect(drifts[0]).toMatchObject({ measure: 'm3', direction: 'more' })
  })
})

describe('a twin', () => {
  const good = scoreOf(verified(0, 1), luck)
  const bad = scoreOf(verified(2, 1), luck)
  const judged = (...scores: (typeof good)[]): Standing =>
    scores.reduce<Standing>((standing, score, i) => judge(standing, score, i + 1).standing, AT_FIRST)

  test('that forecasts well is trusted', () => {
    expect(judged(good).state).toBe('trusted')
    expect(judged(good, good)).toMatchObject({ state: 'trusted', sinceMs: 1 })
  })
  test('that forecasts badly once is watched, with the reason, and trusted again after a good score', () => {
    expect(judged(good, bad).state).toBe('watched')
    expect(judged(good, bad).reasons.length).toBeGreaterThan(0)
    expect(judged(good, bad, good)).toMatchObject({ state: 'trusted', reasons: [] })
  })
  test('that goes on to is recalibrated, and goes into quarantine where that does not help', () => {
    expect(judge(judged(good, bad), bad, 9).deed).toBe('recalibrate')
    expect(judged(good, bad, bad).state).toBe('recalibrated')
    expect(judged(good, bad, bad, good).state).toBe('trusted')
    const lost = judged(good, bad, bad, bad)
    expect(lost.state).toBe('quarantined')
    expect(lost.reasons.at(-1)).toBe('recalibrating it did not help')
  })
  test('leaves quarantine after two good scores in a row, not after one', () => {
    expect(judged(bad, bad, bad, good).state).toBe('quarantined')
    expect(judged(bad, bad, bad, good, bad, good).state).toBe('quarantined')
    expect(judged(bad, bad, bad, good, good).state).toBe('trusted')
  })
  test('stands as it stood where there is too little to judge by', () => {
    expect(judge(AT_FIRST, scoreOf(verified(2, 1, 2), luck), 9)).toEqual({ standing: AT_FIRST, deed: 'nothing' })
  })
})

test('a stage that takes 1.5 times as long is found out though a third of it is still under way; without those it would look quicker', () => {
  const shift = Math.log(1.5)
  const all = Array.from({ length: 2000 }, (_, i) => {
    const ln = shift + 0.5 * normal(i, 60)
    // Looked at after a time that is even on 0 … 3 medians, in logarithms.
    const looked = Math.log(0.2 + 3 * draw(luck, i, 2, 0))
    return { ln: Math.min(ln, looked), sigma: 0.5, ended: ln <= looked, week: 0 }
  })
  const found = censoredShift(all)
  expect(found.open).toBeGreaterThan(500)
  expect(Math.abs(found.ln - shift)).toBeLessThan(0.05)
  expect(censoredShift(all.filter(({ ended }) => ended)).ln).toBeLessThan(shift - 0.1)
})
