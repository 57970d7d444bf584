import { clockOf } from '../scenarios/clock.ts'
import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { openRun } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import { drawing, hold, holdInput } from './event-list-measuring.ts'
import { secondsSince } from './measured.ts'

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
        return { ...measured(0), ...hold(holdInput(task.pending), 2_000_000) }
      case 'draw':
        return { ...measured(0), ...drawing(5_000_000) }
      case 'run': {
        const scenario = scenarios[task.scenario]
        const clock = clockOf(network, scenario, null)
        const { replication } = task
        const outcome = simulate(openRun(setUp({ network, spec, scenario, clock, seed: 'bench', replication, policies })))
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
