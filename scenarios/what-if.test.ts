import { describe, expect, test } from 'vitest'
import { openSmallRun, type SmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { step } from '../sim/engine.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import type { Sim } from '../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../sim/units.ts'
import { COUNT, nowMs } from '../sim/world.ts'
import { differenceOf } from './compare.ts'
import { overlay } from './read/scenario.ts'

/** What a planner knows about any network before asking a model: if one of these is not so, no figure of it can be believed. */

const REPLICATIONS = 6
const calm: ScenarioSpec = { name: 'Calm', about: 'Nothing happens.', days: 4 }
const during = (change: Partial<ScenarioSpec>): ScenarioSpec => ({
  ...calm,
  name: 'Trouble',
  about: 'Something happens.',
  ...change,
})
const allDays = { from: 'day 0 00:00', to: 'day 4 00:00' }

/** No weather but the scenario's own. */
const clear = smallWorld({ weather: { ...smallWorld().weather, cellsPerDay: 0 } })

const sale = during({
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 4, shape: 'rush', promoted: { skuShare: 0.3, lift: 5 } }],
})
const stormOf = (severity: number, radiusKm: number): ScenarioSpec =>
  during({ weather: [{ ...allDays, path: [{ lat: 48.3, lon: 11 }], radiusKm, severity }] })
const demandTimes = (factor: number, regions?: readonly string[]): ScenarioSpec =>
  during({ demand: [{ ...allDays, factor, ...(regions ? { regions } : {}) }] })

async function outcomesOf(run: SmallRun): Promise<Outcome[]> {
  const found: Outcome[] = []
  for (let replication = 0; replication < REPLICATIONS; replication++)
    found.push(simulate(await openSmallRun({ scenario: calm, ...run, replication })))
  return found
}

