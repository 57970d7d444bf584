import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { digestOf } from '../digest.ts'
import { runUntil, step } from '../engine.ts'
import { fork } from '../fork.ts'
import { checkBooks, checkLaws } from '../laws.ts'
import { Ledger } from '../ledger.ts'
import type { NetworkSpec } from '../network-spec.ts'
import { simulate } from '../outcome.ts'
import type { Seams } from '../policy.ts'
import type { ReplayOrders } from '../replay.ts'
import type { ScenarioSpec } from '../scenario-spec.ts'
import type { Sim } from '../sim.ts'
import { restore, snapshot } from '../snapshot.ts'
import { Tracer } from '../trace/watch.ts'
import { HOUR_MS } from '../units.ts'
import { COUNT, movesOf, REG, STATE, SUM, stateOf, warehouseOf } from '../world.ts'

/** Orders that nobody has begun may go another way, and all books stay right. */

const recalling: NetworkSpec = { ...SHORT_SHELVES, routing: { lockedOnce: 'picked' } }

/** Cost and expected lateness, asked again every ten minutes; without a plan, so that a run takes no time. */
async function open(spec: NetworkSpec = recalling, mostMoves = 3, scenario: ScenarioSpec = SHORT_TROUBLE): Promise<Sim> {
  const sim = await openSmallRun({ spec, scenario, policies: 'live-greedy' })
  return { ...sim, policies: { ...sim.policies, routing: again(sim.policies.routing, mostMoves) } }
}
const again = (routing: Seams['routing'], mostMoves: number): Seams['routing'] => ({
  ...routing,
  reconsider: () => ({ everyMinutes: 10, mostMoves, switchCents: 5 }),
})

describe('in a troubled run', () => {
  test.each([
    ['released', SHORT_SHELVES],
    ['picked', recalling],
  ])('every law holds after every event where orders stay once %s', async (_lock, spec) => {
    const sim = await open(spec)
    simulate(sim, checkLaws(7))
    checkBooks(sim)
    expect(sim.world.sums[SUM.moved]).toBeGreaterThan(10)
  })

  test('no order leaves a floor it was released to, unless the network can call it back', async () => {
    const left = async (spec: NetworkSpec): Promise<number> => {
      const sim = await open(spec)
      const state = new Map<number, number>()
      let recalled = 0
      const { world } = sim
      for (let i = 0; i < 12_000 && step(sim); i++)
        for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
          const now = stateOf(world, p)
          if (now === STATE.routed && state.get(p) === STATE.released) recalled++
          state.set(p, now)
        }
      return recalled
    }
    expect(await left(SHORT_SHELVES)).toBe(0)
    expect(await left(recalling)).toBeGreaterThan(5)
  })

  test('no order is moved more often than the policy allows', async () => {
    const sim = await open(recalling, 2)
    const { world } = sim
    let most = 0
    simulate(sim, () => {
      for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++)
        if (stateOf(world, p) === STATE.routed || stateOf(world, p) === STATE.released) most = Math.max(most, movesOf(world, p))
    })
    expect(most).toBe(2)
  })

  test('what all shipments cost is what the last shipment of each order costs, and each move is one that was superseded', async () => {
    const ledger = new Ledger()
    const bare = await open({ ...recalling, customers: { ...recalling.customers, returnShare: 0 } })
    const sim: Sim = { ...bare, ledger }
    simulate(sim)
    let cents = 0
    let superseded = 0
    for (let i = 0; i < ledger.shipments; i++) {
      const order = ledger.order[i]
      if (ledger.counted[order] === 0) continue
      if (ledger.shipmentOf(order, ledger.part[i]) === i) cents += Math.round(ledger.cents[i])
      else superseded++
    }
    expect(superseded).toBeGreaterThan(10)
    expect(sim.world.sums[SUM.moved]).toBe(superseded)
    expect(sim.world.sums[SUM.costCents]).toBe(cents)
    const flow = Array.from(sim.world.flow).reduce((sum, one) => sum + one, 0)
    let latest = 0
    for (let i = 0; i < ledger.shipments; i++)
      if (ledger.counted[ledger.order[i]] === 1 && ledger.shipmentOf(ledger.order[i], ledger.part[i]) === i) latest++
    expect(flow).toBe(latest)
  })

  test('a fork and a snapshot taken between moves go on as the run does', async () => {
    const sim = await open()
    runUntil(sim, sim.clock.dayZeroMs + 30 * HOUR_MS)
    const movedBefore = sim.world.sums[SUM.moved]
    const copy = fork(sim)
    const back = restore(await open(), snapshot(sim))
    const digests = [sim, copy, back].map((one) => {
      while (step(one));
      return digestOf(one.world)
    })
    expect(sim.world.sums[SUM.moved]).toBeGreaterThan(movedBefore)
    expect(digests[1]).toBe(digests[0])
    expect(digests[2]).toBe(digests[0])
  })

  test('being watched changes nothing', async () => {
    const plain = simulate(await open())
    const sim = await open()
    let rows = 0
    const tracer = new Tracer(sim, (block) => {
      rows += block.count
    })
    const watched = simulate(sim, (one) => tracer.watch(one))
    tracer.end()
    expect(watched.digest).toBe(plain.digest)
    expect(rows).toBeGreaterThan(1000)
  })
})

