import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { MetricPlan } from './evidence.ts'
import {
  directMethod,
  doublyRobust,
  effectiveRows,
  ips,
  type LoggedDecision,
  type LoggedRow,
  selfNormalisedDoublyRobust,
  shrunkDoublyRobust,
  snips,
  switchDoublyRobust,
  valueOfCandidate,
} from './off-policy.ts'
import { shadowEstimate } from './shadow-gate.ts'

const TARGET = [0.2, 0.8]
/** Action, its chance when it was logged, reward, forecasts of both actions. */
const FOUR: readonly LoggedRow[] = (
  [
    [0, 0.5, 1, 0.6, 0.4],
    [1, 0.5, 0, 0.5, 0.3],
    [0, 0.75, 1, 0.7, 0.6],
    [1, 0.25, 1, 0.6, 0.5],
  ] as const
).map(([action, chance, reward, ...q]) => ({
  weight: TARGET[action] / chance,
  reward,
  forecast: q[action],
  forecastOfTarget: TARGET[0] * q[0] + TARGET[1] * q[1],
}))

const row = fc.record({
  weight: fc.double({ min: 0, max: 20, noNaN: true }),
  reward: fc.double({ min: 0, max: 1, noNaN: true }),
  forecast: fc.double({ min: 0, max: 1, noNaN: true }),
  forecastOfTarget: fc.double({ min: 0, max: 1, noNaN: true }),
})
const some = fc.array(row, { minLength: 2, maxLength: 30 })

describe('estimators', () => {
  test('four rows by hand', () => {
    const of = (one: { value: number }): string => one.value.toFixed(7)
    expect([ips, snips, directMethod, doublyRobust, selfNormalisedDoublyRobust].map((one) => of(one(FOUR)))).toEqual([
      '0.9666667',
      '0.7073171',
      '0.4800000',
      '0.8200000',
      '0.7287805',
    ])
    expect(effectiveRows(FOUR).toFixed(6)).toBe('2.293315')
    expect([switchDoublyRobust(FOUR, 1), switchDoublyRobust(FOUR, 2)].map(of)).toEqual(['0.5400000', '0.4200000'])
    expect(Math.abs(shrunkDoublyRobust(FOUR, 1).value - 0.5350342)).toBeLessThan(1e-7)
  })

  test('the ends of what can be turned: shrunk to nothing it is the model, not at all it is doubly robust', () => {
    fc.assert(
      fc.property(some, (rows) => {
        expect(shrunkDoublyRobust(rows, 0)).toEqual(directMethod(rows))
        expect(shrunkDoublyRobust(rows, 1e12).value).toBeCloseTo(doublyRobust(rows).value, 5)
        expect(shrunkDoublyRobust(rows, Number.POSITIVE_INFINITY)).toEqual(doublyRobust(rows))
        const positive = rows.map((one) => ({ ...one, weight: one.weight + 1e-3 }))
        expect(switchDoublyRobust(positive, 0)).toEqual(directMethod(positive))
        expect(switchDoublyRobust(rows, 1e10)).toEqual(doublyRobust(rows))
      }),
    )
  })

  test('no reward forecast and none had is none, and self-normalised estimates stay within what rewards can be', () => {
    fc.assert(
      fc.property(some, (rows) => {
        const nothing = rows.map((one) => ({ ...one, reward: 0, forecast: 0, forecastOfTarget: 0 }))
        for (const estimate of [ips, directMethod, doublyRobust, selfNormalisedDoublyRobust])
          expect(estimate(nothing).value).toBe(0)
        if (rows.every(({ weight }) => weight === 0)) return
        expect(snips(rows).value).toBeLessThanOrEqual(Math.max(...rows.map(({ reward }) => reward)) + 1e-12)
        expect(selfNormalisedDoublyRobust(rows).value).toBeLessThanOrEqual(2 + 1e-12)
      }),
    )
  })

  test('a policy that is the one that decided comes to exactly what was logged', () => {
    const same = FOUR.map((one) => ({ ...one, weight: 1 }))
    expect(ips(same).value).toBe(same.reduce((sum, { reward }) => sum + reward, 0) / same.length)
  })
})

/** Orders of which three in ten are decided otherwise; those come late with 0.1 by stable and with 0.2 by the candidate, all others with 0.05. */
function logged(orders: number, share: number): { decision: LoggedDecision; late: number; wouldBe: number }[] {
  const luck = dice(`log ${share}`, 0)
  const at = (i: number, k: number): number => draw(luck, i, PURPOSE.canary, k)
  return Array.from({ length: orders }, (_, i) => {
    const differs = at(i, 0) < 0.3
    const arm = at(i, 1) < share ? 'candidate' : 'stable'
    const wouldBe = differs ? 0.2 : 0.05
    const chance = differs ? (arm === 'candidate' ? 0.2 : 0.1) : 0.05
    const decision: LoggedDecision = {
      key: `o-${i}`,
      degraded: null,
      other: { version: 'routing/other@000000000000', choice: HELD, differs },
      by: { arm, propensity: arm === 'candidate' ? share : 1 - share, servedInstead: null },
    }
    return { decision, late: at(i, 2) < chance ? 1 : 0, wouldBe }
  })
}
const HELD = {
  status: 'held',
  reason: 'no-stock',
  shipments: [],
  unfulfillable: [],
  priceCents: null,
  runnerUpCents: null,
  runnerUpWithout: null,
} as const

