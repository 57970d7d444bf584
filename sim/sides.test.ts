import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_TROUBLE } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { openRun, runToEnd } from './engine.ts'
import { Ledger } from './ledger.ts'
import type { Policies } from './policy.ts'
import { routingOfAll, type SideOfOrder, withSides } from './sides.ts'
import type { Sim } from './sim.ts'
import { SUM } from './world.ts'

const spec = smallWorld({ demand: { ...smallWorld().demand, ordersPerDay: 60 } })
const TOLLED = 'tolled-best-response:everyMinutes=720:horizonHours=8:slotMinutes=120:reconsiderMinutes=60'
const POOLED = 'bid-price:everyMinutes=1440:horizonHours=4:slotMinutes=240:poolMinutes=20:budgetSeconds=0.2'

/** What became of every order, and by what it went. */
function played(sim: Sim): unknown {
  runToEnd(sim)
  if (sim.ledger === null) expect.fail('nothing was kept')
  const { orders, shipments, deliveredMs, ending, order, warehouse, service, cents, routedMs } = sim.ledger
  return [
    [deliveredMs, ending].map((column) => [...column.slice(0, orders)]),
    [order, warehouse, service, cents, routedMs].map((column) => [...column.slice(0, shipments)]),
    sim.world.sums[SUM.moved],
  ]
}
const opened = async (policies: string): Promise<Sim> => ({
  ...(await openSmallRun({ spec, scenario: { ...SHORT_TROUBLE, days: 2 }, policies })),
  ledger: new Ledger(),
})

async function together(names: readonly string[], sideOf: SideOfOrder): Promise<Sim> {
  const sims = await Promise.all(names.map(opened))
  const all: Policies[] = sims.map(({ policies }) => policies)
  const [{ network, scene, clock, dice, replay, keepsOrigins }] = sims
  const solver = sims.find((sim) => sim.solver !== null)?.solver ?? null
  const routing = routingOfAll(all.map((one) => one.routing))
  const policies = { ...all[0], routing }
  return withSides(
    openRun({ network, scene, clock, dice, policies, replay, keepsOrigins, solver, ledger: new Ledger() }),
    all,
    sideOf,
  )
}

describe('several policies that decide in one world', { timeout: 60_000 }, () => {
  test.each(['balance-price', TOLLED, POOLED])(
    '%s beside itself does what it does alone, to the bit: each half keeps plan, pool and moves of its own',
    async (name) => {
      expect(played(await together([name, name], (order) => order % 2))).toEqual(played(await opened(name)))
    },
  )

  test('whoever makes no plan sees none, and who decides nothing changes nothing, though it plans', async () => {
    const alone = { nearest: played(await opened('live-greedy')), tolled: played(await opened(TOLLED)) }
    expect(played(await together(['live-greedy', TOLLED], () => 0))).toEqual(alone.nearest)
    expect(played(await together(['live-greedy', TOLLED], () => 1))).toEqual(alone.tolled)
    expect(played(await together([TOLLED, 'balance-price'], () => 0))).toEqual(alone.tolled)
  })

  test('a plan in force for one side is out of force for the other', async () => {
    const sim = await together(['static-duals', 'balance-price'], (order) => order % 2)
    const planned = (side: number): number => {
      const { priceStock, priceRoom } = (sim.sides ?? expect.fail('no sides')).enter(side).pen
      return [...priceStock, ...priceRoom].reduce((sum, cents) => sum + cents, 0)
    }
    runToEnd(sim)
    const [first, second, again] = [planned(0), planned(1), planned(0)]
    expect(first).not.toBe(second)
    expect(again).toBe(first)
  })
})