const meanOf = (found: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  found.reduce((sum, outcome) => sum + of(outcome), 0) / found.length
const onTime = ({ onTimeShare }: Outcome): number => onTimeShare
const leadDays = ({ leadDaysP50 }: Outcome): number => leadDaysP50
const digests = (found: readonly Outcome[]): string[] => found.map(({ digest }) => digest)

/** What the table would say of the on-time share of `changed` against `before`. */
const verdict = (changed: readonly Outcome[], before: readonly Outcome[]): string =>
  differenceOf(changed.map(onTime), before.map(onTime), { better: 'higher', comparisons: 1 }).verdict

/** Runs to the end and calls `look` after every event of the span, in hours from the first measured morning. */
async function watch(run: SmallRun, [fromHour, toHour]: readonly [number, number], look: (sim: Sim) => void): Promise<void> {
  const sim = await openSmallRun(run)
  const [fromMs, toMs] = [fromHour, toHour].map((hour) => sim.clock.dayZeroMs + hour * HOUR_MS)
  while (step(sim)) if (nowMs(sim.world) >= fromMs && nowMs(sim.world) < toMs) look(sim)
}

describe('scenarios laid over each other', () => {
  test.each(['nearest', 'live-greedy'])(
    'give the same result in any order, and calm adds nothing, under %s',
    async (policies) => {
      const storm = stormOf(2, 250)
      const [one, other, withCalm] = await Promise.all(
        [
          [sale, storm],
          [storm, sale],
          [calm, sale, storm],
        ].map((parts) => outcomesOf({ spec: smallWorld(), scenario: overlay(parts), policies })),
      )
      expect(digests(other)).toEqual(digests(one))
      expect(digests(withCalm)).toEqual(digests(one))
    },
  )

  test('are worse together than the worse of them alone', async () => {
    const storm = stormOf(1.5, 400)
    const [a, b, both] = await Promise.all(
      [sale, storm, overlay([sale, storm])].map((scenario) => outcomesOf({ spec: clear, scenario })),
    )
    expect(meanOf(both, onTime)).toBeLessThan(Math.min(meanOf(a, onTime), meanOf(b, onTime)))
  })
})

describe('luck', () => {
  test('is another in every replication and under every seed, and the same when asked for again', async () => {
    const seen = digests([...(await outcomesOf({ spec: clear })), ...(await outcomesOf({ spec: clear, seed: 'other' }))])
    expect(new Set(seen).size).toBe(2 * REPLICATIONS)
    expect(digests(await outcomesOf({ spec: clear, seed: 'other' }))).toEqual(seen.slice(REPLICATIONS))
  })
})

describe('demand', () => {
  test('times two is about twice the orders, and times nothing is none', async () => {
    const placed = async (scenario: ScenarioSpec) =>
      meanOf(await outcomesOf({ spec: clear, scenario }), ({ sums }) => sums.placed)
    const before = await placed(calm)
    expect((await placed(demandTimes(2))) / before).toBeGreaterThan(1.9)
    expect((await placed(demandTimes(2))) / before).toBeLessThan(2.1)
    expect(await placed(demandTimes(0))).toBe(0)
  })

  test('of one region leaves what is sent to the others about as it was', async () => {
    const sentTo = (found: readonly Outcome[], zones: readonly number[]) =>
      meanOf(found, ({ flow }) => flow.reduce((sum, sent, i) => sum + (zones.includes(i % 6) ? sent : 0), 0))
    const before = await outcomesOf({ spec: clear })
    const after = await outcomesOf({ spec: clear, scenario: demandTimes(3, ['north']) })
    expect(sentTo(after, [0, 1]) / sentTo(before, [0, 1])).toBeGreaterThan(1.5)
    expect(Math.abs(sentTo(after, [2, 3, 4, 5]) / sentTo(before, [2, 3, 4, 5]) - 1)).toBeLessThan(0.1)
  })
})

describe('weather', () => {
  test('keeps fewer promises the worse it is', async () => {
    const shares: number[] = []
    for (const severity of [0, 0.5, 1, 2, 3])
      shares.push(meanOf(await outcomesOf({ spec: clear, scenario: stormOf(severity, 900) }), onTime))
    expect(shares).toEqual(shares.toSorted((a, b) => b - a))
    expect(shares[0] - shares[4]).toBeGreaterThan(0.2)
    expect(digests(await outcomesOf({ spec: clear, scenario: stormOf(0, 900) }))).toEqual(
      digests(await outcomesOf({ spec: clear })),
    )
  })

  test('in the south slows southern lanes and leaves those within the north alone', async () => {
    let slowestSouth = 1
    await watch({ spec: clear, scenario: stormOf(2, 150) }, [0, 96], ({ world, network: { W } }) => {
      // Zones N1, N2 from warehouse WN; S1, S2 from WS.
      for (const zone of [0, 1]) expect(world.laneSlow[zone * W]).toBe(1)
      for (const zone of [4, 5]) slowestSouth = Math.max(slowestSouth, world.laneSlow[zone * W + 2])
    })
    expect(slowestSouth).toBeGreaterThan(1.3)
  })
})

describe('trouble', () => {
  test('of a closed warehouse: nothing leaves its shelves while it is closed, and it works on afterwards', async () => {
    const closed = during({ warehouses: [{ from: 'day 1 06:00', to: 'day 2 06:00', which: ['WM'], capacity: 0 }] })
    const shippedByHour = new Map<number, number>()
    await watch({ spec: clear, scenario: closed }, [0, 96], ({ world, network: { W, K }, clock }) => {
      let out = 0
      for (let k = 0; k < K; k++) out += world.unitsOut[k * W + 1]
      shippedByHour.set(Math.floor((nowMs(world) - clock.dayZeroMs) / HOUR_MS), out)
    })
    // Work that was in hand at six o'clock is finished within the hour.
    expect(shippedByHour.get(53)).toBe(shippedByHour.get(30))
    expect(shippedByHour.get(60)).toBeGreaterThan(shippedByHour.get(53) ?? Number.NaN)
    expect(shippedByHour.get(30)).toBeGreaterThan(shippedByHour.get(0) ?? Number.NaN)
  })

  test.each([
    ['a carrier strike', during({ carriers: [{ ...allDays, which: 'all', capacity: 0.3, transit: 1.5 }] })],
    ['slow hubs', during({ hubs: [{ ...allDays, which: 'all', capacity: 0.1 }] })],
    ['a warehouse at a fifth of its strength', during({ warehouses: [{ ...allDays, which: 'busiest', capacity: 0.2 }] })],
    ['demand four times as high', demandTimes(4)],
  ])('of any kind makes orders late: %s', async (_, scenario) => {
    const [before, after] = [await outcomesOf({ spec: clear }), await outcomesOf({ spec: clear, scenario })]
    expect(verdict(after, before)).toBe('worse')
    expect(meanOf(after, leadDays)).toBeGreaterThan(meanOf(before, leadDays))
  })

  test('of suppliers makes orders wait where shelves are thin, and hardly where they are full', async () => {
    const delay = during({ suppliers: [{ from: 'day 0 00:00', to: 'day 4 00:00', which: 'all', leadTime: 6 }] })
    const loss = async (initialDaysOfStock: number) => {
      const spec = smallWorld({ ...clear, replenishment: { reviewHour: 4, initialDaysOfStock } })
      return meanOf(await outcomesOf({ spec }), onTime) - meanOf(await outcomesOf({ spec, scenario: delay }), onTime)
    }
    expect(await loss(0.7)).toBeGreaterThan(0.02)
    expect(Math.abs(await loss(40))).toBeLessThan(0.02)
  })
})

describe('more of something', () => {
  test.each([
    ['people', smallWorld({ ...clear, warehouses: clear.warehouses.map(twiceThePeople) })],
    ['room in trucks, hubs and vans', smallWorld({ ...clear, headroom: 2.8 })],
    ['stock', smallWorld({ ...clear, replenishment: { reviewHour: 4, initialDaysOfStock: 12 } })],
  ])('never keeps fewer promises, even on a sale day: %s', async (_, spec) => {
    for (const policies of ['nearest', 'live-greedy']) {
      const before = await outcomesOf({ spec: clear, scenario: sale, policies })
      expect(verdict(await outcomesOf({ spec, scenario: sale, policies }), before)).not.toBe('worse')
    }
  })

  test('of the price of freight costs more, and changes nothing for a policy that does not look at it', async () => {
    const services = clear.services.map((service) => ({
      ...service,
      freight: { ...service.freight, base: service.freight.base + 3 },
    }))
    const [before, dear] = [await outcomesOf({ spec: clear }), await outcomesOf({ spec: smallWorld({ ...clear, services }) })]
    expect(dear.map(onTime)).toEqual(before.map(onTime))
    for (const [i, { costPerOrder }] of dear.entries()) expect(costPerOrder).toBeGreaterThan(before[i].costPerOrder + 2)
  })
})

test('a measured day is a day: orders of the measured days are those placed between its midnights', async () => {
  let before = 0
  let after = 0
  const sim = await openSmallRun({ spec: clear, scenario: calm })
  while (step(sim)) {
    if (nowMs(sim.world) < sim.clock.dayZeroMs) before = sim.world.counts[COUNT.placed]
    if (nowMs(sim.world) < sim.clock.dayZeroMs + 4 * DAY_MS) after = sim.world.counts[COUNT.placed]
  }
  expect(simulate(await openSmallRun({ spec: clear, scenario: calm })).sums.placed).toBe(after - before)
})

function twiceThePeople(warehouse: (typeof clear.warehouses)[number]) {
  const shifts = warehouse.shifts.map((shift) => ({ ...shift, pickers: 2 * shift.pickers, packers: 2 * shift.packers }))
  return { ...warehouse, shifts }
}

test('what is sent back after the measured days is still counted: it costs the same whenever it comes', async () => {
  const spec = smallWorld({
    demand: { ...smallWorld().demand, linesPerOrder: [1] },
    customers: { ...smallWorld().customers, returnShare: 1, returnDays: { law: 'constant', value: 20 } },
  })
  for (const { sums } of await outcomesOf({ spec })) expect(sums.returned).toBe(sums.delivered)
})
