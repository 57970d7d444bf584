import { expect, test } from 'vitest'
import { always, memoryless, runOf, supplyOf } from './small.fixture.ts'
import type { CustomersSpec, SiteSpec } from './spec.ts'

/** A customer each day from day 1 on who wants so many units. */
const daily = (units: number, unmet: CustomersSpec['unmet']): CustomersSpec[] => [
  { everyDays: always(1), firstDay: 1, units: always(units), unmet },
]
const store = (id: string, from: readonly string[], rest: Partial<SiteSpec> = {}): SiteSpec => ({
  id,
  from,
  rule: { rule: 'base-stock', upTo: 10 },
  ...rest,
})

test('the first source that has all of it there is asked, and the first of all where none has', () => {
  const depots = [
    store('near', ['mine'], { initial: 4, leadDays: always(100) }),
    store('far', ['mine'], { initial: 9, leadDays: always(100) }),
  ]
  const shop = store('shop', ['near', 'far'], { choose: 'in-stock', rule: { rule: 'standing-order', lot: 5, everyDays: 1 } })
  const { near, far } = runOf(supplyOf([...depots, shop], { days: 2 })).echelons
  // Day 0: 5 from far, since near has 4. Day 1: far has 4 left, so near is asked, where it waits.
  expect([far.asked, far.endStock, near.asked, near.endStock]).toEqual([5, 4, 5, 4])
})

test('sites that take sources in turn share them evenly', () => {
  const shops = store('shop', ['depot'], { count: 6, choose: 'in-turn', rule: { rule: 'standing-order', lot: 2, everyDays: 1 } })
  const depots = [1, 2, 3].map((i) => store(`depot-${i}`, ['mine'], { group: 'depot' }))
  const { echelons } = runOf(supplyOf([...depots, shops], { days: 10 }))
  expect([1, 2, 3].map((i) => echelons[`depot-${i}`].asked)).toEqual([40, 40, 40])
})

test('a plant makes one batch after the other, no larger than its lot and its goods', () => {
  const plant = store('plant', ['mine'], {
    rule: { rule: 'standing-order', lot: 25, everyDays: 100 },
    make: { lot: 10, days: always(2) },
  })
  const madeBy = (days: number) => runOf(supplyOf([plant], { days })).echelons.plant.made
  // 25 units arrive on day 0: 10 are done on day 2, 10 on day 4, 5 on day 6.
  expect([2, 3, 5, 7, 20].map(madeBy)).toEqual([0, 10, 20, 25, 25])
})

test('an order is cut to what there is room for, and not placed where there is none', () => {
  const shop = store('shop', ['mine'], {
    rule: { rule: 'standing-order', lot: 8, everyDays: 1 },
    capacity: 20,
    initial: 3,
  })
  const { ordered, orders, endStock } = runOf(supplyOf([shop], { days: 10 })).total
  expect([ordered, orders, endStock]).toEqual([17, 3, 20])
})

test.each([
  ['waits', { sold: 26, lost: 0 }],
  ['lost', { sold: 24, lost: 6 }],
  ['partly', { sold: 26, lost: 4 }],
] as const)('what a customer does who finds too little on the shelf: %s', (unmet, { sold, lost }) => {
  // 26 units and no more come; ten customers want 3 each, so the ninth finds 2.
  const shop = store('shop', ['mine'], { leadDays: always(100), initial: 26, ships: 'parts', customers: daily(3, unmet) })
  const { total } = runOf(supplyOf([shop], { days: 10.5 }))
  expect(total.soldPerDay * 10.5).toBeCloseTo(sold, 9)
  expect([total.asked, total.lost]).toEqual([30, lost])
})

test('goods take their time to the customer, and cost the way there', () => {
  const shop = store('shop', ['mine'], {
    initial: 10,
    price: 7,
    customers: [{ ...daily(2, 'waits')[0], deliveryDays: always(3), deliveryCost: 1.5 }],
  })
  const { total } = runOf(supplyOf([shop], { days: 6 }))
  // Sold on days 1 to 5; with the customer are those of days 1 and 2 by day 5.
  expect([total.delivered, total.deliveryCost, total.revenue]).toEqual([4, 7.5, 70])
})

test('a unit on the way is charged to the site it goes to, from shipment to arrival', () => {
  const shop = store('shop', ['mine'], {
    leadDays: always(4),
    rule: { rule: 'standing-order', lot: 5, everyDays: 10 },
    costs: { pipeline: 0.1 },
  })
  expect(runOf(supplyOf([shop], { days: 10 })).total.pipelineCost).toBeCloseTo(5 * 4 * 0.1, 9)
})

test('another rule meets the same customers, one by one', () => {
  const shop = (upTo: number) =>
    store('shop', ['mine'], {
      leadDays: memoryless(2),
      rule: { rule: 'base-stock', upTo },
      customers: [{ everyDays: memoryless(0.3), units: { law: 'poisson', mean: 3 }, unmet: 'waits' }],
    })
  const [little, much] = [5, 50].map((upTo) => runOf(supplyOf([shop(upTo)])).total)
  expect([much.asked, much.askedOrders]).toEqual([little.asked, little.askedOrders])
  expect(much.fillRate).toBeGreaterThan(little.fillRate)
})

test('nothing of the warm-up is in the figures', () => {
  const shop = store('shop', ['mine'], { initial: 10, customers: daily(2, 'waits') })
  const { total } = runOf(supplyOf([shop], { days: 5, warmupDays: 20 }))
  expect([total.askedOrders, total.asked, total.orders]).toEqual([5, 10, 5])
  expect(total.stock).toBeCloseTo(10, 9)
})
