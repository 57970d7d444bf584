import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import type { Limits, OrderFacts, RoutingOption } from '../../sim/policy.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { compileRules } from './compile.ts'
import { PRICE_ROOM } from './compiled.ts'
import { followed } from './literal.fixture.ts'
import { RuleEngine } from './rule-engine.ts'
import { ruleRouting } from './rule-routing.ts'
import { SMALL_CLOCK } from './small-clock.fixture.ts'
import { type RuleSetSpec, type RuleSpec, SORT_KEYS, type SortSpec, type WhenSpec } from './spec.ts'

/** Two shops and a depot; half of the goods are fragile. */
const NETWORK = (() => {
  const { warehouses, skus } = smallWorld()
  return smallWorld({
    warehouses: warehouses.map((warehouse, w) => ({ ...warehouse, tags: w === 1 ? ['depot'] : ['shop'] })),
    skus: skus.map((sku, k) => (k % 2 === 0 ? { ...sku, tags: ['fragile'] } : sku)),
  })
})()
const S = NETWORK.services.length

type Line = { readonly sku: number; readonly units: number }
type Order = { readonly nowMs: number; readonly promisedMs: number; readonly zone: number; readonly lines: readonly Line[] }
const MONDAY_NOON: Order = {
  nowMs: SMALL_CLOCK.dayZeroMs + 12 * HOUR_MS,
  promisedMs: SMALL_CLOCK.dayZeroMs + 60 * HOUR_MS,
  zone: 0,
  lines: [{ sku: 0, units: 1 }],
}

const optionOf = (order: Order, change: Partial<RoutingOption>): RoutingOption => ({
  nowMs: order.nowMs,
  placedMs: order.nowMs - HOUR_MS,
  promisedMs: order.promisedMs,
  order: 7,
  zone: order.zone,
  warehouse: 0,
  warehouses: 3,
  service: 0,
  express: false,
  km: 100,
  weightKg: 1,
  lines: order.lines.length,
  costCents: 600,
  co2Grams: 300,
  queueMs: HOUR_MS,
  handsMs: 0,
  ownWorkMs: 0,
  parcelsAhead: 10,
  parcelsToday: 0,
  parcelsPerDay: 100,
  stateAgeMs: 0,
  waveUse: 0,
  departMs: order.nowMs + 6 * HOUR_MS,
  etaMsP50: order.nowMs + 30 * HOUR_MS,
  etaMsP90: order.nowMs + 40 * HOUR_MS,
  calmEtaMsP90: order.nowMs + 36 * HOUR_MS,
  lateShare: 0.05,
  expectedLateMs: 0,
  truckSlackMs: 0,
  missedLateShare: 0,
  missedExpectedLateMs: 0,
  latePerOrderCents: 300,
  latePerHourCents: 20,
  unitsLeft: 20,
  workPriceCents: 0,
  roomPriceCents: 0,
  stockPriceCents: 0,
  notes: [],
  planAgeMs: Number.POSITIVE_INFINITY,
  slackMs: 0,
  later: () => ({ lateCents: 0, workCents: 0, roomCents: 0, waitedWorkCents: 0, slackMs: 0 }),
  stockShare: 0.5,
  foreignShare: 1,
  failShare: 0,
  orderLines: order.lines.length,
  orderSku: (i) => order.lines[i].sku,
  orderUnits: (i) => order.lines[i].units,
  ...change,
})

const setOf = (...rules: readonly Partial<RuleSpec>[]): RuleSetSpec => ({
  name: 'test',
  about: 'Test.',
  rules: rules.map((rule, i) => ({ name: `rule ${i + 1}`, ...rule })),
})
const routingOf = (spec: RuleSetSpec) => ruleRouting(compileRules(spec, NETWORK), SMALL_CLOCK)
const priceOf = (spec: RuleSetSpec, option: RoutingOption): number => routingOf(spec).price(option, {})

/** Of equals the first, as the router does. */
function cheapest(spec: RuleSetSpec, options: readonly RoutingOption[]): RoutingOption | null {
  const { price } = routingOf(spec)
  let best: RoutingOption | null = null
  let least = Number.POSITIVE_INFINITY
  for (const option of options) {
    const asked = price(option, {})
    if (asked < least) {
      least = asked
      best = option
    }
  }
  return best
}

