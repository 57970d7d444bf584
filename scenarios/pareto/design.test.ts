import { describe, expect, test } from 'vitest'
import { dice } from '../../sim/random.ts'
import { parseContestant } from '../contestant.ts'
import { firstPlaces, haltonPlaces, nextPlaces, type Tried } from './design.ts'
import { knobsOf, shippedValues, turnedTo, unitOf, valueAt } from './knobs.ts'

const luck = dice('s', 0)

describe('the first points', () => {
  test('leave no part of the box empty: of 64 in three knobs every one of 8 boxes has 4 to 12', () => {
    const counts = new Array(8).fill(0)
    for (const place of haltonPlaces(64, 3, luck)) counts[place.reduce((box, at, axis) => box + (at >= 0.5 ? 2 ** axis : 0), 0)]++
    for (const count of counts) {
      expect(count).toBeGreaterThanOrEqual(4)
      expect(count).toBeLessThanOrEqual(12)
    }
  })

  test('are the same for the same seed, and others for another', () => {
    expect(haltonPlaces(5, 2, luck)).toEqual(haltonPlaces(5, 2, dice('s', 0)))
    expect(haltonPlaces(5, 2, luck)).not.toEqual(haltonPlaces(5, 2, dice('t', 0)))
  })

  test('begin with the corners, where a front ends, unless these would be more than half', () => {
    expect(firstPlaces(8, 2, luck).slice(0, 4)).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ])
    expect(firstPlaces(7, 2, luck)).toEqual(haltonPlaces(7, 2, luck))
  })
})

describe('the points that follow', () => {
  const at = (place: number, ...losses: number[]): Tried => ({ place: [place], losses })

  test('go first into the widest gap between neighbours on the front, and not near points that are beaten', () => {
    const tried = [at(0, 0, 1), at(0.1, 0.1, 0.8), at(0.2, 0.2, 0.7), at(0.8, 1, 0), at(0.5, 2, 2)]
    expect(nextPlaces(tried, 4, 0.1, luck)[0]).toEqual([0.5])
    for (const [place] of nextPlaces([at(0.1, 0, 1), at(0.2, 1, 0), at(0.9, 2, 2)], 6, 0.1, luck))
      expect(place).toBeLessThan(0.31)
  })

  test('stay within the box', () => {
    const tried = [at(0, 0, 1), at(1, 1, 0)]
    for (const [place] of nextPlaces(tried, 20, 0.5, luck)) {
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThanOrEqual(1)
    }
  })
})

describe('a knob', () => {
  test.each([
    { from: 0.05, to: 20 },
    { from: 0, to: 2000 },
    { from: -24, to: 24 },
    { from: 5, to: 8 },
  ])('from $from to $to reaches both ends, rises all the way, and finds its way back', (knob) => {
    const values = [0, 0.1, 0.35, 0.5, 0.8, 1].map((unit) => valueAt(knob, unit))
    expect([values[0], values[5]]).toEqual([knob.from, knob.to])
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    for (const [i, unit] of [0, 0.1, 0.35, 0.5, 0.8, 1].entries()) expect(unitOf(knob, values[i])).toBeCloseTo(unit, 1)
  })

  test('turned makes a name that asks for the same policies and knobs again, in whatever way it was asked for first', async () => {
    for (const text of [
      'live-greedy',
      'routing/live-greedy:lateWeight=3+smoothed',
      'smoothed+live-greedy',
      'bid-price+min-max',
    ]) {
      const base = await parseContestant(text)
      const [knobs] = await knobsOf(
        [base],
        [
          { name: 'carbonCentsPerKg', from: 0, to: 10 },
          ...(text.includes('min-max') ? [] : [{ name: 'safetyFactor', from: 0.5, to: 3 }]),
        ],
      )
      const turned = turnedTo(base, knobs, [2.5, 1.1].slice(0, knobs.length))
      const again = await parseContestant(turned.id)
      expect(again.policies).toEqual(base.policies)
      expect(again.params).toEqual(turned.params)
      expect(turned.params?.routing).toMatchObject({ carbonCentsPerKg: 2.5 })
    }
  })

  test('that was fixed in the name stays fixed, and each policy takes of the asked ones those it has', async () => {
    const both = await Promise.all(['live-greedy:lateWeight=3', 'cheapest-in-time'].map(parseContestant))
    const usual = await knobsOf(both, [])
    expect(usual.map((knobs) => knobs.map(({ name }) => name))).toEqual([['carbonCentsPerKg'], ['slackHours']])
    expect(await shippedValues(both[1], usual[1])).toEqual([0])
    await expect(knobsOf(both, [{ name: 'lateWeight', from: 1, to: 2 }])).rejects.toThrow(/no knob `lateWeight` that is free/)
    await expect(knobsOf([await parseContestant('nearest')], [])).rejects.toThrow(/--policy nearest: found no knob to turn/)
  })
})
