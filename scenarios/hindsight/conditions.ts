import type { Network } from '../../sim/network.ts'
import { countUpTo } from '../../sim/rising.ts'
import { clearSky, lookUp, type Scene } from '../../sim/scene.ts'
import { HOUR_MS } from '../../sim/units.ts'

/**
 * How hands, roads and trucks fare in a run, from each change of scene to the next. It follows from the scene alone, so that it is the same
 * whatever the policies do: what a world carries of it stops where that world's last parcel has left.
 */
export type Conditions = {
  /** Rising; condition i holds from fromMs[i] on. */
  readonly fromMs: readonly number[]
  /** What is left of a warehouse's hands, and how much longer their work takes: [warehouse]. */
  readonly siteCapacity: readonly Float64Array[]
  readonly labour: readonly Float64Array[]
  /** How much longer a line haul takes: [zone · W + warehouse], and by service. */
  readonly laneSlow: readonly Float64Array[]
  readonly transitFactor: readonly Float64Array[]
  readonly departCapacity: readonly Float64Array[]
}

const COLUMNS = ['siteCapacity', 'labour', 'laneSlow', 'transitFactor', 'departCapacity'] as const

/** The conditions from one instant to another: the scene is set anew each hour and where something of it begins or ends (`sim/agents/scenery.ts`). */
export function conditionsOf(network: Network, scene: Scene, fromMs: number, toMs: number): Conditions {
  const seen = {
    fromMs: [] as number[],
    siteCapacity: [] as Float64Array[],
    labour: [] as Float64Array[],
    laneSlow: [] as Float64Array[],
    transitFactor: [] as Float64Array[],
    departCapacity: [] as Float64Array[],
  }
  const sky = clearSky(network, scene)
  for (const timeMs of changesOf(scene, fromMs, toMs)) {
    lookUp(network, scene, timeMs, sky, true)
    const now = conditionNow(network, scene, sky.severity, timeMs)
    const last = seen.fromMs.length - 1
    if (last >= 0 && COLUMNS.every((name) => isSame(seen[name][last], now[name]))) continue
    seen.fromMs.push(timeMs)
    // What has not changed is kept once.
    for (const name of COLUMNS) seen[name].push(last >= 0 && isSame(seen[name][last], now[name]) ? seen[name][last] : now[name])
  }
  return seen
}

function changesOf({ boundaries }: Scene, fromMs: number, toMs: number): number[] {
  const changes = [fromMs, ...boundaries.filter((ms) => ms > fromMs && ms < toMs)]
  for (let ms = Math.floor(fromMs / HOUR_MS) * HOUR_MS + HOUR_MS; ms < toMs; ms += HOUR_MS) changes.push(ms)
  return [...new Set(changes)].sort((a, b) => a - b)
}

function conditionNow(network: Network, { sites, carriers }: Scene, severity: Float64Array, timeMs: number) {
  const { W, S, Z, H } = network
  const { sensitivity } = network.weather
  const siteCapacity = new Float64Array(W).fill(1)
  const departCapacity = new Float64Array(S).fill(1)
  const transitFactor = new Float64Array(S).fill(1)
  for (const part of sites) {
    if (timeMs < part.fromMs || timeMs >= part.toMs) continue
    for (const w of part.warehouses) siteCapacity[w] *= part.capacity
  }
  for (const part of carriers) {
    if (timeMs < part.fromMs || timeMs >= part.toMs) continue
    for (const s of part.services) {
      departCapacity[s] *= part.capacity
      transitFactor[s] *= part.transit
    }
  }
  return {
    siteCapacity,
    departCapacity,
    transitFactor,
    labour: Float64Array.from({ length: W }, (_, w) => 1 + sensitivity.labour * severity[Z * W + H + w]),
    laneSlow: Float64Array.from({ length: Z * W }, (_, at) => 1 + sensitivity.lane * severity[at]),
  }
}

function isSame(one: Float64Array, other: Float64Array): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}

/** The condition that holds at an instant; before the first, that one. */
export const conditionAt = ({ fromMs }: Conditions, timeMs: number): number => Math.max(0, countUpTo(fromMs, timeMs) - 1)
