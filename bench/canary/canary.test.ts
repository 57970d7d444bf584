import { describe, expect, test } from 'vitest'
import { dice } from '../../sim/random.ts'
import { judge } from '../../twin/judge/judge.ts'
import { binomial } from './counts.ts'
import { EvidenceBook } from './evidence-book.ts'
import { playPeers } from './peers.ts'
import { play } from './play.ts'
import { isQuiet } from './quiet.ts'
import { hourBy, shareOf } from './tally.ts'
import { type CanaryWorld, WORLDS } from './world.ts'

const worldOf = (id: string): CanaryWorld => {
  const found = WORLDS.find((world) => world.id === id)
  if (found === undefined) throw new Error(id)
  return found
}
const many = (id: string, count: number) => Array.from({ length: count }, (_, i) => play(worldOf(id), i, 'test'))

describe('counts', () => {
  test('come out as often as they should, at both ends and in the middle', () => {
    const luck = { dice: dice('counts', 0), canary: 1 }
    for (const [n, p] of [
      [12, 0.3],
      [833, 0.5],
      [42, 0.02],
    ]) {
      const drawn = Array.from({ length: 4000 }, (_, hour) => binomial(luck, hour, 0, n, p))
      const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length
      const variance = drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn.length
      const deviation = Math.sqrt(n * p * (1 - p))
      expect(Math.abs(mean - n * p)).toBeLessThan((4 * deviation) / Math.sqrt(drawn.length))
      expect(variance / deviation ** 2).toBeGreaterThan(0.9)
      expect(variance / deviation ** 2).toBeLessThan(1.1)
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...drawn)).toBeLessThanOrEqual(n)
    }
    expect([binomial(luck, 0, 0, 5, 0), binomial(luck, 0, 0, 5, 1), binomial(luck, 0, 0, 0, 0.5)]).toEqual([0, 5, 0])
  })
})

describe('evidence', () => {
  test('books every order once: what is assigned is matured a horizon later, under its own share and day', () => {
    const world = worldOf('equal')
    const book = new EvidenceBook(world, { dice: dice('books', 0), canary: 3 })
    for (let hour = 0; hour < 100; hour++) book.live(hour, hour < 30 ? 0.01 : 0.5)
    const { epochs, early } = book.evidence(99)
    const sum = (key: 'assigned' | 'matured'): number =>
      epochs.reduce((all, one) => all + one[key].stable + one[key].candidate, 0)
    expect(sum('assigned')).toBe(100 * 833)
    expect(sum('matured')).toBe(52 * 833)
    expect(early.late.stable.n + early.late.candidate.n).toBe(48 * 833)
    expect(epochs.filter(({ share }) => share === 0.01)).toHaveLength(2)
    for (const { metrics, matured } of epochs) expect(metrics.late.candidate.n).toBe(matured.candidate)
  })

  test('where nothing could come of a look, the judge finds nothing', () => {
    for (const id of [
      'equal',
      'at the margin',
      '1 pp worse',
      'eight guardrails',
      'equal, three in ten differ',
      'equal, 100/h',
      'cost with forecast',
      'small arm, 99.9 %',
      'signs: equal, 5 %',
    ]) {
      const world = { ...worldOf(id), peers: false, hours: 200 }
      for (let canary = 0; canary < 2; canary++) {
        const luck = { dice: dice('quiet', 0), canary }
        const book = new EvidenceBook(world, luck)
        let quiet = 0
        for (let hour = 0; hour < world.hours; hour++) {
          book.live(hour, hour < 24 ? 0.01 : hour < 48 ? 0.05 : hour < 72 ? 0.25 : 0.5)
          const evidence = book.evidence(hour)
          // Each fifth look, for time's sake.
          if (hour % 5 !== 0 || !isQuiet(evidence, world.until)) continue
          quiet++
          const { verdict, metrics, ratio } = judge(evidence)
          expect([metrics.some(({ isHarm }) => isHarm), ratio.isAlarm]).toEqual([false, false])
          if (world.until === 'ladder') expect(verdict).toBe('hold')
          if (world.until === 'sides') expect(metrics.some(({ isBetter }) => isBetter)).toBe(false)
        }
        expect(quiet).toBeGreaterThan(5)
      }
    }
  })
})

