import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_TROUBLE } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { runUntil } from '../sim/engine.ts'
import type { RoutingOption, Seams } from '../sim/policy.ts'
import { HOUR_MS, MINUTE_MS } from '../sim/units.ts'
import { loadPolicy } from './catalog.ts'
import { comesTooSoon, type Heading, headFor } from './market/heading.ts'
import { option } from './option.fixture.ts'

/** Orders that wait in the pool: which truck they wait for, who leaves first. */

const later = (lateCents: number, workCents: number, roomCents: number, slackMs = 0, waitedWorkCents = workCents) => ({
  later: () => ({ lateCents, workCents, roomCents, waitedWorkCents, slackMs }),
})
const ROAD = { latePerOrderCents: 1500, truckSlackMs: HOUR_MS, planAgeMs: 0 }

describe('the truck an order heads for', () => {
  const found: Heading = { isLater: false, lateCents: 0, workCents: 0, roomCents: 0, waitedWorkCents: 0 }
  const head = (of: RoutingOption, lateCents: number, waits = true): Heading => {
    headFor(of, lateCents, 1, waits, found)
    return { ...found }
  }

  test('is a later one where lateness, hands and place come to less there', () => {
    const dearHands = option({ workPriceCents: 400, roomPriceCents: 50, ...later(30, 0, 120) })
    expect(head(dearHands, 0)).toEqual({ isLater: true, lateCents: 30, workCents: 0, roomCents: 120, waitedWorkCents: 0 })
  })

  test('is the next one where a later one saves no more than a cent, where none is left, and where nobody can wait', () => {
    const own = { isLater: false, lateCents: 7, workCents: 20, roomCents: 3, waitedWorkCents: 20 }
    const at = { workPriceCents: 20, roomPriceCents: 3 }
    expect(head(option({ ...at, ...later(9, 20, 0) }), 7)).toEqual(own)
    const none = Number.POSITIVE_INFINITY
    expect(head(option({ ...at, ...later(none, none, none) }), 7)).toEqual(own)
    expect(head(option({ ...at, ...later(0, 0, 0) }), 7, false)).toEqual(own)
  })

  test('must not be missed by leaving too soon where that would be late or take a dear place, but may be where only hands were dear', () => {
    const soon = (change: Partial<RoutingOption>, lateCents: number, isIdle = false): boolean => {
      const one = option({ workPriceCents: 900, ...change })
      headFor(one, lateCents, 1, true, found)
      return comesTooSoon(one, lateCents, found, isIdle)
    }
    expect(soon(later(0, 0, 0), 0)).toBe(false)
    expect(soon(later(0, 0, 0), 1500)).toBe(true)
    expect(soon({ roomPriceCents: 80, ...later(0, 0, 10) }, 0)).toBe(true)
    expect(soon({ roomPriceCents: 80, ...later(70, 0, 10) }, 0)).toBe(false)
    // Hands that have nothing else to do are worth what it would take from others by coming later.
    expect(soon({ roomPriceCents: 80, ...later(0, 0, 10, 0, 75) }, 0)).toBe(true)
    expect(soon({ roomPriceCents: 80, ...later(0, 0, 10, 0, 75) }, 0, true)).toBe(false)
    expect(soon({ roomPriceCents: 80, ...later(0, 0, 10, 0, 60) }, 0, true)).toBe(true)
  })
})

