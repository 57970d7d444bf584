import { clockOf } from '../scenarios/clock.ts'
import { solverOrNone } from '../scenarios/highs.ts'
import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { withRules } from '../scenarios/rules/with-rules.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { openRun, step } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import { type Comparison, holdAgainst, witnessed } from '../twin/decide/recorded.ts'

export type RecordingSetup = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly contestants: readonly Contestant[]
}
export type RecordingTask = {
  readonly contestant: number
  readonly decisions: number
  readonly replication: number
  /** The decider's policy asks a price that is higher in its last digits: to see that it would be noticed. */
  readonly isPlanted: boolean
}

/** Runs a contestant until so many decisions have been held against the decider. */
export function openRecording(library: Library): (task: RecordingTask) => Promise<Comparison> {
  inlineMore()
  const { spec, scenario, contestants } = setupOfThread<RecordingSetup>()
  const network = compileNetwork(spec)
  return async ({ contestant: at, decisions, replication, isPlanted }) => {
    const contestant = contestants[at]
    const clock = clockOf(network, scenario, null)
    const policies = withRules(policiesOf(library, contestant), contestant, clock)
    const run = openRun(
      setUp({ network, spec, scenario, clock, seed: 'recorded', replication, policies, solver: solverOrNone() }),
    )
    const { routing } = policies
    const planted = {
      ...routing,
      price: ((option, params) => routing.price(option, params) * (1 + 2 ** -50)) as typeof routing.price,
    }
    const { witness, found } = await holdAgainst(run, spec, contestant, async () =>
      isPlanted ? { ...policies, routing: planted } : policies,
    )
    const sim = witnessed(run, witness)
    while (found.decisions < decisions && step(sim));
    return found
  }
}
