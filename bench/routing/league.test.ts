import { expect, test } from 'vitest'
import { InputError } from '../../scenarios/read/problem.ts'
import { casesOf } from './ask.ts'
import { INSTANCES } from './instances.ts'
import { leagueOf } from './league.ts'
import { leagueText } from './league-text.ts'
import type { Played } from './league-thread.ts'
import type { Score } from './play.ts'

const score = (policy: string, shippingCents: number, lateCents = 0): Score => ({
  policy,
  orders: 10,
  shippingCents,
  lateCents,
  onTimeShare: lateCents > 0 ? 0.9 : 1,
  splitShare: 0,
  unfilledShare: 0,
  missedShare: 0,
  missedPerOrder: 0,
  decisionUs: null,
  digest: '',
})
const day = (level: number, boundCents: number | null = null): Played => ({
  scores: [score('nearest', 1000 * level, 100 * level), score('clever', 880 * level)],
  boundCents,
  chosen: null,
  unforeseen: null,
})
const named = { instance: 'made up', label: 'as usual', baseline: 'nearest' }

test('days that differ tenfold do not blur a policy that is a fifth cheaper on each of them', () => {
  const { rows } = leagueOf(named, [day(1), day(10), day(3)])
  const [clever, nearest] = rows
  expect(clever.policy).toBe('clever')
  expect(clever.versus?.mean).toBeCloseTo(-0.2, 12)
  expect((clever.versus?.high ?? 1) - (clever.versus?.low ?? 0)).toBeLessThan(1e-9)
  expect(nearest.versus).toBeNull()
  // The cost itself does vary from day to day.
  expect(clever.cost.high - clever.cost.low).toBeGreaterThan(1)
})

test('lateness is part of the cost, and told apart', () => {
  const { rows } = leagueOf(named, [day(1), day(2)])
  expect(rows[1].cost.mean).toBeCloseTo(1.65, 12)
  expect(rows[1].late).toBeCloseTo(0.15, 12)
})

test('where a bound is known the table shows how far each policy is above it', () => {
  const league = leagueOf(named, [day(1, 800), day(2, 1600)])
  expect(league.rows[0].gap?.mean).toBeCloseTo(0.1, 12)
  expect(leagueText(league)).toMatch(/gap to bound/)
  expect(leagueText(leagueOf(named, [day(1), day(2)]))).not.toMatch(/gap to bound/)
})

test('what foresight is worth is told over the days that were asked for it, beside their own bound', () => {
  const asked = (level: number, cents: number): Played => ({
    ...day(level, 800 * level),
    unforeseen: { cents, onTimeShare: 0.99 },
  })
  const league = leagueOf(named, [asked(1, 820), asked(10, 8400), day(3, 2400)])
  expect(league.unforeseen?.seeds).toBe(2)
  expect(league.unforeseen?.gap.mean).toBeCloseTo((0.025 + 0.05) / 2, 12)
  expect(leagueText(league)).toMatch(/without foresight, over 2 seeds: 3\.75 ± /)
  expect(leagueText(leagueOf(named, [day(1, 800), day(2, 1600)]))).not.toMatch(/foresight/)
})

test('a policy that did not play every day has no place in the table', () => {
  const absent: Played = { scores: [score('nearest', 1000)], boundCents: null, chosen: null, unforeseen: null }
  expect(() => leagueOf(named, [day(1), absent])).toThrow(/clever/)
})

const usual = { quick: false, only: null, load: null, set: null }

test('other loads take the place of the usual ones, and leave instances without a load alone', () => {
  const cases = casesOf({ ...usual, load: ['0.9', '1.3'] }, INSTANCES)
  expect(cases.filter(({ instance }) => instance.id === 'peak-day').map(({ knobs }) => knobs.load)).toEqual([0.9, 1.3])
  expect(cases.filter(({ instance }) => instance.id === 'multi-item')).toHaveLength(2)
})

test('a knob that is set is set in every case of the instances that have it, and lists are written with strokes', () => {
  const cases = casesOf({ ...usual, only: ['peak-day'], load: ['1'], set: ['nodes=8', 'split=0.5/0.5'] }, INSTANCES)
  expect(cases.map(({ knobs }) => knobs)).toEqual([{ load: 1, nodes: 8, split: [0.5, 0.5] }])
})

test.each<[Partial<Parameters<typeof casesOf>[0]>, RegExp]>([
  [{ only: ['peak-dya'] }, /peak-dya.*peak-day/],
  [{ only: ['multi-item'], load: ['1'] }, /no load in multi-item/],
  [{ load: ['heavy'] }, /"heavy".*write a number/],
  [{ set: ['perods=4'] }, /perods.*periods/],
  [{ set: ['periods'] }, /KNOB=NUMBER/],
  [{ set: ['periods=1/2'] }, /write one/],
  [{ load: ['0'] }, /load of peak-day.*from 0.01/],
  [{ set: ['metros=99'] }, /metros of multi-item: found 99; write a whole number from 1 to 40/],
  [{ set: ['nodes=2.5'] }, /nodes of peak-day/],
  [{ set: ['held=1/1.5'] }, /held of peak-day: found 1.5/],
])('%j is told what would do', (ask, says) => {
  expect(() => casesOf({ ...usual, ...ask }, INSTANCES)).toThrow(InputError)
  expect(() => casesOf({ ...usual, ...ask }, INSTANCES)).toThrow(says)
})
