import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { runUntil, step } from '../sim/engine.ts'
import type { RoutingOption } from '../sim/policy.ts'
import type { Sim } from '../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../sim/units.ts'
import { COUNT, nowMs, REG, STATE, SUM, stateOf, warehouseOf } from '../sim/world.ts'
import { loadPolicy } from './catalog.ts'
import { option } from './option.fixture.ts'

/** What a planner expects of each routing policy. */

/** Which of some options a policy takes, by its place in the list. */
async function taken(name: string, changes: readonly Partial<RoutingOption>[], knobs: object = {}): Promise<number> {
  const { price, params } = await loadPolicy('routing', name)
  const prices = changes.map((change) => price(option(change), { ...params, ...knobs }))
  return prices.indexOf(Math.min(...prices))
}
const AT = { near: { warehouse: 0, km: 10, costCents: 600 }, far: { warehouse: 1, km: 800, costCents: 900 } }

describe('priority list', () => {
  test('takes the first warehouse of the list, near or far, and those that are named before all others', async () => {
    const [a, b, c] = [2, 0, 1].map((warehouse) => ({ warehouse, km: 100 * (3 - warehouse), costCents: 500 + warehouse }))
    expect(await taken('priority-list', [a, b, c])).toBe(1)
    expect(await taken('priority-list', [a, b, c], { first: 2 })).toBe(0)
    expect(await taken('priority-list', [b, c], { first: 2, second: 1 })).toBe(1)
  })

  test('takes the cheapest service that is in time by the timetable', async () => {
    const slow = { costCents: 500, calmEtaMsP90: 2e9 }
    const fast = { costCents: 900, calmEtaMsP90: 1e8 }
    const dear = { costCents: 950, calmEtaMsP90: 1e7 }
    expect(await taken('priority-list', [slow, fast, dear])).toBe(1)
  })
})

test('earliest ETA pays anything for half an hour, and nothing for less than a step', async () => {
  const soon = { etaMsP50: 40 * HOUR_MS, costCents: 2500 }
  expect(await taken('earliest-eta', [{ etaMsP50: 41 * HOUR_MS, costCents: 300 }, soon])).toBe(1)
  expect(await taken('earliest-eta', [{ etaMsP50: 40 * HOUR_MS + 60_000, costCents: 300 }, soon])).toBe(0)
})

test('drift plus penalty leaves a queue for a dearer warehouse where the wait weighs more, and not before', async () => {
  const late = { latePerOrderCents: 1000, lateShare: 0 }
  const queue = (hours: number) => ({ ...AT.near, ...late, queueMs: hours * HOUR_MS })
  // 300 cents dearer, 50 cents for an hour of queue.
  expect(await taken('drift-plus-penalty', [queue(5.9), { ...AT.far, ...late }], { hourShare: 0.05 })).toBe(0)
  expect(await taken('drift-plus-penalty', [queue(6.1), { ...AT.far, ...late }], { hourShare: 0.05 })).toBe(1)
})

test('the price of a wave is next to nothing while it is half empty, and drives orders away when it is full', async () => {
  const late = { latePerOrderCents: 1000 }
  expect(
    await taken('wave-price', [
      { ...AT.near, ...late, waveUse: 0.5 },
      { ...AT.far, ...late },
    ]),
  ).toBe(0)
  expect(
    await taken('wave-price', [
      { ...AT.near, ...late, waveUse: 1 },
      { ...AT.far, ...late },
    ]),
  ).toBe(1)
  const { price, params } = await loadPolicy('routing', 'wave-price')
  expect(price(option({ ...AT.near, waveUse: Number.POSITIVE_INFINITY }), params)).toBeLessThan(1e7)
})

describe('caps', () => {
  test('a daily cap passes over a warehouse that has had its orders today, and over none where all have', async () => {
    const full = { parcelsToday: 80, parcelsPerDay: 100 }
    expect(await taken('order-cap', [{ ...AT.near, parcelsToday: 79, parcelsPerDay: 100 }, AT.far])).toBe(0)
    expect(await taken('order-cap', [{ ...AT.near, ...full }, AT.far])).toBe(1)
    expect(
      await taken('order-cap', [
        { ...AT.near, ...full },
        { ...AT.far, ...full },
      ]),
    ).toBe(0)
    expect(await taken('order-cap', [{ ...AT.near, parcelsToday: 30 }, AT.far], { capOrders: 30 })).toBe(1)
  })

  test('a cap on the backlog passes over a warehouse whose queue is too long, and over none where all are', async () => {
    const long = { queueMs: 6 * HOUR_MS }
    expect(await taken('backlog-cap', [{ ...AT.near, queueMs: 5.9 * HOUR_MS }, AT.far])).toBe(0)
    expect(await taken('backlog-cap', [{ ...AT.near, ...long }, AT.far])).toBe(1)
    expect(
      await taken('backlog-cap', [
        { ...AT.near, ...long },
        { ...AT.far, ...long },
      ]),
    ).toBe(0)
  })
})

