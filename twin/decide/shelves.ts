import type { Dimensions } from '../../sim/world.ts'

/**
 * Goods that can still be promised, in memory that all decision threads share, and the load that decisions add. `free` is what the last world saw
 * free on a shelf less what has been promised since and no world has seen yet; every change is one atomic addition, so that it holds whoever
 * changes it when. A unit is promised by compare-and-exchange: two threads never get the same one.
 */
export type ShelfMemory = { readonly buffer: SharedArrayBuffer; readonly d: Pick<Dimensions, 'K' | 'W' | 'S'> }

export const shelfMemory = (d: ShelfMemory['d']): ShelfMemory => ({
  buffer: new SharedArrayBuffer(4 * (2 * d.K * d.W + d.W + d.W * d.S + 1)),
  d: { K: d.K, W: d.W, S: d.S },
})

export class Shelves {
  /** Units by sku · W + warehouse that can be promised now; what the last world saw free. */
  readonly free: Int32Array
  readonly seen: Int32Array
  /** Promised parcels that no world has seen: by warehouse, and by warehouse · S + service. */
  readonly parcels: Int32Array
  readonly byLane: Int32Array
  /** Counts changes of the load, so that who has looked need not look again. */
  private readonly turns: Int32Array
  readonly S: number

  constructor({ buffer, d: { K, W, S } }: ShelfMemory) {
    let at = 0
    const take = (length: number): Int32Array => {
      const column = new Int32Array(buffer, at, length)
      at += 4 * length
      return column
    }
    this.free = take(K * W)
    this.seen = take(K * W)
    this.parcels = take(W)
    this.byLane = take(W * S)
    this.turns = take(1)
    this.S = S
  }

  /** Promises units of a shelf where at least `floor` are left afterwards; false, and nothing done, where they would not be. */
  take(shelf: number, units: number, floor: number): boolean {
    const { free } = this
    let there = Atomics.load(free, shelf)
    while (there - units >= floor) {
      const found = Atomics.compareExchange(free, shelf, there, there - units)
      if (found === there) return true
      there = found
    }
    return false
  }

  giveBack(shelf: number, units: number): void {
    Atomics.add(this.free, shelf, units)
  }

  /** A parcel more, or (−1) one fewer, is promised to a lane. */
  load(lane: number, change: 1 | -1): void {
    Atomics.add(this.parcels, Math.floor(lane / this.S), change)
    Atomics.add(this.byLane, lane, change)
    Atomics.add(this.turns, 0, 1)
  }

  get turn(): number {
    return Atomics.load(this.turns, 0)
  }

  /**
   * A new world saw other units free: whoever has been promised some since keeps them. `freed` are units of promises that ended because this world
   * knows of them: what it took from a shelf and what is given back meet in one step, so that nobody sees too few or too many. One thread only
   * calls this.
   */
  see(available: ArrayLike<number>, freed: ArrayLike<number> | null): void {
    const { free, seen } = this
    for (let shelf = 0; shelf < seen.length; shelf++) {
      const change = available[shelf] - seen[shelf] + (freed === null ? 0 : freed[shelf])
      seen[shelf] = available[shelf]
      if (change !== 0) Atomics.add(free, shelf, change)
    }
    Atomics.add(this.turns, 0, 1)
  }
}
