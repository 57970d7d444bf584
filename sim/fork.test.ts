import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSmallRun, type SmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { digestOf } from './digest.ts'
import { runUntil, step } from './engine.ts'
import { fork } from './fork.ts'
import { KIND } from './kinds.ts'
import { checkBooks, checkLaws } from './laws.ts'
import { type Outcome, simulate } from './outcome.ts'
import { dice } from './random.ts'
import type { ReplayOrders } from './replay.ts'
import type { ScenarioSpec } from './scenario-spec.ts'
import type { Sim } from './sim.ts'
import { restore, snapshot } from './snapshot.ts'
import { DAY_MS, HOUR_MS } from './units.ts'
import {
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  kindOf,
  nowMs,
  orderOf,
  placedMs,
  REG,
  STATE,
  stateOf,
  warehouseOf,
  zoneOf,
} from './world.ts'

/** A run that was stopped, copied or put away goes on as if nothing had happened. */

const scenario = (change: Partial<ScenarioSpec>): ScenarioSpec => ({ name: 'x', about: 'x.', days: 3, ...change })
const storm = scenario({
  weather: [
    {
      from: 'day 0 12:00',
      to: 'day 2 12:00',
      path: [
        { east: 0.2, north: 0.1 },
        { east: 0.8, north: 0.5 },
      ],
      radiusKm: 250,
      severity: 2,
      wanderKm: 50,
    },
    { from: 'day 1 00:00', to: 'day 2 06:00', path: [{ east: 0.5, north: 0.5 }], radiusKm: 400, severity: 1 },
  ],
})
const outage = scenario({ warehouses: [{ from: 'day 0 06:00', to: 'day 1 18:00', which: 'busiest', capacity: 0 }] })
const strike = scenario({
  carriers: [{ from: 'day 0 12:00', to: 'day 2 12:00', which: ['standard'], capacity: 0.2, transit: 1.5 }],
  suppliers: [{ from: 'day 0 00:00', to: 'day 2 00:00', which: 'all', leadTime: 2 }],
  hubs: [{ from: 'day 0 00:00', to: 'day 3 00:00', which: 'all', capacity: 0.3 }],
})
const sale = scenario({
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 4, shape: 'rush', promoted: { skuShare: 0.3, lift: 5 } }],
})

/** Little stock, impatient customers, much sent back: everything that can be half done is half done somewhere. */
const scarce = smallWorld({
  replenishment: { reviewHour: 4, initialDaysOfStock: 1 },
  customers: {
    impatientShare: 0.4,
    patienceHours: { law: 'lognormal', median: 14, sigma: 1 },
    returnShare: 0.3,
    returnDays: { law: 'uniform', low: 1, high: 4 },
  },
})

/** Two days of recorded orders, one every few minutes. */
const COUNT_RECORDED = 240
const recorded: ReplayOrders = {
  count: COUNT_RECORDED,
  placedMs: Float64Array.from({ length: COUNT_RECORDED }, (_, i) => i * 720_000),
  promisedMs: Float64Array.from({ length: COUNT_RECORDED }, (_, i) => (i % 3 === 0 ? Number.NaN : i * 720_000 + 3 * DAY_MS)),
  zone: Int32Array.from({ length: COUNT_RECORDED }, (_, i) => (i * 7) % 6),
  payment: Int32Array.from({ length: COUNT_RECORDED }, (_, i) => i % 2),
  origin: Int32Array.from({ length: COUNT_RECORDED }, (_, i) => (i % 4) - 1),
  lineStart: Int32Array.from({ length: COUNT_RECORDED + 1 }, (_, i) => i + Math.floor(i / 2)),
  sku: Int32Array.from({ length: COUNT_RECORDED * 2 }, (_, i) => (i * 5) % 8),
  units: Int32Array.from({ length: COUNT_RECORDED * 2 }, (_, i) => 1 + (i % 2)),
  prepareFactor: new Float64Array(0),
  haulFactor: new Float64Array(0),
  recorded: { approvedMs: new Float64Array(0), handedOverMs: new Float64Array(0), deliveredMs: new Float64Array(0) },
}