test('a spillover limit keeps what is left for customers at home, and lets it go where nobody else has it', async () => {
  const abroad = { ...AT.near, foreignShare: 0.03 }
  expect(await taken('spillover-limit', [{ ...AT.near, foreignShare: 0.5 }, AT.far], { keepShare: 0.05 })).toBe(0)
  expect(await taken('spillover-limit', [abroad, AT.far], { keepShare: 0.05 })).toBe(1)
  const { price, params } = await loadPolicy('routing', 'spillover-limit')
  expect(price(option(abroad), params)).toBeLessThan(Number.POSITIVE_INFINITY)
})

describe('tolled best response', () => {
  test('charges what hands, truck places and goods are worth to others, to the cent', async () => {
    const { price, params } = await loadPolicy('routing', 'tolled-best-response')
    const fresh = { planAgeMs: HOUR_MS, costCents: 700, latePerOrderCents: 0, latePerHourCents: 0 }
    const tolls = { workPriceCents: 30, roomPriceCents: 5, stockPriceCents: 100 }
    expect(price(option({ ...fresh, ...tolls }), params)).toBeCloseTo(835, 9)
    // A plan that is too old says nothing.
    expect(price(option({ ...fresh, ...tolls, planAgeMs: 5 * HOUR_MS }), params)).toBeCloseTo(700, 9)
  })

  test('in a troubled week it moves orders, and more of them are in time', async () => {
    const { reconsider, params } = await loadPolicy('routing', 'tolled-best-response')
    expect(reconsider?.({ ...params, reconsiderMinutes: 30, mostMoves: 2, switchCents: 75 })).toEqual({
      everyMinutes: 30,
      mostMoves: 2,
      switchCents: 75,
    })
    const spec = { ...SHORT_SHELVES, routing: { lockedOnce: 'picked' as const } }
    const late = async (mostMoves: number): Promise<{ onTime: number; moved: number }> => {
      const policies = `tolled-best-response:everyMinutes=720:switchCents=50:mostMoves=${mostMoves}`
      const sim = await openSmallRun({ spec, scenario: SHORT_TROUBLE, policies })
      while (step(sim));
      return { onTime: sim.world.sums[SUM.onTime], moved: sim.world.sums[SUM.moved] }
    }
    const still = await late(0)
    const moving = await late(3)
    expect(still.moved).toBe(0)
    expect(moving.moved).toBeGreaterThan(10)
    expect(moving.onTime).toBeGreaterThan(still.onTime)
  })
})

/** A run at some hour of its measured days, with its plan made anew there. */
async function planned(policies: string, hour: number): Promise<Sim> {
  const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies })
  runUntil(sim, sim.clock.dayZeroMs + hour * HOUR_MS)
  return sim
}

describe('prices on goods', () => {
  test('balance: an emptier shelf is dearer, an empty one as dear as it gets, a full one free', async () => {
    const sim = await planned('balance-price', 40)
    const { world, network } = sim
    const shelves = Array.from(network.initialStock.keys()).filter((i) => network.initialStock[i] > 0)
    const left = (i: number) => (world.onHand[i] - world.reserved[i]) / network.initialStock[i]
    // As of now.
    expect(sim.policies.routing.plan).toBeDefined()
    while (world.regs[REG.plannedMs] !== nowMs(world)) step(sim)
    const byFill = shelves.toSorted((a, b) => left(a) - left(b))
    const prices = byFill.map((i) => world.priceStock[i])
    expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    expect(prices[0]).toBeGreaterThan(prices[prices.length - 1])
    for (const i of shelves) if (left(i) >= 1) expect(world.priceStock[i]).toBe(0)
  })

  test('mirror descent: what is used too fast has a price, what is used too slowly has none', async () => {
    const sim = await planned('dual-mirror-descent', 40)
    const { world, network } = sim
    while (world.regs[REG.plannedMs] !== nowMs(world)) step(sim)
    const gone = (i: number) => (world.unitsOut[i] + world.reserved[i]) / world.unitsIn[i]
    const { W, K } = network
    let told = 0
    for (let k = 0; k < K; k++)
      for (let w = 0; w < W; w++)
        for (let v = 0; v < W; v++) {
          const [one, other] = [k * W + w, k * W + v]
          if (!(world.priceStock[one] > 0 && world.priceStock[other] === 0 && world.unitsIn[other] > 0)) continue
          expect(gone(one)).toBeGreaterThanOrEqual(gone(other))
          told++
        }
    expect(told).toBeGreaterThan(0)
  })

  test('mirror descent: hands are dearer where more work waits, and free where none does', async () => {
    const sim = await planned('dual-mirror-descent', 36)
    const { world, network } = sim
    while (world.regs[REG.plannedMs] !== nowMs(world)) step(sim)
    const perWarehouse = world.priceParcel.length / network.W
    const waits = Array.from({ length: network.W }, (_, w) => world.readyMs[w] - nowMs(world))
    const toll = waits.map((_, w) => world.priceParcel[w * perWarehouse])
    for (const w of waits.keys()) for (const v of waits.keys()) if (waits[w] > waits[v]) expect(toll[w]).toBeGreaterThan(toll[v])
    expect(Math.max(...toll)).toBeGreaterThan(0)
  })

  test('static duals are worked out once, whatever happens to sites and carriers', async () => {
    const sim = await planned('static-duals', 1)
    const { world } = sim
    const prices = () => [world.priceStock, world.priceParcel, world.priceRoom].flatMap((column) => Array.from(column))
    const first = prices()
    const plannedMs = world.regs[REG.plannedMs]
    const fromMs = world.regs[REG.pricesFromMs]
    expect(first.some((cents) => cents > 0)).toBe(true)
    // The busiest warehouse closes on day 1.
    runUntil(sim, sim.clock.dayZeroMs + 40 * HOUR_MS)
    expect(world.regs[REG.plannedMs]).toBeGreaterThan(plannedMs)
    expect(prices()).toEqual(first)
    expect(world.regs[REG.pricesFromMs]).toBe(fromMs)
  })
})

