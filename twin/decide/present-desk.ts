import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { libraryOf, parseContestantOn } from '../../scenarios/contestant.ts'
import { type Stamp, stampOf } from '../../scenarios/explain/stamp.ts'
import { type Told, told, toldBeside } from '../../scenarios/explain/told.ts'
import { loadSolver, loadSolverFor, solverOrNone } from '../../scenarios/highs.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import { planIfDue } from '../../sim/agents/planner.ts'
import { createRecord, setLines, setState, takeBackOrder, writeOrder } from '../../sim/apply/records.ts'
import { bug } from '../../sim/check.ts'
import type { ShipmentSet } from '../../sim/explain/decision.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAX_LINES } from '../../sim/partition.ts'
import type { Seams } from '../../sim/policy.ts'
import type { Sim } from '../../sim/sim.ts'
import { STATE } from '../../sim/world.ts'
import { clockOfFuture, openFutures } from '../futures/open-future.ts'
import type { Present } from '../futures/present.ts'
import { policyOf, type Runnable } from '../registry/run.ts'
import { type Alternative, alternativesTo } from './alternatives.ts'
import type { Question } from './decider.ts'
import { routingOf } from './load-policies.ts'

const SEED = 'decisions'
/** Whether a rule set plans is the same by any clock. */
const USUAL_CLOCK = clockOfFuture(0, 1)

/** Who forecast: a policy, and the version of the registry that it was; null where it was the catalogue's. */
export type Forecaster = { readonly policy: string; readonly version: string | null; readonly digest: string | null }

export type Explained = Told & {
  readonly asOfMs: number
  /** The cheapest sets beside the chosen one, cheapest first, each with the warehouses it does without. */
  readonly alternatives: readonly (ReturnType<typeof toldBeside> & { readonly without: readonly string[] })[]
}

/** A world made of what is known of an instant, and where its clock begins. */
export type MadeWorld = { readonly sim: Sim; readonly stamp: Stamp; readonly asOfMs: number; readonly zeroMs: number }

/** What of a question is explained. */
export type Explainable = Pick<
  Question,
  'zone' | 'lines' | 'promisedMs' | 'allowed' | 'services' | 'maxShipments' | 'co2GramsMax' | 'mustBeInTime'
>

/** A version that routes, made ready to. */
type Router = Pick<Runnable, 'id' | 'digest'> & { readonly routing: (clock: RuleClock) => Seams['routing'] }

/**
 * Explains where an order would ship from. What is known of an instant is made into a world of the simulator, the order is put into it, and the
 * router of that world decides: the same search, options and policy file as in any run. Nothing is reserved and nothing is kept. Slow beside a
 * decider, since all that was not chosen is told too.
 */
export class PresentDesk {
  readonly spec: NetworkSpec
  private readonly network: Network
  private readonly contestant: Contestant
  private readonly library: Awaited<ReturnType<typeof libraryOf>>
  private present: Present | null = null
  /** Worlds of the present, by the version that routes in each, made when somebody first asks; null: who the contestant says. */
  private readonly made = new Map<string | null, MadeWorld>()
  private readonly routers = new Map<string, Router>()
  private inCharge: string | null = null
  private forecast: {
    readonly id: string
    readonly digest: string
    readonly body: Seams['forecast']
    readonly policy: string
  } | null = null

  private constructor(spec: NetworkSpec, contestant: Contestant, library: PresentDesk['library']) {
    this.spec = spec
    this.network = compileNetwork(spec)
    this.contestant = contestant
    this.library = library
  }

  static async open(spec: NetworkSpec, policies: string): Promise<PresentDesk> {
    const contestant = await parseContestantOn(spec, policies)
    const library = await libraryOf([contestant])
    await loadSolverFor(policiesOf(library, contestant))
    return new PresentDesk(spec, contestant, library)
  }

  /** Who decides, forecasts and promises, by id. */
  get policies(): Contestant['policies'] {
    return this.contestant.policies
  }

