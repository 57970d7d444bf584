import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smallWorld } from '../../../bench/small-world.ts'
import { loadScenario } from '../../../scenarios/read/scenario.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { writeMoment } from '../../event/moment.ts'
import { openReality } from '../../reality/open-reality.ts'
import { readAccess } from '../../server/access.ts'
import { ndjson, type Opened, openHere } from '../../server/server.fixture.ts'
import { reportedOf } from '../../state/reported.ts'
import type { TwinState } from '../../state/state.ts'
import { decisionWing } from './decision-wing.ts'

const HOUR_MS = 3_600_000
const FROM_MS = Date.UTC(2026, 10, 9, 12)
const NOW_MS = FROM_MS + 60 * HOUR_MS
const KEYS = {
  operator: 'operator-0123456789',
  integrator: 'integrator-0123456789',
  viewer: 'viewer-0123456789',
  customer: 'customer-0123456789',
}

let here: Opened
let spec: NetworkSpec
let delivered: string
beforeAll(async () => {
  spec = smallWorld({ demand: { ...smallWorld().demand, ordersPerDay: 60 } })
  const keys = Object.fromEntries(
    Object.entries(KEYS).map(([role, key]) => [key, { name: role, role, ...(role === 'customer' ? { customer: 'c-1' } : {}) }]),
  )
  here = await openHere({
    access: readAccess(JSON.stringify(keys)),
    now: () => NOW_MS,
    wings: [decisionWing({ spec, policies: 'bid-price', offsetMinutes: -180, plane: null, registry: null })],
  })
  const world = {
    spec,
    scenario: loadScenario('calm').spec,
    policies: 'live-greedy',
    seed: '1',
    days: 3,
    fromMs: FROM_MS,
    offsetMinutes: -180,
  }
  const events = (await openReality(world)).until(2.5 * 24 * HOUR_MS)
  await here.twin.accept(Buffer.from(ndjson(events)), 'test')
  delivered = [...here.twin.state.openOrders()].find(({ state }) => state === 'handed-over')?.id ?? ''
}, 60_000)
afterAll(() => here.close())

const call = async (method: 'GET' | 'POST', url: string, body?: unknown, role: keyof typeof KEYS = 'operator') => {
  const headers = { authorization: `Bearer ${KEYS[role]}` }
  const response = await here.app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body as object }) })
  return { status: response.statusCode, body: response.json() }
}
const lines = () => [{ sku: spec.skus[0].id, qty: 1 }]

describe('what can be promised before purchase', () => {
  test('is the network’s promise, the calm day’s journeys, and what the present allows, the later of which is safe', async () => {
    const { status, body } = await call('POST', '/v1/promises', { shipTo: { zone: spec.zones[1].id }, lines: lines() })
    expect(status).toBe(200)
    const { promise, calm, present, safe } = body
    const ms = (at: string): number => Date.parse(at)
    expect(calm.map(({ speed }: { speed: string }) => speed)).toEqual(['fast', 'middle', 'slow'])
    for (const { p50, p90, p95 } of calm)
      expect([ms(p50) <= ms(p90), ms(p90) <= ms(p95), ms(p50) > NOW_MS]).toEqual([true, true, true])
    expect(ms(promise.deliverBy)).toBeGreaterThanOrEqual(ms(calm[1].p95))
    expect(ms(present.p90)).toBeGreaterThanOrEqual(ms(present.p50))
    expect(ms(present.p50)).toBeGreaterThan(NOW_MS)
    expect(ms(safe)).toBe(Math.max(ms(promise.deliverBy), ms(present.p90)))
    expect(present.shipments.length).toBeGreaterThan(0)
  })

  test('flaws are named as the caller wrote them', async () => {
    const { status, body } = await call('POST', '/v1/promises', { shipTo: { zone: 'nowhere' }, lines: [], orderId: 'x' })
    expect(status).toBe(422)
    expect(body.problems.map(({ field }: { field: string }) => field).sort()).toEqual(['lines', 'orderId', 'shipTo.zone'])
  })
})