test('where a warehouse closes, orders in preparation go to others that have their goods', async () => {
  const closing: ScenarioSpec = {
    name: 'closing',
    about: 'One closes.',
    days: 2,
    warehouses: [{ from: 'day 0 12:00', to: 'day 1 23:00', which: ['WM'], capacity: 0 }],
  }
  const bare = smallWorld()
  const slow = smallWorld({
    warehouses: bare.warehouses.map((one) => ({ ...one, prepareHours: { law: 'constant', value: 5 } })),
    replenishment: { reviewHour: 4, initialDaysOfStock: 30 },
  })
  const stuck = async (mostMoves: number): Promise<number> => {
    const sim = await open(slow, mostMoves, closing)
    runUntil(sim, sim.clock.dayZeroMs + 12.5 * HOUR_MS)
    const { world } = sim
    let parcels = 0
    for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++)
      if (stateOf(world, p) === STATE.routed && warehouseOf(world, p) === 1) parcels++
    return parcels
  }
  expect(await stuck(0)).toBeGreaterThan(5)
  // Split orders stay.
  expect(await stuck(3)).toBeLessThan(2)
})

test('an order that may not move decides nothing: the same day as without looking again', async () => {
  const still = await open(recalling, 0)
  simulate(still)
  const { reconsider: _never, ...routing } = still.policies.routing
  const other = await open()
  const without = simulate({ ...other, policies: { ...other.policies, routing } })
  expect(still.world.sums[SUM.moved]).toBe(0)
  // The register that says when to look again is all that differs.
  still.pen.regs[REG.reconsiderMs] = 0
  expect(digestOf(still.world)).toBe(without.digest)
})

test('orders that are kept at their recorded origin stay there', async () => {
  const recorded: ReplayOrders = {
    count: 60,
    placedMs: Float64Array.from({ length: 60 }, (_, i) => 8 * HOUR_MS + i * 60_000),
    promisedMs: new Float64Array(60).fill(30 * HOUR_MS),
    zone: Int32Array.from({ length: 60 }, (_, i) => i % 6),
    payment: new Int32Array(60),
    origin: new Int32Array(60).fill(1),
    lineStart: Int32Array.from({ length: 61 }, (_, i) => i),
    sku: Int32Array.from({ length: 60 }, (_, i) => i % 8),
    units: new Int32Array(60).fill(1),
    prepareFactor: new Float64Array(0),
    haulFactor: new Float64Array(0),
    recorded: { approvedMs: new Float64Array(60), handedOverMs: new Float64Array(60), deliveredMs: new Float64Array(60) },
  }
  const moved = async (keepsOrigins: boolean): Promise<number> => {
    const sim = await openSmallRun({ spec: recalling, policies: 'nearest', replay: recorded, keepsOrigins })
    // Whoever routed them did so badly: the farther the better.
    let isLate = false
    const price: Seams['routing']['price'] = (option) => (isLate ? option.km : 10_000 - option.km)
    const run: Sim = { ...sim, policies: { ...sim.policies, routing: again({ about: 'Far.', params: {}, price }, 3) } }
    runUntil(run, 9 * HOUR_MS)
    isLate = true
    while (step(run));
    return run.world.sums[SUM.moved]
  }
  expect(await moved(true)).toBe(0)
  expect(await moved(false)).toBeGreaterThan(5)
})
