import { loadPolicies } from '../policies/catalog.ts'
import { clockOf } from '../scenarios/clock.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openRun } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { dice } from '../sim/random.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { compileScene } from '../sim/scene.ts'
import type { Sim } from '../sim/sim.ts'

export type SmallRun = {
  spec: NetworkSpec
  scenario?: ScenarioSpec
  policies?: string
  seed?: string
  replication?: number
  replay?: ReplayOrders
  keepsOrigins?: boolean
}

/** @public For tests of every room. */
export const CALM: ScenarioSpec = { name: 'calm', about: 'Nothing happens.', days: 4 }

/** A world ready to run in this thread, the way a worker makes one. */
export async function openSmallRun({
  spec,
  scenario = CALM,
  policies = 'nearest',
  seed = 's',
  replication = 0,
  replay,
  keepsOrigins = false,
}: SmallRun): Promise<Sim> {
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario, replay ?? null)
  const luck = dice(seed, replication)
  const scene = compileScene({ network, spec, scenario, dice: luck, dayZeroMs: clock.dayZeroMs, endMs: clock.endMs })
  const contestant = await parseContestant(policies)
  return openRun({
    network,
    scene,
    clock,
    dice: luck,
    policies: await loadPolicies(contestant.policies),
    replay: replay ?? null,
    keepsOrigins,
  })
}
