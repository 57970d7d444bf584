import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError } from '../../scenarios/read/problem.ts'
import type { Version } from '../registry/version.ts'
import { plannedDoses } from './doses.ts'
import { lintPlan, placed } from './lint.ts'
import { outlookOf } from './outlook.ts'
import { PUBLISHED } from './publish.ts'
import { planOfBody, readPlan } from './read-plan.ts'

const WRITTEN = `name: bid-price for the south
candidate: routing/bid-price@91c0d3e74f2a
certificate: ${'c'.repeat(64)}
metrics:
  - { id: late, role: objective, margin: 0.005, usual: { mean: 0.05 } }
  - { id: cost, role: guardrail, margin: 16, usual: { mean: 800, sd: 480 } }
  - { id: cancelled, role: guardrail, margin: 0.005 }
ordersPerHour: 833
irreversible: []
`
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-plan-'))
  file = join(folder, 'plan.yaml')
})
afterEach(() => rmSync(folder, { recursive: true }))
const read = (text: string) => {
  writeFileSync(file, text)
  return readPlan(file)
}
const linted = (text: string, registry: Parameters<typeof lintPlan>[1] = null) => {
  const plan = read(text)
  return placed(plan, lintPlan(plan.plan, registry)).map(
    ({ severity, problem }) => `${severity} ${problem.line} ${problem.field}: ${problem.found}`,
  )
}