describe('prices, policies and forecasts', () => {
  test('prices are of the last plan, with its age, and every one is above nothing', async () => {
    const { body } = await call('GET', '/v1/prices')
    expect(body).toMatchObject({ policy: 'routing/bid-price', currency: spec.currency, more: false })
    expect(body.ageMs).toBeGreaterThanOrEqual(0)
    for (const { price } of body.room) expect(price).toBeGreaterThan(0)
    for (const { parcel, line } of body.work) expect(parcel + line).toBeGreaterThan(0)
    for (const { unit } of body.stock) expect(unit).toBeGreaterThan(0)
    const one = await call('GET', `/v1/prices?warehouse=${spec.warehouses[0].id}`)
    for (const { node } of one.body.room) expect(node).toBe(spec.warehouses[0].id)
  })

  test('the catalogue is told without where it lies', async () => {
    const { body } = await call('GET', '/v1/policies')
    expect(body.catalogue.map(({ id }: { id: string }) => id)).toContain('routing/bid-price')
    expect(JSON.stringify(body)).not.toContain('.ts')
  })

  test('a forecast of a day is what its zones are, and of a quiet country is about what it sells', async () => {
    const { body } = await call('GET', '/v1/forecasts?days=7')
    expect(body.days.length).toBe(7)
    let orders = 0
    for (const day of body.days) {
      expect(day.orders).toBeCloseTo(
        day.zones.reduce((sum: number, zone: { orders: number }) => sum + zone.orders, 0),
        6,
      )
      orders += day.orders
      for (const { units, sd } of day.warehouses) expect([units >= 0, sd >= 0]).toEqual([true, true])
    }
    expect(orders / 7).toBeCloseTo(60, 6)
    expect((await call('GET', '/v1/forecasts?days=0')).status).toBe(400)
  })
})

describe('explanations of what has not been decided', () => {
  test('tell all of it in both languages, and why not from elsewhere in money', async () => {
    const order = {
      orderId: 'A',
      shipTo: { zone: spec.zones[1].id },
      promise: { deliverBy: writeMoment(NOW_MS + 96 * HOUR_MS) },
      lines: lines(),
    }
    const { status, body } = await call('POST', `/v1/decisions:explain?whyNot=${spec.warehouses[0].id}`, { order })
    expect(status).toBe(200)
    expect(body).toMatchObject({ basis: 'present', zone: spec.zones[1].id, whyNot: { warehouse: spec.warehouses[0].id } })
    expect(body.text.zh.length).toBe(body.text.en.length)
    expect(body.alternatives).toEqual([])
    const more = await call('POST', '/v1/decisions:explain?alternatives=2', { order })
    expect(more.body.alternatives).toHaveLength(2)
    expect((await call('POST', '/v1/decisions:explain', { order, alternatives: 2 })).body.alternatives).toEqual(
      more.body.alternatives,
    )
    for (const most of ['6', '-1', '1e3', 'x'])
      expect((await call('POST', `/v1/decisions:explain?alternatives=${most}`, { order })).status).toBe(422)
    expect((await call('POST', '/v1/decisions:explain?whyNot=atlantis', { order })).body.detail).toContain(
      'whyNot: found "atlantis"',
    )
  })

  test('without threads that decide, decisions are refused for now and nothing breaks', async () => {
    expect((await call('POST', '/v1/decisions', {})).status).toBe(503)
    expect((await call('GET', '/v1/decisions/d-1')).status).toBe(503)
  })
})

