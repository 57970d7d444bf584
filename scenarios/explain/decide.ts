import { openRun, step } from '../../sim/engine.ts'
import type { Decision, WhyNot } from '../../sim/explain/decision.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { Sim, Witness } from '../../sim/sim.ts'
import { restore, snapshot } from '../../sim/snapshot.ts'
import { COUNT, orderNumber, REG } from '../../sim/world.ts'
import { libraryOf } from '../contestant.ts'
import { loadSolverFor } from '../highs.ts'
import type { ExperimentPlan } from '../plan.ts'
import { setupOfTask } from '../worker.ts'
import { stampOf } from './stamp.ts'
import { type Told, told } from './told.ts'

/** What of a plan is needed to take a decision again. */
export type DecisionPlan = Pick<ExperimentPlan, 'scenarios' | 'contestants' | 'seed' | 'replay' | 'origins'> & {
  readonly network: Pick<ExperimentPlan['network'], 'spec'>
}

/** What is asked of one order. */
export type DecisionQuestion = {
  readonly order: number
  /** Place of the warehouse that is asked about, or null. */
  readonly whyNot: number | null
  /** A snapshot the run goes on from, with the name messages call it by; null begins on the first morning. */
  readonly from: { readonly bytes: Uint8Array; readonly file: string } | null
  /** True where the run right before the decision is wanted as a snapshot. */
  readonly save: boolean
}

export type Found =
  | { readonly found: true; readonly told: Told; readonly saved: Uint8Array | null }
  /** The order was placed and never searched for, or there is none of this number. */
  | { readonly found: false; readonly orders: number }

/**
 * Runs a plan's first contestant through its first scenario once more, to the moment an order is routed, and explains that decision; of an
 * order that is never routed the last time it was tried. The run is the one without the explanation, event by event.
 */
export async function decide(plan: DecisionPlan, replication: number, question: DecisionQuestion): Promise<Found> {
  const { spec } = plan.network
  const [contestant] = plan.contestants
  const library = await libraryOf([contestant])
  await loadSolverFor(library)
  const task = { scenario: 0, contestant: 0, replication }
  const network = compileNetwork(spec)
  const setup = setupOfTask({ ...plan, spec, check: false }, network, library, task)
  const { from, save } = question
  const open = (): Sim => (from === null ? openRun(setup) : restore(setup, from.bytes, from.file))
  const sim = open()
  const last = runToDecision(sim, question)
  if (last === null) return { found: false, orders: sim.world.counts[COUNT.nextOrder] }
  const run = {
    network: spec.name,
    scenario: plan.scenarios[0].id,
    policies: contestant.id,
    seed: plan.seed,
    replication,
  }
  return {
    found: true,
    told: told(run, spec, setup.clock, last.decision, last.whyNot, stampOf(contestant, setup.policies), last.tries),
    saved: save ? snapshot(runToEvent(open(), last.eventsBefore)) : null,
  }
}

type Last = { readonly decision: Decision; readonly whyNot: WhyNot | null; readonly eventsBefore: number; readonly tries: number }

/** Runs until an order is routed, or else to the end; null where it was never tried. */
function runToDecision(sim: Sim, { order, whyNot }: Pick<DecisionQuestion, 'order' | 'whyNot'>): Last | null {
  let last: Last | null = null
  let explainer: Explainer | null = null
  let isRouted = false
  let eventsBefore = 0
  const witness: Witness = (one, record, only, parts) => {
    if (orderNumber(one.world, record) !== order || isRouted) return
    explainer ??= new Explainer(one)
    last = {
      decision: explainer.explain(record, only),
      whyNot: whyNot === null ? null : explainer.whyNot(record, only, whyNot),
      eventsBefore,
      tries: (last?.tries ?? 0) + 1,
    }
    isRouted = parts > 0
  }
  const watched = { ...sim, witness }
  do eventsBefore = watched.world.regs[REG.events]
  while (step(watched) && !isRouted)
  return last
}

function runToEvent(sim: Sim, events: number): Sim {
  while (sim.world.regs[REG.events] < events && step(sim));
  return sim
}
