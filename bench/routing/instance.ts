import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Params } from '../../sim/policy.ts'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'

/** Figures an instance is made from; a list where it is one for each node, class or the like. */
export type Knobs = { readonly [knob: string]: number | readonly number[] }

export type Limit = { readonly least: number; readonly most: number; readonly whole: boolean }
/** A number of things, at least one. */
export const upTo = (most: number): Limit => ({ least: 1, most, whole: true })
/** A part of a whole. */
export const PART: Limit = { least: 0, most: 1, whole: false }
/** A figure that something is divided by. */
export const ABOVE_NONE: Limit = { least: 0.01, most: 1e6, whole: false }

/** One day of an instance: plain data, all that a run needs beside its policies. Every order belongs to the measured days. */
export type InstanceDay = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly orders: ReplayOrders
  /** Index of the warehouse that stands for goods that are not served at all, or −1. */
  readonly unfilled: number
  /** What its customers are promised, where a plan has to know beforehand; the orders carry the same. */
  readonly promise?: { readonly id: string; readonly params: Params }
}

/** A benchmark for routing, made from parameters: the same knobs and the same seed give the same bytes. */
export type RoutingInstance = {
  readonly id: string
  readonly about: string
  readonly knobs: Knobs
  /** What a knob, or each number of a list, may be; a knob not named here may be anything from 0. */
  readonly limits: { readonly [knob: string]: Limit }
  /** The policy the others are held against; without it nearest. */
  readonly baseline?: string
  /** Whether things befall that nobody could know: the league then also tells what foresight is worth. */
  readonly hasShocks?: boolean
  /** What the league plays: knobs laid over the usual ones. `quick` is the smaller league. */
  readonly cases: { readonly full: readonly Knobs[]; readonly quick: readonly Knobs[] }
  readonly make: (knobs: Knobs, seed: string) => InstanceDay
}

/** Ties knobs to the generator that reads them, then forgets their names, so that instances can stand in one list. */
export const defineInstance = <K extends Knobs>(
  instance: Omit<RoutingInstance, 'knobs' | 'cases' | 'make'> & {
    readonly knobs: K
    readonly cases: { readonly full: readonly Partial<K>[]; readonly quick: readonly Partial<K>[] }
    readonly make: (knobs: K, seed: string) => InstanceDay
  },
): RoutingInstance => ({
  ...instance,
  cases: instance.cases as RoutingInstance['cases'],
  make: (given, seed) => instance.make({ ...instance.knobs, ...given } as K, seed),
})

/** A number strictly between 0 and 1 for the `i`-th thing of a kind; kinds are numbered by each instance. */
export type Luck = (kind: number, i: number) => number

export function luckFor(instance: string, seed: string): Luck {
  const named = dice(`routing instance ${instance} ${seed}`, 0)
  return (kind, i) => draw(named, i, PURPOSE.instance, kind)
}

/** Two independent uniforms to one standard normal (Box & Muller, Annals of Mathematical Statistics 29, 1958). */
export const normalOf = (u: number, v: number): number => Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)

/** Place of u in shares of any scale: 0 for the first. */
export function placeOf(shares: readonly number[], u: number): number {
  let left = u * shares.reduce((sum, share) => sum + share, 0)
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i]
    if (left < 0) return i
  }
  return shares.length - 1
}

/** One order as an instance writes it down. */
export type MadeOrder = {
  readonly placedMs: number
  readonly promisedMs: number
  readonly zone: number
  readonly skus: readonly number[]
}

/** Orders of one unit a line as columns; expects them by time. */
export function replayOf(orders: readonly MadeOrder[]): ReplayOrders {
  const count = orders.length
  const unknown = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const lineStart = new Int32Array(count + 1)
  orders.forEach(({ skus }, i) => {
    lineStart[i + 1] = lineStart[i] + skus.length
  })
  return {
    count,
    placedMs: Float64Array.from(orders, ({ placedMs }) => placedMs),
    promisedMs: Float64Array.from(orders, ({ promisedMs }) => promisedMs),
    zone: Int32Array.from(orders, ({ zone }) => zone),
    payment: new Int32Array(count),
    origin: new Int32Array(count).fill(-1),
    lineStart,
    sku: Int32Array.from(orders.flatMap(({ skus }) => skus)),
    units: new Int32Array(lineStart[count]).fill(1),
    prepareFactor: new Float64Array(0),
    haulFactor: new Float64Array(0),
    recorded: { approvedMs: unknown(), handedOverMs: unknown(), deliveredMs: unknown() },
  }
}
