import { openState, restoreState, type StateSettings, type TwinState } from '../state/state.ts'
import type { StateKeeper } from './twin.ts'

/** The live state as the server keeps it. */
export const statesWith = (settings: StateSettings): StateKeeper => ({
  fresh: () => openState(settings),
  takeOut: (bytes) => restoreState(bytes, settings),
  putAway: (state) => (state as TwinState).checkpoint(),
})
export const STATES = statesWith({})
