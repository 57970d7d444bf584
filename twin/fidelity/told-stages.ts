import type { NetworkSpec } from '../../sim/network-spec.ts'
import { measureNames, measuresOfView, SITE_MEASURES, STAGES } from '../futures/measures.ts'
import { STAGE_OF } from '../futures/present.ts'
import { learn } from '../order/learned.ts'
import type { OrderStateId } from '../order/lifecycle.ts'
import { stateNumber } from '../order/steps.ts'
import type { LiveState } from '../state/live-state.ts'
import type { TwinState } from '../state/state.ts'

/**
 * Feeds need not tell of every stage: a shop that hears from its carrier at the pick-up and at the door knows of no hub. What is foreseen of stages that
 * are never told is then no mistake of the model, so they count with the last one before them that is: "road" is all that is with the carrier. A floor's
 * numbers that rest on stages nobody tells are left out.
 */
export type Coarse = {
  /** Names of the numbers that are compared, in their order. */
  readonly names: readonly string[]
  /** Numbers of an instant as `measures.ts` tells them, made coarse; more than a view's may be given. */
  readonly of: (numbers: ArrayLike<number>) => Float64Array
  /** Where each number of a view has gone, by place in `names`; −1: it is left out. */
  readonly into: Int32Array
  /** Stages that nobody tells, by name. */
  readonly untold: readonly string[]
}

/** By what past orders were told in. Without a state to ask all stages are taken to be told. */
export function coarseOf(spec: NetworkSpec, state: LiveState | null): Coarse {
  const isTold = state === null ? () => true : toldIn(state)
  // What is placed and what is paid is always told.
  return coarseBy(
    spec,
    STAGES.filter(({ state: stage }, i) => i >= 2 && !isTold(stage)).map(({ id }) => id),
  )
}

/** The same where it is known which stages nobody tells. */
export function coarseBy(spec: NetworkSpec, untold: readonly string[]): Coarse {
  const stages = new Map<string, number>(STAGES.map(({ id }, i) => [id, i]))
  const into = STAGES.map(() => 0)
  STAGES.forEach(({ id }, i) => {
    into[i] = untold.includes(id) ? into[i - 1] : i
  })
  const all = measureNames(spec).slice(0, measuresOfView(spec))
  const target = all.map((name, at) => {
    const stage = stages.get(name)
    if (stage !== undefined) return all.indexOf(STAGES[into[stage]].id)
    const measure = SITE_MEASURES.find(({ id }) => name.endsWith(`: ${id}`))
    return measure?.needs.some((id) => untold.includes(id)) ? -1 : at
  })
  const kept = all.flatMap((_, at) => (target[at] === at ? [at] : []))
  const placeOf = new Int32Array(all.length).fill(-1)
  kept.forEach((at, place) => {
    placeOf[at] = place
  })
  return {
    names: kept.map((at) => all[at]),
    into: Int32Array.from(target, (to) => (to < 0 ? -1 : placeOf[to])),
    untold,
    of: (numbers) => {
      const coarse = new Float64Array(kept.length)
      target.forEach((to, at) => {
        if (to >= 0) coarse[placeOf[to]] += numbers[at]
      })
      return coarse
    },
  }
}

/** Whether most orders that came through were told in some state of a stage. */
function toldIn(state: LiveState): (stage: number) => boolean {
  const learned = learn((state as TwinState).core, state.asOfMs)
  const states = Object.entries(STAGE_OF) as [OrderStateId, number][]
  return (stage) => states.some(([id, of]) => of === stage && learned.isTold(stateNumber(id)))
}