describe('a rule set routes as it reads', () => {
  const some = <T>(items: readonly T[]) => fc.option(fc.subarray([...items], { minLength: 1 }), { nil: undefined })
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 })
  const upTo = (most: number) => fc.integer({ min: 0, max: most })
  const rangeTo = (most: number) => fc.record({ from: upTo(most), to: upTo(most) }, { requiredKeys: [] })
  const ids = NETWORK.warehouses.map(({ id }) => id)
  const clock = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`)
  const when = fc.record({
    zones: some(NETWORK.zones.map(({ id }) => id)),
    regions: some(['north', 'middle', 'south']),
    notRegions: maybe(fc.constantFrom(['north'], ['middle', 'south'])),
    skus: maybe(
      fc.subarray(
        NETWORK.skus.map(({ id }) => id),
        { minLength: 1 },
      ),
    ),
    skuTags: maybe(fc.constant(['fragile'])),
    goods: maybe(fc.constantFrom('any' as const, 'all' as const)),
    lines: rangeTo(3),
    units: rangeTo(5),
    weightKg: rangeTo(4),
    value: rangeTo(100),
    promiseHours: rangeTo(90),
    days: some(['mon', 'tue', 'wed', 'sat', 'sun'] as const),
    hours: maybe(fc.record({ from: clock, to: clock })),
    during: maybe(fc.constantFrom([{ from: 'day 0 06:00', to: 'day 1 12:00' }], [{ from: 'day 3 00:00', to: 'day 9 24:00' }])),
  })
  const nodes = fc.record({
    only: some(ids),
    not: maybe(fc.subarray(ids)),
    tags: maybe(fc.constantFrom(['shop'], ['depot'], ['shop', 'depot'])),
    notTags: maybe(fc.constantFrom(['shop'], ['depot'])),
    services: some(['standard', 'express']),
    notServices: maybe(fc.constantFrom(['standard'], ['express'])),
    maxKm: maybe(fc.integer({ min: 0, max: 600 })),
    minUnitsLeft: maybe(fc.nat(30)),
    minStockShare: maybe(fc.constantFrom(0.1, 0.5, 1)),
    maxBacklogHours: maybe(fc.nat(30)),
    maxParcelsAhead: maybe(fc.nat(60)),
    leavesWithinHours: maybe(fc.nat(40)),
    leavesToday: maybe(fc.constant(true)),
    inTime: maybe(fc.boolean()),
    maxLateShare: maybe(fc.constantFrom(0, 0.1, 0.5, 1)),
    maxCost: maybe(fc.integer({ min: 2, max: 60 })),
    maxCo2Grams: maybe(fc.integer({ min: 100, max: 900 })),
  })
  const band = {
    km: 50,
    cost: 5,
    etaHours: 6,
    backlogHours: 4,
    parcelsAhead: 8,
    unitsLeft: 5,
    stockShare: 0.25,
    co2Grams: 100,
    lateShare: 0.125,
  }
  const sort: fc.Arbitrary<SortSpec> = fc
    .tuple(fc.constantFrom(...SORT_KEYS), fc.boolean(), fc.subarray([...ids, 'tag:shop'], { minLength: 1 }))
    .map(([by, banded, order]) => (by === 'rank' ? { by, order } : banded ? { by, band: band[by] } : { by }))
  // Filters are many, and all of them together would refuse everything: each rule gets a few.
  const few = <T extends object>(all: fc.Arbitrary<T>) =>
    fc.tuple(all, fc.infiniteStream(fc.nat(4))).map(([words, luck]) => {
      const kept = Object.entries(words).filter(([, value]) => value !== undefined && luck.next().value === 0)
      return Object.fromEntries(kept) as { [Word in keyof T]?: Exclude<T[Word], undefined> }
    })
  const rule = fc.record({
    when: few(when),
    nodes: few(nodes),
    sort: fc.array(sort, { minLength: 1, maxLength: 3 }),
    otherwise: fc.constantFrom('next' as const, 'next' as const, 'wait' as const, 'relax' as const),
  })
  const order: fc.Arbitrary<Order> = fc.record({
    nowMs: fc.integer({ min: 0, max: 12 * 24 }).map((hours) => hours * HOUR_MS),
    promisedMs: fc.integer({ min: 12 * 24, max: 15 * 24 }).map((hours) => hours * HOUR_MS),
    zone: fc.nat(5),
    lines: fc.array(fc.record({ sku: fc.nat(7), units: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 1 }),
  })
  const facts = fc.record({
    // No place of the small world is further from another.
    km: fc.integer({ min: 0, max: 550 }),
    costCents: fc.integer({ min: 200, max: 7000 }),
    co2Grams: fc.integer({ min: 0, max: 1000 }),
    queueMs: fc.integer({ min: 0, max: 40 }).map((hours) => hours * HOUR_MS),
    parcelsAhead: fc.nat(80),
    unitsLeft: fc.nat(40),
    stockShare: fc.integer({ min: 0, max: 16 }).map((eighths) => eighths / 8),
    lateShare: fc.integer({ min: 0, max: 16 }).map((parts) => parts / 16),
  })
  const delays = fc.record({ depart: fc.nat(50), p50: fc.nat(90), p90: fc.nat(120) })
  const listed = fc.array(fc.tuple(fc.nat(2), fc.nat(S - 1), facts, delays), { minLength: 1, maxLength: 8 })

  test('for any rules, order and options: what is bought is what one finds who filters, sorts and takes the first', () => {
    let refused = 0
    let relaxed = 0
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('cheapest' as const, 'wait' as const, undefined),
        order,
        listed,
        (rules, uncovered, one, ways) => {
          const spec: RuleSetSpec = { ...setOf(...rules), ...(uncovered === undefined ? {} : { uncovered }) }
          fc.pre(compileRules(spec, NETWORK).priceEnd <= PRICE_ROOM)
          const options = ways.map(([warehouse, service, values, { depart, p50, p90 }]) =>
            optionOf(one, {
              warehouse,
              service,
              ...values,
              departMs: one.nowMs + depart * HOUR_MS,
              etaMsP50: one.nowMs + p50 * HOUR_MS,
              etaMsP90: one.nowMs + p90 * HOUR_MS,
            }),
          )
          const found = cheapest(spec, options)
          expect(found).toBe(followed(spec, NETWORK, options))
          if (found === null) refused++
          if (rules.some(({ otherwise }) => otherwise === 'relax')) relaxed++
        },
      ),
      { numRuns: 1500 },
    )
    // It was asked about what matters.
    expect(refused).toBeGreaterThan(10)
    expect(relaxed).toBeGreaterThan(100)
  })

  test('the price of a set of shipments is read place by place: sums never spill into the next place', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), order, listed, (rules, one, ways) => {
        const compiled = compileRules(setOf(...rules), NETWORK)
        fc.pre(compiled.priceEnd <= PRICE_ROOM)
        const engine = new RuleEngine(compiled, SMALL_CLOCK)
        let price = 0
        let tiers = 0
        let count = 0
        for (const [warehouse, service, values] of ways.slice(0, 3)) {
          const asked = engine.price(optionOf(one, { warehouse, service, ...values }))
          if (engine.tier < 0) continue
          price += asked
          tiers += engine.tier
          count++
        }
        expect(Math.floor(price / compiled.tierUnit)).toBe(tiers)
        expect(Number.isSafeInteger(price)).toBe(true)
        expect(price).toBeLessThan(compiled.priceEnd)
        expect(count).toBeLessThanOrEqual(3)
      }),
      { numRuns: 300 },
    )
  })

  test('prices are never lower for more weight, a higher cost or fewer units left, which the router relies on', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), order, facts, (rules, one, values) => {
        const { price } = routingOf(setOf(...rules))
        const option = optionOf(one, values)
        const before = price(option, {})
        const { costCents, co2Grams, unitsLeft } = option
        for (const change of [
          { costCents: costCents + 30 },
          { co2Grams: 2 * co2Grams },
          { unitsLeft: unitsLeft >> 1 },
          { weightKg: 2 },
        ])
          expect(price({ ...option, ...change }, {})).toBeGreaterThanOrEqual(before)
      }),
      { numRuns: 500 },
    )
  })
})

describe('rules decide in the order they are written', () => {
  test('a way by the first rule is bought before any by the second, however dear', () => {
    const spec = setOf({ nodes: { services: ['express'] } }, {})
    expect(priceOf(spec, optionOf(MONDAY_NOON, { service: 1, costCents: 7000 }))).toBeLessThan(
      priceOf(spec, optionOf(MONDAY_NOON, { service: 0, costCents: 100 })),
    )
  })

  test('within a band of 100 km the nearer place has no advantage, one kilometre beyond it has', () => {
    const spec = setOf({ sort: [{ by: 'km', band: 100 }, { by: 'cost' }] })
    const at = (km: number, costCents: number) => priceOf(spec, optionOf(MONDAY_NOON, { km, costCents }))
    expect(at(199, 500)).toBeLessThan(at(101, 501))
    expect(at(99, 5000)).toBeLessThan(at(100, 500))
  })

  test('two parcels are dearer than any one by the same rule, unless the rule says that it does not mind', () => {
    const both = {
      ...MONDAY_NOON,
      lines: [
        { sku: 0, units: 1 },
        { sku: 1, units: 1 },
      ],
    }
    const far = { km: 600, costCents: 7000 }
    const near = { km: 5, costCents: 100, lines: 1 }
    const minds = setOf({ sort: [{ by: 'km' }, { by: 'cost' }] })
    expect(priceOf(minds, optionOf(both, far))).toBeLessThan(2 * priceOf(minds, optionOf(both, near)))
    const freely = setOf({ sort: [{ by: 'km' }, { by: 'cost' }], allocation: { fewest: false } })
    expect(priceOf(freely, optionOf(both, far))).toBeGreaterThan(2 * priceOf(freely, optionOf(both, near)))
  })

  test('a part of an order is not let go by a rule that ships complete, and goes by the next one', () => {
    const both = {
      ...MONDAY_NOON,
      lines: [
        { sku: 0, units: 1 },
        { sku: 1, units: 1 },
      ],
    }
    const spec = setOf({ allocation: { shipComplete: true } }, {})
    const whole = priceOf(spec, optionOf(both, { costCents: 7000 }))
    const part = priceOf(spec, optionOf(both, { lines: 1, costCents: 100 }))
    expect(whole).toBeLessThan(part)
    expect(part).toBeLessThan(Number.POSITIVE_INFINITY)
    expect(priceOf({ ...setOf({ allocation: { shipComplete: true }, otherwise: 'wait' }) }, optionOf(both, { lines: 1 }))).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  test('a rule for Saturdays is silent at noon on Monday, and a window over midnight holds before and after it', () => {
    const at = (when: WhenSpec, hours: number): boolean => {
      const engine = new RuleEngine(compileRules(setOf({ when }), NETWORK), SMALL_CLOCK)
      engine.price(optionOf({ ...MONDAY_NOON, nowMs: SMALL_CLOCK.dayZeroMs + hours * HOUR_MS }, {}))
      return engine.rule === 0
    }
    expect(at({ days: ['sat'] }, 12)).toBe(false)
    expect(at({ days: ['sat'] }, 5 * 24 + 12)).toBe(true)
    const night = { hours: { from: '22:00', to: '06:00' } }
    expect([21, 22, 23, 24, 29, 30].map((hour) => at(night, hour))).toEqual([false, true, true, true, true, false])
    const sale = { during: [{ from: 'day 2 00:00', to: 'day 3 00:00' }] }
    expect([47, 48, 71, 72].map((hour) => at(sale, hour))).toEqual([false, true, true, false])
  })

  test('what was asked before changes no answer: two orders at the same moment that differ in one unit', () => {
    const { price } = routingOf(setOf({ when: { units: { from: 2 } }, nodes: { only: ['WS'] }, otherwise: 'wait' }, {}))
    const one = optionOf(MONDAY_NOON, {})
    const two = optionOf({ ...MONDAY_NOON, lines: [{ sku: 0, units: 2 }] }, {})
    const alone = [price(one, {}), price(two, {})]
    expect([price(one, {}), price(two, {}), price(one, {})]).toEqual([alone[0], alone[1], alone[0]])
    expect(alone[1]).toBe(Number.POSITIVE_INFINITY)
    expect(alone[0]).toBeLessThan(Number.POSITIVE_INFINITY)
  })
})

describe('what no option of an order may do', () => {
  const limitsOf = (spec: RuleSetSpec, lines: readonly Line[] = MONDAY_NOON.lines): Limits => {
    const facts: OrderFacts = {
      nowMs: MONDAY_NOON.nowMs,
      placedMs: 0,
      promisedMs: MONDAY_NOON.promisedMs,
      order: 1,
      zone: 0,
      warehouses: 3,
      lines: lines.length,
      weightKg: 1,
      sku: (i) => lines[i].sku,
      units: (i) => lines[i].units,
    }
    const limits: Limits = {
      maxShipments: 8,
      co2Grams: Number.POSITIVE_INFINITY,
      mustBeInTime: false,
      allowed: new Uint8Array(3).fill(1),
    }
    const routing = routingOf(spec)
    routing.limit?.(facts, routing.params, limits)
    return limits
  }

  test('a warehouse that no rule of the order allows is out, one that the next rule allows is not', () => {
    const only = { nodes: { only: ['WN'] } }
    expect([...limitsOf(setOf({ ...only, otherwise: 'wait' })).allowed]).toEqual([1, 0, 0])
    expect([...limitsOf(setOf(only, { nodes: { not: ['WM'] }, otherwise: 'wait' })).allowed]).toEqual([1, 0, 1])
    expect([...limitsOf(setOf({ ...only, otherwise: 'relax' })).allowed]).toEqual([1, 1, 1])
    expect([...limitsOf(setOf(only)).allowed]).toEqual([1, 1, 1])
  })

  test('it must be in time where every rule of the order asks for that, and not where one lets go', () => {
    expect(limitsOf(setOf({ nodes: { inTime: true }, otherwise: 'wait' })).mustBeInTime).toBe(true)
    expect(limitsOf(setOf({ nodes: { inTime: true } })).mustBeInTime).toBe(false)
    expect(limitsOf({ ...setOf({ nodes: { inTime: true } }), uncovered: 'wait' }).mustBeInTime).toBe(true)
  })

  test('an order of 60 at 25 for each shipment goes in two, one of 20 in one', () => {
    const spec: RuleSetSpec = { ...setOf({ allocation: { valuePerShipment: 25 } }), uncovered: 'wait' }
    // Every unit of the small world costs 20.
    const lines = (count: number) => Array.from({ length: count }, (_, sku) => ({ sku, units: 1 }))
    expect(limitsOf(spec, lines(3)).maxShipments).toBe(2)
    expect(limitsOf(spec, lines(1)).maxShipments).toBe(1)
    expect(limitsOf({ ...setOf({ allocation: { maxCo2Grams: 900 } }), uncovered: 'wait' }).co2Grams).toBe(900)
  })

  test('an order that no rule takes, where such wait, may go from nowhere', () => {
    const spec: RuleSetSpec = { ...setOf({ when: { regions: ['south'] } }), uncovered: 'wait' }
    expect([...limitsOf(spec).allowed]).toEqual([0, 0, 0])
    expect(priceOf(spec, optionOf(MONDAY_NOON, {}))).toBe(Number.POSITIVE_INFINITY)
  })
})

test('a day is the day of the run: what leaves five minutes past midnight does not leave today', () => {
  const spec: RuleSetSpec = { ...setOf({ nodes: { leavesToday: true } }), uncovered: 'wait' }
  const leaving = (departMs: number) => priceOf(spec, optionOf(MONDAY_NOON, { departMs })) < Number.POSITIVE_INFINITY
  expect(leaving(SMALL_CLOCK.dayZeroMs + DAY_MS - 1)).toBe(true)
  expect(leaving(SMALL_CLOCK.dayZeroMs + DAY_MS + 5 * 60_000)).toBe(false)
})
