import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dice, draw } from '../../sim/random.ts'
import { keptBy } from './caps.ts'
import { areAlike, boxOf, dominates, type Losses, nonDominated, pairsOf, standingsOf } from './front.ts'
import { hypervolume } from './hypervolume.ts'
import { kneeOf } from './knee.ts'

const somePoints = (most: number, axes = 3) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: axes, maxLength: axes }), { minLength: 1, maxLength: most })

/** Losses of a point over replications: luck that all points share, luck of its own, and its mean. */
const luckOf = (seed: string) => dice(seed, 0)
function pointOf(seed: string, at: number, means: readonly number[], own: number, replications = 12): Losses {
  return means.map((mean, a) =>
    Array.from({ length: replications }, (_, r) => {
      const shared = draw(luckOf(seed), r, 1, a) - 0.5
      return mean + 4 * shared + own * (draw(luckOf(seed), 1000 * (at + 1) + r, 2, a) - 0.5)
    }),
  )
}

describe('the front', () => {
  test('is what no other point is better than, and every point off it is beaten by one on it', () => {
    fc.assert(
      fc.property(somePoints(14), (points) => {
        const on = nonDominated(points)
        const front = points.filter((_, i) => on[i])
        expect(front.length).toBeGreaterThan(0)
        for (const point of front) expect(front.some((other) => dominates(other, point))).toBe(false)
        for (const point of points.filter((_, i) => !on[i])) expect(front.some((other) => dominates(other, point))).toBe(true)
      }),
    )
  })

  test('loses a point only to one that is shown to be better: what luck could have done is left open', () => {
    const points = [
      pointOf('a', 0, [1, 1, 1], 0.1),
      pointOf('a', 1, [1.5, 1.5, 1.5], 0.1),
      pointOf('a', 2, [1.001, 1.001, 1.001], 0.5),
    ]
    const standings = standingsOf(points, pairsOf(3))
    expect(standings[0].standing).toBe('front')
    expect(standings[1]).toEqual({ standing: 'beaten', beatenBy: 0 })
    expect(standings[2].standing).not.toBe('beaten')
    expect(areAlike(points[0], points[2], pairsOf(3))).toBe(true)
    expect(areAlike(points[0], points[1], pairsOf(3))).toBe(false)
  })

  test('keeps a point that is better in one measure, however much worse it is in the two others', () => {
    const points = [pointOf('b', 0, [1, 1, 1], 0.1), pointOf('b', 1, [9, 9, 0.9], 0.1)]
    expect(standingsOf(points, 1).map(({ standing }) => standing)).toEqual(['front', 'front'])
  })

  test('lets a point beat another that is exactly equal to it in a measure, replication by replication', () => {
    const better = pointOf('c', 0, [1, 1, 1], 0.1)
    const worse: Losses = [better[0], better[1].map((loss) => loss + 1 + 0.01 * Math.sin(loss)), better[2]]
    expect(standingsOf([better, worse], 1)[1]).toEqual({ standing: 'beaten', beatenBy: 0 })
  })

  test('of points that differ by luck alone wrongly drops one in at most 5 experiments of 100', () => {
    let wrong = 0
    for (let experiment = 0; experiment < 200; experiment++) {
      const points = Array.from({ length: 6 }, (_, i) => pointOf(`null-${experiment}`, i, [1, 1, 1], 1, 8))
      if (standingsOf(points, pairsOf(6)).some(({ standing }) => standing === 'beaten')) wrong++
    }
    expect(wrong).toBeLessThanOrEqual(10)
  })
})

describe('a cap', () => {
  const measures = {
    costPerOrder: { low: 9, mean: 10, high: 11 },
    onTimeShare: { low: 0.9, mean: 0.92, high: 0.94 },
    co2PerOrder: { low: 1, mean: 1, high: 1 },
  }
  const none = { costPerOrder: null, onTimeShare: null, co2PerOrder: null }

  test.each([
    ['kept where the whole interval is within', { costPerOrder: 12 }, 'kept'],
    ['open where it lies inside the interval', { onTimeShare: 0.93 }, 'perhaps'],
    ['broken where the whole interval is outside, whatever the others say', { costPerOrder: 8, onTimeShare: 0.93 }, 'broken'],
    ['kept where it is just met', { co2PerOrder: 1 }, 'kept'],
  ] as const)('is %s', (_, caps, expected) => {
    expect(keptBy({ ...none, ...caps }, measures)).toBe(expected)
  })
})

