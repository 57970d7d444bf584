import { inlineMore } from '../inlining.ts'
import type { Library } from '../worker.ts'
import type { DrawnWorld } from './drawn-world.ts'
import { runWorld, type Verdict } from './one-world.ts'

/** One world to run, watched or only for its digest. */
export type SwarmTask = { readonly world: DrawnWorld; readonly watched: boolean }

/** Gets a thread ready for worlds; called by the code it is given, see `bundle.ts`. */
export function openSwarm(library: Library): (task: SwarmTask) => Verdict {
  inlineMore()
  return ({ world, watched }) => runWorld(world, library, watched)
}
