import type { CompiledRules } from '../policies/rules/compiled.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { Params, Seam } from '../sim/policy.ts'
import type { ReplayOrders, ReplayOutcome } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import type { NetworkCard, Result } from './result.ts'

/** A network read from its folder, checked, and ready to run. */
export type LoadedNetwork = {
  readonly id: string
  readonly folder: string
  readonly spec: NetworkSpec
  readonly card: NetworkCard
}

/** One side of a comparison: a policy for every seam. */
export type Contestant = {
  /** As the planner wrote it: "live-greedy", or "cheapest+smoothed". */
  readonly id: string
  readonly about: string
  readonly policies: {
    readonly routing: string
    readonly forecast: string
    readonly replenishment: string
    readonly promise: string
  }
  /** Knobs that are turned otherwise than their files have them. */
  readonly params?: { readonly [S in Seam]?: Params }
  /** The rule set that chooses the route, where there is one; compiled for the network of the plan. */
  readonly rules?: CompiledRules
}

/** What to ask: every contestant meets every scenario under the same seeds. Names and plain data only, since workers receive it. */
export type ExperimentPlan = {
  readonly network: LoadedNetwork
  readonly scenarios: readonly { id: string; spec: ScenarioSpec }[]
  readonly contestants: readonly Contestant[]
  /** Id of the contestant the others are compared with. */
  readonly baseline: string
  readonly replications: number
  readonly seed: string
  readonly workers: number
  /** Stop when every on-time share and cost has an interval of at most ± this share of its value; null runs `replications` exactly. */
  readonly untilPrecision: number | null
  readonly maxReplications: number
  /** Orders met one by one instead of drawn; null draws them. */
  readonly replay: ReplayOrders | null
  /** "recorded" ships each replayed order from where it was shipped; "free" lets the policy choose. */
  readonly origins: 'free' | 'recorded'
  /** Check every law after every event; slower. */
  readonly check: boolean
  /** A replication of each contestant and scenario that is written down event by event; without it none. */
  readonly trace?: TracePlan | null
}

export type TracePlan = {
  /** As `traceFileOf` has it, one for each contestant and scenario. */
  readonly file: string
  /** Counted from 0. */
  readonly replication: number
  /** The line that makes it again. */
  readonly again: string
}

export type Progress = {
  readonly done: number
  readonly total: number
  readonly orders: number
  readonly events: number
  /** Null while there is nothing to judge by. */
  readonly secondsLeft: number | null
  /** Something worth a line of its own, such as a worker that died and was replaced. */
  readonly note: string | null
}

/** `runExperiment` in experiment.ts; with `replay`, the outcomes of the baseline's first scenario, one for each replication. */
export type RunExperiment = (
  plan: ExperimentPlan,
  watch: { signal: AbortSignal; onProgress: (progress: Progress) => void },
) => Promise<{ result: Result; replayed: readonly ReplayOutcome[] }>
