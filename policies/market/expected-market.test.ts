import { expect, test } from 'vitest'
import { CALM, openSmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { step } from '../../sim/engine.ts'
import type { Situation } from '../../sim/plan.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { nowMs } from '../../sim/world.ts'
import { expectedMarket } from './expected-market.ts'
import { departuresOf, workSupply } from './supply.ts'

/** What a plan may count on: neither hands nor places that are taken already. */

const OUTLOOK = { horizonMs: 24 * HOUR_MS, slotMs: HOUR_MS, troubleMs: 0, demandFactor: 1 }

const situationOf = ({ network, world, clock }: Sim): Situation => ({
  nowMs: nowMs(world),
  network,
  world,
  weekStartMs: clock.weekStartMs,
  lastOrderMs: clock.lastOrderMs,
  placed: 0,
  solver: null,
  expectedOrders: () => 1,
  promisedMs: (_, placedMs) => placedMs + 2 * DAY_MS,
})

/** A quiet run at the first moment at which the hands of a warehouse are all, or some, at work as asked; `queued` says whether more lies before them. */
async function runWith(stage: 'picking' | 'packing', queued: boolean): Promise<{ sim: Sim; w: number }> {
  const sim = await openSmallRun({ spec: smallWorld(), scenario: CALM })
  while (step(sim)) {
    const { world, network } = sim
    const workMs = stage === 'picking' ? world.pickWorkMs : world.packWorkMs
    for (let w = 0; w < network.W; w++) if (world[stage][w] > 0 && workMs[w] > 0 === queued) return { sim, w }
  }
  throw new Error(`nobody was ever ${stage} with ${queued ? '' : 'no'} work before him`)
}

const sum = (column: Float64Array): number => column.reduce((total, one) => total + one, 0)

test.each([
  ['picking', 0, false],
  ['picking', 0, true],
  ['packing', 1, false],
] as const)(
  'what lies in hands at %s (station %d, more in the queue: %s) is no capacity of a plan: each piece takes its work from it, beside what lies in the queue',
  async (stage, offset, queued) => {
    const { sim, w } = await runWith(stage, queued)
    const { network, world, clock } = sim
    const { work } = expectedMarket(situationOf(sim), OUTLOOK)
    const T = work.slotMs.length - 1
    const calendar = workSupply(network, work.slotMs, clock.weekStartMs, () => ({ share: 1, slow: 1 }), [])
    const station = 2 * w + offset
    const of = (column: Float64Array): Float64Array => column.subarray(station * T, (station + 1) * T)
    const pieceMs = work.parcelMs[station] + work.lineMs[station] * network.meanLines
    const inQueueMs = (stage === 'picking' ? world.pickWorkMs : world.packWorkMs)[w]
    expect(pieceMs).toBeGreaterThan(0)
    expect(sum(of(calendar.capacityMs)) - sum(of(work.capacityMs))).toBeCloseTo(inQueueMs + world[stage][w] * pieceMs, 3)
    // The soonest hands are taken first: whoever comes finds the later ones.
    const [left, all] = [of(work.capacityMs), of(calendar.capacityMs)]
    const untouched = left.findIndex((ms, t) => all[t] > 0 && ms === all[t])
    for (let t = 0; t < T; t++) expect(left[t]).toBeCloseTo(t < untouched - 1 ? 0 : t >= untouched ? all[t] : left[t], 6)
  },
)

test('parcels on their way to a truck take the first places there are', async () => {
  const sim = await openSmallRun({ spec: smallWorld(), scenario: CALM })
  while (step(sim) && Array.from(sim.world.committed).every((parcels) => parcels < 2));
  const { network, world, clock } = sim
  const { departures, work } = expectedMarket(situationOf(sim), OUTLOOK)
  let checked = 0
  const calendar = departuresOf(network, work.slotMs, clock.weekStartMs, () => 1)
  for (let lane = 0; lane < network.W * network.S; lane++) {
    const [from, to] = [departures.first[lane], departures.first[lane + 1]]
    if (world.committed[lane] === 0 || calendar.room[from] === Number.POSITIVE_INFINITY) continue
    checked++
    const taken = sum(calendar.room.subarray(from, to)) - sum(departures.room.subarray(from, to))
    expect(taken).toBeCloseTo(world.committed[lane], 6)
    expect(departures.room[from]).toBeCloseTo(Math.max(0, calendar.room[from] - world.committed[lane]), 6)
  }
  expect(checked).toBeGreaterThan(0)
})
