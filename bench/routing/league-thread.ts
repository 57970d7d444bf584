import { inlineMore } from '../../scenarios/inlining.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { setupOfThread } from '../../scenarios/setup.ts'
import type { Library } from '../../scenarios/worker.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { InstanceDay, Knobs } from './instance.ts'
import { INSTANCES } from './instances.ts'
import { play, type Score } from './play.ts'

export type LeagueSetup = { readonly contestants: readonly Contestant[] }
/** One seed of one case: every contestant plays the same day. */
export type LeagueTask = { readonly instance: string; readonly knobs: Knobs; readonly seed: string; readonly timed: boolean }
export type Played = {
  readonly scores: readonly Score[]
  /** Cents for all orders together that no way of routing this day could have gone below; null where nobody knows. */
  readonly boundCents: number | null
}
/** A bound in hindsight for a day that is known from end to end. */
export type BoundOf = (day: InstanceDay, seed: string) => number | null

/** Plays days in a thread. Whoever knows a bound hands it in here: the league then shows gaps. */
export function openLeagueThread(library: Library, boundOf: BoundOf = () => null): (task: LeagueTask) => Played {
  inlineMore()
  const { contestants } = setupOfThread<LeagueSetup>()
  return ({ instance, knobs, seed, timed }) => {
    const known = INSTANCES.find(({ id }) => id === instance)
    if (known === undefined) throw new Error(`no instance ${instance}`)
    const day = known.make(knobs, seed)
    const ready = { ...day, network: compileNetwork(day.spec), seed, timed }
    return { scores: contestants.map((contestant) => play(ready, contestant, library)), boundCents: boundOf(day, seed) }
  }
}
