import type { Market } from './market.ts'

/**
 * What a program may cost, counted in steps and not by a clock, so that it ends at the same place on every machine. A step is about a nanosecond
 * of one core; counted are the simplex's iterations and the looks at ways, at what they were measured to take (`orrery bench market`). Taken
 * from as work is done; below 0 nothing further is begun.
 */
export type Steps = { left: number }

export const stepsOfSeconds = (seconds: number): Steps => ({ left: seconds * 1e9 })
export const endlessSteps = (): Steps => ({ left: Number.POSITIVE_INFINITY })

/** For each run of the solver and column: columns handed in, a solution read off, use counted. */
const RUN = 700
/** For each iteration and row (dual simplex), or column (primal simplex, which looks at all that could come in). */
const DUAL = 15
const PRIMAL = 8
/** For each iteration of the interior point, and row and column: a factorisation. */
const INTERIOR = 3000

export const stepsOfRun = (columns: number): number => RUN * columns
export const stepsOfIteration = (algorithm: 'primal' | 'dual', rows: number, columns: number): number =>
  algorithm === 'dual' ? 1000 + DUAL * rows : 1000 + PRIMAL * columns
export const stepsOfInterior = (rows: number, columns: number): number => INTERIOR * (rows + columns)

/** What it takes to read off a market's costs once. */
export function stepsOfReading({ departures, groups, services, warehouses }: Market): number {
  return groups.count * (30 * warehouses * services + 15 * departures.leavesMs.length)
}

/**
 * What it takes to look for each group's cheapest way once, each having so many lanes open: of a single line as good as nothing, of several all sets of
 * them in each lane, and all ways to put sets together; where the lines are alike, only how many.
 */
export function stepsOfLook(
  { groups, departures, services, warehouses }: Market,
  entryFirst: Int32Array,
  alike: Uint8Array,
): number {
  const perLane = departures.leavesMs.length / (warehouses * services)
  let steps = 0
  for (let g = 0; g < groups.count; g++) {
    const lanes = entryFirst[g + 1] - entryFirst[g]
    const lines = groups.lineStart[g + 1] - groups.lineStart[g]
    if (lines === 1) steps += 100 + 10 * lanes
    else if (alike[g] === 1) steps += 300 + lanes * 4 * lines * (perLane + 2)
    else steps += 300 + lanes * (4 * lines * perLane + 5 * 2 ** lines) + 4 * 3 ** lines
  }
  return steps
}