describe('what an option says', () => {
  test('parcels today are those given since midnight: counted by the warehouses themselves', async () => {
    const sim = await openSmallRun({ spec: smallWorld() })
    const { world, network, option: live } = sim
    const given = new Int32Array(network.W)
    const known = new Map<number, number>()
    let day = 0
    let most = 0
    for (let events = 0; events < 6000 && step(sim); events++) {
      const today = Math.floor(nowMs(world) / DAY_MS)
      if (today > day) given.fill(0)
      day = today
      for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
        const state = stateOf(world, p)
        if (state === STATE.routed && known.get(p) !== STATE.routed) given[warehouseOf(world, p)]++
        known.set(p, state)
      }
      for (let w = 0; w < network.W; w++) {
        live.warehouse = w
        live.nowMs = nowMs(world)
        expect(live.parcelsToday).toBe(given[w])
        most = Math.max(most, given[w])
      }
    }
    expect(most).toBeGreaterThan(20)
  })

  test('parcels per day are what the shifts can do: two pickers for 16 hours on a workday, none on a Sunday', async () => {
    const { option: live, network, clock } = await openSmallRun({ spec: smallWorld() })
    const mean = network.meanLines
    const picked = (2 * 16 * 3600) / (300 + 120 * mean)
    const packed = (16 * 3600) / (240 + 30 * mean)
    live.nowMs = clock.dayZeroMs + 12 * HOUR_MS
    expect(live.parcelsPerDay).toBeCloseTo(Math.min(picked, packed), 6)
    live.nowMs = clock.dayZeroMs + 5 * DAY_MS
    expect(live.parcelsPerDay).toBeCloseTo(Math.min((6 * 3600) / (300 + 120 * mean), (6 * 3600) / (240 + 30 * mean)), 6)
    live.nowMs = clock.dayZeroMs + 6 * DAY_MS
    expect(live.parcelsPerDay).toBe(0)
  })

  test('the use of a wave is nothing on a quiet morning, and above one where work outlasts the last departure in time', async () => {
    const uses: number[] = []
    const late: number[] = []
    const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE })
    const { routing } = sim.policies
    const watching: Sim = {
      ...sim,
      policies: {
        ...sim.policies,
        routing: {
          about: routing.about,
          params: routing.params,
          price(one, params) {
            expect(one.waveUse).toBeGreaterThanOrEqual(0)
            uses.push(one.waveUse)
            late.push(one.lateShare)
            return routing.price(one, params)
          },
        },
      },
    }
    while (step(watching));
    expect(uses.some((use) => use < 0.2)).toBe(true)
    expect(uses.some((use) => use > 1)).toBe(true)
    // Where the way is overfull by half again, half of the parcels and more are late; where it is nearly empty, few are.
    const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length
    const full = late.filter((_, i) => uses[i] > 1.5)
    const free = late.filter((_, i) => uses[i] < 0.2)
    expect(mean(full)).toBeGreaterThan(0.5)
    expect(mean(free)).toBeLessThan(0.5)
    expect(sim.world.sums[SUM.placed]).toBeGreaterThan(100)
  })
})