describe('the knee', () => {
  /** A quarter circle that bends towards the best: losses 1 − sin and 1 − cos. */
  const arc = Array.from({ length: 19 }, (_, i) => [1 - Math.sin((i * Math.PI) / 36), 1 - Math.cos((i * Math.PI) / 36)])

  test('of a quarter circle is its middle, at the distance geometry gives', () => {
    const knee = kneeOf(arc)
    expect(knee?.at).toBe(9)
    expect(knee?.depth).toBeCloseTo(1 - Math.SQRT1_2, 10)
  })

  test('stays where it is when money is counted in cents, or a third measure never changes', () => {
    expect(kneeOf(arc.map(([a, b]) => [100 * a + 7, b]))?.at).toBe(9)
    expect(kneeOf(arc.map(([a, b]) => [a, b, 5]))).toMatchObject({ at: 9, depth: expect.closeTo(kneeOf(arc)?.depth ?? 0, 10) })
  })

  test('stays where it is when the third measure goes along with the first, as carbon does with cost', () => {
    expect(kneeOf(arc.map(([a, b]) => [a, b, 3 * a]))?.at).toBe(9)
  })

  test('of a sphere that bends towards the best lies where all three give up alike', () => {
    const sphere: number[][] = []
    for (let i = 0; i <= 12; i++)
      for (let j = 0; j <= 12; j++) {
        const [u, v] = [(i * Math.PI) / 24, (j * Math.PI) / 24]
        sphere.push([1 - Math.sin(u) * Math.cos(v), 1 - Math.sin(u) * Math.sin(v), 1 - Math.cos(u)])
      }
    const knee = sphere[kneeOf(sphere)?.at ?? 0]
    for (const loss of knee) expect(Math.abs(loss - (1 - 1 / Math.sqrt(3)))).toBeLessThan(0.06)
  })

  test('is none on a straight front, on one that bends away, and of two points', () => {
    const straight = [0, 0.25, 0.5, 1].map((a) => [a, 1 - a])
    expect(kneeOf(straight)).toBeNull()
    expect(kneeOf(arc.map(([a, b]) => [1 - a, 1 - b]))).toBeNull()
    expect(kneeOf(arc.slice(0, 2))).toBeNull()
    expect(
      kneeOf([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ).toBeNull()
  })
})

describe('the hypervolume', () => {
  const box = { ideal: [0, 0, 0], worst: [9, 9, 9] }
  /** By inclusion and exclusion over all subsets: exact, and slow. */
  const slowly = (points: readonly (readonly number[])[]): number => {
    let total = 0
    for (let set = 1; set < 2 ** points.length; set++) {
      const members = points.filter((_, i) => (set >> i) & 1)
      const corner = [0, 1, 2].map((axis) => Math.max(...members.map((point) => point[axis] / 9 / 1.1)))
      total += (members.length % 2 === 1 ? 1 : -1) * corner.reduce((product, each) => product * (1 - each), 1)
    }
    return total
  }

  test('is what inclusion and exclusion gives', () => {
    fc.assert(
      fc.property(somePoints(6), (points) => {
        expect(hypervolume(points, box)).toBeCloseTo(slowly(points), 10)
      }),
    )
  })

  test('never falls when a point is added, and one that is beaten adds nothing', () => {
    fc.assert(
      fc.property(
        somePoints(6),
        fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
        (points, more) => {
          const [before, after] = [hypervolume(points, box), hypervolume([...points, more], box)]
          expect(after).toBeGreaterThanOrEqual(before - 1e-12)
          if (points.some((point) => dominates(point, more))) expect(after).toBeCloseTo(before, 12)
        },
      ),
    )
  })

  test('of points that are all the same is the whole of a box without width', () => {
    const points = [
      [1, 2, 3],
      [1, 2, 3],
    ]
    expect(hypervolume(points, boxOf(points))).toBe(1)
    expect(hypervolume([], boxOf(points))).toBe(0)
  })
})