describe('outcomes', () => {
  const send = (outcomes: readonly object[], more: object = {}) =>
    call('POST', '/v1/outcomes', { outcomes, ...more }, 'integrator')
  const state = () => here.twin.state as TwinState

  test('become what the twin knows of an order; the same again changes nothing, a later version takes its place, an earlier one is left out', async () => {
    const at = writeMoment(NOW_MS - HOUR_MS)
    const outcome = { orderId: delivered, deliveredAt: at, actualCost: { amount: 12.34, currency: spec.currency }, co2eKg: 0.5 }
    expect((await send([outcome])).body).toMatchObject({ accepted: 3, duplicates: 0, stale: 0, notNow: 0, refused: [] })
    expect(here.twin.state.order(delivered)?.state).toBe('delivered')
    expect(reportedOf(state().core, delivered)).toEqual(
      new Map([
        ['cost', 1234],
        ['co2', 500],
      ]),
    )
    expect((await send([outcome])).body).toMatchObject({ accepted: 0, duplicates: 3 })
    const cost = (amount: number, sourceVersion: number) => ({
      orderId: delivered,
      sourceVersion,
      at,
      actualCost: { amount, currency: spec.currency },
    })
    // Versions may leave numbers out, and be in any order within a body or across.
    expect((await send([cost(20, 70), cost(15, 30)])).body).toMatchObject({ accepted: 1, stale: 1 })
    expect((await send([cost(16, 31)])).body).toMatchObject({ accepted: 0, stale: 1 })
    expect(reportedOf(state().core, delivered)?.get('cost')).toBe(2000)
    const earlier = writeMoment(NOW_MS - 2 * HOUR_MS)
    expect((await send([{ orderId: delivered, sourceVersion: 1, deliveredAt: earlier }])).body).toMatchObject({ accepted: 1 })
    const told = here.twin.state.history(delivered).filter(({ kind }) => kind === 'scans.delivered')
    expect(told.map(({ atMs }) => atMs)).toEqual([NOW_MS - 2 * HOUR_MS])
  })

  test('of two versions sent at once the later one stands, whichever comes first', async () => {
    const order = 'X-race'
    const cost = (amount: number, sourceVersion: number) => ({
      orderId: order,
      sourceVersion,
      actualCost: { amount, currency: spec.currency },
    })
    await Promise.all([send([cost(1, 1)]), send([cost(3, 3)]), send([cost(2, 2)])])
    expect(reportedOf(state().core, order)?.get('cost')).toBe(300)
  })

  test('parcels of an order add up, causes and refusals are kept, and numbers of one’s own are too', async () => {
    const part = (n: number, amount: number) => ({ orderId: 'X-parts', part: n, actualCost: { amount, currency: spec.currency } })
    await send([part(0, 5), part(1, 7)])
    expect(reportedOf(state().core, 'X-parts')?.get('cost')).toBe(1200)
    await send([
      { orderId: 'X-why', rejectReason: 'capacity', cause: 'node-queue', metrics: { smiles: 3 } },
      { orderId: 'X-cause', cause: 'weather' },
    ])
    expect(reportedOf(state().core, 'X-why')).toEqual(
      new Map([
        ['rejected', 1],
        ['smiles', 3],
      ]),
    )
    expect(reportedOf(state().core, 'X-cause')).toEqual(new Map([['trouble', 1]]))
  })

  test('what cannot be used is named by place and field, and does not keep the rest from being used', async () => {
    const good = { orderId: 'X-good', co2eKg: 1 }
    const future = writeMoment(NOW_MS + 48 * HOUR_MS)
    const { body } = await send([
      good,
      { orderId: 'X-a', deliveredAt: future },
      { orderId: 'X-b', pickedAt: writeMoment(NOW_MS) },
      { orderId: 'X-c', actualCost: { amount: 1, currency: 'ZZZ' } },
      { orderId: 'X-d' },
      { orderId: 'X-e', node: 'nowhere', co2eKg: -1 },
      7 as unknown as object,
    ])
    expect(body.accepted).toBe(1)
    expect(body.refused.map(({ index, field }: { index: number; field: string }) => `${index} ${field}`)).toEqual([
      '1 deliveredAt',
      '2 node',
      '3 actualCost.currency',
      '4 outcome',
      '5 co2eKg',
      '6 outcome',
    ])
    expect((await send([{ orderId: 'X-a', deliveredAt: future }])).status).toBe(422)
    expect((await send([])).status).toBe(422)
  })

  test('what was reported is known again after a restart', async () => {
    const again = reportedOf(state().core, delivered)
    await here.twin.checkpoint()
    const { takeOut, putAway } = (await import('../../server/states.ts')).STATES
    const reopened = takeOut(putAway(here.twin.state)) as TwinState
    expect(reportedOf(reopened.core, delivered)).toEqual(again)
  })
})

test('who may not is told so: a viewer decides nothing, a customer sees no prices', async () => {
  expect((await call('POST', '/v1/decisions', {}, 'viewer')).status).toBe(403)
  expect((await call('POST', '/v1/outcomes', {}, 'viewer')).status).toBe(403)
  expect((await call('GET', '/v1/prices', undefined, 'customer')).status).toBe(403)
  expect((await here.app.inject({ method: 'POST', url: '/v1/promises', payload: {} })).statusCode).toBe(401)
})
