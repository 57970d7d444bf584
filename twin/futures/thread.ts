import { solverOrNone } from '../../scenarios/highs.ts'
import { inlineMore } from '../../scenarios/inlining.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { setupOfThread } from '../../scenarios/setup.ts'
import { type Library, policiesOf } from '../../scenarios/worker.ts'
import { peek } from '../../sim/apply/event-list.ts'
import { step } from '../../sim/engine.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { eventMs } from '../../sim/world.ts'
import type { Drift } from '../fidelity/calibration.ts'
import { forecastNumbers, ordersTold, placeNumbers, siteNumbers } from './forecast.ts'
import { measure, measureNames } from './measures.ts'
import { clockOfFuture, openFutures } from './open-future.ts'
import { measurePlaces, seeOrders } from './place-fields.ts'
import type { Present } from './present.ts'
import { measureSites } from './site-fields.ts'

/** What a thread is handed once: plain data. */
export type FuturesOrder = {
  readonly spec: NetworkSpec
  readonly drift: Drift | null
  readonly present: Present
  readonly scenario: ScenarioSpec
  readonly contestant: Contestant
  readonly seed: string
  readonly hours: number
}
/** Numbers of one replication: hour · names + name, from the present (hour 0) on; then those of sites, places and orders, as `forecast.ts` reads them. */
export type FutureTask = { readonly replication: number }

/** Gets a thread ready for replications; called by the code it is given, see `scenarios/bundle.ts`. */
export function openFuturesThread(library: Library): (task: FutureTask) => Float64Array {
  inlineMore()
  const { spec, drift, present, scenario, contestant, seed, hours } = setupOfThread<FuturesOrder>()
  const policies = withRules(policiesOf(library, contestant), contestant, clockOfFuture(present.nowMs, hours))
  const open = openFutures({
    network: compileNetwork(spec),
    spec,
    drift,
    present,
    scenario,
    policies,
    solver: solverOrNone(),
    seed,
    hours,
  })
  const names = measureNames(spec).length
  return ({ replication }) => {
    const sim = open(replication)
    const ofOrders = ordersTold(present.orders)
    const numbers = new Float64Array((hours + 1) * names + forecastNumbers(spec, hours, ofOrders))
    const sites = numbers.subarray((hours + 1) * names)
    const [ofSites, ofPlaces] = [siteNumbers(spec), placeNumbers(spec)]
    const places = sites.subarray((hours + 1) * ofSites)
    const lastSeen = places.subarray((hours + 1) * ofPlaces)
    for (let hour = 0; hour <= hours; hour++) {
      if (hour > 0) runThrough(sim, present.nowMs + hour * HOUR_MS)
      measure(sim, numbers.subarray(hour * names, (hour + 1) * names))
      measureSites(sim, sites.subarray(hour * ofSites, (hour + 1) * ofSites))
      measurePlaces(sim, places.subarray(hour * ofPlaces, (hour + 1) * ofPlaces))
      seeOrders(sim, hour, lastSeen)
    }
    return numbers
  }
}

/** Everything up to an instant, that instant included, as a view of it has it: trucks leave on the hour. */
function runThrough(sim: Sim, untilMs: number): void {
  for (let next = peek(sim.pen); next >= 0 && eventMs(sim.world, next) <= untilMs; next = peek(sim.pen)) if (!step(sim)) return
}
