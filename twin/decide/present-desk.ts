import { libraryOf, parseContestantOn } from '../../scenarios/contestant.ts'
import { type Stamp, stampOf } from '../../scenarios/explain/stamp.ts'
import { type Told, told } from '../../scenarios/explain/told.ts'
import { loadSolverFor, solverOrNone } from '../../scenarios/highs.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import { planIfDue } from '../../sim/agents/planner.ts'
import { createRecord, setLines, setState, takeBackOrder, writeOrder } from '../../sim/apply/records.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAX_LINES } from '../../sim/partition.ts'
import type { Sim } from '../../sim/sim.ts'
import { STATE } from '../../sim/world.ts'
import { clockOfFuture, openFutures } from '../futures/open-future.ts'
import { presentOf } from '../futures/present.ts'
import type { LiveView } from '../state/live-state.ts'
import type { Question } from './decider.ts'

/** The present is made into a world anew when it is older than this, by the clock of this machine. */
const FRESH_MS = 5000
const SEED = 'decisions'

export type Explained = Told & { readonly asOfMs: number; readonly ageMs: number }

/** A world made of what is known of an instant, and where its clock begins. */
export type MadeWorld = { readonly sim: Sim; readonly stamp: Stamp; readonly asOfMs: number; readonly zeroMs: number }

/** What of a question is explained. */
export type Explainable = Pick<
  Question,
  'zone' | 'lines' | 'promisedMs' | 'allowed' | 'services' | 'maxShipments' | 'co2GramsMax' | 'mustBeInTime'
>

/**
 * Explains where an order would ship from. What is known of an instant is made into a world of the simulator, the order is put into it, and the
 * router of that world decides: the same search, options and policy file as in any run. Nothing is reserved and nothing is kept. Slow beside a
 * decider, since all that was not chosen is told too.
 */
export class PresentDesk {
  readonly spec: NetworkSpec
  private readonly network: Network
  private readonly view: LiveView
  private readonly offsetMinutes: number
  private readonly contestant: Contestant
  private readonly library: Awaited<ReturnType<typeof libraryOf>>
  private made: { readonly world: MadeWorld; readonly madeMs: number } | null = null

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

  /** Who decides, forecasts and promises, by id. */
  get policies(): Contestant['policies'] {
    return this.contestant.policies
  }

  /** `as`: as the network was then, by all that is known now; without it as it is. */
  explain(question: Explainable, whyNot: number | null, as: LiveView | null = null): Explained {
    const madeMs = as === null ? this.presentMadeMs() : performance.now()
    const world = as === null ? this.present() : this.worldOf(as)
    const { stamp, asOfMs, zeroMs } = world
    const sim = within(world.sim, question)
    const { pen, clock } = sim
    const { lines } = question
    const order = createRecord(pen)
    setLines(
      pen,
      order,
      Int32Array.from(lines, ({ sku, units }) => sku * 256 + units),
      lines.length,
    )
    writeOrder(pen, order, question.zone, question.promisedMs - zeroMs, false)
    setState(pen, order, STATE.paid)
    try {
      const explainer = new Explainer(sim)
      const decision = explainer.explain(order, -1)
      const why = whyNot === null ? null : explainer.whyNot(order, -1, whyNot)
      const run = { network: this.spec.name, scenario: 'as told', policies: this.contestant.id, seed: SEED, replication: 0 }
      return { ...told(run, this.spec, clock, decision, why, stamp, 1), asOfMs, ageMs: Math.round(performance.now() - madeMs) }
    } finally {
      takeBackOrder(pen, order)
    }
  }

  /** The world of the present, at most some seconds old. */
  present(): MadeWorld {
    if (this.made === null || performance.now() - this.made.madeMs >= FRESH_MS)
      this.made = { world: this.worldOf(this.view), madeMs: performance.now() }
    return this.made.world
  }

  private presentMadeMs(): number {
    this.present()
    return this.made?.madeMs ?? 0
  }

  private worldOf(view: LiveView): MadeWorld {
    const { spec, network, contestant, library, offsetMinutes } = this
    const present = presentOf(view, spec, offsetMinutes)
    const policies = withRules(policiesOf(library, contestant), contestant, clockOfFuture(present.nowMs, 1))
    const setup = {
      network,
      spec,
      present,
      scenario: present.conditions,
      policies,
      solver: solverOrNone(),
      seed: SEED,
      hours: 24,
    }
    const sim = openFutures(setup)(0)
    planIfDue(sim)
    return { sim, stamp: stampOf(contestant, policies), asOfMs: view.asOfMs, zeroMs: present.calendar.zeroMs }
  }
}

/** The same world with what one order forbids; itself where it forbids nothing. */
function within(sim: Sim, question: Explainable): Sim {
  const { allowed, services, maxShipments, co2GramsMax, mustBeInTime } = question
  const isLimited = allowed !== null || maxShipments < MAX_LINES || co2GramsMax < Number.POSITIVE_INFINITY || mustBeInTime
  if (!isLimited && services === null) return sim
  const { routing } = sim.policies
  const limited: typeof routing = {
    ...routing,
    ...(isLimited
      ? {
          limit: (order, params, limits) => {
            routing.limit?.(order, params, limits)
            limits.maxShipments = Math.min(limits.maxShipments, maxShipments)
            limits.co2Grams = Math.min(limits.co2Grams, co2GramsMax)
            limits.mustBeInTime ||= mustBeInTime
            if (allowed !== null) for (let w = 0; w < allowed.length; w++) if (allowed[w] === 0) limits.allowed[w] = 0
          },
        }
      : {}),
    price: (option, params) =>
      services !== null && services[option.service] === 0 ? Number.POSITIVE_INFINITY : routing.price(option, params),
  }
  return { ...sim, policies: { ...sim.policies, routing: limited } }
}
