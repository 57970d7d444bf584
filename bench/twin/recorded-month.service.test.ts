import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readMoment } from '../../twin/event/moment.ts'
import { olistEvents } from '../../twin/ingest/olist-events.ts'
import { tellAtFullSpeed, tellWhileKilled } from './recorded-month.ts'

const dir = fileURLToPath(new URL('../../../shared/data/olist', import.meta.url))
const has = existsSync(join(dir, 'orders.csv'))
const month = () =>
  olistEvents({
    dir,
    offset: '-03:00',
    fromMs: readMoment('2018-08-01T00:00:00-03:00'),
    untilMs: readMoment('2018-09-01T00:00:00-03:00'),
  })

test.skipIf(!has)(
  'a month of real orders told to a twin that is killed again and again: nothing acknowledged is lost, the state is that of the sorted unique events, and "why late" adds up (needs ../shared/data/olist)',
  { timeout: 180_000 },
  async () => {
    const told = await tellWhileKilled({ record: await month(), seed: '1', kills: 8, bodyLines: 20, lateOrders: 25 })
    expect(told.events).toBeGreaterThan(5000)
    expect(told.lines).toBeGreaterThan(told.events)
    expect(told.kills).toBe(8)
    expect(told.sentAgain).toBeGreaterThan(8)
    expect(told).toMatchObject({ acknowledged: told.lines, lost: 0, quarantined: 0, sameState: true })

    expect(told.late).toHaveLength(25)
    for (const { dossier, deliveredMs, promisedMs } of told.late) {
      const { lateness, dwell, totalMs } = dossier
      expect(lateness.lateMs).toBe(deliveredMs - promisedMs)
      const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0)
      expect(sum(lateness.causes.map(({ blameMs }) => blameMs))).toBe(lateness.lateMs)
      expect(sum(lateness.causes.map(({ share }) => share))).toBeCloseTo(1, 9)
      // What each wait is to blame for, and what the promise is.
      const promise = lateness.causes.find(({ cause }) => cause === 'promise')?.blameMs ?? 0
      expect(sum(dwell.map(({ blameMs }) => blameMs)) + promise).toBe(lateness.lateMs)
      expect(sum(dwell.map(({ tookMs }) => tookMs))).toBe(totalMs)
      expect(dwell.slice(1).map(({ fromMs }) => fromMs)).toEqual(dwell.slice(0, -1).map(({ toMs }) => toMs))
    }
  },
)

test.skipIf(!has)(
  'all recorded orders go in at thousands of events a second, over one HTTP port (needs ../shared/data/olist)',
  async () => {
    const record = await olistEvents({ dir, offset: '-03:00', fromMs: null, untilMs: null })
    const eventsPerSecond = await tellAtFullSpeed(record)
    console.log(`${record.length} events of real orders, ${Math.round(eventsPerSecond)} a second`)
    expect(eventsPerSecond).toBeGreaterThan(2000)
  },
)
