import type { Highs } from 'highs'
import type { Seam, Seams } from '../sim/policy.ts'

/** The door to HiGHS (Huangfu & Hall, Math. Prog. Comp. 10, 2018): linear and mixed-integer programs, in WebAssembly. */
export type Solver = Highs

let loaded: Solver | null = null

/** Loads it once; from then on it answers without waiting. */
export async function loadSolver(): Promise<Solver> {
  if (loaded === null) {
    const { default: load } = await import('highs')
    // Its types take the package for CommonJS, where the loader would lie one `default` deeper than it does.
    loaded = await (load as unknown as () => Promise<Solver>)()
  }
  return loaded
}

/** The solver where somebody of these plans: others need not wait for it. */
export async function loadSolverFor(policies: Readonly<Record<string, Seams[Seam]>>): Promise<void> {
  if (Object.values(policies).some((policy) => 'plan' in policy)) await loadSolver()
}

/** What was loaded, or null. */
export const solverOrNone = (): Solver | null => loaded
