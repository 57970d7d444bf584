import type { StateSettings } from '../state/settings.ts'
import { openState, restoreState, type TwinState } from '../state/state.ts'
import type { StateKeeper } from './twin.ts'

/** The live state as the server keeps it. */
export const statesWith = (settings: StateSettings): StateKeeper => ({
  fresh: () => {
    settings.archive?.clear()
    return openState(settings)
  },
  takeOut: (bytes) => restoreState(bytes, settings),
  // What leaves the memory is in the archive before the checkpoint leaves it out.
  putAway: (state) => {
    ;(state as TwinState).forget()
    return (state as TwinState).checkpoint()
  },
  close: () => settings.archive?.close(),
})
export const STATES = statesWith({})
