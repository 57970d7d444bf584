import * as loaded from 'highs'

/** The door to HiGHS (Huangfu & Hall, Math. Prog. Comp. 10, 2018): linear and mixed-integer programs, in WebAssembly. */
export type Solver = loaded.Highs

// Its types take the package for CommonJS, where the loader would lie one `default` deeper than it does.
const load = loaded.default as unknown as typeof loaded.default.default

let loading: Promise<Solver> | null = null

/** Loaded once; from then on it answers without waiting. */
export function loadSolver(): Promise<Solver> {
  loading ??= load()
  return loading
}
