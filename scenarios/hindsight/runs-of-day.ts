import { pick } from '../../sim/alias.ts'
import type { RunSetup } from '../../sim/engine.ts'
import type { Ledger } from '../../sim/ledger.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { Seams } from '../../sim/policy.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import { setUp } from '../../sim/set-up.ts'
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

/** What is run of a day: each policy, the reference, and the baseline once more under other dice. */
export type RunsOfDay = {
  readonly runs: readonly NamedRun[]
  /** The baseline on the same orders with other luck on the road and at work: what a difference between policies has to exceed. */
  readonly again: Observed
}

/** Under which name the reference is shown, given the policy that it is. */
const referenceName = (policy: string): string => `${policy} that knows the demand`

/**
 * Runs every contestant through one replication of a scenario, noting where else orders could have gone. `reference` plans by the day's own orders,
 * hour by hour and zone by zone, and knows of no storm, breakdown or luck before it is there: what could be hoped for without a crystal ball.
 */
export async function runDay(
  plan: ExperimentPlan,
  scenario: ExperimentPlan['scenarios'][number],
  replication: number,
  reference: Contestant | null,
  onRun: (policy: string) => void,
): Promise<RunsOfDay> {
  const { spec } = plan.network
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario.spec, plan.replay)
  const contestants = reference === null ? plan.contestants : [...plan.contestants, reference]
  const library = await libraryOf(contestants)
  const solver = await loadSolver()
  const setupOf = (contestant: Contestant, change: (routing: Seams['routing']) => Seams['routing'] = (it) => it): RunSetup => {
    const policies = withRules(policiesOf(library, contestant), contestant, clock)
    return setUp({
      network,
      spec,
      scenario: scenario.spec,
      clock,
      seed: plan.seed,
      replication,
      policies: { ...policies, routing: change(policies.routing) },
      replay: plan.replay,
      keepsOrigins: plan.origins === 'recorded',
      solver,
    })
  }
  const runs: NamedRun[] = plan.contestants.map((contestant) => {
    onRun(contestant.id)
    return { policy: contestant.id, run: observe(setupOf(contestant), true) }
  })
  const { ledger } = runs[0].run
  if (reference !== null) {
    onRun(referenceName(reference.id))
    const seen = demandSeen(ledger, network.Z)
    runs.push({
      policy: referenceName(reference.id),
      run: observe(
        setupOf(reference, (routing) => foreseeing(routing, seen)),
        true,
      ),
    })
  }
  const base = plan.contestants.find(({ id }) => id === plan.baseline) ?? plan.contestants[0]
  const setup = setupOf(base)
  onRun(`${base.id} with other luck`)
  const again = observe({
    ...setup,
    dice: dice(`${plan.seed} once more`, replication),
    replay: plan.replay ?? sameOrders(ledger, setup),
  })
  return { runs, again }
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
