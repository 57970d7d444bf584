import { expect, test } from 'vitest'
import { always, meansOf, memoryless, runOf, supplyOf } from './small.fixture.ts'
import type { SiteSpec, SupplySpec } from './spec.ts'

/** Customers who come one by one, `perDay` a day on average, and wait. */
const oneByOne = (perDay: number): SiteSpec['customers'] => [
  { everyDays: memoryless(1 / perDay), units: always(1), unmet: 'waits' },
]

/** Customers who come together at the beginning of each day, Poisson many. */
const eachMorning = (mean: number): SiteSpec['customers'] => [
  { everyDays: always(1), firstDay: 0, units: { law: 'poisson', mean }, unmet: 'waits' },
]

/** Probabilities of 0, 1, 2 … of a Poisson law, as far as they matter. */
function poissonLaw(mean: number): number[] {
  const law = [Math.exp(-mean)]
  while (law.length < mean + 12 * Math.sqrt(mean) + 20) law.push((law[law.length - 1] * mean) / law.length)
  return law
}

/** The simulator agrees: within four standard errors, and those are at most `sharp` of the value. */
function expectAgrees({ mean, error }: { mean: number; error: number }, expected: number, sharp = 0.01): void {
  expect(error).toBeLessThan(sharp * Math.abs(expected))
  expect(Math.abs(mean - expected)).toBeLessThan(4 * error)
}

const costOf = (spec: SupplySpec) => meansOf(spec, 20, ({ total }) => [total.costPerDay])[0]

const LONG = { days: 1_500, warmupDays: 50 }

test.each([
  ['fixed lead times', always(2)],
  ['lead times that vary and overtake each other (Palm)', memoryless(2)],
])('a base stock met by Poisson customers has the stock, backlog and fill rate of its lead time demand: %s', (_, leadDays) => {
  const spec = supplyOf(
    [{ id: 'shop', from: ['mine'], leadDays, rule: { rule: 'base-stock', upTo: 9 }, initial: 9, customers: oneByOne(4) }],
    LONG,
  )
  const law = poissonLaw(8)
  const sum = (term: (count: number) => number): number => law.reduce((total, p, count) => total + p * term(count), 0)
  const found = meansOf(spec, 20, ({ total }) => [total.stock, total.backlog, total.fillRate, total.empty, total.waitDays])
  const expected = {
    stock: sum((x) => Math.max(0, 9 - x)),
    backlog: sum((x) => Math.max(0, x - 9)),
    fillRate: sum((x) => (x < 9 ? 1 : 0)),
    empty: sum((x) => (x >= 9 ? 1 : 0)),
  }
  expectAgrees(found[0], expected.stock, 0.02)
  expectAgrees(found[1], expected.backlog, 0.05)
  expectAgrees(found[2], expected.fillRate)
  expectAgrees(found[3], expected.empty, 0.03)
  // Little's law: the mean wait of all units is the backlog over the demand.
  expectAgrees(found[4], expected.backlog / 4, 0.05)
})

/** Federgruen & Zheng, Operations Research 40 (1992); values as in stockpyl's examples, which a brute force confirms. */
test.each([
  { r: 3, Q: 5, demand: 1.5, lead: 2, h: 20, b: 150, K: 100, cost: 107.9235806331 },
  { r: 6, Q: 7, demand: 12, lead: 0.5, h: 4, b: 28, K: 4, cost: 28.2413128422 },
])('(r, Q) under Poisson demand costs what the formula says: r = $r, Q = $Q', ({ r, Q, demand, lead, h, b, K, cost }) => {
  const spec = supplyOf(
    [
      {
        id: 'shop',
        from: ['mine'],
        leadDays: always(lead),
        rule: { rule: 'lots', reorderAt: r, lot: Q },
        initial: r + Q,
        customers: oneByOne(demand),
        costs: { holding: h, backorder: b, order: K },
      },
    ],
    LONG,
  )
  expectAgrees(costOf(spec), cost)
})

/** Zheng & Federgruen, Operations Research 39 (1991), table 1: h = 1, p = 9, K = 64; and (s, S) that are not the best, from stockpyl. */
test.each([
  { mu: 10, s: 6, S: 40, h: 1, p: 9, K: 64, cost: 35.022 },
  { mu: 20, s: 14, S: 62, h: 1, p: 9, K: 64, cost: 49.173 },
  { mu: 23, s: 17, S: 52, h: 1, p: 9, K: 64, cost: 52.757 },
  { mu: 35, s: 28, S: 77, h: 1, p: 9, K: 64, cost: 61.215 },
  { mu: 6, s: 4, S: 10, h: 1, p: 4, K: 5, cost: 8.0341115615 },
  { mu: 6, s: 6, S: 18, h: 1, p: 4, K: 5, cost: 10.1937986716 },
  { mu: 4, s: 4, S: 10, h: 40, p: 125, K: 150, cost: 262.2755613773 },
])(
  '(s, S) looked at each morning costs what Zheng and Federgruen say: μ = $mu, s = $s, S = $S',
  ({ mu, s, S, h, p, K, cost }) => {
    const spec = supplyOf(
      [
        {
          id: 'shop',
          from: ['mine'],
          rule: { rule: 'up-to', reorderAt: s, upTo: S, everyDays: 1 },
          ships: 'parts',
          initial: S,
          customers: eachMorning(mu),
          costs: { holding: h, backorder: p, order: K },
        },
      ],
      LONG,
    )
    expectAgrees(costOf(spec), cost)
  },
)

