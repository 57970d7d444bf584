import { expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import { KINDS } from '../event/kind.ts'
import { scan } from '../server/server.fixture.ts'
import { FeedMeter } from './feed-health.ts'

const SCANS = KINDS.get('scans')?.get('at-hub')?.feedNumber ?? -1
const MINUTE = 60_000

test('the lag of a feed is from happening to getting, and silence is measured against what is usual for it', () => {
  const meter = new FeedMeter()
  let now = 1_000_000
  for (let i = 0; i < 20; i++) {
    now += MINUTE
    meter.saw(scan(`s-${i}`) as LiveEvent, SCANS, now - 3000)
    meter.saw(scan(`s-${i}-old`) as LiveEvent, SCANS, now - 50_000)
    meter.done(now)
  }
  expect(meter.feeds(now)).toMatchObject([
    { source: 'hub:recife', feed: 'scans', events: 40, lagMs: 3000, usualLagMs: 3000, usualSilenceMs: MINUTE, silent: false },
  ])
  expect(meter.feeds(now + 4 * MINUTE)[0].silent).toBe(false)
  expect(meter.feeds(now + 6 * MINUTE)[0]).toMatchObject({ silent: true, silentMs: 6 * MINUTE })
})

test('sources are told apart, and numbers that are missing are told with their prefix', () => {
  const meter = new FeedMeter()
  for (let i = 1; i <= 60; i++) {
    if (i < 40 || i > 42) meter.saw(scan(`wms-${i}`) as LiveEvent, SCANS, 0)
    meter.saw(scan(`wms-${i}`, { source: 'other' }) as LiveEvent, SCANS, 0)
  }
  meter.done(0)
  expect(meter.sequences()).toEqual([
    { source: 'hub:recife', prefix: 'wms-', missing: 3, holes: [{ first: 40, last: 42 }] },
    { source: 'other', prefix: 'wms-', missing: 0, holes: [] },
  ])
})

test('a flood of made-up sources is not remembered without bound', () => {
  const meter = new FeedMeter()
  for (let i = 0; i < 12_000; i++) meter.saw(scan('s-1', { source: `made-up-${i}` }) as LiveEvent, SCANS, 0)
  meter.done(0)
  expect(meter.feeds(0)).toHaveLength(10_000)
})

test("a meter that was put away and taken out goes on as if nothing had been; that nobody listened in between is nobody's silence", () => {
  const told = (meter: FeedMeter, from: number, to: number, startMs: number): void => {
    for (let i = from; i < to; i++) {
      if (i < 30 || i > 33) meter.saw(scan(`s-${i}`) as LiveEvent, SCANS, startMs + i * MINUTE - 2000)
      meter.done(startMs + i * MINUTE)
    }
  }
  const whole = new FeedMeter()
  told(whole, 0, 60, 0)
  const half = new FeedMeter()
  told(half, 0, 40, 0)
  const restored = new FeedMeter()
  restored.takeOut(JSON.parse(JSON.stringify(half.putAway())))
  told(restored, 40, 60, 0)
  const now = 59 * MINUTE
  expect(restored.feeds(now)).toEqual(whole.feeds(now))
  expect(restored.sequences()).toEqual(whole.sequences())
  expect(restored.sequences()).toMatchObject([{ missing: 4, holes: [{ first: 30, last: 33 }] }])

  // A night without the twin: what is usual stays what it was, and silence begins when it listens again.
  const morning = now + 600 * MINUTE
  restored.listensFrom(morning)
  expect(restored.feeds(morning + MINUTE)[0]).toMatchObject({ silent: false, silentMs: 601 * MINUTE })
  expect(restored.feeds(morning + 6 * MINUTE)[0].silent).toBe(true)
  told(restored, 60, 61, morning + MINUTE - 60 * MINUTE)
  expect(restored.feeds(morning + MINUTE)[0].usualSilenceMs).toBe(whole.feeds(now)[0].usualSilenceMs)
})
