import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Question } from './decider.ts'
import type { Keeper } from './keeper.ts'
import { openDecider, type ThreadDecider } from './open-decider.ts'
import { asking, keep, type SmallTwin, STABLE, smallTwin } from './small-twin.fixture.ts'

describe('a decision on a thread', { timeout: 60_000 }, () => {
  let twin: SmallTwin
  let keeper: Keeper
  let decider: ThreadDecider

  beforeAll(async () => {
    twin = await smallTwin()
    keeper = await keep(twin)
    decider = await openDecider(keeper.setup(), 0)
  }, 60_000)

  afterAll(() => keeper.close())

  test('an order is routed, with terms that add up to its price and a door opened earlier in the best case than in the worst', () => {
    const { choice, by, seen, degraded } = decider.decide(asking(twin.state), false, 'd-1')
    expect(choice).toMatchObject({ status: 'routed', reason: null })
    const [{ terms, priceCents, eta, departMs }] = choice.shipments
    expect(Object.values(terms).reduce((sum, cents) => sum + cents, 0)).toBeCloseTo(priceCents, 6)
    expect(departMs).toBeLessThan(eta.p10)
    expect(eta.p10).toBeLessThanOrEqual(eta.p50)
    expect(eta.p50).toBeLessThanOrEqual(eta.p90)
    expect(choice.runnerUpCents).toBeGreaterThanOrEqual(priceCents)
    expect(by).toMatchObject({ version: 'routing/live-greedy@1', arm: 'stable', propensity: 1 })
    expect(seen.asOfMs).toBe(twin.state.asOfMs)
    expect(degraded).toBeNull()
  })

  test('what is only asked leaves nothing behind; what is decided sets its goods aside until they are given back', () => {
    const before = decider.decide(asking(twin.state), false, 'd-2')
    expect(decider.decide(asking(twin.state), false, 'd-3').seen.stock).toEqual(before.seen.stock)
    const { choice } = decider.decide(asking(twin.state), true, 'd-4')
    expect(choice.shipments[0].reservation?.id).toBe('d-4/0')
    const after = decider.decide(asking(twin.state), false, 'd-5').seen.stock
    const units = (stock: readonly number[]): number => stock.reduce((sum, value, i) => (i % 3 === 2 ? sum + value : sum), 0)
    expect(units(after)).toBe(units(before.seen.stock) - 1)
    expect(decider.release('d-4')).toBe(true)
    expect(decider.release('d-4')).toBe(false)
    expect(decider.decide(asking(twin.state), false, 'd-6').seen.stock).toEqual(before.seen.stock)
    expect(keeper.outstanding).toBe(0)
  })

  const decide = (change: Partial<Question>) => decider.decide(asking(twin.state, change), false, 'd').choice
  const lines = (...skus: readonly number[]) => skus.map((sku, i) => ({ lineId: `l${i}`, sku, units: 1 }))

  test('only warehouses and services that are allowed ship, and where none is left the order is held or told why not', () => {
    const at = (all: readonly { readonly id: string }[], id: string): number => all.findIndex((one) => one.id === id)
    const { warehouse, service } = decide({}).shipments[0]
    const w = at(twin.spec.warehouses, warehouse)
    const s = at(twin.spec.services, service)
    const but = (length: number, not: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i === not ? 0 : 1))
    expect(decide({ allowed: but(3, w) }).shipments[0].warehouse).not.toBe(warehouse)
    expect(decide({ services: but(2, s) }).shipments[0].service).not.toBe(service)
    expect(decide({ services: new Uint8Array(2) })).toMatchObject({ status: 'held', reason: 'no-service', shipments: [] })
    expect(decide({ allowed: new Uint8Array(3), shipComplete: false })).toMatchObject({
      status: 'unfulfillable',
      unfulfillable: [{ lineId: '1', units: 1, reason: 'no-stock' }],
    })
  })

  test('an order that must be in time waits where nothing is, and one that emits too much is refused', () => {
    expect(decide({ mustBeInTime: true, promisedMs: twin.state.asOfMs + 3_600_000 })).toMatchObject({
      status: 'held',
      reason: 'not-in-time',
    })
    expect(decide({ co2GramsMax: 1 })).toMatchObject({ status: 'held', reason: 'refused' })
    const free = decide({})
    const co2 = free.shipments[0].co2Grams
    expect(decide({ co2GramsMax: co2 }).shipments[0].co2Grams).toBeLessThanOrEqual(co2)
  })

  test('goods that the caller has counted stand for ours; what is in no warehouse is left out, or the whole order waits for it', () => {
    const W = 3
    const nothingOf = (sku: number) => new Map([0, 1, 2].map((w) => [sku * W + w, 0]))
    const part = { lines: lines(0, 1), told: nothingOf(1) }
    const some = decide({ ...part, shipComplete: false })
    expect(some).toMatchObject({ status: 'partial', unfulfillable: [{ lineId: 'l1', units: 1, reason: 'no-stock' }] })
    expect(some.shipments.flatMap((one) => one.lines.map(({ lineId }) => lineId))).toEqual(['l0'])
    expect(decide(part)).toMatchObject({ status: 'held', reason: 'no-stock', unfulfillable: [{ lineId: 'l1' }] })
    const only = new Map([...nothingOf(2), [2 * W + 1, 1]])
    expect(decide({ lines: lines(2), told: only }).shipments[0].warehouse).toBe(twin.spec.warehouses[1].id)
    expect(decide({ lines: [{ lineId: 'l', sku: 2, units: 2 }], told: only }).status).toBe('held')
  })

  test('the last unit that a caller has counted is promised once', () => {
    const told = new Map([0, 1, 2].map((w) => [3 * 3 + w, w === 1 ? 1 : 0]))
    const question = asking(twin.state, { lines: lines(3), told })
    expect(decider.decide(question, true, 'last-1').choice.status).toBe('routed')
    expect(decider.decide(question, true, 'last-2').choice).toMatchObject({ status: 'held', reason: 'no-stock' })
    expect(decider.release('last-1')).toBe(true)
  })

  test('two lines of one article are one to the shelf, and both are named in the shipment', () => {
    const told = new Map([0, 1, 2].map((w) => [4 * 3 + w, w === 1 ? 3 : 1]))
    const two = [
      { lineId: 'a', sku: 4, units: 1 },
      { lineId: 'b', sku: 4, units: 2 },
    ]
    const { shipments } = decide({ lines: two, told })
    expect(shipments).toHaveLength(1)
    expect(shipments[0]).toMatchObject({ warehouse: twin.spec.warehouses[1].id, lines: [{ lineId: 'a' }, { lineId: 'b' }] })
  })

  test('what one search cannot take in is held for a person, not dropped', () => {
    expect(decide({ lines: [{ lineId: '1', sku: 0, units: 256 }] })).toMatchObject({ status: 'held', reason: 'too-large' })
  })

  test('an order of goods that lie apart goes in as many shipments as it may, or not', () => {
    const W = 3
    const told = new Map([0, 1, 2].flatMap((k) => [0, 1, 2].map((w) => [k * W + w, k === w ? 5 : 0] as const)))
    expect(decide({ lines: lines(0, 1, 2), told }).shipments).toHaveLength(3)
    expect(decide({ lines: lines(0, 1, 2), told, maxShipments: 2 })).toMatchObject({ status: 'held', reason: 'no-set' })
    const some = decide({ lines: lines(0, 1, 2), told, maxShipments: 2, shipComplete: false })
    expect(some).toMatchObject({ status: 'partial', unfulfillable: [{ reason: 'no-set' }] })
    expect(some.shipments).toHaveLength(2)
  })

  test('parcels that are decided count for the next ones at once: their warehouse has more before it', () => {
    const before = decide({})
    const ids = Array.from({ length: 40 }, (_, i) => `load-${i}`)
    for (const id of ids)
      decider.decide(asking(twin.state, { order: id, allowed: Uint8Array.of(0, 0, 1), told: PLENTY }), true, id)
    const later = decide({ allowed: Uint8Array.of(0, 0, 1) }).shipments[0]
    for (const id of ids) decider.release(id)
    const again = decide({ allowed: Uint8Array.of(0, 0, 1) }).shipments[0]
    expect(later.eta.p90).toBeGreaterThanOrEqual(again.eta.p90)
    expect(later.terms.lateness).toBeGreaterThan(again.terms.lateness)
    expect(decide({})).toEqual(before)
  })

  test('a switchback turns with its block, and a unit keeps its arm as the share grows', () => {
    const rollout = { id: 'r', candidate: STABLE.stable, unit: 'customer', salt: 'x', logsBoth: false, blockMs: 0 } as const
    const armsAt = (share: number, generation: number) => {
      decider.assign({ generation, stable: STABLE.stable, rollout: { ...rollout, share } })
      return Array.from({ length: 200 }, (_, i) => {
        const { by } = decider.decide(asking(twin.state, { order: `${generation}-${i}`, customer: `c-${i}` }), false, 'd')
        return by
      })
    }
    const few = armsAt(0.1, 10)
    const more = armsAt(0.3, 11)
    expect(few.filter(({ arm }) => arm === 'candidate').length).toBeGreaterThan(8)
    few.forEach(({ arm, propensity }, i) => {
      if (arm !== 'stable') expect(more[i].arm).toBe(arm)
      expect(propensity).toBeCloseTo(arm === 'stable' ? 0.8 : 0.1, 12)
    })
  })
})

const PLENTY = new Map([0, 1, 2].map((w) => [w, 1000]))
