import { expect, test } from 'vitest'
import { SCARCE, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { EVENT_KINDS, FEED_IDS, type LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { type Checked, checkEvent } from '../ingest/check-event.ts'
import { KnownIds } from '../ingest/known-ids.ts'
import { readFaults } from './faults.ts'
import { openReality } from './open-reality.ts'
import { play } from './play.ts'
import { openSelf } from './self.ts'
import { FaultyWire } from './wire.ts'

const FROM = Date.UTC(2026, 10, 10, 12)
const open = (spec: NetworkSpec, scenario: ScenarioSpec, seed = '7', days = 6, policies = 'live-greedy') =>
  openReality({ spec, scenario, policies, seed, days, fromMs: FROM, offsetMinutes: -180 })

const ANNOUNCED_SALE: ScenarioSpec = {
  ...SHORT_TROUBLE,
  weather: [{ from: 'day 0 12:00', to: 'day 2 12:00', path: [{ east: 0.5, north: 0.5 }], radiusKm: 400, severity: 2 }],
}

async function events(spec: NetworkSpec, scenario: ScenarioSpec, seed?: string): Promise<LiveEvent[]> {
  const reality = await open(spec, scenario, seed)
  const told: LiveEvent[] = []
  for (let hour = 1; hour <= 6 * 24; hour++) told.push(...reality.until(hour * HOUR_MS))
  return told
}

test('all feeds of things that happen speak, each event passes the door of its network, none comes twice, and every cause was told before', async () => {
  const told = await events(SCARCE, ANNOUNCED_SALE)
  expect(new Set(told.map(({ feed }) => feed))).toEqual(new Set(FEED_IDS.filter((feed) => feed !== 'outcomes')))
  const checked: Checked = { kind: null, atMs: 0, reason: null }
  const known = new KnownIds(SCARCE)
  const ids = new Set<string>()
  for (const event of told) {
    const passes = checkEvent(JSON.parse(JSON.stringify(event)), Number.POSITIVE_INFINITY, checked, known)
    if (!passes) expect.fail(`${event.feed}.${event.type}: ${JSON.stringify(checked.reason)}`)
    if (event.why?.cause !== undefined && !ids.has(event.why.cause)) expect.fail(`${event.id} was caused by ${event.why.cause}`)
    if (ids.has(event.id)) expect.fail(`${event.id} was told twice`)
    ids.add(event.id)
  }
  // What a simulated shop has no word for: holds and reviews, checks of quality, damage, changes of address or promise.
  const kinds = new Set(told.map(({ feed, type }) => `${feed}.${type}`))
  expect(EVENT_KINDS.filter((kind) => kinds.has(kind)).length).toBeGreaterThanOrEqual(32)
  for (const kind of [
    'orders.cancelled',
    'orders.backordered',
    'scans.return-received',
    'scans.delivery-failed',
    'orders.settled',
  ])
    expect(kinds, kind).toContain(kind)
})

test('the same seed tells the same events, another seed others', async () => {
  const first = await events(smallWorld(), SHORT_TROUBLE, 'a')
  expect(await events(smallWorld(), SHORT_TROUBLE, 'a')).toEqual(first)
  expect((await events(smallWorld(), SHORT_TROUBLE, 'b')).length).not.toBe(first.length)
})

test('its first day is of the weekday the network begins on, at midnight of its own clocks', async () => {
  const reality = await open(smallWorld(), SHORT_TROUBLE)
  const [first] = reality.until(HOUR_MS)
  expect(first.at).toBe('2026-11-09T00:00:00.000-03:00')
  expect(readMoment(first.at)).toBe(reality.calendar.zeroMs)
})

test.each([
  ['no fault', smallWorld(), 'none'],
  [
    'every fault but wrong clocks, where all endings happen',
    SCARCE,
    'loss=.1,delay=5min,repeats=.1,disorder=.3,malformed=.02,silence=5h',
  ],
  ['wrong clocks', SCARCE, 'skew=20min'],
])('behind a wire with %s the twin knows the hidden world once it is mended', async (_, spec, faults) => {
  const reality = await open(spec, SHORT_TROUBLE)
  const played = await play(reality, new FaultyWire(readFaults(faults), '7', -180), openSelf().far, {
    untilRunMs: 4.3 * DAY_MS,
    speed: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  expect(played.differences).toEqual({ count: 0, first: [] })
  expect(played.twin).toEqual(played.hidden)
  expect(played.hidden.lines).toBeGreaterThan(100)
})

test('what a twin was not told is found and named', async () => {
  const reality = await open(smallWorld(), SHORT_TROUBLE)
  const { far } = openSelf()
  let dropped = ''
  const lossy = {
    ...far,
    send: (lines: readonly string[]) =>
      far.send(
        lines.filter((line) => {
          const { type, order } = JSON.parse(line) as { type: string; order?: string }
          if (dropped === '' && type === 'handed-over') dropped = order ?? ''
          return order !== dropped || dropped === ''
        }),
      ),
  }
  const played = await play(reality, new FaultyWire(readFaults('none'), '7', 0), lossy, {
    untilRunMs: 1.9 * DAY_MS,
    speed: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  expect(played.differences?.count).toBe(1)
  expect(played.differences?.first[0].what).toBe(`order ${dropped}/0`)
  expect(played.differences?.first[0].there).toContain('staged')
})
