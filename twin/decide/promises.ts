import { bug } from '../../sim/check.ts'
import type { Shelves } from './shelves.ts'

/**
 * What decisions have set aside and no world has seen yet, in memory that all threads share: one slot of 64 bytes for each shipment, found by the
 * decision's id. A promise ends when a world has seen its order routed or ended, when somebody gives it back, or when its time is over; then its
 * goods are free again. The table is dealt into stripes with a lock each, held for some ten memory accesses. A thread is never stopped from
 * outside while it holds one (see `beats.ts`).
 */
export type PromiseMemory = { readonly buffer: SharedArrayBuffer; readonly places: number }

const STRIPES = 64
const WORDS = 16
const LINES = 8
/** Words of a stripe before its buckets: lock, first free slot + 1, slots ever used, slots in use. */
const LOCK = 0
const FREE = 1
const USED = 2
const HELD = 3
const HEAD = 16
/** Words of a slot. The next of its chain + 1; id and order as two hashes each; when it ends; lane, and lines in the upper byte; flags; the lines. */
const NEXT = 0
const ID = 1
const ORDER = 3
const ENDS = 5
const LANE = 6
const FLAGS = 7
const FIRST = 8
const SEEN_OPEN = 1
/** A lock is asked for so often before the thread sleeps. */
const SPINS = 200

/** Room for so many shipments. Memory that was never used costs none. */
export function promiseMemory(places: number): PromiseMemory {
  const each = Math.max(16, Math.ceil(places / STRIPES))
  return { buffer: new SharedArrayBuffer(4 * STRIPES * (HEAD + bucketsOf(each) + each * WORDS)), places: each * STRIPES }
}

const bucketsOf = (each: number): number => 2 ** Math.ceil(Math.log2(each))

/** A name as 64 bits in two halves, of which nobody meets two alike. After cyrb53, with both words kept. */
export function hashName(name: string, into: Int32Array): void {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  into[0] = a
  into[1] = b
}

/** What is promised to one shipment. Lines are shelf · 256 + units. */
export type Promised = {
  readonly lane: number
  readonly count: number
  readonly lines: Uint32Array
}

/** What the last world knows of an order: `open` without a shipment from this warehouse, or that it need not be kept for any more. */
export type Knowledge = 'unknown' | 'open' | 'over'

export class Promises {
  private readonly words: Int32Array
  private readonly unsigned: Uint32Array
  private readonly shelves: Shelves
  /** Slots of a stripe, its buckets as a mask, words of a stripe. */
  private readonly each: number
  private readonly mask: number
  private readonly stride: number
  private readonly name = new Int32Array(2)
  private readonly ofOrder = new Int32Array(2)

  constructor({ buffer, places }: PromiseMemory, shelves: Shelves) {
    this.words = new Int32Array(buffer)
    this.unsigned = new Uint32Array(buffer)
    this.shelves = shelves
    this.each = places / STRIPES
    this.mask = bucketsOf(this.each) - 1
    this.stride = HEAD + this.mask + 1 + this.each * WORDS
    if (shelves.free.length >= 2 ** 24) bug(`${shelves.free.length} shelves, and a promise names 2^24 at most`)
  }

  /** Writes a promise whose goods were taken already; false where there is no room for it. `endsMs` since 1970. */
  keep(id: string, order: string, { lane, count, lines }: Promised, endsMs: number): boolean {
    const { words, name, ofOrder } = this
    if (count > LINES) bug(`a promise of ${count} lines`)
    hashName(id, name)
    hashName(order, ofOrder)
    const stripe = this.stripeOf(name[0])
    this.lock(stripe)
    const slot = this.freeSlot(stripe)
    if (slot >= 0) {
      const at = this.slotAt(stripe, slot)
      const bucket = this.bucketAt(stripe, name[1])
      words[at + NEXT] = words[bucket]
      words[at + ID] = name[0]
      words[at + ID + 1] = name[1]
      words[at + ORDER] = ofOrder[0]
      words[at + ORDER + 1] = ofOrder[1]
      words[at + ENDS] = Math.ceil(endsMs / 1000)
      words[at + LANE] = lane | (count << 24)
      words[at + FLAGS] = 0
      for (let i = 0; i < count; i++) words[at + FIRST + i] = lines[i]
      words[bucket] = slot + 1
      words[stripe + HELD]++
      this.shelves.load(lane, 1)
    }
    this.unlock(stripe)
    return slot >= 0
  }

  /** Gives back all that was set aside under an id; false where there is nothing (any more). */
  release(id: string): boolean {
    const { words, name } = this
    hashName(id, name)
    const [low, high] = name
    const stripe = this.stripeOf(low)
    const bucket = this.bucketAt(stripe, high)
    let found = false
    this.lock(stripe)
    let before = bucket
    for (let slot = words[bucket] - 1; slot >= 0; ) {
      const at = this.slotAt(stripe, slot)
      const next = words[at + NEXT] - 1
      if (words[at + ID] === low && words[at + ID + 1] === high) {
        words[before] = next + 1
        this.end(stripe, slot, at, null)
        found = true
      } else before = at + NEXT
      slot = next
    }
    this.unlock(stripe)
    return found
  }

