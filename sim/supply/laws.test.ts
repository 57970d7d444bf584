import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dice } from '../random.ts'
import { checkSupplyLaws } from './laws.ts'
import { compileSupply } from './network.ts'
import { openSupply, runSupply } from './run.ts'
import { always, memoryless, runOf, supplyOf } from './small.fixture.ts'
import type { CustomersSpec, RuleSpec, SiteSpec, SupplySpec } from './spec.ts'

const days = (most: number) =>
  fc.constantFrom(always(0), always(most), memoryless(most), { law: 'uniform', low: 0, high: most } as const)
const rule: fc.Arbitrary<RuleSpec> = fc
  .tuple(
    fc.constantFrom('up-to', 'lots', 'base-stock', 'standing-order'),
    fc.nat(40),
    fc.integer({ min: 1, max: 60 }),
    fc.boolean(),
  )
  .map(([kind, low, more, looks]) => {
    const everyDays = looks ? 2 : undefined
    if (kind === 'up-to') return { rule: kind, reorderAt: low, upTo: low + more, everyDays }
    if (kind === 'lots') return { rule: kind, reorderAt: low, lot: more, everyDays }
    if (kind === 'base-stock') return { rule: kind, upTo: low + more, everyDays }
    return { rule: 'standing-order', lot: more, everyDays: 3 }
  })
const customers: fc.Arbitrary<CustomersSpec> = fc.record({
  everyDays: fc.constantFrom(always(1), memoryless(0.5)),
  units: fc.constantFrom(always(3), { law: 'poisson', mean: 4 } as const, { law: 'uniform', low: 0, high: 9 } as const),
  unmet: fc.constantFrom('waits', 'lost', 'partly'),
  firstDay: fc.constantFrom(undefined, 0),
  deliveryDays: fc.constantFrom(undefined, memoryless(1)),
})
const site = (id: string, from: readonly string[], sells: boolean): fc.Arbitrary<SiteSpec> =>
  fc.record({
    id: fc.constant(id),
    count: fc.constantFrom(undefined, 2),
    from: fc.constant(from),
    choose: fc.constantFrom('first', 'in-stock', 'in-turn'),
    leadDays: days(2),
    rule,
    initial: fc.nat(40),
    capacity: fc.constantFrom(undefined, 120),
    ships: fc.constantFrom('whole', 'parts'),
    make: fc.constantFrom(undefined, { lot: 7, days: memoryless(0.5) }),
    customers: sells ? fc.array(customers, { minLength: 1, maxLength: 2 }) : fc.constantFrom([]),
  })
const network: fc.Arbitrary<SupplySpec> = fc
  .tuple(site('plant', ['mine'], false), site('depot', ['plant'], true), site('shop', ['depot', 'mine'], true), fc.boolean())
  .map(([plant, depot, shop, goodsFirst]) =>
    supplyOf([plant, depot, shop], { days: 12, warmupDays: 5, atOneInstant: goodsFirst ? 'goods-first' : 'customers-first' }),
  )

test('units are conserved, nobody waits who could be served and every position is right, after each event of networks of all kinds', () => {
  let events = 0
  fc.assert(
    fc.property(network, fc.nat(1000), (spec, replication) => {
      const run = openSupply(compileSupply(withinCapacity(spec)), dice('laws', replication))
      const check = checkSupplyLaws()
      check(run)
      runSupply(run, (now) => {
        check(now)
        events++
      })
    }),
    { numRuns: 150, seed: 7 },
  )
  // Not a test of nothing happening.
  expect(events).toBeGreaterThan(20_000)
})

/** What is there on day 0 fits. */
const withinCapacity = (spec: SupplySpec): SupplySpec => ({
  ...spec,
  sites: spec.sites.map((one) => ({ ...one, initial: Math.min(one.initial ?? 0, one.capacity ?? Number.POSITIVE_INFINITY) })),
})

const shop: SiteSpec = {
  id: 'shop',
  count: 3,
  from: ['mine'],
  leadDays: memoryless(2),
  rule: { rule: 'up-to', reorderAt: 10, upTo: 30 },
  initial: 30,
  customers: [{ everyDays: memoryless(0.5), units: { law: 'poisson', mean: 3 }, unmet: 'waits' }],
}

test('the same seed gives the same bytes, another replication others', () => {
  const digest = (replication: number) => runOf(supplyOf([shop]), replication).digest
  expect(digest(0)).toBe(digest(0))
  expect(digest(1)).not.toBe(digest(0))
})

test('another site leaves the customers and lead times of those that are there as they are', () => {
  const alone = runOf(supplyOf([shop])).echelons.shop
  const beside = runOf(supplyOf([{ ...shop, id: 'other', count: 2 }, shop])).echelons.shop
  expect(beside).toEqual(alone)
})

test('a run that needs more records than it began with goes on in a larger world as if nothing had happened', () => {
  // Nothing is ever delivered in time: thousands of customers wait.
  const starved: SiteSpec = {
    ...shop,
    count: 1,
    leadDays: always(1000),
    customers: [{ everyDays: memoryless(0.01), units: always(1), unmet: 'waits' }],
  }
  const network = compileSupply(supplyOf([starved]))
  const run = openSupply(network, dice('small', 0))
  const before = run.world.size.records
  runSupply(run)
  checkSupplyLaws()(run)
  expect(run.world.size.records).toBeGreaterThan(before)
  expect(run.world.backlog[1]).toBeGreaterThan(9_000)
})

test.each([
  ['a shelf that lost a unit', 'onHand', 'on hand of'],
  ['a position that forgot an order', 'position', 'position'],
  ['a backlog nobody stands in', 'backlog', 'position'],
  ['a unit on the way that nobody sent', 'transit', 'on the way'],
  ['a unit sold twice', 'unitsSold', 'but'],
] as const)('the laws notice %s', (_, column, says) => {
  const run = openSupply(compileSupply(supplyOf([shop])), dice('small', 0))
  runSupply(run)
  checkSupplyLaws()(run)
  run.pen[column][1] += column === 'onHand' ? -1 : 1
  expect(() => checkSupplyLaws()(run)).toThrow(says)
})

test('who asks first is served first, by site and customer alike, even where a later one wants less', () => {
  // On day 0 a large store asks for 10 of the 6 that are there, then a small one for 3; on day 2 a customer wants 3. The next goods come on day 4.
  const store = (id: string, lot: number): SiteSpec => ({
    id,
    from: ['depot'],
    rule: { rule: 'standing-order', lot, everyDays: 50 },
  })
  const spec = (ships: 'whole' | 'parts') =>
    supplyOf(
      [
        {
          id: 'depot',
          from: ['mine'],
          leadDays: always(4),
          rule: { rule: 'base-stock', upTo: 100, everyDays: 1 },
          initial: 6,
          ships,
          customers: [{ everyDays: always(2), firstDay: 2, units: always(3), unmet: 'lost' }],
        },
        store('large', 10),
        store('small', 3),
      ],
      { days: 4 },
    )
  const { depot, large, small } = runOf(spec('whole')).echelons
  expect([depot.lost, depot.endStock, large.arrived, small.arrived]).toEqual([3, 6, 0, 0])
  // In parts, the large store gets what there is, and nobody overtakes it either.
  const parts = runOf(spec('parts')).echelons
  expect([parts.depot.lost, parts.depot.endStock, parts.large.ordered, parts.small.arrived]).toEqual([3, 0, 10, 0])
  expect(parts.large.arrived).toBe(6)
})
