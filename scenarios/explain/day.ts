import type { BriefDecision } from '../../sim/explain/decision.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import type { Sim } from '../../sim/sim.ts'
import { nowMs, orderNumber } from '../../sim/world.ts'

/** One decision of a run, with the order and the moment it was taken at, ms on the run's clock. */
export type DayDecision = BriefDecision & { readonly order: number; readonly nowMs: number }

/** The run with somebody who looks on: every decision is handed on with its terms and its runner-up. The run is the one without. */
export function explainingAll(sim: Sim, onDecision: (decision: DayDecision) => void): Sim {
  let explainer: Explainer | null = null
  return {
    ...sim,
    witness(one, record, only, parts) {
      explainer ??= new Explainer(one)
      const brief = explainer.brief(record, only, one.router, parts)
      if (brief !== null)
        onDecision({
          order: orderNumber(one.world, record),
          nowMs: nowMs(one.world),
          chosen: brief.chosen,
          runnerUp: brief.runnerUp,
        })
    },
  }
}