describe('bid-price', () => {
  const knobs = { poolMinutes: 20, urgentMinutes: 30 }
  const ask = async (change: Partial<RoutingOption>, turned: object = knobs) => {
    const { price, terms, release, hurry, params } = await loadPolicy('routing', 'bid-price')
    const [one, all] = [option({ ...ROAD, ...change }), { ...params, ...turned }]
    const sum = (terms?.(one, all) ?? []).reduce((total, { amount, weight }) => total + amount * weight, 0)
    return { price: price(one, all), sum, isReleased: release?.(one, all), hurry: hurry?.(one, all) }
  }
  const dear = { workPriceCents: 400, queueMs: 0, ...later(0, 25, 0, 9 * HOUR_MS) }

  test('charges for the truck an order heads for, and says so in its terms', async () => {
    const pooled = await ask(dear)
    expect(pooled.price).toBe(525)
    expect(pooled.sum).toBe(525)
    expect((await ask(dear, { poolMinutes: 0 })).price).toBe(900)
  })

  test('reads nothing of later trucks off a plan that is stale', async () => {
    const stale = await ask({ ...dear, planAgeMs: 5 * HOUR_MS })
    expect(stale.price).toBe(500)
    expect(stale.hurry).toBe(0)
  })

  test('keeps an order while the queue is long, and lets go whoever must be packed within the half hour', async () => {
    const waiting = { queueMs: 60 * MINUTE_MS, handsMs: 60 * MINUTE_MS, ...later(0, 0, 0) }
    expect((await ask({ ...waiting, slackMs: 5 * HOUR_MS })).isReleased).toBe(false)
    expect((await ask({ ...waiting, slackMs: 85 * MINUTE_MS })).isReleased).toBe(true)
    expect((await ask({ ...waiting, slackMs: 5 * HOUR_MS }, { poolMinutes: 0 })).isReleased).toBe(true)
    expect((await ask({ slackMs: 5 * HOUR_MS, queueMs: 40 * MINUTE_MS, handsMs: 19 * MINUTE_MS })).isReleased).toBe(true)
  })

  test('lets newcomers in between two pulses only where hands would else be idle', async () => {
    const newcomer = { slackMs: 5 * HOUR_MS, handsMs: 12 * MINUTE_MS }
    expect((await ask({ ...newcomer, stateAgeMs: 5 * MINUTE_MS })).isReleased).toBe(true)
    expect((await ask({ ...newcomer, stateAgeMs: 9 * MINUTE_MS })).isReleased).toBe(false)
  })

  test('lets no hands stand idle for the sake of a place on a truck that is worth less than they will be', async () => {
    const early = { roomPriceCents: 9, workPriceCents: 144, slackMs: HOUR_MS, ...later(0, 144, 0, 9 * HOUR_MS) }
    expect((await ask({ ...early, handsMs: 5 * MINUTE_MS })).isReleased).toBe(true)
    expect((await ask({ ...early, handsMs: 15 * MINUTE_MS })).isReleased).toBe(false)
    const cheap = { ...early, workPriceCents: 144, ...later(0, 3, 0, 9 * HOUR_MS) }
    expect((await ask({ ...cheap, handsMs: 5 * MINUTE_MS })).isReleased).toBe(false)
  })

  test('an order whose own work takes until after the cut-off is taken to miss the truck, however short the queue', async () => {
    const close = { queueMs: 0, truckSlackMs: 30 * MINUTE_MS, missedLateShare: 1 }
    expect((await ask({ ...close, ownWorkMs: 5 * MINUTE_MS }, {})).price).toBeCloseTo(500, 0)
    expect((await ask({ ...close, ownWorkMs: 60 * MINUTE_MS }, {})).price).toBeCloseTo(2000, 0)
    const waiting = { queueMs: 60 * MINUTE_MS, handsMs: 60 * MINUTE_MS, slackMs: 95 * MINUTE_MS, ...later(0, 0, 0) }
    expect((await ask(waiting)).isReleased).toBe(false)
    expect((await ask({ ...waiting, ownWorkMs: 10 * MINUTE_MS })).isReleased).toBe(true)
  })

  test('keeps whoever would be late by leaving now and in time by leaving later, however idle the hands', async () => {
    const storm = { lateShare: 1, queueMs: 0, slackMs: HOUR_MS, ...later(0, 0, 0, 9 * HOUR_MS) }
    expect((await ask(storm)).isReleased).toBe(false)
    expect((await ask({ ...storm, ...later(1500, 0, 0, 9 * HOUR_MS) })).isReleased).toBe(true)
  })

  test('asks first who has least time for the truck he heads for', async () => {
    expect((await ask({ slackMs: 3 * HOUR_MS })).hurry).toBe(3 * HOUR_MS)
    expect((await ask({ ...dear, slackMs: 3 * HOUR_MS })).hurry).toBe(9 * HOUR_MS)
  })
})

test('those in the pool are asked in the order of their hurry at each pulse, equals as they came', async () => {
  const spec = smallWorld({ demand: { ...smallWorld().demand, ordersPerDay: 240 } })
  const sim = await openSmallRun({ spec, scenario: SHORT_TROUBLE, policies: 'live-greedy' })
  const { routing } = sim.policies
  const hurryOf = (order: number): number => -(order % 7)
  const pooled = { nowMs: -1, orders: new Set<number>() }
  const asked: { nowMs: number; order: number }[] = []
  const waiting: Seams['routing'] = {
    ...routing,
    release: ({ nowMs, placedMs, order }) => {
      if (pooled.nowMs === nowMs && pooled.orders.has(order)) asked.push({ nowMs, order })
      return nowMs - placedMs > 3 * HOUR_MS
    },
    hurry: ({ nowMs, order }) => {
      if (nowMs !== pooled.nowMs) pooled.orders.clear()
      pooled.nowMs = nowMs
      pooled.orders.add(order)
      return hurryOf(order)
    },
  }
  runUntil({ ...sim, policies: { ...sim.policies, routing: waiting } }, sim.clock.dayZeroMs + 14 * HOUR_MS)
  const outOfOrder = asked.filter(({ nowMs, order }, i) => {
    if (i === 0 || asked[i - 1].nowMs !== nowMs) return false
    const before = asked[i - 1].order
    return hurryOf(before) > hurryOf(order) || (hurryOf(before) === hurryOf(order) && before > order)
  })
  expect(asked.length).toBeGreaterThan(500)
  expect(outOfOrder).toEqual([])
})
