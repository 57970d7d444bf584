import { workerData } from 'node:worker_threads'
import { loadPolicies } from '../policies/catalog.ts'
import { openRun } from '../sim/engine.ts'
import { checkBooks, checkLaws } from '../sim/laws.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import type { Policies } from '../sim/policy.ts'
import { dice } from '../sim/random.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { compileScene } from '../sim/scene.ts'
import { clockOf } from './clock.ts'
import { inlineMore } from './inlining.ts'
import type { Contestant } from './plan.ts'

/** What a worker is given once: names and plain data, never functions. */
export type WorkerSetup = {
  readonly spec: NetworkSpec
  readonly scenarios: readonly { id: string; spec: ScenarioSpec }[]
  readonly contestants: readonly Contestant[]
  readonly seed: string
  readonly replay: ReplayOrders | null
  readonly origins: 'free' | 'recorded'
  readonly check: boolean
}

/** One replication, by places in the setup's lists. */
export type Task = { readonly scenario: number; readonly contestant: number; readonly replication: number }

inlineMore()
// piscina hands workerData on inside its own envelope.
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup
const network = compileNetwork(setup.spec)
const loaded = new Map<number, Promise<Policies>>()

export async function runTask({ scenario, contestant, replication }: Task): Promise<Outcome> {
  const policies = await policiesOf(contestant)
  const { id, spec } = setup.scenarios[scenario]
  const clock = clockOf(network, spec, setup.replay)
  const luck = dice(setup.seed, replication)
  const scene = compileScene({
    network,
    spec: setup.spec,
    scenario: spec,
    dice: luck,
    dayZeroMs: clock.dayZeroMs,
    endMs: clock.endMs,
  })
  const keepsOrigins = setup.origins === 'recorded'
  try {
    const sim = openRun({ network, scene, clock, dice: luck, policies, replay: setup.replay, keepsOrigins })
    const outcome = simulate(sim, setup.check ? checkLaws() : undefined)
    if (setup.check) checkBooks(sim)
    return outcome
  } catch (cause) {
    const who = setup.contestants[contestant].id
    const why = cause instanceof Error ? cause.message : String(cause)
    const again = `orrery run ${id} --policies ${who} --seed ${setup.seed} --replications ${replication + 1}`
    throw new Error(`${who} in ${id}, replication ${replication}: ${why}. To see it again: ${again}`, { cause })
  }
}

function policiesOf(contestant: number): Promise<Policies> {
  const known = loaded.get(contestant) ?? loadPolicies(setup.contestants[contestant].policies)
  loaded.set(contestant, known)
  return known
}
