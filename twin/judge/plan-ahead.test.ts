import { describe, expect, test } from 'vitest'
import { LATE, PLAN } from './canary.fixture.ts'
import { type PlannedRollout, planAhead } from './plan-ahead.ts'

const DAY = 24 * 3_600_000
const EVEN = [{ share: 0.5, minDwellMs: DAY }]
const RAMP = [0.01, 0.05, 0.25, 0.5].map((share) => ({ share, minDwellMs: DAY }))
const foretold = (
  perHour: number,
  days: number,
  more: Partial<Parameters<typeof planAhead>[1][string]> = {},
  steps = EVEN,
): PlannedRollout =>
  planAhead(
    { ...PLAN, metrics: [{ ...LATE, horizonMs: 0 }], unitsPerHour: perHour },
    { late: { mean: 0.05, ...more } },
    steps,
    days * DAY,
  )

describe('what is said before anybody is exposed', () => {
  test('20,000 orders a day, half each: an equal policy is shown to be no worse by half a point within about a week', () => {
    const { hoursMost, power, warnings } = foretold(833, 10)
    expect(hoursMost).toBeGreaterThan(4 * 24)
    expect(hoursMost).toBeLessThan(7.5 * 24)
    expect(power).toBeGreaterThan(0.9)
    expect(warnings).toEqual([])
  })

  test('2,400 a day: it says that the plan cannot conclude, and what would', () => {
    const { hoursMost, power, warnings } = foretold(100, 7)
    expect(hoursMost).toBeNull()
    expect(power).toBeLessThan(0.5)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^late: an equal policy is promoted with \d+ % in 7 days; it needs up to 56 days/)
  })

  test('only the tenth on which the policies differ: some ten times sooner', () => {
    const [all, some] = [foretold(100, 80), foretold(100, 80, { part: 0.1 })]
    const ratio = (all.hoursHalf ?? Number.NaN) / (some.hoursHalf ?? Number.NaN)
    expect(ratio).toBeGreaterThan(6)
    expect(ratio).toBeLessThan(14)
  })

  test('steps with small shares and outcomes that come late take longer', () => {
    const plain = foretold(833, 14).hoursHalf ?? Number.NaN
    const ramped = foretold(833, 14, {}, RAMP).hoursHalf ?? Number.NaN
    expect(ramped).toBeGreaterThan(plain + 40)
    const late = planAhead({ ...PLAN, metrics: [LATE] }, { late: { mean: 0.05 } }, EVEN, 14 * DAY)
    expect((late.hoursHalf ?? Number.NaN) - plain).toBeCloseTo(48, -1)
  })

  test('the least harm that is caught shrinks with the days', () => {
    const [week, month] = [foretold(833, 7), foretold(833, 28)]
    expect(month.metrics[0].detects).toBeLessThan(week.metrics[0].detects)
    expect(week.metrics[0].detects).toBeLessThan(0.005)
    expect(foretold(833, 7, {}, RAMP).metrics[0].detectsFirst).toBeGreaterThan(0.01)
  })

  test('what nobody has measured cannot be planned, and an outcome that comes after the end never matures', () => {
    const plan = { ...PLAN, metrics: [LATE] }
    expect(planAhead(plan, {}, EVEN, 14 * DAY).warnings.join()).toContain('nothing is known of it under stable')
    expect(planAhead(plan, { late: { mean: 0.05 } }, EVEN, DAY)).toMatchObject({ power: 0, hoursHalf: null })
  })
})
