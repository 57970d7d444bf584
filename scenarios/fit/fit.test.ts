import { describe, expect, test } from 'vitest'
import { DAY_MS, WEEK_MS } from '../../sim/units.ts'
import { PAST_FROM_MS, recordedPast } from '../backtest/recorded-past.fixture.ts'
import { examine } from '../doctor.ts'
import type { OrderHistory } from '../import/history.ts'
import { demonstrate } from './demonstrated.ts'
import { calibrate } from './fit.ts'
import { knownAt } from './known.ts'

const past = await recordedPast({ weeks: 16, scenario: { name: 'calm', about: 'Nothing happens.' }, promiseDays: 7 })
const UNTIL_MS = PAST_FROM_MS + 12 * WEEK_MS
const options = { untilMs: UNTIL_MS, warehouses: 3, zones: 6, skus: 1, scale: 3, headroom: null }

describe('what was known at a moment', () => {
  test('holds nothing that happened later, and calls nothing lost that may yet come', () => {
    const known = knownAt(past, UNTIL_MS)
    for (const column of [known.placedMs, known.approvedMs, known.handedOverMs, known.deliveredMs])
      expect(column.every((ms) => Number.isNaN(ms) || ms < UNTIL_MS)).toBe(true)
    expect(known.count).toBe(past.placedMs.filter((ms) => ms < UNTIL_MS).length)
    expect(known.deliveredMs.some((ms) => Number.isNaN(ms))).toBe(true)
    expect(known.status.includes('shipped')).toBe(false)
  })

  test('is all a fit looks at: another future does not change a figure of it', () => {
    const doubled = (column: Float64Array): Float64Array => column.map((ms) => (ms >= UNTIL_MS ? ms + 30 * DAY_MS : ms))
    const other: OrderHistory = {
      ...past,
      approvedMs: doubled(past.approvedMs),
      handedOverMs: doubled(past.handedOverMs),
      deliveredMs: doubled(past.deliveredMs),
    }
    const { spec, effects } = calibrate(past, options)
    const again = calibrate(other, options)
    expect(again.spec).toEqual(spec)
    expect(again.effects).toEqual(effects)
  })
})

describe('a fitted network', () => {
  const { spec, report } = calibrate(past, options)

  test('has the demand, the means of payment and the calendar of the one that made its past', () => {
    expect(Math.abs(spec.demand.ordersPerDay / (3 * 120) - 1)).toBeLessThan(0.12)
    expect(spec.payments.map(({ type }) => type).sort()).toEqual(['card', 'transfer'])
    expect(spec.warehouses[0].prepareDays).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sat'])
    expect(spec.services[0].departures.map(({ at }) => at)).toEqual(['18:00'])
  })

  test('finds the capacity it was shown, from below', () => {
    // Truth: 1.35 times 120 orders a day; the past shows weeks up to 1.25 times.
    const shown = report.handedOver.headroom * report.highestPerDay
    expect(shown).toBeGreaterThan(1.1 * 120)
    expect(shown).toBeLessThan(1.4 * 120)
  })

  test('passes the doctor', async () => {
    expect(examine({ folder: 'fit', spec }, []).filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('gives no capacity where the record is too short to show one, and says so', () => {
    const days = Array.from({ length: 30 }, (_, d) => Math.floor(PAST_FROM_MS / DAY_MS) + d)
    expect(demonstrate(past.approvedMs, past.handedOverMs, days, 182)).toMatchObject({ bestWeek: null })
  })
})
