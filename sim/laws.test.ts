import { expect, test } from 'vitest'
import { openSmallRun, SCARCE, TROUBLE } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { step } from './engine.ts'
import { checkBooks, checkLaws } from './laws.ts'
import { simulate } from './outcome.ts'
import { COUNT } from './world.ts'

test.each(['nearest', 'cheapest', 'cheapest-in-time', 'shortest-queue', 'live-greedy+smoothed'])(
  'every law holds after every event of a troubled week under %s, walking the whole world each time',
  async (policies) => {
    const sim = await openSmallRun({ spec: SCARCE, scenario: TROUBLE, policies })
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