  /** Shipments that are promised now. */
  get size(): number {
    let held = 0
    for (let i = 0; i < STRIPES; i++) held += Atomics.load(this.words, i * this.stride + HELD)
    return held
  }

  /**
   * Goes through all promises. `judge` says what is known of the order (by its two hashes) and the lane's warehouse; those that are over are marked,
   * and `endAll` later ends them together with a new world; of the others `work` is told the lane and the lines, to be read at once. An order
   * that was known as open and is unknown now has ended.
   */
  survey(
    judge: (low: number, high: number, lane: number) => Knowledge,
    work: (lane: number, lines: Uint32Array) => void,
  ): Ending {
    const { words } = this
    const over: number[] = []
    this.through((stripe, slot, at) => {
      const lane = words[at + LANE] & 0xffffff
      const known = judge(words[at + ORDER], words[at + ORDER + 1], lane)
      const isOver = known === 'over' || (known === 'unknown' && (words[at + FLAGS] & SEEN_OPEN) !== 0)
      if (known === 'open') words[at + FLAGS] |= SEEN_OPEN
      if (isOver) over.push(stripe, slot, words[at + ID], words[at + ID + 1])
      else work(lane, this.unsigned.subarray(at + FIRST, at + FIRST + (words[at + LANE] >>> 24)))
    })
    return over
  }

  /**
   * Ends what a survey found to be over, where nobody has ended it since. Returns how many. Where `freed` is given, units are added up there by shelf,
   * for `Shelves.see` to give back in the same step in which a new world takes them away.
   */
  endAll(over: Ending, freed: Int32Array | null = null): number {
    let ended = 0
    for (let i = 0; i < over.length; i += 4) {
      const [stripe, slot] = [over[i], over[i + 1]]
      const at = this.slotAt(stripe, slot)
      this.lock(stripe)
      if (this.words[at + LANE] >>> 24 > 0 && this.words[at + ID] === over[i + 2] && this.words[at + ID + 1] === over[i + 3]) {
        this.unlink(stripe, slot, at)
        this.end(stripe, slot, at, freed)
        ended++
      }
      this.unlock(stripe)
    }
    return ended
  }

  /** Ends those whose time is over. Returns how many. */
  expire(nowMs: number): number {
    const { words } = this
    const over: number[] = []
    this.through((stripe, slot, at) => {
      if (words[at + ENDS] * 1000 <= nowMs) over.push(stripe, slot, words[at + ID], words[at + ID + 1])
    })
    return this.endAll(over)
  }

  /** Under the lock of each stripe. */
  private through(visit: (stripe: number, slot: number, at: number) => void): void {
    for (let i = 0; i < STRIPES; i++) {
      const stripe = i * this.stride
      if (Atomics.load(this.words, stripe + HELD) === 0) continue
      this.lock(stripe)
      for (let slot = 0; slot < this.words[stripe + USED]; slot++) {
        const at = this.slotAt(stripe, slot)
        if (this.words[at + LANE] >>> 24 > 0) visit(stripe, slot, at)
      }
      this.unlock(stripe)
    }
  }

  /** Goods and load go back; the slot is free. */
  private end(stripe: number, slot: number, at: number, freed: Int32Array | null): void {
    const { words, shelves } = this
    const count = words[at + LANE] >>> 24
    shelves.load(words[at + LANE] & 0xffffff, -1)
    for (let i = 0; i < count; i++) {
      const line = words[at + FIRST + i]
      if (freed === null) shelves.giveBack(line >>> 8, line & 255)
      else freed[line >>> 8] += line & 255
    }
    words[at + LANE] = 0
    words[at + NEXT] = words[stripe + FREE]
    words[stripe + FREE] = slot + 1
    words[stripe + HELD]--
  }

  private unlink(stripe: number, slot: number, at: number): void {
    const { words } = this
    let before = this.bucketAt(stripe, words[at + ID + 1])
    while (words[before] !== slot + 1) {
      if (words[before] === 0) bug('a promise is not in its chain')
      before = this.slotAt(stripe, words[before] - 1) + NEXT
    }
    words[before] = words[at + NEXT]
  }

  private freeSlot(stripe: number): number {
    const { words } = this
    const slot = words[stripe + FREE] - 1
    if (slot >= 0) {
      words[stripe + FREE] = words[this.slotAt(stripe, slot) + NEXT]
      return slot
    }
    return words[stripe + USED] < this.each ? words[stripe + USED]++ : -1
  }

  private stripeOf = (low: number): number => ((low >>> 8) % STRIPES) * this.stride
  private bucketAt = (stripe: number, high: number): number => stripe + HEAD + (high & this.mask)
  private slotAt = (stripe: number, slot: number): number => stripe + HEAD + this.mask + 1 + slot * WORDS

  private lock(stripe: number): void {
    const { words } = this
    for (let i = 0; Atomics.compareExchange(words, stripe + LOCK, 0, 1) !== 0; i++)
      if (i >= SPINS) Atomics.wait(words, stripe + LOCK, 1, 1)
  }

  private unlock(stripe: number): void {
    Atomics.store(this.words, stripe + LOCK, 0)
  }
}

/** What is to be ended: stripe, slot and both halves of the id, so that a slot that was given to another since is left alone. */
export type Ending = readonly number[]
