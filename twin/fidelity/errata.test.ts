import { expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { dice, draw } from '../../sim/random.ts'
import { DAY_MS, HOUR_MS, WEEK_MS } from '../../sim/units.ts'
import { amendRuns } from '../futures/amend.ts'
import { measureNames } from '../futures/measures.ts'
import { corrector, type Errata, type Foretold, learnErrata, NO_ERRATA } from './errata.ts'
import { scoreOf } from './score.ts'

const luck = dice('errata', 0)
const MEMBERS = 20
/** A Monday, 0:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 2)

/** A normal number of its own, from luck by name. */
const normal = (a: number, b: number): number => normalQuantile(draw(luck, a, 1, b))

/** Forecasts of every day of some weeks, of a count of about 100: too sure by half, and on Mondays 30 too many. */
function foretold(week: number): Foretold[] {
  return Array.from({ length: 7 }, (_, day) => {
    const issuedMs = MONDAY + week * WEEK_MS + day * DAY_MS
    const raw = Array.from({ length: MEMBERS }, (_, i) => Math.round(100 + (day === 0 ? 30 : 0) + 5 * normal(week * 7 + day, i)))
    return { measure: 'road', issuedMs, atMs: issuedMs + DAY_MS, raw, was: Math.round(100 + 10 * normal(week * 7 + day, 99)) }
  })
}

/** Each week is foreseen by what the weeks before it were off by. */
function weeks(count: number): { errata: Errata; last: { before: number; after: number } } {
  let errata = NO_ERRATA
  const held = { before: 0, after: 0, of: 0 }
  for (let week = 0; week < count; week++) {
    const { correct } = corrector(errata, 0)
    const rows = foretold(week)
    if (week >= count / 2)
      for (const row of rows) {
        const score = (raw: readonly number[]) =>
          scoreOf([{ ...row, values: raw.toSorted((a, b) => a - b), naive: [] }], luck).coverage
        held.before += score(row.raw)
        held.after += score(correct('road', 24, row.issuedMs, row.raw))
        held.of++
      }
    errata = learnErrata(errata, rows, 0, MONDAY + (week + 1) * WEEK_MS)
  }
  return { errata, last: { before: held.before / held.of, after: held.after / held.of } }
}

test('what is wrong on every Monday is taken off on Mondays, and futures that are too sure are spread: nine intervals in ten hold in weeks that taught nothing yet', () => {
  const { errata, last } = weeks(40)
  expect(last.before).toBeLessThan(0.65)
  expect(last.after).toBeGreaterThan(0.85)
  expect(last.after).toBeLessThan(0.96)
  const { correct } = corrector(errata, 0)
  const middle = (issuedMs: number, level: number): number => {
    const raw = Array.from({ length: MEMBERS }, (_, i) => level + i - 10)
    return correct('road', 24, issuedMs, raw).toSorted((a, b) => a - b)[10]
  }
  const monday = MONDAY + 50 * WEEK_MS
  expect(middle(monday, 130)).toBeGreaterThan(95)
  expect(middle(monday, 130)).toBeLessThan(110)
  expect(Math.abs(middle(monday + 2 * DAY_MS, 100) - 100)).toBeLessThan(6)
  // Half a day from Monday's forecasts what is said of the whole week counts, and nothing more.
  expect(middle(monday + 12 * HOUR_MS, 100)).toBeGreaterThan(88)
})

test('who has been right is left alone, order and all; of other numbers and of the present nothing is said', () => {
  const { errata } = weeks(20)
  const { correct } = corrector(errata, 0)
  const raw = [7, 3, 9, 5, 1]
  expect(correct('dock', 24, MONDAY, raw)).toBe(raw)
  expect(correct('road', 0, MONDAY, raw)).toBe(raw)
  expect(corrector(NO_ERRATA, 0).correct('road', 24, MONDAY, raw)).toBe(raw)
  const order = (values: readonly number[]): number[] => [...values.keys()].sort((a, b) => values[a] - values[b])
  expect(order(correct('road', 24, MONDAY, [107, 103, 129, 105, 101]))).toEqual(order([107, 103, 129, 105, 101]))
  // A number that is always what it was said to be stays so.
  const sure = [{ measure: 'waiting', issuedMs: MONDAY, atMs: MONDAY + DAY_MS, raw: [0, 0, 0], was: 0 }]
  const { correct: leave } = corrector(learnErrata(NO_ERRATA, sure, 0, MONDAY + DAY_MS), 0)
  expect(leave('waiting', 24, MONDAY + WEEK_MS, [0, 0, 0])).toEqual([0, 0, 0])
})

test('errors are forgotten in time: what was wrong half a year ago moves nothing any more', () => {
  const { errata } = weeks(12)
  const later = MONDAY + 38 * WEEK_MS
  const right = foretold(38).map((row) => ({ ...row, raw: row.raw.map((value) => value - (row.issuedMs === later ? 30 : 0)) }))
  const now = learnErrata(errata, right, 0, later + WEEK_MS)
  const raw = Array.from({ length: MEMBERS }, (_, i) => 90 + i)
  const middle = [...corrector(now, 0).correct('road', 24, later + WEEK_MS, raw)].sort((a, b) => a - b)[10]
  expect(Math.abs(middle - 100)).toBeLessThan(7)
})

test('stages that are only known together share what is taken off, and together come to just that', () => {
  const spec = smallWorld()
  const names = measureNames(spec)
  const at = (name: string): number => names.indexOf(name)
  const untold = ['hub', 'station', 'van']
  const wrong = (week: number): Foretold => {
    const issuedMs = MONDAY + week * WEEK_MS
    return { measure: 'road', issuedMs, atMs: issuedMs + HOUR_MS, raw: [80, 82, 84, 86, 88], was: 40 }
  }
  let errata: Errata = { ...NO_ERRATA, untold }
  for (let week = 0; week < 30; week++) errata = learnErrata(errata, [wrong(week)], 0, MONDAY + (week + 1) * WEEK_MS)
  const runs = [80, 82, 84, 86, 88].map((all) => {
    const run = new Float64Array(2 * names.length)
    run[names.length + at('road')] = all - 40
    run[names.length + at('hub')] = 30
    run[names.length + at('van')] = 10
    run[names.length + at('dock')] = 5
    return run
  })
  const asOfMs = MONDAY + 30 * WEEK_MS
  const raw = runs.map((run) => run.slice(names.length))
  amendRuns(runs, { spec, errata, offsetMinutes: 0, asOfMs, hours: 1 })
  const { correct } = corrector(errata, 0)
  const wanted = correct('road', 1, asOfMs, [80, 82, 84, 86, 88])
  expect(wanted[2]).toBeLessThan(55)
  runs.forEach((run, i) => {
    const now = run.subarray(names.length)
    expect(now[at('road')] + now[at('hub')] + now[at('van')]).toBe(wanted[i])
    expect(now[at('hub')] / now[at('van')]).toBeCloseTo(3, 0)
    expect(now[at('dock')]).toBe(raw[i][at('dock')])
    expect(run.subarray(0, names.length).every((value) => value === 0)).toBe(true)
  })
})
