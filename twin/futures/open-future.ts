import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Policies } from '../../sim/policy.ts'
import { dice } from '../../sim/random.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { compileScene } from '../../sim/scene.ts'
import type { RunClock, Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { type Drift, pacesOf } from '../fidelity/calibration.ts'
import type { Present } from './present.ts'
import { future, shelvesOf } from './project.ts'

/** What all futures of one question share. */
export type FutureSetup = {
  readonly network: Network
  readonly spec: NetworkSpec
  /** How far the pace of single weeks lies from the network's; null or left out: not at all. */
  readonly drift?: Drift | null
  readonly present: Present
  /** What befalls the network from now on; day 0 is today. What was told of the present is in it. */
  readonly scenario: ScenarioSpec
  readonly policies: Policies
  readonly solver: unknown
  readonly seed: string
  readonly hours: number
}

/** The clock of a run that goes on from the present: day 0 is today, and orders go on being placed beyond what is looked at. */
export function clockOfFuture(nowMs: number, hours: number): RunClock {
  const dayZeroMs = Math.floor(nowMs / DAY_MS) * DAY_MS
  const untilMs = nowMs + hours * HOUR_MS + DAY_MS
  return { dayZeroMs, measuredEndMs: untilMs, lastOrderMs: untilMs, endMs: untilMs + DAY_MS, weekStartMs: 0 }
}

/** Gives the futures of a present, one replication after the other. The run before is written over. Where the network's pace drifts, each has one of several. */
export function openFutures(setup: FutureSetup): (replication: number) => Sim {
  const { drift = null } = setup
  if (drift === null) return openPace(setup)
  const paces = pacesOf(setup.spec, drift).map((spec) => openPace({ ...setup, spec, network: compileNetwork(spec) }))
  return (replication) => paces[replication % paces.length](replication)
}

function openPace(setup: FutureSetup): (replication: number) => Sim {
  const { network, spec, present, scenario, policies, solver, seed, hours } = setup
  const clock = clockOfFuture(present.nowMs, hours)
  const sceneOf = (replication: number) =>
    compileScene({ network, spec, scenario, dice: dice(seed, replication), dayZeroMs: clock.dayZeroMs, endMs: clock.endMs })
  const payments = spec.payments.map(({ share }) => share)
  const first = { network, scene: sceneOf(0), clock, dice: dice(seed, 0), policies, replay: null, keepsOrigins: false, solver }
  const shelves = shelvesOf(first, present)
  let before: Sim | null = null
  return (replication) => {
    before = future(shelves, present, payments, { dice: dice(seed, replication), scene: sceneOf(replication) }, before)
    return before
  }
}
