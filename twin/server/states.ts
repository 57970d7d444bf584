import { openState, restoreState, type TwinState } from '../state/state.ts'
import type { StateKeeper } from './twin.ts'

/** The live state as the server keeps it. */
export const STATES: StateKeeper = {
  fresh: openState,
  takeOut: restoreState,
  putAway: (state) => (state as TwinState).checkpoint(),
}
