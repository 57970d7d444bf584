import { clockOf } from '../scenarios/clock.ts'
import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { pop, schedule } from '../sim/apply/event-list.ts'
import { createRecord, createWorld } from '../sim/apply/records.ts'
import { openRun } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import { dice, draw, PURPOSE } from '../sim/random.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { compileScene } from '../sim/scene.ts'
import { DAY_MS } from '../sim/units.ts'
import { COUNT, eventMs } from '../sim/world.ts'

/** What the measuring thread is given once. */
export type MeasureSetup = {
  readonly spec: NetworkSpec
  readonly scenarios: { readonly [id: string]: ScenarioSpec }
  readonly contestant: Contestant
}

/** What it may be asked for; each answer is a measurement of its own. */
export type Measurement =
  | { readonly what: 'run'; readonly scenario: string; readonly replication: number }
  | { readonly what: 'hold'; readonly pending: number }
  | { readonly what: 'draw' }

/** CPU time is that of the whole process, compiler and collector threads included. */
export type Measured = {
  readonly cpuSeconds: number
  /** Orders, events or draws, by what was asked for. */
  readonly count: number
  readonly heapBytes: number
  readonly arenaBytes: number
  readonly busiestDayOrders: number
}

/** Measures in a thread, by the same code in the same shape as a run's threads have it. */
export function openMeasuring(library: Library): (task: Measurement) => Measured {
  inlineMore()
  const { spec, scenarios, contestant } = setupOfThread<MeasureSetup>()
  const network = compileNetwork(spec)
  const policies = policiesOf(library, contestant)
  return (task) => {
    const heapBefore = process.memoryUsage().heapUsed
    const started = process.cpuUsage()
    const measured = (count: number, arenaBytes = 0, busiestDayOrders = 0): Measured => ({
      cpuSeconds: secondsSince(started),
      count,
      heapBytes: process.memoryUsage().heapUsed - heapBefore,
      arenaBytes,
      busiestDayOrders,
    })
    switch (task.what) {
      case 'hold':
        return { ...measured(0), ...hold(task.pending) }
      case 'draw':
        return { ...measured(0), ...drawing() }
      case 'run': {
        const scenario = scenarios[task.scenario]
        const clock = clockOf(network, scenario, null)
        const luck = dice('bench', task.replication)
        const scene = compileScene({ network, spec, scenario, dice: luck, dayZeroMs: clock.dayZeroMs, endMs: clock.endMs })
        const outcome = simulate(openRun({ network, scene, clock, dice: luck, policies, replay: null, keepsOrigins: false }))
        return measured(outcome.orders, outcome.bytes, ordersOfBusiestDay(outcome))
      }
    }
  }
}

function ordersOfBusiestDay({ dueByHour, sums }: Outcome): number {
  // Orders that ended, by the hour they were placed in; scaled to all that were placed.
  const perDay: number[] = []
  dueByHour.forEach((due, hour) => {
    perDay[Math.floor(hour / 24)] = (perDay[Math.floor(hour / 24)] ?? 0) + due
  })
  const ended = perDay.reduce((sum, orders) => sum + orders, 0)
  return Math.round((Math.max(...perDay) * sums.placed) / ended)
}

/** Hold model: take the next event and schedule it again, evenly over twice the mean time. */
function hold(pending: number): { count: number; cpuSeconds: number } {
  let buckets = 1024
  while (buckets < 2 * pending) buckets *= 2
  const world = createWorld({ W: 1, Z: 1, S: 1, H: 1, K: 1, U: 1 }, { records: pending + 8, lines: 16, buckets, hours: 1 })
  const luck = dice('hold', pending)
  for (let i = 0; i < pending; i++) schedule(world, createRecord(world), draw(luck, i, PURPOSE.gap, 0) * DAY_MS, 0)
  const times = Float64Array.from({ length: 4096 }, (_, i) => draw(luck, i, PURPOSE.gap, 1) * DAY_MS)
  const events = 2_000_000
  const started = process.cpuUsage()
  for (let i = 0; i < events; i++) {
    const p = pop(world)
    schedule(world, p, eventMs(world, p) + times[i & 4095], 0)
  }
  world.counts[COUNT.sequence] = 0
  return { count: events, cpuSeconds: secondsSince(started) }
}

function drawing(): { count: number; cpuSeconds: number } {
  const luck = dice('draw', 0)
  const draws = 5_000_000
  let sum = 0
  const started = process.cpuUsage()
  for (let i = 0; i < draws; i++) sum += draw(luck, i, PURPOSE.gap, 0)
  const cpuSeconds = secondsSince(started)
  // The sum is used, so that the draws are not left out.
  return { count: sum > 0 ? draws : 0, cpuSeconds }
}

function secondsSince(started: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(started)
  return (used.user + used.system) / 1e6
}