const RUNS: readonly SmallRun[] = [
  { spec: scarce, scenario: storm, policies: 'live-greedy+smoothed' },
  { spec: scarce, scenario: outage, policies: 'cheapest' },
  { spec: scarce, scenario: strike, policies: 'shortest-queue' },
  { spec: scarce, scenario: sale, policies: 'cheapest-in-time' },
  { spec: smallWorld(), policies: 'nearest', scenario: scenario({}) },
  { spec: scarce, scenario: storm, policies: 'live-greedy', replay: recorded, keepsOrigins: true },
]

/** What a run comes to when nobody stops it, found once for each. */
const whole = RUNS.map(async (run) => simulate(await openSmallRun(run)))

async function stoppedAt(run: SmallRun, events: number): Promise<Sim> {
  const sim = await openSmallRun(run)
  for (let i = 0; i < events; i++) expect(step(sim)).toBe(true)
  return sim
}

const setupOf = (run: SmallRun): Promise<Sim> => openSmallRun(run)

/** Room that a run happens to have is not part of what it found. */
const found = ({ bytes: _, ...outcome }: Outcome): Omit<Outcome, 'bytes'> => outcome

/** Some run of the list, and an event of it to stop after, from the first to shortly before the last. */
const cut = fc.record({ at: fc.nat(RUNS.length - 1), part: fc.double({ min: 0, max: 0.999, noNaN: true }) })

describe('stopped at any event', () => {
  test('a run that is put away and taken out again ends as the one that was never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async ({ at, part }) => {
        const expected = await whole[at]
        const stopped = await stoppedAt(RUNS[at], 1 + Math.floor(part * (expected.events - 2)))
        const again = restore(await setupOf(RUNS[at]), snapshot(stopped))
        expect(digestOf(again.world)).toBe(digestOf(stopped.world))
        checkBooks(again)
        expect(found(simulate(again))).toEqual(found(expected))
      }),
      { numRuns: 18 },
    )
  })

  test('a fork ends as the run itself would, and the run is not touched by what its forks do', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async ({ at, part }) => {
        const expected = await whole[at]
        const sim = await stoppedAt(RUNS[at], 1 + Math.floor(part * (expected.events - 2)))
        const before = digestOf(sim.world)
        const one = fork(sim)
        checkBooks(one)
        expect(digestOf(one.world)).toBe(before)
        expect(found(simulate(one))).toEqual(found(expected))
        expect(digestOf(sim.world)).toBe(before)
        // Into the memory of a future that has come to its end.
        const other = fork(sim, one)
        expect(digestOf(other.world)).toBe(before)
        expect(found(simulate(sim))).toEqual(found(expected))
        expect(digestOf(other.world)).toBe(before)
        expect(found(simulate(other))).toEqual(found(expected))
      }),
      { numRuns: 18 },
    )
  })

  test('a fork brought up to date again and again is each time the run as it is then, whatever both did in between', async () => {
    const { policies } = await openSmallRun({ ...RUNS[0], policies: 'nearest' })
    const moves = fc.array(fc.record({ run: fc.nat(400), fork: fc.nat(1500), otherwise: fc.boolean() }), {
      minLength: 4,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(cut, moves, async ({ at, part }, all) => {
        const expected = await whole[at]
        const sim = await stoppedAt(RUNS[at], 1 + Math.floor(0.8 * part * expected.events))
        let future = fork(sim)
        for (const move of all) {
          for (let i = 0; i < move.run && sim.world.regs[REG.events] < expected.events - 1; i++) step(sim)
          for (let i = 0; i < move.fork && step(future); i++);
          const before = digestOf(sim.world)
          future = fork(sim, future, move.otherwise ? { policies } : {})
          expect(digestOf(sim.world)).toBe(before)
          expect(digestOf(future.world)).toBe(before)
        }
        checkBooks(future)
        expect(found(simulate(fork(sim, future)))).toEqual(found(expected))
      }),
      { numRuns: 25 },
    )
  })

  test('the memory of an older fork, or of another run, serves as well as that of the latest', async () => {
    const sim = await stoppedAt(RUNS[0], 3000)
    const [older, latest] = [fork(sim), fork(sim)]
    const other = fork(await stoppedAt(RUNS[3], 3000))
    for (const one of [sim, older, latest, other]) for (let i = 0; i < 500; i++) step(one)
    const digest = digestOf(sim.world)
    const child = fork(latest)
    step(child)
    for (const into of [older, latest, other, child, older]) expect(digestOf(fork(sim, into).world)).toBe(digest)
  })

  test('run and fork taken turn by turn keep the same step', async () => {
    const sim = await stoppedAt(RUNS[0], 4000)
    const twin = fork(sim)
    for (let i = 0; i < 2000; i++) {
      step(sim)
      step(twin)
      if (i % 100 === 0) expect(digestOf(twin.world)).toBe(digestOf(sim.world))
    }
    expect(digestOf(twin.world)).toBe(digestOf(sim.world))
  })
})

