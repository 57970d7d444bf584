import { expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { step } from './engine.ts'
import { checkBooks, checkLaws } from './laws.ts'
import { simulate } from './outcome.ts'
import type { ScenarioSpec } from './scenario-spec.ts'
import { COUNT } from './world.ts'

const trouble: ScenarioSpec = {
  name: 'trouble',
  about: 'Everything at once.',
  days: 4,
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 4, shape: 'rush', promoted: { skuShare: 0.3, lift: 5 } }],
  weather: [
    {
      from: 'day 1 00:00',
      to: 'day 3 00:00',
      path: [
        { east: 0.2, north: 0.1 },
        { east: 0.8, north: 0.5 },
      ],
      radiusKm: 250,
      severity: 2,
      wanderKm: 50,
    },
  ],
  warehouses: [{ from: 'day 1 06:00', to: 'day 2 12:00', which: 'busiest', capacity: 0 }],
  carriers: [{ from: 'day 2 00:00', to: 'day 3 00:00', which: ['standard'], capacity: 0.2, transit: 1.5 }],
  hubs: [{ from: 'day 1 00:00', to: 'day 4 00:00', which: 'all', capacity: 0.3 }],
  suppliers: [{ from: 'day 0 00:00', to: 'day 3 00:00', which: 'all', leadTime: 2 }],
}
/** Little stock, impatient customers, everything sent back: all endings happen. */
const scarce = smallWorld({
  replenishment: { reviewHour: 4, initialDaysOfStock: 0.7 },
  customers: {
    impatientShare: 0.5,
    patienceHours: { law: 'lognormal', median: 14, sigma: 1 },
    returnShare: 0.3,
    returnDays: { law: 'uniform', low: 1, high: 4 },
  },
})

test.each(['nearest', 'cheapest', 'cheapest-in-time', 'shortest-queue', 'live-greedy+smoothed'])(
  'every law holds after every event of a troubled week under %s, walking the whole world each time',
  async (policies) => {
    const sim = await openSmallRun({ spec: scarce, scenario: trouble, policies })
    const outcome = simulate(sim, checkLaws(1))
    checkBooks(sim)
    expect(outcome.sums.delivered).toBeGreaterThan(100)
    expect(outcome.sums.cancelled).toBeGreaterThan(0)
    expect(outcome.sums.returned).toBeGreaterThan(0)
    expect(outcome.sums.split).toBeGreaterThan(0)
    const { placed, delivered, cancelled, lost, open } = outcome.sums
    expect(delivered + cancelled + lost + open).toBe(placed)
  },
)

test('when the run is over every measured order has ended', async () => {
  const sim = await openSmallRun({ spec: smallWorld(), policies: 'live-greedy' })
  expect(simulate(sim).sums.open).toBe(0)
})

test('a unit taken from a shelf behind the books is noticed', async () => {
  const sim = await openSmallRun({ spec: smallWorld() })
  for (let i = 0; i < 5000; i++) step(sim)
  sim.pen.onHand[0]--
  expect(() => checkBooks(sim)).toThrow(/SKU 0 in warehouse 0/)
})

test('an order that vanishes from the books is noticed', async () => {
  const sim = await openSmallRun({ spec: smallWorld() })
  const watch = checkLaws(1)
  for (let i = 0; i < 5000; i++) step(sim)
  watch(sim)
  sim.pen.counts[COUNT.openOrders]--
  expect(() => watch(sim)).toThrow(/orders placed/)
})
