import { clockOf } from '../scenarios/clock.ts'
import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { digestOf } from '../sim/digest.ts'
import { openRun, type RunSetup, runUntil } from '../sim/engine.ts'
import { fork } from '../sim/fork.ts'
import { checkBooks } from '../sim/laws.ts'
import { liveStretches } from '../sim/live.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import type { Sim } from '../sim/sim.ts'
import { restore, snapshot } from '../sim/snapshot.ts'
import { HOUR_MS } from '../sim/units.ts'
import { COUNT, nowMs, REG, STATE, stateOf } from '../sim/world.ts'
import { secondsSince } from './measured.ts'

/** What the measuring thread is given once. */
export type ForkSetup = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly contestant: Contestant
}

/** `open` builds the world and stops in it, `fork` copies it and runs the copy ahead, `putAway` takes it through a snapshot. */
export type ForkTask =
  | { readonly what: 'open'; readonly untilOpen: number }
  | { readonly what: 'fork'; readonly events: number }
  | { readonly what: 'putAway' }

export type ForkMeasured = {
  readonly forkMs: number
  /** Running ahead: events handled, how much simulated time that was, and what it took. */
  readonly events: number
  readonly hours: number
  readonly aheadMs: number
}
export type OpenMeasured = {
  readonly openOrders: number
  readonly atHours: number
  readonly liveBytes: number
  readonly arenaBytes: number
  readonly underWay: { readonly [what: string]: number }
  readonly cpuSeconds: number
}
export type PutAwayMeasured = { readonly bytes: number; readonly takeMs: number; readonly restoreMs: number }

/** Holds one large world from task to task, by the same code in the same shape as a run's threads have it. */
export function openForking(library: Library): (task: ForkTask) => ForkMeasured | OpenMeasured | PutAwayMeasured {
  inlineMore()
  const { spec, scenario, contestant } = setupOfThread<ForkSetup>()
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario, null)
  const policies = policiesOf(library, contestant)
  const setup = setUp({ network, spec, scenario, clock, seed: 'bench', replication: 0, policies })
  let live: Sim | null = null
  let future: Sim | null = null

  return (task) => {
    if (task.what === 'open') {
      const started = process.cpuUsage()
      live = openRun(setup)
      // Hour by hour, as long as anybody orders, to the first one that begins with so many open orders.
      for (let ms = HOUR_MS; live.world.counts[COUNT.openOrders] < task.untilOpen && ms <= clock.lastOrderMs; ms += HOUR_MS)
        runUntil(live, ms)
      return { ...worldOf(live), cpuSeconds: secondsSince(started) }
    }
    if (live === null) throw new Error('the thread that held the world is gone; run the benchmark again')
    if (task.what === 'putAway') return putAway(setup, live)
    const before = digestOf(live.world)
    let started = process.cpuUsage()
    future = fork(live, future)
    const forkMs = 1000 * secondsSince(started)
    if (digestOf(future.world) !== before) throw new Error('the fork is not the same world')
    checkBooks(future)
    started = process.cpuUsage()
    aheadBy(future, task.events)
    const aheadMs = 1000 * secondsSince(started)
    checkBooks(future)
    if (digestOf(live.world) !== before) throw new Error('the fork touched the world it was made of')
    return {
      forkMs,
      aheadMs,
      events: future.world.regs[REG.events] - live.world.regs[REG.events],
      hours: (nowMs(future.world) - nowMs(live.world)) / HOUR_MS,
    }
  }
}

/** By minutes, until at least so many events have been handled. */
function aheadBy(sim: Sim, events: number): void {
  const enough = sim.world.regs[REG.events] + events
  for (let ms = nowMs(sim.world); sim.world.regs[REG.events] < enough; ms += 60_000) if (!runUntil(sim, ms)) return
}

function worldOf({ world, clock }: Sim): Omit<OpenMeasured, 'cpuSeconds'> {
  const underWay = { picks: 0, onTheRoad: 0 }
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    if (stateOf(world, p) === STATE.picking) underWay.picks++
    if (stateOf(world, p) === STATE.handedOver) underWay.onTheRoad++
  }
  return {
    openOrders: world.counts[COUNT.openOrders],
    atHours: (nowMs(world) - clock.dayZeroMs) / HOUR_MS,
    liveBytes: liveStretches(world).reduce((sum, { from, to }) => sum + to - from, 0),
    arenaBytes: world.buffer.byteLength,
    underWay: { ...underWay, unitsReserved: Array.from(world.reserved as Int32Array).reduce((sum, units) => sum + units, 0) },
  }
}

function putAway(setup: RunSetup, live: Sim): PutAwayMeasured {
  let started = process.cpuUsage()
  const bytes = snapshot(live)
  const takeMs = 1000 * secondsSince(started)
  started = process.cpuUsage()
  const again = restore(setup, bytes)
  const restoreMs = 1000 * secondsSince(started)
  if (digestOf(again.world) !== digestOf(live.world)) throw new Error('what was restored is not the same world')
  return { bytes: bytes.length, takeMs, restoreMs }
}
