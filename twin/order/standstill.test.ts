import { expect, test } from 'vitest'
import { learn } from './learned.ts'
import { standstill, type Trouble } from './standstill.ts'
import { MINUTE_MS, openStory, START_MS, USUAL, usualDays } from './story.fixture.ts'

const HOUR = 60
/** Sixty orders that came through, and four on their way; the present is 100 hours after the start. */
function network() {
  const story = openStory()
  usualDays(story, 60)
  const until = (kind: string) => USUAL.slice(0, USUAL.findIndex(([one]) => one === kind) + 1)
  const NOW = 100 * HOUR
  // At the hub for an hour; it usually goes on after five.
  story.tell('at-hub', NOW - 1200 - HOUR, until('scans.at-hub'))
  // An hour on the road, with eleven before it; and the same with a promise that leaves three hours of room.
  story.tell('on-road', NOW - 480 - HOUR, until('departures.handed-over'))
  const tight = { promisedAt: new Date(START_MS + (NOW + 34 * HOUR) * MINUTE_MS).toISOString() }
  story.tell('tight', NOW - 480 - HOUR, [['orders.placed', 0, tight], ...until('departures.handed-over').slice(1)])
  // Past the hub, and on the van.
  story.tell('past', NOW - 1500 - HOUR, until('scans.at-station'))
  story.tell('on-van', NOW - 2280 - 10, until('scans.out-for-delivery'))
  const nowMs = START_MS + NOW * MINUTE_MS
  const ask = (
    trouble: Trouble,
    hubOf: (zone: string) => string | null = () => 'h1',
    vansLeave: ((atMs: number) => number) | null = null,
  ) => standstill(story.state.core, learn(story.state.core, nowMs), story.state.openOrders(), trouble, nowMs, hubOf, vansLeave)
  return { ask, nowMs }
}

test('a hub that is shut for six hours holds who is there for all of them; who comes in eleven is not moved, and promises have room for that', () => {
  const { ask } = network()
  const shut = ask({ at: 'hub', id: 'h1', hours: 6 })
  expect(shut).toMatchObject({ ordersToPass: 3, ordersMoved: 1, unknown: 0, promises: 0, vans: [{ zone: 'PE', orders: 1 }] })
  expect(shut.orders).toMatchObject([{ order: 'at-hub', movedMs: 6 * HOUR * MINUTE_MS }])
  expect(shut.moreLate).toBeLessThan(0.1)
})

test('shut for sixteen, it breaks the promises that have less room than each order is moved, and no other', () => {
  const { ask } = network()
  const shut = ask({ at: 'hub', id: 'h1', hours: 16 })
  const by = new Map(shut.orders.map((one) => [one.order, one]))
  // Who is there waits for all of it; who comes in eleven hours for five.
  expect(by.get('at-hub')?.movedMs).toBe(16 * HOUR * MINUTE_MS)
  expect(Math.abs((by.get('on-road')?.movedMs ?? 0) - 5 * HOUR * MINUTE_MS)).toBeLessThan(20 * MINUTE_MS)
  // Eight hours of room, eight and three.
  for (const [order, breaks] of [
    ['at-hub', true],
    ['on-road', false],
    ['tight', true],
  ] as const) {
    const [before, after] = by.get(order)?.late ?? []
    expect(before, order).toBeLessThan(0.1)
    expect((after ?? 0) > 0.9, order).toBe(breaks)
  }
  expect(shut.promises).toBe(2)
  expect(shut.moreLate).toBeGreaterThan(1.8)
  expect(shut.moreLate).toBeLessThan(2.1)
})

test('a hub that opens three hours late costs a day where the vans are missed by it, and nothing where they are not', () => {
  const { ask, nowMs } = network()
  const after = (hours: number) => nowMs + hours * HOUR * MINUTE_MS
  // One round a day. It takes five hours from the hub to the station; who is there since one may be ready in five.
  const daily = (firstHours: number) => (atMs: number) => {
    let vans = after(firstHours)
    while (vans < atMs) vans += 24 * HOUR * MINUTE_MS
    return vans
  }
  const moved = (firstHours: number) => ask({ at: 'hub', id: 'h1', hours: 3 }, () => 'h1', daily(firstHours)).orders
  // Ready in five hours without it, in eight with it: vans that leave after seven are missed, those after ten are not, those after four are in any case.
  expect(moved(7)).toMatchObject([{ order: 'at-hub', movedMs: 24 * HOUR * MINUTE_MS }])
  expect(moved(10)).toEqual([])
  expect(moved(4)).toEqual([])
})

test('vans that are late move who waits for them, not who is on one; another hub and another zone move nobody', () => {
  const { ask } = network()
  // From the station it usually goes out after thirteen hours, of which one is over.
  const late = ask({ at: 'vans', id: 'PE', hours: 15 })
  expect(late.ordersToPass).toBe(4)
  expect(late.orders.map(({ order }) => order)).toEqual(['past'])
  expect(late.orders[0].movedMs / MINUTE_MS / HOUR).toBeCloseTo(3, 0)
  expect(ask({ at: 'hub', id: 'h2', hours: 12 })).toMatchObject({ ordersToPass: 0, ordersMoved: 0, movedMs: 0, vans: [] })
  // Whose routing did not say is sent through the hub of its zone; nobody knows of one for it here.
  expect(ask({ at: 'hub', id: 'h1', hours: 12 }, () => null).orders.map(({ order }) => order)).toEqual(['at-hub'])
})
