import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import { openOrderArchive } from '../log/order-archive.ts'
import { forgetEnded } from './forget.ts'
import type { Place } from './live-state.ts'
import { FROM_MS, ORDER_KINDS, stream } from './random-events.fixture.ts'
import { openState, restoreState, type TwinState } from './state.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-forget-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const archiveHere = () => openOrderArchive(join(folder, `${files++}.orders`))

const DAY_MS = 86_400_000
const ms = (day: number): number => Date.UTC(2026, 0, 1) + day * DAY_MS
const event = (kind: string, id: string, day: number, order: string, fields: Record<string, unknown> = {}): LiveEvent => {
  const [feed, type] = kind.split('.')
  return { id, source: 's', feed, type, at: new Date(ms(day)).toISOString(), order, ...fields } as LiveEvent
}
let entry = 0
const tell = (state: TwinState, ...events: LiveEvent[]) =>
  state.apply(
    events,
    events.map((): Place => ({ entry: ++entry, line: 3 })),
  )
/** A life of six events from a day on, in two parcels. */
const life = (order: string, day: number): LiveEvent[] => [
  event('orders.placed', `${order}-p`, day, order, {
    zone: 'PE',
    lines: [{ sku: 'x', units: 2 }],
    promisedAt: new Date(ms(day + 5)).toISOString(),
  }),
  event('orders.routed', `${order}-r0`, day + 1, order, {
    part: 0,
    warehouse: 'recife',
    service: 'road',
    hub: 'h1',
    lines: [{ sku: 'x', units: 1 }],
  }),
  event('orders.routed', `${order}-r1`, day + 1, order, {
    part: 1,
    warehouse: 'belém',
    service: 'air',
    expectedAt: new Date(ms(day + 4)).toISOString(),
  }),
  event('scans.at-hub', `${order}-h`, day + 2, order, { part: 0, hub: 'h2' }),
  event('scans.delivered', `${order}-d0`, day + 3, order, { part: 0 }),
  event('scans.delivered', `${order}-d1`, day + 6, order, { part: 1 }),
]
const SETTINGS = { quietMs: 30 * DAY_MS, forgetMs: 40 * DAY_MS }
const all = Array.from({ length: 60 }, (_, i) => life(`A-${i}`, 2 * i)).flat()

test('orders that ended long ago leave the memory, and are told by their id as if they were there', () => {
  const archive = archiveHere()
  const state = openState({ ...SETTINGS, archive })
  const whole = openState(SETTINGS)
  for (const one of [state, whole]) for (const some of [all.slice(0, 200), all.slice(200)]) tell(one, ...some)
  const digest = whole.digest()
  const [held, rows] = [state.core.orders.timeline.events.count, state.core.orders.rows.count]
  const left = state.forget()
  expect(left).toBeGreaterThan(10)
  expect(state.core.orders.rows.count).toBe(rows - left)
  expect(state.core.orders.timeline.events.count).toBeLessThanOrEqual(held - 8 * left + left)
  expect([state.digest(), state.openCount(), state.sites()]).toEqual([digest, whole.openCount(), whole.sites()])
  // As far back as orders are remembered, the past is whole.
  for (const day of [85, 100, 124]) {
    const [a, b] = [state.at(ms(day)), whole.at(ms(day))]
    expect([a.digest(), a.openCount(), a.sites()]).toEqual([b.digest(), b.openCount(), b.sites()])
  }
  expect(state.order('A-0')).toEqual(whole.order('A-0'))
  expect(state.history('A-0').map(({ place: { line }, ...step }) => [line, step])).toEqual(
    whole.history('A-0').map(({ place: { line }, ...step }) => [line, step]),
  )
  expect([state.order('A-0')?.state, state.order('nobody')]).toEqual(['settled', null])
  expect(state.digest()).toBe(digest)
  archive.close()
})

test('what comes late for an order that left is known again, or makes it open again', () => {
  const archive = archiveHere()
  const state = openState({ ...SETTINGS, archive })
  tell(state, ...all)
  state.forget()
  expect(tell(state, all[0], all[3])).toMatchObject({ applied: 0, duplicates: 2 })
  const open = state.openCount()
  tell(state, event('orders.return-requested', 'back', 124, 'A-1', { part: 0, reason: 'wrong-item' }))
  expect(state.order('A-1')?.state).toBe('return-requested')
  expect(state.openCount()).toBe(open + 1)
  expect([...state.openOrders()].map(({ id }) => id)).toContain('A-1')
  expect(forgetEnded(state.core, 0)).toBeGreaterThan(0)
  expect(state.order('A-1')?.state).toBe('return-requested')
  archive.close()
})

test('a checkpoint whose orders are in an archive is not taken without it: then the log is read again', () => {
  const archive = archiveHere()
  const state = openState({ ...SETTINGS, archive })
  tell(state, ...all)
  const left = state.forget()
  const bytes = state.checkpoint()
  expect(archive.count()).toBe(left)
  const restored = restoreState(bytes, { archive }) as TwinState
  expect([restored.digest(), restored.order('A-0')]).toEqual([state.digest(), state.order('A-0')])
  expect(restoreState(bytes)).toBeNull()
  expect(restoreState(bytes, { withoutArchive: true })?.openCount()).toBe(state.openCount())
  archive.clear()
  expect(restoreState(bytes, { archive })).toBeNull()
  archive.close()
})

test('whenever orders leave, late events and all, the digest is that of the sorted unique stream', () => {
  const kinds = ORDER_KINDS.filter((kind) => /delivered|settled|return|placed|routed|lost|refunded|promise/.test(kind))
  const shuffled = stream([...kinds, ...Array<string>(6).fill('scans.delivered')], 30, 0, 12).chain((events) =>
    fc.record({
      events: fc.constant(events),
      late: fc.subarray(events),
      again: fc.shuffledSubarray(events),
      batch: fc.integer({ min: 1, max: 9 }),
      quiet: fc.integer({ min: 0, max: 2 }),
      forget: fc.integer({ min: 0, max: 5 }),
    }),
  )
  let left = 0
  fc.assert(
    fc.property(shuffled, ({ events, late, again, batch, quiet, forget }) => {
      const sorted = events.toSorted((a, b) => (a.at < b.at ? -1 : 1))
      const told = [...sorted.filter((one) => !late.includes(one)), ...late, ...again]
      const settings = { quietMs: quiet * 60_000, forgetMs: forget * 60_000 }
      const archive = archiveHere()
      let state = openState({ ...settings, archive })
      for (let i = 0; i < told.length; i += batch) {
        tell(state, ...told.slice(i, i + batch))
        left += forgetEnded(state.core, 0)
        if (i % 4 === 0) state = restoreState(state.checkpoint(), { ...settings, archive }) as TwinState
      }
      tell(state, ...events)
      const whole = openState(settings)
      tell(whole, ...sorted)
      const known = (one: TwinState): unknown => [
        one.digest(),
        one.openCount(),
        one.sites(),
        ...['A-1', 'A-2', 'Ж-3'].map((id) => [one.order(id), one.history(id).map(({ place: _, ...step }) => step)]),
        one.at(FROM_MS + 60 * 60_000).digest(),
      ]
      expect(known(state)).toEqual(known(whole))
      archive.close()
    }),
    { numRuns: 10 },
  )
  expect(left).toBeGreaterThan(5)
})
