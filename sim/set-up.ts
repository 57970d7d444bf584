import type { RunSetup } from './engine.ts'
import type { Ledger } from './ledger.ts'
import type { Network } from './network.ts'
import type { NetworkSpec } from './network-spec.ts'
import type { Policies } from './policy.ts'
import { dice } from './random.ts'
import type { ReplayOrders } from './replay.ts'
import type { ScenarioSpec } from './scenario-spec.ts'
import { compileScene } from './scene.ts'
import type { RunClock } from './sim.ts'

/** One replication as it is asked for: in names and specifications, on a network that is compiled already, since many runs share it. */
export type Replication = {
  readonly network: Network
  /** What the network was compiled from: scenarios name its places. */
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly clock: RunClock
  readonly seed: string
  readonly replication: number
  readonly policies: Policies
  readonly replay?: ReplayOrders | null
  readonly keepsOrigins?: boolean
  /** When everyday weather ceases, ms on the run's clock; without it the end of the run. */
  readonly skyClearsMs?: number
  /** What policies that plan solve their programs with. */
  readonly solver?: unknown
  readonly ledger?: Ledger | null
}

/** Rolls its dice and compiles its scene: what `openRun`, and `restore` later, need to make a world of it. */
export function setUp({
  network,
  spec,
  scenario,
  clock,
  seed,
  replication,
  policies,
  replay = null,
  keepsOrigins = false,
  skyClearsMs = clock.endMs,
  solver = null,
  ledger = null,
}: Replication): RunSetup {
  const luck = dice(seed, replication)
  const scene = compileScene({ network, spec, scenario, dice: luck, dayZeroMs: clock.dayZeroMs, endMs: skyClearsMs })
  return {
    network,
    scene,
    clock,
    dice: luck,
    policies,
    replay,
    keepsOrigins,
    solver,
    ledger,
  }
}