  /** Who forecasts: the policy, and the version of the registry it is, where it is one. */
  get forecaster(): Forecaster {
    const { forecast, contestant } = this
    return forecast === null
      ? { policy: contestant.policies.forecast, version: null, digest: null }
      : { policy: forecast.policy, version: forecast.id, digest: forecast.digest }
  }

  /** From the next present on this version forecasts, by the text it was registered with. */
  async forecastBy(version: Runnable): Promise<void> {
    const body = await policyOf('forecast', version)
    const { id, digest } = version
    this.forecast = { id, digest, body, policy: id.split('@')[0] }
    this.made.clear()
  }

  /** From now on this version routes where nobody says which. */
  async routeBy(version: Runnable): Promise<void> {
    await this.ready(version)
    this.inCharge = version.id
  }

  /** Makes a version ready, so that what it decided can be explained by it. */
  async ready(version: Runnable): Promise<void> {
    const { id, digest } = version
    if (this.routers.has(id)) return
    const routing = await routingOf(version)
    if ('plan' in routing(USUAL_CLOCK)) await loadSolver()
    this.routers.set(id, { id, digest, routing })
  }

  /** What is known now takes the place of what was. Makes the plan of who routes too, which may take seconds. */
  lay(present: Present): void {
    this.present = present
    this.made.clear()
    this.world()
  }

  /** The world that was laid last, with who is in charge. */
  world(): MadeWorld {
    return this.presentOf(this.inCharge)
  }

  /** `as`: of another instant than the present; `most`: alternatives to be told; `by`: a version that is ready, else who is in charge. */
  explain(
    question: Explainable,
    whyNot: number | null,
    as: Present | null = null,
    most = 0,
    by: string | null = this.inCharge,
  ): Explained {
    const world = as === null ? this.presentOf(by) : this.worldOf(as, by)
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
      const run = { network: this.spec.name, scenario: 'as told', policies: by ?? this.contestant.id, seed: SEED, replication: 0 }
      const { spec } = this
      const { chosen } = decision
      const others = (): Alternative[] =>
        chosen === null || most === 0
          ? []
          : alternativesTo(chosen, order, most, spec.warehouses.length, (allowed) => within(sim, { ...NO_LIMITS, allowed }))
      const alternatives = others().map(({ without, set }) => ({
        without: without.map((w) => spec.warehouses[w].id),
        ...toldBeside(spec, clock, { ...decision, chosen: chosen as ShipmentSet }, set),
      }))
      return { ...told(run, spec, clock, decision, why, stamp, 1), asOfMs, alternatives }
    } finally {
      takeBackOrder(pen, order)
    }
  }

  private presentOf(by: string | null): MadeWorld {
    const { present, made } = this
    if (present === null) bug('nothing is known of the present yet')
    const world = made.get(by) ?? this.worldOf(present, by)
    made.set(by, world)
    return world
  }

  private worldOf(present: Present, by: string | null): MadeWorld {
    const { spec, network, contestant, library } = this
    const clock = clockOfFuture(present.nowMs, 1)
    const own = withRules(policiesOf(library, contestant), contestant, clock)
    const router = by === null ? null : (this.routers.get(by) ?? bug('a version that nobody made ready'))
    const policies = {
      ...own,
      ...(router === null ? {} : { routing: router.routing(clock) }),
      ...(this.forecast === null ? {} : { forecast: this.forecast.body }),
    }
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
    const { zeroMs } = present.calendar
    const stamp =
      router === null
        ? stampOf(contestant, policies)
        : { policy: router.id, params: policies.routing.params, digest: router.digest }
    return { sim, stamp, asOfMs: zeroMs + present.nowMs, zeroMs }
  }
}

type Limits = Pick<Explainable, 'allowed' | 'services' | 'maxShipments' | 'co2GramsMax' | 'mustBeInTime'>
const NO_LIMITS: Limits = {
  allowed: null,
  services: null,
  maxShipments: MAX_LINES,
  co2GramsMax: Number.POSITIVE_INFINITY,
  mustBeInTime: false,
}

/** The same world with what one order forbids; itself where it forbids nothing. */
function within(sim: Sim, question: Limits): Sim {
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