const candidateIn = (log: ReturnType<typeof logged>, forecast = (one: (typeof log)[number]): number => one.wouldBe) => {
  const byKey = new Map(log.map((one) => [one.decision.key, one]))
  return valueOfCandidate(
    log.map(({ decision }) => decision),
    ({ key }) => {
      const one = byKey.get(key)
      return one === undefined ? null : { reward: one.late, forecast: forecast(one), forecastOfCandidate: forecast(one) }
    },
  )
}

describe('the candidate for everybody, from decisions that log both answers', () => {
  const truth = 0.3 * 0.2 + 0.7 * 0.05

  test('is estimated from a tenth of the orders, with a wrong model too, and the difference says who is worse', () => {
    for (const forecast of [undefined, () => 0.5]) {
      const found = candidateIn(logged(40_000, 0.1), forecast)
      if (!found.isKnown) throw new Error(found.because)
      for (const { value, se } of [found.ips, found.snips, found.doublyRobust]) {
        expect(se).toBeLessThan(0.01)
        expect(Math.abs(value - truth)).toBeLessThan(4 * se)
      }
      expect(found.differing / found.decisions).toBeCloseTo(0.3, 1)
      expect(found.greatestWeight).toBe(10)
      expect(found.difference.low).toBeGreaterThan(0)
    }
  })

  test('is refused where stable decided everything and the answers differ: there is nothing to weigh', () => {
    const found = candidateIn(logged(5_000, 0))
    expect(found).toMatchObject({ isKnown: false })
    expect(found.isKnown ? '' : found.because).toMatch(/for 30\.50 % .*no chance that it did/)
  })

  test('is refused at a share of 1 %, where one order would stand for a hundred, and where too few are left', () => {
    const thin = candidateIn(logged(40_000, 0.01))
    expect(thin.isKnown ? '' : thin.because).toMatch(/stands for 100, and 50 are the most/)
    const few = candidateIn(logged(90, 0.3))
    expect(few.isKnown ? '' : few.because).toMatch(/the weights leave .* of 90 decisions, and 100 are the least/)
    expect(valueOfCandidate([], () => null)).toMatchObject({ isKnown: false })
  })

  test('leaves out decisions that were not taken as they were meant to be, and counts them', () => {
    const log = logged(4_000, 0.2)
    const spoiled = log.map((one, i) =>
      i % 10 === 0 ? { ...one, decision: { ...one.decision, by: { ...one.decision.by, servedInstead: 'stale' } } } : one,
    )
    expect(candidateIn(spoiled)).toMatchObject({ isKnown: true, leftOut: 400, decisions: 3_600 })
  })
})

describe('the gate between the shadow and the first step', () => {
  const late: MetricPlan = {
    id: 'late',
    role: 'guardrail',
    kind: 'share',
    more: 'worse',
    margin: 0.005,
    horizonMs: 0,
    missing: 'leave-out',
  }
  /** Sums of n differences, of which every second one is `apart` more and the others less than the mean. */
  const sums = (n: number, mean: number, apart: number) => ({ n, d: n * mean, dd: n * (mean ** 2 + apart ** 2) })

  test('shuts where even the lower bound of harm is beyond the margin, and only there', () => {
    expect(shadowEstimate(late, sums(1000, 0.02, 0.1))).toMatchObject({ harm: 0.02, isBeyond: true })
    expect(shadowEstimate(late, sums(100, 0.02, 0.1))).toMatchObject({ isBeyond: false })
    expect(shadowEstimate(late, sums(1_000_000, 0.004, 0.1))).toMatchObject({ isBeyond: false })
    const { lower = 0, upper = 0 } = shadowEstimate(late, sums(1000, 0.02, 0.1)) ?? {}
    expect([lower, upper].map((bound) => Number(bound.toFixed(4)))).toEqual([0.0138, 0.0262])
  })

  test('less of what is good is harm; of few orders, and of what is only shown, it says nothing', () => {
    const good: MetricPlan = { ...late, more: 'better' }
    expect(shadowEstimate(good, sums(1000, -0.02, 0.01))).toMatchObject({ harm: 0.02, isBeyond: true })
    expect(shadowEstimate(good, sums(1000, 0.02, 0.01))).toMatchObject({ isBeyond: false })
    expect(shadowEstimate(late, sums(29, 0.5, 0))).toBeNull()
    expect(shadowEstimate({ ...late, role: 'diagnostic' }, sums(1000, 0.5, 0))).toBeNull()
  })
})