/** A chain of stages, the first next to the customers: local base stocks, holding a day at each stage, lead time a quarter of a day. */
function chain(stocks: readonly number[], holding: readonly number[], backorder: number): SupplySpec {
  const stages = stocks.map(
    (upTo, j): SiteSpec => ({
      id: `stage-${j + 1}`,
      from: [j === stocks.length - 1 ? 'mine' : `stage-${j + 2}`],
      leadDays: always(0.25),
      rule: { rule: 'base-stock', upTo },
      initial: upTo,
      // What is on its way to a stage is still charged as it was one stage up.
      costs: { holding: holding[j], pipeline: holding[j + 1] ?? 0, backorder: j === 0 ? backorder : 0 },
    }),
  )
  stages[0] = { ...stages[0], customers: oneByOne(16) }
  return supplyOf(stages, { days: 300, warmupDays: 10 })
}

/** Shang & Song, Management Science 49 (2003), table 1, rows 1, 9, 17 and 25 with the base stocks given there; costs from stockpyl. */
test.each([
  { row: 1, echelon: [8, 13, 18, 22], steps: [0.25, 0.25, 0.25, 0.25], backorder: 9, cost: 12.688 },
  { row: 9, echelon: [9, 10, 13, 19], steps: [0.25, 2.5, 2.5, 0.25], backorder: 9, cost: 53.008 },
  { row: 17, echelon: [11, 17, 22, 27], steps: [0.25, 0.25, 0.25, 0.25], backorder: 99, cost: 16.206 },
  { row: 25, echelon: [11, 14, 18, 26], steps: [0.25, 2.5, 2.5, 0.25], backorder: 99, cost: 74.564 },
])('a chain of four stages costs what Clark and Scarf would say: row $row', ({ echelon, steps, backorder, cost }) => {
  const stocks = echelon.map((S, j) => S - (echelon[j - 1] ?? 0))
  const holding = steps.map((_, j) => steps.slice(j).reduce((sum, step) => sum + step, 0))
  expectAgrees(costOf(chain(stocks, holding, backorder)), cost, 0.015)
})

/** Lee, Padmanabhan & Whang, Management Science 43 (1997): orders that are batched over R days vary by σ² + (R − 1) μ². */
test.each([1, 2, 5])('a base stock looked at every %d days passes its demand on as much wilder as the batching says', (days) => {
  const spec = supplyOf(
    [
      {
        id: 'shop',
        from: ['mine'],
        leadDays: always(1),
        rule: { rule: 'base-stock', upTo: 60, everyDays: days },
        initial: 60,
        customers: oneByOne(6),
      },
    ],
    { days: 1_000, warmupDays: 50 },
  )
  const [{ mean, error }] = meansOf(spec, 20, ({ total }) => [total.bullwhip])
  const expected = 1 + (days - 1) * 6
  expect(error).toBeLessThan(0.02 * expected)
  expect(Math.abs(mean - expected)).toBeLessThan(4 * error + 0.005 * expected)
})

test('a lot a little larger or smaller than EOQ costs as much more as the formula says', () => {
  // K = 8, h = 0.225, d = 1300 (Snyder & Shen, example 3.1): the cost of lot Q is K d / Q + h Q / 2, least at 304.05 with 68.41.
  const costOfLot = (lot: number): number => {
    const spec = supplyOf(
      [
        {
          id: 'shop',
          from: ['mine'],
          rule: { rule: 'lots', reorderAt: 0, lot },
          initial: lot,
          customers: [{ everyDays: always(1 / 1300), units: always(1), unmet: 'waits' }],
          costs: { holding: 0.225, order: 8 },
        },
      ],
      { days: 60 },
    )
    return runOf(spec).total.costPerDay
  }
  for (const lot of [200, 304, 450]) expect(costOfLot(lot)).toBeCloseTo((8 * 1300) / lot + (0.225 * lot) / 2, 0)
  expect(costOfLot(304)).toBeLessThan(costOfLot(200))
  expect(costOfLot(304)).toBeLessThan(costOfLot(450))
})