describe('the judge over canaries', () => {
  test('the same seed plays the same canary, and asking always gives the same end as asking where it matters', () => {
    for (const [id, canary] of [
      ['1 pp worse', 0],
      ['1 pp worse', 1],
      ['equal', 4],
    ] as const) {
      const world = { ...worldOf(id), peers: false }
      const [one, always] = [play(world, canary, 'same'), play(world, canary, 'same', true)]
      expect(play(world, canary, 'same')).toEqual(one)
      expect({ ...always, looks: 0, better: null }).toEqual({ ...one, looks: 0, better: null })
    }
  })

  test('what is worse by the margin is seldom promoted, by twice that never, and what is equal mostly', () => {
    const margin = many('at the margin', 12)
    // At most 5 %: of twelve, more than three come out so twice in a thousand.
    expect(shareOf(margin, ({ promoted }) => promoted !== null).count).toBeLessThanOrEqual(3)
    expect(shareOf(many('1 pp worse', 12), ({ promoted }) => promoted !== null).count).toBe(0)
    expect(shareOf(many('equal', 12), ({ promoted }) => promoted !== null).count).toBeGreaterThan(8)
  })

  test('harm of 2 % is seen within two days of the first matured order, and a silent loss of outcomes within 30 h', () => {
    const plain = hourBy(many('2 % at 5 %', 40), 0.5, ({ harm }) => harm)
    expect(plain - 48).toBeLessThan(48)
    const lost = many('a fifth lost', 20)
    expect(hourBy(lost, 0.5, ({ ratioAlarm }) => ratioAlarm)).toBeLessThan(48 + 30)
  })

  test('a gross break that answers foretell is held within hours of the first order and ended before one that they do not', () => {
    const foretold = many('signs: 10 pp at 1 %, foretold', 6)
    const hidden = many('signs: 10 pp at 1 %, not foretold', 6)
    expect(hourBy(foretold, 0.5, ({ sign }) => sign)).toBeLessThan(4)
    expect(foretold.every(({ rolledBack }) => rolledBack !== null)).toBe(true)
    expect(hourBy(foretold, 0.5, ({ rolledBack }) => rolledBack)).toBeLessThan(
      hourBy(hidden, 0.5, ({ rolledBack }) => rolledBack),
    )
    expect(shareOf(hidden, ({ sign }) => sign !== null).count).toBe(0)
  })

  test('what is worse by 1 pp is rolled back and what is better by 1 pp is promoted, never the other way round', () => {
    const world = { ...worldOf('1 pp worse'), peers: false }
    const better = { ...world, id: '1 pp better', shares: [{ id: 'late', base: 0.06, harm: -0.01 }] }
    const ends = Array.from({ length: 10 }, (_, i) => [
      play(world, i, 'swap').rolledBack !== null,
      play(better, i, 'swap').promoted !== null,
    ])
    expect(ends.filter(([back]) => back)).toHaveLength(10)
    expect(ends.filter(([, promoted]) => promoted).length).toBeGreaterThan(8)
  })
})

test('where late outcomes of the candidate go missing, what is left does not get it promoted', () => {
  const played = many('at the margin, a tenth of the late ones missing', 6)
  expect(played.filter(({ promoted }) => promoted !== null)).toHaveLength(0)
  expect(played.filter(({ missingAlarm }) => missingAlarm !== null).length).toBeGreaterThan(3)
})

test('rules of peers meet the same orders: nothing known ships with GrowthBook, and a peak ends what is held against a constant', () => {
  const few = { ...worldOf('at the margin, 100/h') }
  const played = Array.from({ length: 30 }, (_, canary) => playPeers(few, { dice: dice('peers', 0), canary }))
  expect(played.filter(({ GrowthBook }) => GrowthBook === null).length).toBeGreaterThan(15)
  const calm = { ...worldOf('equal'), peak: null, hours: 200 }
  const peak = { ...calm, peak: { from: 60, to: 110, more: 0.05 } }
  const flaggerIn = (world: CanaryWorld): number =>
    Array.from({ length: 10 }, (_, canary) => playPeers(world, { dice: dice('peers', 0), canary })).filter(
      ({ Flagger, Argo }) => Flagger !== null || Argo !== null,
    ).length
  expect(flaggerIn(peak)).toBeGreaterThanOrEqual(flaggerIn(calm))
  expect(flaggerIn(peak)).toBe(10)
})
