import { pick } from '../../sim/alias.ts'
import type { RunSetup } from '../../sim/engine.ts'
import type { Ledger } from '../../sim/ledger.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Seams } from '../../sim/policy.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { setUp } from '../../sim/set-up.ts'
import { DAY_MS } from '../../sim/units.ts'
import { skuOfLine, unitsOfLine } from '../../sim/world.ts'
import { clockOf } from '../clock.ts'
import { libraryOf } from '../contestant.ts'
import { loadSolver } from '../highs.ts'
import type { Contestant, ExperimentPlan } from '../plan.ts'
import { withRules } from '../rules/with-rules.ts'
import { policiesOf } from '../worker.ts'
import { demandSeen, foreseeing } from './foresight.ts'
import type { NamedRun } from './hindsight.ts'
import { type Observed, observe } from './observe.ts'

/** A day that several policies are to go through. */
export type AskedDay = Pick<ExperimentPlan, 'contestants' | 'baseline' | 'seed' | 'replay' | 'origins'> & {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly replication: number
  /** The policy that is run once more and told the day's demand; null for none. It makes plans. */
  readonly reference: Contestant | null
}

/** How far a run is: days of its calendar begun, of so many in which orders come. Some go on for days after that. */
export type RunProgress = { readonly policy: string; readonly day: number; readonly days: number }

/** What is run of a day: each policy, the reference, and the baseline once more under other dice. */
export type RunsOfDay = {
  readonly runs: readonly NamedRun[]
  /** The baseline on the same orders with other luck on the road and at work: what a difference between policies has to exceed. */
  readonly again: Observed
}

/** Under which name the reference is shown, given the policy that it is. */
const referenceName = (policy: string): string => `${policy} that knows the demand`

/**
 * Runs every contestant through a day, noting where else orders could have gone. `reference` plans by the day's own orders,
 * hour by hour and zone by zone, and knows of no storm, breakdown or luck before it is there: what could be hoped for without a crystal ball.
 */
export async function runDay(asked: AskedDay, onProgress: (progress: RunProgress) => void): Promise<RunsOfDay> {
  const { spec, scenario, replication, reference, replay, seed } = asked
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario, replay)
  const contestants = reference === null ? asked.contestants : [...asked.contestants, reference]
  const library = await libraryOf(contestants)
  const solver = await loadSolver()
  const setupOf = (contestant: Contestant, change: (routing: Seams['routing']) => Seams['routing'] = (it) => it): RunSetup => {
    const policies = withRules(policiesOf(library, contestant), contestant, clock)
    return setUp({
      network,
      spec,
      scenario,
      clock,
      seed,
      replication,
      policies: { ...policies, routing: change(policies.routing) },
      replay,
      keepsOrigins: asked.origins === 'recorded',
      solver,
    })
  }
  const days = Math.ceil(clock.lastOrderMs / DAY_MS)
  const run = (policy: string, setup: RunSetup, withChoices: boolean): Observed => {
    onProgress({ policy, day: 0, days })
    return observe(setup, withChoices, (day) => onProgress({ policy, day, days }))
  }
  const runs: NamedRun[] = asked.contestants.map((contestant) => ({
    policy: contestant.id,
    run: run(contestant.id, setupOf(contestant), true),
  }))
  const { ledger } = runs[0].run
  if (reference !== null) {
    const policy = referenceName(reference.id)
    const seen = demandSeen(ledger, network.Z)
    const setup = setupOf(reference, (routing) => foreseeing(routing, seen))
    runs.push({ policy, run: run(policy, setup, true) })
  }
  const base = asked.contestants.find(({ id }) => id === asked.baseline) ?? asked.contestants[0]
  const setup = setupOf(base)
  const otherwise = { ...setup, dice: dice(`${seed} once more`, replication), replay: replay ?? sameOrders(ledger, setup) }
  return { runs, again: run(`${base.id} with other luck`, otherwise, false) }
}

/** The orders of a run as if they had been recorded. Their means of payment follow from their luck. */
function sameOrders(ledger: Ledger, { network, clock, dice: luck }: RunSetup): ReplayOrders {
  const count = ledger.orders
  const unknown = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const lines = ledger.lines.subarray(0, ledger.lineStart[count])
  return {
    count,
    placedMs: ledger.placedMs.slice(0, count).map((ms) => ms - clock.dayZeroMs),
    promisedMs: ledger.promisedMs.slice(0, count).map((ms) => ms - clock.dayZeroMs),
    zone: ledger.zone.slice(0, count),
    payment: Int32Array.from({ length: count }, (_, n) => pick(network.payments.pick, draw(luck, n, PURPOSE.payment, 0))),
    origin: new Int32Array(count).fill(-1),
    lineStart: ledger.lineStart.slice(0, count + 1),
    sku: Int32Array.from(lines, skuOfLine),
    units: Int32Array.from(lines, unitsOfLine),
    prepareFactor: new Float64Array(0),
    haulFactor: new Float64Array(0),
    recorded: { approvedMs: unknown(), handedOverMs: unknown(), deliveredMs: unknown() },
  }
}
