import { openRun, type RunSetup } from '../../sim/engine.ts'
import { Ledger } from '../../sim/ledger.ts'
import { type Outcome, simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { eventMs } from '../../sim/world.ts'
import { type Conditions, noConditions, noteConditions } from './conditions.ts'

/** A run that is over, and all that hindsight asks of it. */
export type Observed = {
  readonly sim: Sim
  readonly ledger: Ledger
  readonly conditions: Conditions
  readonly outcome: Outcome
}

/** The record of the actor that changes the scene. */
const SCENE = 0

/** Runs a world to its end with its books kept. */
export function observe(setup: RunSetup): Observed {
  const ledger = new Ledger()
  const conditions = noConditions()
  const sim = openRun({ ...setup, ledger })
  let changesMs = -1
  const outcome = simulate(sim, (one) => {
    if (eventMs(one.world, SCENE) === changesMs) return
    changesMs = eventMs(one.world, SCENE)
    noteConditions(conditions, one)
  })
  return { sim, ledger, conditions, outcome }
}
