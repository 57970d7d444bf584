import type { Sim } from '../../sim/sim.ts'
import { nowMs } from '../../sim/world.ts'

/** How roads, hands and trucks fared in a run, from each change of scene to the next: the same whatever the policies do. */
export type Conditions = {
  /** Rising; condition i holds from fromMs[i] on. */
  readonly fromMs: number[]
  /** What is left of a warehouse's hands, and how much longer their work takes: [warehouse]. */
  readonly siteCapacity: Float64Array[]
  readonly labour: Float64Array[]
  /** How much longer a line haul takes: [zone · W + warehouse], and by service. */
  readonly laneSlow: Float64Array[]
  readonly transitFactor: Float64Array[]
  readonly departCapacity: Float64Array[]
}

export const noConditions = (): Conditions => ({
  fromMs: [],
  siteCapacity: [],
  labour: [],
  laneSlow: [],
  transitFactor: [],
  departCapacity: [],
})

/** To be called after each event: notes what has changed since the last. */
export function noteConditions(seen: Conditions, { world }: Sim): void {
  const last = seen.fromMs.length - 1
  const columns = ['siteCapacity', 'labour', 'laneSlow', 'transitFactor', 'departCapacity'] as const
  if (last >= 0 && columns.every((name) => isSame(seen[name][last], world[name]))) return
  seen.fromMs.push(nowMs(world))
  for (const name of columns) {
    const before = last >= 0 && isSame(seen[name][last], world[name]) ? seen[name][last] : Float64Array.from(world[name])
    seen[name].push(before)
  }
}

type Column = { readonly [i: number]: number; readonly length: number }
function isSame(one: Column, other: Column): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}

/** The condition that holds at an instant. */
export function conditionAt({ fromMs }: Conditions, timeMs: number): number {
  let low = 0
  let high = fromMs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (fromMs[middle] <= timeMs) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