describe('a plan of a rollout', () => {
  test('says little and means a whole ladder, a holdback, small chances of error and stable as it is now', () => {
    const { plan } = read(WRITTEN)
    expect(plan.steps.map(({ share }) => share)).toEqual([0.01, 0.05, 0.25, 0.5])
    expect(plan.steps.every(({ minMatured }) => minMatured >= 100)).toBe(true)
    expect(plan).toMatchObject({ stable: 'stable', unit: 'order', holdback: { share: 0.05 }, inPeaks: 'hold', leaseMs: 60_000 })
    expect(plan.judge).toMatchObject({ alphaPromote: 0.05, alphaHarm: 0.05, alphaRatio: 0.001, alphaMissing: 0.01 })
    expect(plan.judge.metrics[0]).toMatchObject({
      kind: 'share',
      more: 'worse',
      horizonMs: 48 * 3_600_000,
      missing: 'worst-case',
    })
    expect(linted(WRITTEN)).toEqual([])
  })

  test.each([
    ['metrics[0].role: found "main"', WRITTEN.replace('objective', 'main')],
    ['irreversible', WRITTEN.replace('irreversible: []\n', '')],
    ['steps[0].share', `${WRITTEN}steps: [{ share: 0.9 }]\n`],
    ['ordersPerHour', WRITTEN.replace('833', '0')],
  ])('what cannot be read is told with its line: %s', (says, text) => {
    expect(() => read(text)).toThrow(InputError)
    expect(() => read(text)).toThrow(says)
  })

  test.each([
    ['error 6 metrics[1].margin: nothing', WRITTEN.replace('margin: 16, ', '')],
    [
      'error 5 metrics[0].horizonHours: 336 h, and all is over after 336 h',
      WRITTEN.replace('margin: 0.005, u', 'margin: 0.005, horizonHours: 336, u'),
    ],
    ['error 10 holdback.share: no holdback', `${WRITTEN}holdback: { share: 0 }\n`],
    ['error 4 metrics: no objective', WRITTEN.replace('objective', 'guardrail')],
    ['error 7 metrics[2].id: "late" again', WRITTEN.replace('cancelled', 'late')],
    ['error 10 steps[1].share: 0.01 after 0.05', `${WRITTEN}steps: [{ share: 0.05 }, { share: 0.01 }]\n`],
    ['error 10 maxDays: 5 days', `${WRITTEN}maxDays: 5\n`],
    ['warning 7 metrics[2].id: "canceled", which only reported outcomes can fill', WRITTEN.replace('cancelled', 'canceled')],
    ['warning 1 certificate: nothing', WRITTEN.replace(/certificate: .*\n/, '')],
  ])('what would spoil it is told with its line: %s', (says, text) => {
    expect(linted(text).join('\n')).toContain(says)
  })

  test('what may be paid with says so; not what is to be gained, nor what is only looked at', () => {
    const paid = WRITTEN.replace(/role: guardrail/, 'role: guardrail, alarm: margin')
    expect(paid).not.toBe(WRITTEN)
    expect(read(paid).plan.judge.metrics.filter(({ alarm }) => alarm === 'margin')).toHaveLength(1)
    expect(linted(paid).join()).toMatch(/warning \d+ metrics\[\d\]\.alarm: "margin" without a limit/)
    const gained = WRITTEN.replace(/role: objective/, 'role: objective, mustImprove: true, alarm: margin')
    expect(linted(gained).join()).toMatch(/error \d+ metrics\[\d\]\.alarm: "margin" on what must improve/)
    const shown = WRITTEN.replace(/role: guardrail/, 'role: diagnostic, alarm: margin')
    expect(linted(shown).join()).toMatch(/error \d+ metrics\[\d\]\.alarm: "margin" on a diagnostic/)
  })

  test('dose and response as foreseen are shown with the share at which they turn, and are no part of what is judged', () => {
    const foreseen = `foreseen:
      { effect: 0.02, sd: 0.001, bias: -0.03, biasSd: 0.001, doses: [{ share: 0.05, everybody: -0.002, seen: -0.02 }, { share: 0.5, everybody: -0.01, seen: -0.01 }] }`
    const { plan } = read(WRITTEN.replace('margin: 0.005, usual: { mean: 0.05 }', `margin: 0.005, ${foreseen}`))
    expect(plan.foreseen).toEqual({ late: { effect: 0.02, sd: 0.001, bias: -0.03, biasSd: 0.001 } })
    const [late, ...others] = plannedDoses(plan)
    expect(others).toEqual([])
    expect(late).toMatchObject({ id: 'late', misleadsUpTo: 0.5, shrinksAt: null })
    expect(late.turnsAt).toBeCloseTo(0.5 + 0.5 / 3, 9)
    expect(late.says[0]).toContain('from about 66.7 % of the orders on what was a gain to all orders becomes harm (+2.00 pp')
    expect(plannedDoses(read(WRITTEN).plan)).toEqual([])
    expect(() =>
      read(WRITTEN.replace('usual: { mean: 0.05 }', 'foreseen: { effect: 1, sd: 1, bias: 0, biasSd: 0, doses: [{ share: 2 }] }')),
    ).toThrow(/share/)
  })

  test('a canary that cannot conclude is refused, with what it would need; one of which that is only supposed is warned of', () => {
    const [slow] = linted(WRITTEN.replace('833', '100'))
    expect(slow).toMatch(/^error 5 metrics\[0\]\.margin: a canary that cannot conclude: .* in 13 days; it needs up to \d+ days/)
    const supposed = linted(WRITTEN.replace('833', '100').replace(', usual: { mean: 0.05 }', ''))
    expect(supposed[0]).toMatch(/^warning 5 .*supposing what is usual elsewhere/)
  })

  test('versions that nobody registered are told, with the nearest there is', () => {
    const known = { id: 'routing/bid-price@91c0d3e74f2b', kind: 'routing', certificate: 'c'.repeat(64) } as Version
    const registry = { versions: () => [known], version: (id: string) => (id === known.id ? known : null) }
    expect(linted(WRITTEN, registry)[0]).toBe('error 2 candidate: "routing/bid-price@91c0d3e74f2a", which nobody has registered')
    expect(linted(WRITTEN.replace('4f2a', '4f2b'), registry)).toEqual([])
    const storm = { ...known, kind: 'scenario' } as Version
    const other = { versions: () => [storm], version: (id: string) => (id === storm.id ? storm : null) }
    expect(linted(WRITTEN.replace('4f2a', '4f2b'), other)[0]).toMatch(/which is scenario and decides nothing/)
  })

  test('over HTTP the same is read, and what is wrong is one field with its fix', () => {
    expect(() => planOfBody({ name: 'x', metrics: [] })).toThrow('candidate: found')
    expect(() => planOfBody(null)).toThrow('found')
  })

  test('how long it takes is foretold by the judge’s own bounds: half the orders take longer, a wider margin is quicker', () => {
    const hours = (text: string) => outlookOf(read(text).plan).halfHours ?? Number.POSITIVE_INFINITY
    const usual = hours(WRITTEN)
    expect(usual).toBeGreaterThan(8 * 24)
    expect(usual).toBeLessThan(14 * 24)
    expect(hours(WRITTEN.replace('833', '500'))).toBeGreaterThan(usual)
    expect(
      hours(WRITTEN.replace('margin: 0.005, usual', 'margin: 0.02, usual').replace('margin: 0.005', 'margin: 0.02')),
    ).toBeLessThanOrEqual(usual)
    expect(outlookOf(read(WRITTEN.replace(', usual: { mean: 800, sd: 480 }', '')).plan).withoutShare).toEqual(['cost'])
  })

  test('the published schema says what the code checks; if not, run: node twin/rollout/publish.ts', () => {
    expect(readFileSync(PUBLISHED.file, 'utf8')).toBe(PUBLISHED.text)
  })
})
