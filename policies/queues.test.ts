import { describe, expect, test } from 'vitest'
import type { RoutingOption } from '../sim/policy.ts'
import { loadPolicy } from './catalog.ts'

const option = (change: Partial<RoutingOption>): RoutingOption => ({
  nowMs: 0,
  placedMs: 0,
  promisedMs: 1e9,
  order: 7,
  zone: 0,
  warehouse: 0,
  warehouses: 5,
  service: 0,
  express: false,
  km: 10,
  weightKg: 1,
  lines: 1,
  costCents: 500,
  co2Grams: 0,
  queueMs: 0,
  parcelsAhead: 3,
  departMs: 0,
  etaMsP50: 1e8,
  etaMsP90: 1e8,
  calmEtaMsP90: 1e8,
  lateShare: 0,
  expectedLateMs: 0,
  truckSlackMs: 0,
  missedLateShare: 0,
  missedExpectedLateMs: 0,
  latePerOrderCents: 0,
  latePerHourCents: 0,
  unitsLeft: 10,
  workPriceCents: 0,
  roomPriceCents: 0,
  stockPriceCents: 0,
  planAgeMs: Number.POSITIVE_INFINITY,
  stockShare: 1,
  failShare: 0,
  orderLines: 1,
  orderSku: () => 0,
  orderUnits: () => 1,
  ...change,
})

/** The warehouse each order would ship from, with these queues. */
async function chosen(name: string, queues: readonly number[], orders: number, knobs: object = {}): Promise<number[]> {
  const { price, params } = await loadPolicy('routing', name)
  return Array.from({ length: orders }, (_, order) => {
    const prices = queues.map((parcelsAhead, warehouse) =>
      price(option({ order, warehouse, warehouses: queues.length, parcelsAhead }), { ...params, ...knobs }),
    )
    return prices.indexOf(Math.min(...prices))
  })
}
const counts = (choices: readonly number[], of: number): number[] =>
  Array.from({ length: of }, (_, w) => choices.filter((one) => one === w).length)

describe('two choices by lot', () => {
  test('never join the longest queue of all, and each other warehouse in proportion to the pairs it is the shorter of', async () => {
    const orders = 20_000
    const found = counts(await chosen('power-of-two', [4, 3, 2, 1, 0], orders), 5)
    // Of ten equally likely pairs, the warehouse with n longer queues beside it is the shorter in n.
    for (const [w, pairs] of [0, 1, 2, 3, 4].entries()) expect(Math.abs(found[w] / orders - pairs / 10)).toBeLessThan(0.012)
  })

  test('are the same two whenever an order asks, and are all there is where there are two', async () => {
    expect(await chosen('power-of-two', [1, 1, 1], 50)).toEqual(await chosen('power-of-two', [1, 1, 1], 50))
    expect(new Set(await chosen('power-of-two', [1, 0], 200))).toEqual(new Set([1]))
    expect(new Set(await chosen('power-of-two', [9], 5))).toEqual(new Set([0]))
  })

  test('leave the others as a way out', async () => {
    const { price, params } = await loadPolicy('routing', 'power-of-two')
    for (let warehouse = 0; warehouse < 5; warehouse++) expect(price(option({ warehouse }), params)).toBeLessThan(1e17)
  })
})

test('the shortest queue by number looks at parcels, by time at minutes', async () => {
  expect(new Set(await chosen('shortest-queue', [4, 2, 3], 20, { stepParcels: 1 }))).toEqual(new Set([1]))
  const { price, params } = await loadPolicy('routing', 'shortest-queue')
  const busyButFast = option({ parcelsAhead: 50, queueMs: 60_000 })
  const idleButSlow = option({ parcelsAhead: 1, queueMs: 7_200_000 })
  expect(price(busyButFast, params)).toBeLessThan(price(idleButSlow, params))
  const byNumber = { ...params, stepParcels: 1 }
  expect(price(busyButFast, byNumber)).toBeGreaterThan(price(idleButSlow, byNumber))
})

test('lots are whole, and as few as lift the position above the reorder point', async () => {
  const { order, params } = await loadPolicy('replenishment', 'fixed-lots')
  const knobs = { ...params, reorderPointUnits: 20, lotUnits: 40 }
  const shelf = { reservedUnits: 0, onOrderUnits: 0, waitingUnits: 0, reviewDays: 1, leadDays: 2, meanUnits: 9, sdUnits: 3 }
  const sent = (onHandUnits: number, change: object = {}) => order({ ...shelf, onHandUnits, ...change }, knobs)
  expect(sent(21)).toBe(0)
  expect(sent(20)).toBe(40)
  expect(sent(0, { waitingUnits: 20 })).toBe(80)
  expect(sent(0, { waitingUnits: 19 })).toBe(40)
  expect(sent(5, { onOrderUnits: 16 })).toBe(0)
})
