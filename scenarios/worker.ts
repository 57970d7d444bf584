import { openRun, type RunSetup } from '../sim/engine.ts'
import { checkBooks, checkLaws } from '../sim/laws.ts'
import type { Ledger } from '../sim/ledger.ts'
import { compileNetwork, type Network } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import type { Policies, Seam, Seams } from '../sim/policy.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import type { Sim } from '../sim/sim.ts'
import { clockOf } from './clock.ts'
import { solverOrNone } from './highs.ts'
import { inlineMore } from './inlining.ts'
import type { Contestant, TracePlan } from './plan.ts'
import { withRules } from './rules/with-rules.ts'
import { setupOfThread } from './setup.ts'
import type { RunTrace } from './trace/run-trace.ts'

/** What a worker is given once: names and plain data, never functions. */
export type WorkerSetup = {
  readonly spec: NetworkSpec
  readonly scenarios: readonly { id: string; spec: ScenarioSpec }[]
  readonly contestants: readonly Contestant[]
  readonly seed: string
  readonly replay: ReplayOrders | null
  readonly origins: 'free' | 'recorded'
  readonly check: boolean
  /** Which replication is written down, and where; without it none. */
  readonly trace?: TracePlan | null
}

/** One replication, by places in the setup's lists. */
export type Task = { readonly scenario: number; readonly contestant: number; readonly replication: number }

/** What a thread has of policies: all that its contestants name, by id. */
export type Library = { readonly [id: string]: Seams[Seam] }

type OpenTrace = (setup: WorkerSetup, task: Task, sim: Sim) => RunTrace | null

/** Gets a thread ready for its tasks; called by the code it is given, see `bundle.ts`. */
export function openThread(library: Library, openTrace: OpenTrace = () => null): (task: Task) => Outcome {
  inlineMore()
  const setup = setupOfThread<WorkerSetup>()
  const network = compileNetwork(setup.spec)
  return (task) => runTask(setup, network, library, task, openTrace)
}

/** The world of one replication on its first morning. */
export const openTask = (
  setup: Omit<WorkerSetup, 'trace'>,
  network: Network,
  library: Library,
  task: Task,
  ledger: Ledger | null = null,
): Sim => openRun({ ...setupOfTask(setup, network, library, task), ledger })

/** What that world is made of; a snapshot of it is restored with the same. */
export function setupOfTask(setup: Omit<WorkerSetup, 'trace'>, network: Network, library: Library, task: Task): RunSetup {
  const { spec, seed, replay } = setup
  const scenario = setup.scenarios[task.scenario].spec
  const clock = clockOf(network, scenario, replay)
  const contestant = setup.contestants[task.contestant]
  const policies = withRules(policiesOf(library, contestant), contestant, clock)
  const keepsOrigins = setup.origins === 'recorded'
  const { replication } = task
  return setUp({ network, spec, scenario, clock, seed, replication, policies, replay, keepsOrigins, solver: solverOrNone() })
}

function runTask(setup: WorkerSetup, network: Network, library: Library, task: Task, openTrace: OpenTrace): Outcome {
  const { scenario, contestant, replication } = task
  let trace: RunTrace | null = null
  try {
    const sim = openTask(setup, network, library, task)
    trace = openTrace(setup, task, sim)
    const outcome = simulate(sim, watchOf(setup.check ? checkLaws() : undefined, trace?.watch))
    if (setup.check) checkBooks(sim)
    trace?.close(outcome)
    return outcome
  } catch (cause) {
    trace?.abandon()
    const { id } = setup.scenarios[scenario]
    const who = setup.contestants[contestant].id
    const why = cause instanceof Error ? cause.message : String(cause)
    const again = `orrery run ${id} --policies ${who} --seed ${setup.seed} --replications ${Math.max(2, replication + 1)}`
    throw new Error(`${who} in ${id}, replication ${replication}: ${why}. To see it again: ${again}`, { cause })
  }
}

type Watch = (sim: Sim) => void
/** Both, one, or nobody: a run that nobody watches asks nothing after an event. */
function watchOf(laws: Watch | undefined, trace: Watch | undefined): Watch | undefined {
  if (laws === undefined || trace === undefined) return laws ?? trace
  return (sim) => {
    trace(sim)
    laws(sim)
  }
}

/** The four policies of a contestant. The catalogue has looked at each before the run was planned. */
export function policiesOf(library: Library, { policies, params }: Contestant): Policies {
  const turned = <S extends Seam>(seam: S): Seams[S] => {
    const body = library[policies[seam]] as Seams[S]
    const knobs = params?.[seam]
    return knobs === undefined ? body : { ...body, params: { ...body.params, ...knobs } }
  }
  return {
    routing: turned('routing'),
    forecast: turned('forecast'),
    replenishment: turned('replenishment'),
    promise: turned('promise'),
  }
}