describe('what is under way when a run is stopped', () => {
  test('half-finished picks, goods set aside, parcels on the road, queues and trucks to come are all in the copy', async () => {
    const sim = await openSmallRun({ ...RUNS[3], policies: 'live-greedy' })
    runUntil(sim, sim.clock.dayZeroMs + DAY_MS + 15 * HOUR_MS)
    const copies = [fork(sim), restore(await setupOf({ ...RUNS[3], policies: 'live-greedy' }), snapshot(sim))]
    const { world } = sim
    const records = Array.from({ length: world.counts[COUNT.recordsUsed] }, (_, p) => p)
    const inState = (state: number): number[] => records.filter((p) => stateOf(world, p) === state)
    const picks = inState(STATE.picking).filter((p) => eventMs(world, p) > nowMs(world))
    const underWay = {
      'half-finished picks': picks,
      'half-finished packs': inState(STATE.packing),
      'orders set aside': inState(STATE.routed),
      'orders waiting to be paid': inState(STATE.placed),
      'orders waiting for goods': inState(STATE.paid),
      'parcels in a queue': [...inState(STATE.released), ...inState(STATE.picked)],
      'parcels ready for the truck': inState(STATE.packed),
      'parcels on the road': inState(STATE.handedOver).filter((p) => eventMs(world, p) > nowMs(world)),
      'parcels at the van': [...inState(STATE.atStation), ...inState(STATE.outForDelivery)],
      'goods coming back': inState(STATE.delivered).filter((p) => kindOf(world, p) === KIND.returned),
      'trucks to come': records.filter((p) => kindOf(world, p) === KIND.departure && eventMs(world, p) > nowMs(world)),
      'customers losing patience': inState(STATE.timer).filter((p) => kindOf(world, p) === KIND.patience),
      'orders of several parcels': records.filter((p) => hasFlag(world, p, FLAG.child) && stateOf(world, p) !== STATE.free),
    }
    for (const [what, some] of Object.entries(underWay)) {
      expect(some.length, what).toBeGreaterThan(0)
      for (const copy of copies)
        for (const p of some) {
          const seen = [stateOf, kindOf, eventMs, orderOf, placedMs, warehouseOf, zoneOf].map((of) => of(copy.world, p))
          expect(seen, what).toEqual([stateOf, kindOf, eventMs, orderOf, placedMs, warehouseOf, zoneOf].map((of) => of(world, p)))
        }
    }
    for (const column of ['reserved', 'onHand', 'onOrder', 'inbound', 'committed', 'listLength', 'waitingUnits'] as const) {
      expect(
        Array.from(world[column]).some((value) => value > 0),
        column,
      ).toBe(true)
      for (const copy of copies) expect(copy.world[column], column).toEqual(world[column])
    }
    for (const copy of copies) checkBooks(copy)
  })

  test('what a replay has noted so far goes along, and is noted on in the copy alone', async () => {
    const sim = await openSmallRun(RUNS[5])
    runUntil(sim, DAY_MS)
    const noted = (one: Sim): number => one.outcome?.approvedMs.filter((ms) => !Number.isNaN(ms)).length ?? 0
    const before = noted(sim)
    expect(before).toBeGreaterThan(10)
    const copy = fork(sim)
    simulate(copy)
    expect(noted(copy)).toBeGreaterThan(before)
    expect(noted(sim)).toBe(before)
    expect(noted(restore(await setupOf(RUNS[5]), snapshot(sim)))).toBe(before)
  })

  test('weather that a future looked up after its gates had closed, without roads, does not come back with its memory', async () => {
    const run = RUNS[4]
    const sim = await openSmallRun(run)
    runUntil(sim, sim.clock.measuredEndMs)
    const known = [...sim.sky.patterns]
    const future = fork(sim)
    while (nowMs(future.world) < sim.clock.lastOrderMs + 3 * DAY_MS && step(future));
    expect(sim.sky.patterns).toEqual(known)
    expect(future.sky.patterns.filter((one) => one !== null).length).toBeGreaterThan(known.filter((one) => one !== null).length)
    expect(fork(sim, future).sky.patterns).toEqual(known)
  })

  test('two snapshots of one moment are the same bytes, and so are those of its forks, in whatever memory they lie', async () => {
    const sim = await stoppedAt(RUNS[1], 5000)
    const bytes = snapshot(sim)
    const [first, second] = [fork(sim), fork(sim)]
    simulate(second)
    const larger = await stoppedAt(RUNS[3], 3000)
    for (const one of [sim, first, fork(sim, second), fork(sim, larger)]) expect(snapshot(one)).toEqual(bytes)
  })
})

