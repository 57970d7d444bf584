import { libraryOf, parseContestantOn } from '../../scenarios/contestant.ts'
import { type Stamp, stampOf } from '../../scenarios/explain/stamp.ts'
import { type Told, told } from '../../scenarios/explain/told.ts'
import { loadSolverFor, solverOrNone } from '../../scenarios/highs.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import { createRecord, setLines, setState, takeBackOrder, writeOrder } from '../../sim/apply/records.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { STATE } from '../../sim/world.ts'
import { clockOfFuture, openFutures } from '../futures/open-future.ts'
import { presentOf } from '../futures/present.ts'
import type { LiveView } from '../state/live-state.ts'
import type { Asked } from './asked.ts'

/** The present is made into a world anew when it is older than this, by the clock of this machine. */
const FRESH_MS = 5000
const SEED = 'decisions'

export type Decided = Told & { readonly asOfMs: number; readonly ageMs: number }

/**
 * Answers where an order would ship from now. The present as it is known is made into a world of the simulator, the order is put into it, and the
 * router of that world decides: the same search, options and policy file as in any run. Nothing is reserved and nothing is kept.
 */
export class PresentDesk {
  private readonly spec: NetworkSpec
  private readonly network: Network
  private readonly view: LiveView
  private readonly offsetMinutes: number
  private readonly contestant: Contestant
  private readonly library: Awaited<ReturnType<typeof libraryOf>>
  private made: {
    readonly sim: Sim
    readonly explainer: Explainer
    readonly stamp: Stamp
    readonly asOfMs: number
    readonly madeMs: number
    readonly zeroMs: number
  } | null = null

  private constructor(parts: {
    spec: NetworkSpec
    view: LiveView
    offsetMinutes: number
    contestant: Contestant
    library: PresentDesk['library']
  }) {
    this.spec = parts.spec
    this.network = compileNetwork(parts.spec)
    this.view = parts.view
    this.offsetMinutes = parts.offsetMinutes
    this.contestant = parts.contestant
    this.library = parts.library
  }

  static async open(spec: NetworkSpec, view: LiveView, policies: string, offsetMinutes: number): Promise<PresentDesk> {
    const contestant = await parseContestantOn(spec, policies)
    const library = await libraryOf([contestant])
    await loadSolverFor(policiesOf(library, contestant))
    return new PresentDesk({ spec, view, offsetMinutes, contestant, library })
  }

  evaluate({ zone, lines, promisedMs, whyNot }: Asked): Decided {
    const { sim, explainer, stamp, asOfMs, madeMs, zeroMs } = this.present()
    const { pen, clock } = sim
    const order = createRecord(pen)
    setLines(
      pen,
      order,
      Int32Array.from(lines, ({ sku, units }) => sku * 256 + units),
      lines.length,
    )
    writeOrder(pen, order, zone, promisedMs - zeroMs, false)
    setState(pen, order, STATE.paid)
    try {
      const decision = explainer.explain(order, -1)
      const why = whyNot === null ? null : explainer.whyNot(order, -1, whyNot)
      const run = { network: this.spec.name, scenario: 'as told', policies: this.contestant.id, seed: SEED, replication: 0 }
      return { ...told(run, this.spec, clock, decision, why, stamp, 1), asOfMs, ageMs: Math.round(performance.now() - madeMs) }
    } finally {
      takeBackOrder(pen, order)
    }
  }

  private present(): NonNullable<PresentDesk['made']> {
    const { made } = this
    if (made !== null && performance.now() - made.madeMs < FRESH_MS) return made
    const { spec, network, view, contestant, library, offsetMinutes } = this
    const present = presentOf(view, spec, offsetMinutes)
    const policies = withRules(policiesOf(library, contestant), contestant, clockOfFuture(present.nowMs, 1))
    const setup = { network, spec, present, scenario: present.conditions, policies, solver: solverOrNone(), seed: SEED, hours: 1 }
    const sim = openFutures(setup)(0)
    this.made = {
      sim,
      explainer: new Explainer(sim),
      stamp: stampOf(contestant, policies),
      asOfMs: view.asOfMs,
      madeMs: performance.now(),
      zeroMs: present.calendar.zeroMs,
    }
    return this.made
  }
}
