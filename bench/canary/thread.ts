import { setupOfThread } from '../../scenarios/setup.ts'
import { type Played, play } from './play.ts'
import { WORLDS } from './world.ts'

/** Canaries `from … to − 1` of a world, by its id. */
export type CanaryTask = { readonly world: string; readonly from: number; readonly to: number }
export type CanarySetup = { readonly seed: string }

/** Gets a thread ready for its tasks, see scenarios/bundle.ts. */
export function openCanaryThread(): (task: CanaryTask) => Played[] {
  const { seed } = setupOfThread<CanarySetup>()
  return ({ world, from, to }) => {
    const found = WORLDS.find(({ id }) => id === world)
    if (found === undefined) throw new Error(`no world called ${world}`)
    return Array.from({ length: to - from }, (_, i) => play(found, from + i, seed))
  }
}