describe('what if from now on', () => {
  /** Numbers, places and times of the orders placed after the fork, as long as the clock of the scene runs. */
  const customersOf = (sim: Sim, untilMs: number): number[][] => {
    const { world } = sim
    const seen: number[][] = []
    let next = world.counts[COUNT.nextOrder]
    while (nowMs(world) < untilMs && step(sim)) {
      if (world.counts[COUNT.nextOrder] === next) continue
      const number = next
      next = world.counts[COUNT.nextOrder]
      const order = Array.from({ length: world.counts[COUNT.recordsUsed] }, (_, p) => p).find(
        (p) => orderOf(world, p) === number && stateOf(world, p) === STATE.placed,
      )
      if (order !== undefined) seen.push([number, zoneOf(world, order), placedMs(world, order), eventMs(world, order)])
    }
    return seen
  }

  test('other policies decide otherwise and meet the very same customers', async () => {
    const sim = await stoppedAt(RUNS[0], 4000)
    const { policies } = await openSmallRun({ ...RUNS[0], policies: 'nearest' })
    const [same, other] = [fork(sim), fork(sim, null, { policies })]
    const untilMs = nowMs(sim.world) + DAY_MS
    const customers = customersOf(same, untilMs)
    expect(customers.length).toBeGreaterThan(60)
    expect(customersOf(other, untilMs)).toEqual(customers)
    expect(digestOf(other.world)).not.toBe(digestOf(same.world))
  })

  test('futures under several policies, taken turn by turn in one thread, do not feel each other', async () => {
    const sim = await stoppedAt(RUNS[0], 4000)
    const { policies } = await openSmallRun({ ...RUNS[0], policies: 'cheapest' })
    const alone = [simulate(fork(sim)), simulate(fork(sim, null, { policies }))]
    const [one, other] = [fork(sim), fork(sim, null, { policies })]
    for (let i = 0; i < 1000; i++) {
      step(one)
      step(other)
    }
    expect([simulate(one), simulate(other)].map(({ digest }) => digest)).toEqual(alone.map(({ digest }) => digest))
  })

  test('a warehouse that closes now takes nothing more, and the run itself goes on as it would have', async () => {
    const run = RUNS[4]
    const expected = await whole[4]
    const sim = await openSmallRun(run)
    runUntil(sim, sim.clock.dayZeroMs + 10 * HOUR_MS)
    const { scene } = await openSmallRun({
      ...run,
      scenario: scenario({ warehouses: [{ from: 'day 0 00:00', to: 'day 3 00:00', which: ['WS'], capacity: 0 }] }),
    })
    const closed = fork(sim, null, { scene })
    expect([closed.world.siteCapacity[2], closed.world.pickers[2], sim.world.siteCapacity[2]]).toEqual([0, 0, 1])
    const flow = (one: Sim): number => Array.from({ length: 6 }, (_, z) => one.world.flow[2 * 6 + z]).reduce((a, b) => a + b)
    const before = flow(closed)
    const watch = checkLaws(50)
    while (nowMs(closed.world) < sim.clock.dayZeroMs + 2 * DAY_MS && step(closed)) watch(closed)
    expect(flow(closed)).toBe(before)
    expect(found(simulate(sim))).toEqual(found(expected))
    expect(flow(sim)).toBeGreaterThan(before)
  })

  test('a sale that is called off stops drawing promoted goods at once', async () => {
    const sim = await openSmallRun(RUNS[3])
    runUntil(sim, sim.clock.dayZeroMs + DAY_MS + 12 * HOUR_MS)
    expect(sim.world.counts[COUNT.promoted]).toBe(1)
    const { scene } = await openSmallRun({ ...RUNS[3], scenario: scenario({}) })
    const calm = fork(sim, null, { scene })
    const placedBy = (one: Sim): number => {
      runUntil(one, sim.clock.dayZeroMs + 2 * DAY_MS)
      return one.world.counts[COUNT.placed]
    }
    expect(calm.world.counts[COUNT.promoted]).toBe(0)
    const before = sim.world.counts[COUNT.placed]
    expect(placedBy(calm) - before).toBeLessThan(0.6 * (placedBy(sim) - before))
    checkBooks(calm)
  })

  test('other dice make another future of the same present', async () => {
    const sim = await stoppedAt(RUNS[2], 6000)
    const futures = [0, 1, 2].map((i) => simulate(fork(sim, null, { dice: dice('futures', i) })))
    expect(new Set(futures.map(({ digest }) => digest)).size).toBe(3)
    expect(simulate(fork(sim, null, { dice: dice('futures', 1) })).digest).toBe(futures[1].digest)
  })

  test('a future that outgrows its memory gets more, and neither the run nor the next future notices', async () => {
    const sim = await openSmallRun(RUNS[4])
    runUntil(sim, sim.clock.dayZeroMs)
    const before = digestOf(sim.world)
    const { scene } = await openSmallRun({
      ...RUNS[4],
      scenario: scenario({ demand: [{ from: 'day 0 00:00', to: 'day 3 00:00', factor: 60 }] }),
    })
    const rush = fork(sim, null, { scene })
    const { buffer } = rush.world
    runUntil(rush, sim.clock.dayZeroMs + 12 * HOUR_MS)
    expect(rush.world.size.records).toBeGreaterThan(sim.world.size.records)
    expect(rush.world.buffer).not.toBe(buffer)
    checkBooks(rush)
    expect(digestOf(sim.world)).toBe(before)
    const grown = rush.world.buffer
    const next = fork(sim, rush)
    expect(next.world.buffer).toBe(grown)
    expect(next.world.size).toEqual(sim.world.size)
    expect(found(simulate(next))).toEqual(found(await whole[4]))
    expect(found(simulate(fork(sim, next)))).toEqual(found(await whole[4]))
  })

  test('a fork of a fork, and a fork of what was taken out of a snapshot, end alike', async () => {
    const sim = await stoppedAt(RUNS[1], 3000)
    const expected = found(await whole[1])
    expect(found(simulate(fork(fork(sim))))).toEqual(expected)
    expect(found(simulate(fork(restore(await setupOf(RUNS[1]), snapshot(sim)))))).toEqual(expected)
  })

  test('nobody forks a run into its own memory', async () => {
    const sim = await stoppedAt(RUNS[4], 100)
    expect(() => fork(sim, sim)).toThrow(/own memory/)
    const { policies } = sim
    expect(() => fork(sim, { ...sim, policies })).toThrow(/own memory/)
  })
})
