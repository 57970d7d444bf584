import { copyPlan, copyStanding, type DecisionSize, groundBytes, viewGround } from '../../sim/apply/decision-world.ts'
import type { Dimensions, WorldView } from '../../sim/world.ts'

/**
 * How the network stands, as all decision threads see it: laid by one thread every few seconds into that half of the memory which nobody reads, and
 * numbered. Each thread copies what it finds; where the number has changed under its hands it copies again. Policies that plan have a half
 * each for their prices.
 */
export type GroundMemory = {
  readonly d: Dimensions
  readonly size: DecisionSize
  readonly head: SharedArrayBuffer
  readonly halves: readonly [SharedArrayBuffer, SharedArrayBuffer]
}

/** Prices of the last plan of one version. */
export type PlanMemory = { readonly size: DecisionSize; readonly halves: readonly [SharedArrayBuffer, SharedArrayBuffer] }

/** Room for what a plan leaves to its policy: a policy with more has no plan here, and says so. */
export const NOTES_MOST = 1 << 17

/** Ints: the present number, then the number of each half. Doubles follow: the twin's clock, then for each half three instants. */
const INTS = 4
const CURRENT = 0
const NUMBER = 1
const CLOCK = 0
const OF_HALF = 3

export function groundMemory(d: Dimensions, size: DecisionSize): GroundMemory {
  const { W, S } = d
  return {
    d,
    size,
    head: new SharedArrayBuffer(4 * INTS + 8 * (1 + 2 * OF_HALF) + 4 * 2 * (W + W * S)),
    halves: halvesOf(d, size),
  }
}

export const planMemory = (d: Dimensions, size: DecisionSize): PlanMemory => ({ size, halves: halvesOf(d, size) })

const halvesOf = (d: Dimensions, size: DecisionSize): [SharedArrayBuffer, SharedArrayBuffer] => [
  new SharedArrayBuffer(groundBytes(d, size)),
  new SharedArrayBuffer(groundBytes(d, size)),
]

/** What is told of a ground beside the network: when it was, on which calendar, and when it was made by this machine's clock; ms since 1970. */
export type GroundHead = { readonly asOfMs: number; readonly zeroMs: number; readonly madeMs: number }

/** Promised parcels that a ground has counted already: only what came since is added to it. */
export type Counted = { readonly parcels: Int32Array; readonly byLane: Int32Array }

export class Ground {
  private readonly ints: Int32Array
  private readonly instants: Float64Array
  private readonly halves: readonly WorldView[]
  private readonly pens: readonly ReturnType<typeof viewGround>[]
  private readonly counted: readonly Counted[]

  constructor({ d, size, head, halves }: GroundMemory) {
    const { W, S } = d
    this.ints = new Int32Array(head, 0, INTS)
    this.instants = new Float64Array(head, 4 * INTS, 1 + 2 * OF_HALF)
    const from = 4 * INTS + 8 * (1 + 2 * OF_HALF)
    this.counted = [0, 1].map((half) => ({
      parcels: new Int32Array(head, from + 4 * half * (W + W * S), W),
      byLane: new Int32Array(head, from + 4 * (half * (W + W * S) + W), W * S),
    }))
    this.pens = halves.map((buffer) => viewGround(d, size, buffer))
    this.halves = this.pens
  }

  /** The present ground; 0 where there is none yet. */
  get number(): number {
    return Atomics.load(this.ints, CURRENT)
  }

  /** The twin's clock, ms since 1970, as the main thread last told it. */
  get clockMs(): number {
    return this.instants[CLOCK]
  }
  tellClock(nowMs: number): void {
    this.instants[CLOCK] = nowMs
  }

  /** Lays the next ground, which nobody sees before `show`. Returns its number. */
  lay(world: WorldView, head: GroundHead, counted: Counted | null): number {
    const number = this.number + 1
    const half = number & 1
    Atomics.store(this.ints, NUMBER + half, 0)
    copyStanding(world, this.pens[half])
    this.instants.set([head.asOfMs, head.zeroMs, head.madeMs], 1 + OF_HALF * half)
    if (counted === null) {
      this.counted[half].parcels.fill(0)
      this.counted[half].byLane.fill(0)
    } else {
      this.counted[half].parcels.set(counted.parcels)
      this.counted[half].byLane.set(counted.byLane)
    }
    return number
  }

  show(number: number): void {
    Atomics.store(this.ints, NUMBER + (number & 1), number)
    Atomics.store(this.ints, CURRENT, number)
  }

  /**
   * Hands the present ground to `copy`, again where it was written over meanwhile: who is so slow that two have been laid finds another there.
   * Returns its number.
   */
  read(copy: (world: WorldView, head: GroundHead, counted: Counted, half: number) => void): number {
    for (;;) {
      const number = this.number
      const half = number & 1
      if (Atomics.load(this.ints, NUMBER + half) !== number) continue
      const at = 1 + OF_HALF * half
      const [asOfMs, zeroMs, madeMs] = this.instants.subarray(at, at + OF_HALF)
      copy(this.halves[half], { asOfMs, zeroMs, madeMs }, this.counted[half], half)
      if (Atomics.load(this.ints, NUMBER + half) === number) return number
    }
  }
}

/** Prices of a version's plan, in the half that the ground of the same number has. */
export class PlanHalves {
  private readonly pens: readonly ReturnType<typeof viewGround>[]

  constructor(d: Dimensions, { size, halves }: PlanMemory) {
    this.pens = halves.map((buffer) => viewGround(d, size, buffer))
  }

  lay(world: WorldView, number: number): void {
    copyPlan(world, this.pens[number & 1])
  }
  half(half: number): WorldView {
    return this.pens[half]
  }
}
