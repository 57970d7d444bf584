import type { Contestant } from '../../scenarios/plan.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { BeatMemory } from './beats.ts'
import type { GroundMemory, PlanMemory } from './ground.ts'
import type { MakeTask, Planned } from './maker.ts'

/** What the thread that makes grounds and plans is opened with. */
export type MakerOrder = {
  readonly spec: NetworkSpec
  readonly ground: GroundMemory
  readonly beats: BeatMemory
  /** Its place among the beats: behind those of the decision threads. */
  readonly place: number
  /** Whose replenishment and forecasts say what is on its way. */
  readonly base: Contestant
  /** Units free on each shelf of the ground that was made last. */
  readonly available: SharedArrayBuffer
}

export type ToMaker =
  | {
      readonly what: 'seat'
      readonly call: number
      readonly version: string
      readonly seat: number
      readonly contestant: Contestant
      readonly task: MakeTask
      /** Where its plans lay before the thread was renewed; null for a new version. */
      readonly plan: PlanMemory | null
    }
  | { readonly what: 'leave'; readonly version: string }
  | { readonly what: 'make'; readonly call: number; readonly task: MakeTask }

export type FromMaker =
  | { readonly what: 'seated'; readonly call: number; readonly plan: PlanMemory | null; readonly flaw: string | null }
  | { readonly what: 'laid'; readonly call: number; readonly number: number }
  | { readonly what: 'failed'; readonly call: number; readonly flaw: string }
  /** Plans that were due are made after the ground is laid, and go with the next one. */
  | { readonly what: 'planned'; readonly plans: readonly Planned[] }
