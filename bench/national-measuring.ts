import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { openRun } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import { simulate } from '../sim/outcome.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import type { RunClock } from '../sim/sim.ts'
import { DAY_MS } from '../sim/units.ts'
import { COUNT } from '../sim/world.ts'
import { secondsSince } from './measured.ts'
import { nation } from './national.ts'

export type NationalSetup = { readonly contestant: Contestant }
export type NationalTask = { readonly orders: number; readonly replication: number }

/** One peak day, from the first order to the last delivery and return. */
export type NationalDay = {
  readonly cpuSeconds: number
  /** Of it: making the network ready, once for all runs on it; and opening the world, shelves and 28 days of history included. */
  readonly compileSeconds: number
  readonly openSeconds: number
  readonly orders: number
  readonly events: number
  readonly arenaBytes: number
  readonly peakRecords: number
  readonly peakRssBytes: number
  readonly onTimeShare: number
  readonly split: number
  readonly digest: string
}

const PEAK_DAY: ScenarioSpec = {
  name: 'peak day',
  about: 'One day at half as much again as an ordinary one, from midnight to midnight.',
  days: 1,
  demand: [{ from: 'day 0 00:00', to: 'day 1 00:00', factor: 1.5 }],
}

/** Only the day itself: nothing is under way on its morning, no order comes after it, and all that was placed runs to its end. */
const CLOCK: RunClock = { dayZeroMs: 0, measuredEndMs: DAY_MS, lastOrderMs: DAY_MS, endMs: 61 * DAY_MS, weekStartMs: 0 }

export function openNation(library: Library): (task: NationalTask) => NationalDay {
  inlineMore()
  const { contestant } = setupOfThread<NationalSetup>()
  const policies = policiesOf(library, contestant)
  return ({ orders, replication }) => {
    const spec = nation('nation', orders)
    const beforeCompile = process.cpuUsage()
    const network = compileNetwork(spec)
    const setup = setUp({ network, spec, scenario: PEAK_DAY, clock: CLOCK, seed: 'national', replication, policies })
    const compileSeconds = secondsSince(beforeCompile)
    const started = process.cpuUsage()
    const sim = openRun(setup)
    const openSeconds = secondsSince(started)
    const outcome = simulate(sim)
    return {
      cpuSeconds: secondsSince(started),
      compileSeconds,
      openSeconds,
      orders: outcome.orders,
      events: outcome.events,
      arenaBytes: outcome.bytes,
      peakRecords: sim.world.counts[COUNT.recordsUsed],
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      onTimeShare: outcome.onTimeShare,
      split: outcome.sums.split,
      digest: outcome.digest,
    }
  }
}
