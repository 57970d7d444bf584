import { loadSolver } from '../../scenarios/highs.ts'
import { EPSILONS } from '../../scenarios/hindsight/accuracy.ts'
import { lookBack, type Measured, type NamedRun } from '../../scenarios/hindsight/hindsight.ts'
import { type WithoutForesight, withoutForesight } from '../../scenarios/hindsight/without-foresight.ts'
import { inlineMore } from '../../scenarios/inlining.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { setupOfThread } from '../../scenarios/setup.ts'
import type { Library } from '../../scenarios/worker.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { Knobs } from './instance.ts'
import { INSTANCES } from './instances.ts'
import { play, type Score, setupOf } from './play.ts'

/** The contestants, and whose choices say which orders are contested, by instance. */
export type LeagueSetup = { readonly contestants: readonly Contestant[]; readonly baselines: Readonly<Record<string, string>> }
/** One seed of one case: every contestant plays the same day. */
export type LeagueTask = {
  readonly instance: string
  readonly knobs: Knobs
  readonly seed: string
  readonly timed: boolean
  readonly bounded: boolean
}
export type Played = {
  readonly scores: readonly Score[]
  /** Cents for all orders together that no way of routing this day could have gone below; null where nobody asked. */
  readonly boundCents: number | null
  /** How right each policy's choices were, now that it is known; null where nobody asked. */
  readonly chosen: readonly Chosen[] | null
  /** What the day comes to for who plans as the bound does and foresees nothing; null where nobody asked. */
  readonly unforeseen: Pick<WithoutForesight, 'cents' | 'onTimeShare'> | null
}
/** Shares of the orders, 0 … 1. */
export type Chosen = {
  readonly policy: string
  /** Within 10 % of the best at hindsight prices: all orders, and those that are contested. */
  readonly right: number
  readonly rightContested: number
  /** Late, and in time by another option of that instant. */
  readonly avoidable: number
}

/** Plays days in a thread, and looks back at those of which a bound is wanted. */
export function openLeagueThread(library: Library): (task: LeagueTask) => Promise<Played> {
  inlineMore()
  const { contestants, baselines } = setupOfThread<LeagueSetup>()
  return async ({ instance, knobs, seed, timed, bounded }) => {
    const known = INSTANCES.find(({ id }) => id === instance)
    if (known === undefined) throw new Error(`no instance ${instance}`)
    const day = known.make(knobs, seed)
    const ready = { ...day, network: compileNetwork(day.spec), seed, timed }
    const runs: NamedRun[] = []
    const scores = contestants.map((contestant) =>
      play(ready, contestant, library, bounded ? (run) => runs.push({ policy: contestant.id, run }) : undefined),
    )
    if (!bounded) return { scores, boundCents: null, chosen: null, unforeseen: null }
    const solver = await loadSolver()
    const { hindsight, day: seen } = lookBack(runs, baselines[instance], solver, { brief: true })
    const unforeseen = known.hasShocks ? withoutForesight(seen, setupOf(ready, contestants[0], library), solver) : null
    return {
      scores,
      boundCents: hindsight.boundCents * hindsight.orders,
      chosen: hindsight.policies.map(chosenOf),
      unforeseen: unforeseen === null ? null : { cents: unforeseen.cents, onTimeShare: unforeseen.onTimeShare },
    }
  }
}

/** Where the last of EPSILONS, 10 %, stands. */
const TENTH = EPSILONS.length - 1
const chosenOf = ({ policy, accuracy, pseudoOptimal }: Measured): Chosen => ({
  policy,
  right: accuracy.all[TENTH],
  rightContested: accuracy.contested[TENTH],
  avoidable: pseudoOptimal.avoidable,
})
